internal import TallyModel

/// The stored versions of facts, found by their natural keys.
extension Snapshot {
  func storedDirectory(
    _ fact: Fact, ifAt version: Int64, in tenant: Tenant
  ) throws(StoreError) -> Standing? {
    switch fact {
    case .user(let user):
      guard let body = try record(.user, user.userID.text, UserRecord.size, in: tenant) else {
        return nil
      }
      let old = UserRecord(body)
      let isDeleted = old.flags.contains(.deleted)
      return Standing(
        version: old.version, isGone: isDeleted,
        form: DirectoryFields.userForm(old.fields, deleted: isDeleted))
    case .group(let group):
      guard let body = try record(.group, group.groupID.text, GroupRecord.size, in: tenant) else {
        return nil
      }
      let old = GroupRecord(body)
      let stored = old.fact(group.groupID, parent: ID(try text(of: old.parent, in: tenant)))
      return Standing(old.version, .group(stored))
    case .membership(let member):
      guard let group = try number(.group, member.groupID.text, in: tenant) else { return nil }
      var key = keys.writer
      Key.number(tenant.number, group, into: &key)
      key.raw(member.userID.text)
      guard let body = try get(.membership, key.bytes, atLeast: MembershipRecord.size) else {
        return nil
      }
      let old = MembershipRecord(body)
      return Standing(old.version, .membership(old.fact(member.groupID, member.userID)))
    case .course, .activity, .path: return try storedContent(fact, ifAt: version, in: tenant)
    case .attempt, .reaction, .comment, .post, .like, .download: return nil
    }
  }

  private func storedContent(
    _ fact: Fact, ifAt version: Int64, in tenant: Tenant
  ) throws(StoreError) -> Standing? {
    switch fact {
    case .course(let course):
      guard let body = try record(.course, course.courseID.text, CourseRecord.size, in: tenant)
      else { return nil }
      let old = try CourseRecord(body)
      guard old.version == version else { return Standing(old.version) }
      var stored = try old.fact(course.courseID) { _ in "" }
      stored.authorUserID = ID(try text(of: old.author, in: tenant))
      stored.coAuthorUserIDs = try ids(old.coAuthors, in: tenant)
      return Standing(old.version, .course(stored))
    case .activity(let activity):
      guard
        let body = try record(
          .activity, activity.activityID.text, ActivityRecord.size, in: tenant)
      else { return nil }
      let old = ActivityRecord(body)
      let course = try text(of: old.course, in: tenant)
      return Standing(
        old.version, .activity(try old.fact(activity.activityID, course: ID(course))))
    case .path(let path):
      guard let body = try record(.path, path.pathID.text, PathRecord.size, in: tenant) else {
        return nil
      }
      let old = try PathRecord(body)
      var stored = try old.fact(path.pathID) { _ in "" }
      stored.authorUserID = ID(try text(of: old.author, in: tenant))
      stored.editorUserIDs = try ids(old.editors, in: tenant)
      stored.courseIDs = try ids(old.courses, in: tenant)
      return Standing(old.version, .path(stored))
    default: return nil
    }
  }

  /// The stored version of a fact of what a user did; its fixed form only if it is of the time
  /// `version`.
  func storedAction(
    _ fact: Fact, ifAt version: Int64, in tenant: Tenant
  ) throws(StoreError) -> Standing? {
    let memory = Arena()
    defer { withExtendedLifetime(memory) {} }
    guard let (table, key) = try actionKey(of: fact, memory, in: tenant),
      let body = try get(table, key, atLeast: ActionRecord.size(in: table))
    else { return nil }
    var record = ActionRecord(body, in: table)
    record.takeKey(key, in: table)
    guard record.version == version else {
      return Standing(version: record.version, isGone: record.isGone, form: [])
    }
    var names: [UInt32: String] = [:]
    for number in [record.user, record.target, record.second] {
      names[number] = try text(of: number, in: tenant)
    }
    let form = try StoredFact(table: table, key: key, record: record)
      .fixedForm { names[$0] ?? "" }
    return Standing(version: record.version, isGone: record.isGone, form: form)
  }

