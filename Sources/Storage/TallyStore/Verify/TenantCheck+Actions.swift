internal import TallyModel

/// The facts of what users do, summed as `contributions(of:)` says.
extension TenantCheck {
  func checkActions() {
    for table in [TableID.attempt, .reaction, .comment, .post, .download] {
      walk(table) { key, body in
        var record = ActionRecord(body, in: table)
        record.takeKey(key, in: table)
        checkReferences(record, key, table)
        let parts = record.contributions(in: table, targetDeleted: false)
        add(parts)
        if table == .reaction || table == .comment,
          record.flags & ActionRecord.ofCourse == 0 || table == .comment
        {
          expectStamped(course: record.second, activity: record.target)
        }
        if table == .comment || table == .download {
          expectBehind(record, parts, key, table)
        }
      }
    }
    checkLikes()
  }

  private func add(_ parts: Contributions) {
    if let user = parts.user { count(user.entity, user.cell.rawValue) }
    if let activity = parts.activity { count(activity.entity, activity.cell.rawValue) }
    if let course = parts.course { count(course.entity, course.cell.rawValue) }
  }

  @inline(__always)
  private func count(_ number: UInt32, _ cell: Int) {
    guard number != 0, number < kinds.count else { return }
    counts[Int(number) * 8 + cell] &+= 1
  }

  private func checkReferences(
    _ record: ActionRecord, _ key: UnsafeRawBufferPointer, _ table: TableID
  ) {
    let isOfCourse = record.flags & ActionRecord.ofCourse != 0
    checkReference(record.user, .user, table, key)
    switch table {
    case .attempt:
      checkReference(record.target, isOfCourse ? .course : .activity, table, key)
      checkReference(record.second, .course, table, key)
      let id = key.tail(from: 10)
      if PackedID.bucket(of: id) != key.big(4, as: UInt16.self) {
        report(
          .damaged, table, key, stored: "time bucket \(key.big(4, as: UInt16.self))",
          expected: "\(PackedID.bucket(of: id)): restore a backup")
      }
    case .reaction:
      checkReference(record.target, isOfCourse ? .course : .activity, table, key)
      checkReference(record.second, .course, table, key)
      if isOfCourse != (key[8] == ActionKey.relevance) || !isOfCourse && key[8] != record.nibble {
        report(
          .damaged, table, key, stored: "kind \(record.nibble) under \(key[8])",
          expected: "the kind of its key: restore a backup")
      }
    case .post:
      checkReference(record.target, .group, table, key)
      checkReference(record.second, .user, table, key)
    default:
      checkReference(record.target, .activity, table, key)
      checkReference(record.second, .course, table, key)
    }
  }

  /// Likes lie in the order of what they are on: each post or comment is looked up once.
  private func checkLikes() {
    var target: [UInt8] = []
    var isDeleted = false
    walk(.like) { key, body in
      guard key.count >= 11 else { return }
      let on = key.part(4, key.count - 8)
      if !on.elementsEqual(target) {
        target = on.array
        isDeleted = isGone(on, key)
      }
      var record = ActionRecord(body, in: .like)
      record.takeKey(key, in: .like)
      checkReference(record.user, .user, .like, key)
      if on[0] != ActionKey.Liked.post && on[0] != ActionKey.Liked.comment {
        report(
          .damaged, .like, key, stored: "on kind \(on[0])",
          expected: "a post or a comment: restore a backup")
      }
      add(record.contributions(in: .like, targetDeleted: isDeleted))
    }
  }

  private func isGone(_ on: UnsafeRawBufferPointer, _ likeKey: UnsafeRawBufferPointer) -> Bool {
    let table: TableID = on[0] == ActionKey.Liked.post ? .post : .comment
    var key = keys.writer
    key.raw(likeKey.part(0, 4))
    key.raw(on.tail(from: 1))
    guard let body = tables[table].sound(key.bytes) else { return false }
    return ActionRecord(body, in: table).isGone
  }

  // MARK: behind

  private func expectBehind(
    _ record: ActionRecord, _ parts: Contributions, _ factKey: UnsafeRawBufferPointer,
    _ table: TableID
  ) {
    guard let activity = parts.activity?.entity, activity != 0 else { return }
    let packedID = factKey.tail(from: 4)
    var key = keys.writer
    ActionKey.behind(
      tenant.number, activity: activity,
      cell: table == .comment ? ActionKey.behindComment : ActionKey.behindDownload,
      packedID: packedID, bucket: PackedID.bucket(of: packedID), into: &key)
    expect(
      .behind, key.bytes,
      value {
        $0.little(record.user)
        $0.little(record.second)
      })
  }

  func checkBehind() {
    walk(.behind) { key, body in
      let packedID = key.tail(from: 11)
      let table: TableID = key[10] == ActionKey.behindComment ? .comment : .download
      var factKey = keys.writer
      factKey.big(tenant.number)
      factKey.raw(packedID)
      let isKnown = key[10] == ActionKey.behindComment || key[10] == ActionKey.behindDownload
      guard isKnown, let fact = tables[table].sound(factKey.bytes) else {
        extra(.behind, key, body)
        return
      }
      let parts = ActionRecord(fact, in: table).contributions(in: table, targetDeleted: false)
      if parts.activity?.entity != key.big(6, as: UInt32.self)
        || PackedID.bucket(of: packedID) != key.big(4, as: UInt16.self)
      {
        extra(.behind, key, body)
      }
    }
  }
}
