internal import TallyModel

/// The facts of the directory, applied as they come.
extension Fold {
  func applyDirectory(
    _ event: EventRecord, _ tenant: FoldTenant, at position: UInt64
  ) throws(StoreError) -> EventVerdict {
    let fact: Fact
    do { fact = try Fact(kind: event.kind, fixedForm: event.fixedForm) } catch {
      throw StoreError(
        code: .badRecord, message: "log record \(position) cannot be applied: \(error.message)")
    }
    let outcome: Precedence.Outcome
    let change = DirectoryChange(
      version: event.occurredAt, fixedForm: event.fixedForm, isGone: fact.isDeletedOrWithdrawn,
      tenant: tenant, position: position)
    switch fact {
    case .user(let user): outcome = try apply(user, change)
    case .group(let group): outcome = try apply(group, change)
    case .membership(let membership): outcome = try apply(membership, change)
    case .course(let course): outcome = try apply(course, change)
    case .activity(let activity): outcome = try apply(activity, change)
    case .path(let path): outcome = try apply(path, change)
    case .attempt, .reaction, .comment, .post, .like, .download:
      preconditionFailure("facts of what users do wait for the end of the fold")
    }
    switch fact {
    case .user, .group, .membership:
      if outcome == .applied { tenant.changeDirectory(at: position) }
    default: break
    }
    return outcome.verdict
  }

  private func apply(
    _ user: Fact.User, _ change: DirectoryChange
  ) throws(StoreError) -> Precedence.Outcome {
    let tenant = change.tenant.number
    let number = try number(user.userID, change)
    let key = entityKey(tenant, user.userID.text)
    let old = UserRecord(try known(.user, key, UserRecord.size))
    let outcome = try change.outcome(old.version, old.flags.contains(.deleted)) {
      () throws(StoreError) in
      DirectoryFields.userForm(old.fields, deleted: old.flags.contains(.deleted))
    }
    guard outcome == .applied else { return outcome }
    let flags: EntityFlags = user.deleted ? [.known, .deleted] : [.known]
    // Fields 1 to 5 of the fact are those of the row; `deleted` comes last.
    let fields = change.fixedForm.part(0, change.fixedForm.count - (user.deleted ? 2 : 0))
    let basicSize = fields.count - DirectoryFields.size(of: user.additionalInformation)
    try tables[.user].put(key) {
      UserRecord.write(
        number: number, version: change.version, change: change.position, flags: flags,
        fields: fields, basicSize: basicSize, into: &$0)
    }
    var countsKey = keys.writer
    Key.number(tenant, number, into: &countsKey)
    var counts = UserCounts()
    if let body = try tables[.userCounts].find(countsKey.bytes, atLeast: UserCounts.size) {
      counts = UserCounts(body)
    }
    counts.flags = flags
    counts.change = change.position
    try tables[.userCounts].put(countsKey.bytes) { counts.write(into: &$0) }
    return outcome
  }

  private func apply(
    _ group: Fact.Group, _ change: DirectoryChange
  ) throws(StoreError) -> Precedence.Outcome {
    let tenant = change.tenant.number
    let number = try number(group.groupID, change)
    let parent = try self.number(group.parentGroupID, change)
    let key = entityKey(tenant, group.groupID.text)
    let old = GroupRecord(try known(.group, key, GroupRecord.size))
    let outcome = try change.outcome(old.version, old.flags.contains(.deleted)) {
      () throws(StoreError) in
      Fact.group(old.fact(group.groupID, parent: ID(try name(of: old.parent, tenant).text)))
        .fixedForm
    }
    guard outcome == .applied else { return outcome }
    let record = GroupRecord(
      number: number, version: change.version, change: change.position,
      flags: group.deleted ? [.known, .deleted] : [.known], parent: parent,
      name: arena.copy(group.name))
    try tables[.group].put(key) { record.write(into: &$0) }
    return outcome
  }

  private func apply(
    _ membership: Fact.Membership, _ change: DirectoryChange
  ) throws(StoreError) -> Precedence.Outcome {
    let tenant = change.tenant.number
    let group = try number(membership.groupID, change)
    let user = try number(membership.userID, change)
    let key = memberKey(tenant, group, membership.userID.text)
    if let body = try tables[.membership].find(key, atLeast: MembershipRecord.size) {
      let old = MembershipRecord(body)
      let outcome = try change.outcome(old.version, false) { () throws(StoreError) in
        Fact.membership(old.fact(membership.groupID, membership.userID)).fixedForm
      }
      guard outcome == .applied else { return outcome }
    }
    let record = MembershipRecord(
      user: user, version: change.version, change: change.position,
      roles: Roles(membership.roles).rawValue)
    try tables[.membership].put(key) { record.write(into: &$0) }
    var pair = keys.writer
    Key.pair(tenant, user, group, into: &pair)
    _ = try tables[.memberOf].find(pair.bytes, atLeast: MembershipRecord.memberOfSize)
    try tables[.memberOf].put(pair.bytes) { $0.little(record.roles) }
    return .applied
  }