  /// The key of a fact's record, nil if it names what was never mentioned: then there is none.
  private func actionKey(
    of fact: Fact, _ memory: Arena, in tenant: Tenant
  ) throws(StoreError) -> (TableID, UnsafeRawBufferPointer)? {
    var key = ByteWriter(memory.take(512))
    switch fact {
    case .attempt(let attempt):
      let target = try number(
        attempt.activityID.isEmpty ? .course : .activity,
        attempt.activityID.isEmpty ? attempt.courseID.text : attempt.activityID.text, in: tenant)
      guard let target else { return nil }
      ActionKey.attempt(
        tenant.number, target: target, id: memory.copy(attempt.attemptID.text), into: &key)
      return (.attempt, key.bytes)
    case .reaction(let reaction):
      let isOfCourse = reaction.activityID.isEmpty
      let target = try number(
        isOfCourse ? .course : .activity,
        isOfCourse ? reaction.courseID.text : reaction.activityID.text, in: tenant)
      let user = try number(.user, reaction.userID.text, in: tenant)
      guard let target, let user else { return nil }
      let kind = UInt8(truncatingIfNeeded: reaction.kind.rawValue) & 15
      ActionKey.reaction(
        tenant.number, target: target, kind: isOfCourse ? ActionKey.relevance : kind, user: user,
        into: &key)
      return (.reaction, key.bytes)
    case .like(let like):
      guard let user = try number(.user, like.userID.text, in: tenant) else { return nil }
      let isOnPost = !like.postID.isEmpty
      ActionKey.like(
        tenant.number, on: isOnPost ? ActionKey.Liked.post : ActionKey.Liked.comment,
        id: memory.copy(isOnPost ? like.postID.text : like.commentID.text), user: user, into: &key)
      return (.like, key.bytes)
    case .comment(let comment):
      ActionKey.own(tenant.number, id: memory.copy(comment.commentID.text), into: &key)
      return (.comment, key.bytes)
    case .post(let post):
      ActionKey.own(tenant.number, id: memory.copy(post.postID.text), into: &key)
      return (.post, key.bytes)
    case .download(let download):
      ActionKey.own(tenant.number, id: memory.copy(download.downloadID.text), into: &key)
      return (.download, key.bytes)
    case .user, .group, .membership, .course, .activity, .path: return nil
    }
  }

  private func record(
    _ table: TableID, _ id: String, _ size: Int, in tenant: Tenant
  ) throws(StoreError) -> UnsafeRawBufferPointer? {
    var key = keys.writer
    key.big(tenant.number)
    key.raw(id)
    return try get(table, key.bytes, atLeast: size)
  }

  private func ids<Kind>(_ numbers: [UInt32], in tenant: Tenant) throws(StoreError) -> [ID<Kind>] {
    var ids: [ID<Kind>] = []
    for number in numbers { ids.append(ID(try text(of: number, in: tenant))) }
    return ids
  }

  private func text(of number: UInt32, in tenant: Tenant) throws(StoreError) -> String {
    if number == 0 { return "" }
    return try name(of: number, in: tenant)?.text ?? ""
  }

  /// The number of an id, 0 for the empty one, nil for one that was never mentioned.
  private func number(
    _ kind: EntityKind, _ id: String, in tenant: Tenant
  ) throws(StoreError) -> UInt32? {
    if id.utf8.isEmpty { return 0 }
    return try record(kind.table, id, 4, in: tenant)?.little(0)
  }
}

extension Snapshot.Standing {
  /// A version whose fixed form does not matter.
  init(_ version: Int64) { self.init(version: version, isGone: false, form: []) }

  init(_ version: Int64, _ fact: Fact) {
    self.init(version: version, isGone: fact.isDeletedOrWithdrawn, form: fact.fixedForm)
  }
}