  private func apply(
    _ path: Fact.Path, _ change: DirectoryChange
  ) throws(StoreError) -> Precedence.Outcome {
    let tenant = change.tenant.number
    var record = PathRecord(number: try number(path.pathID, change), version: change.version)
    for course in path.courseIDs { record.courses.append(try number(course, change)) }
    record.author = try number(path.authorUserID, change)
    for user in path.editorUserIDs { record.editors.append(try number(user, change)) }
    record.flags = path.deleted ? [.known, .deleted] : [.known]
    record.name = Array(path.name.utf8)
    let key = entityKey(tenant, path.pathID.text)
    let old = try PathRecord(try known(.path, key, PathRecord.size))
    let outcome = try change.outcome(old.version, old.flags.contains(.deleted)) {
      () throws(StoreError) in
      let fact = try old.fact(path.pathID) { (number) throws(StoreError) in
        try name(of: number, tenant).text
      }
      return Fact.path(fact).fixedForm
    }
    guard outcome == .applied else { return outcome }
    try tables[.path].put(key) { record.write(into: &$0) }
    try relate(
      tenant, record.number, .pathAuthor, from: [old.author], to: [record.author])
    try relate(tenant, record.number, .pathEditor, from: old.editors, to: record.editors)
    return outcome
  }
}

extension Fold {
  func number<Kind: NumberedKind>(
    _ id: ID<Kind>, _ change: DirectoryChange
  ) throws(StoreError) -> UInt32 {
    try number(Kind.entityKind, arena.copy(id.text), change.tenant, at: change.position)
  }

  /// T, id: kept until the fold ends.
  func entityKey(_ tenant: UInt32, _ id: String) -> UnsafeRawBufferPointer {
    var key = ByteWriter(arena.take(4 + id.utf8.count))
    key.big(tenant)
    var id = id
    id.withUTF8 { key.raw(UnsafeRawBufferPointer($0)) }
    return key.bytes
  }

  /// T, number, id: kept until the fold ends.
  func memberKey(_ tenant: UInt32, _ number: UInt32, _ id: String) -> UnsafeRawBufferPointer {
    var key = ByteWriter(arena.take(8 + id.utf8.count))
    key.big(tenant)
    key.big(number)
    var id = id
    id.withUTF8 { key.raw(UnsafeRawBufferPointer($0)) }
    return key.bytes
  }

  /// The record of what has a number, kept until the fold ends.
  func known(
    _ id: TableID, _ key: UnsafeRawBufferPointer, _ size: Int
  ) throws(StoreError) -> UnsafeRawBufferPointer {
    guard let body = try tables[id].find(key, atLeast: size) else {
      throw StoreError.damaged(id, "what has a number has lost its record")
    }
    return arena.copy(body)
  }

  /// Writes in `related` what a fact says now and no longer.
  func relate(
    _ tenant: UInt32, _ number: UInt32, _ relation: Relation, from old: [UInt32], to new: [UInt32]
  ) throws(StoreError) {
    for user in Set(old).symmetricDifference(new).sorted() where user != 0 {
      var key = keys.writer
      Relation.key(tenant, user, relation, number, into: &key)
      let found = try tables[.related].find(key.bytes, atLeast: 0) != nil
      if new.contains(user) {
        try tables[.related].put(key.bytes) { _ in }
      } else if found {
        try tables[.related].delete(key.bytes)
      }
    }
  }
}

/// A fact of the directory on its way into the tables.
struct DirectoryChange {
  let version: Int64
  let fixedForm: UnsafeRawBufferPointer
  let isGone: Bool
  let tenant: FoldTenant
  let position: UInt64

  /// What becomes of it where a version of the fact stands.
  func outcome(
    _ storedVersion: Int64, _ storedIsGone: Bool,
    _ storedForm: () throws(StoreError) -> [UInt8]
  ) throws(StoreError) -> Precedence.Outcome {
    try Precedence.outcome(
      of: .init(time: Timestamp(nanoseconds: version), isGone: isGone),
      against: .init(time: Timestamp(nanoseconds: storedVersion), isGone: storedIsGone)
    ) { () throws(StoreError) in (fixedForm.array, try storedForm()) }
  }
}

/// Pieces of encoded rows and fixed forms.
enum DirectoryFields {
  /// Field 1, which is the id in every row and fact of the directory.
  static func id(_ id: UnsafeRawBufferPointer, into bytes: inout [UInt8]) {
    WireWriter.append(to: &bytes, bound: id.count + 8) { $0.bytes(1, id) }
  }

  /// How many bytes a text takes as a field with a tag of one byte.
  static func size(of text: String) -> Int {
    let count = text.utf8.count
    return count == 0 ? 0 : 1 + WireWriter.varintSize(UInt64(count)) + count
  }

  /// The fixed form of a user's fact, of which the record has fields 1 to 5.
  static func userForm(_ fields: UnsafeRawBufferPointer, deleted: Bool) -> [UInt8] {
    fields.array + (deleted ? [6 << 3, 1] : [])
  }
}

/// What of an id's kind has numbers.
protocol NumberedKind {
  static var entityKind: EntityKind { get }
}
