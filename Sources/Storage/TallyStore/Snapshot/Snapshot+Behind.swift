/// The users behind a number.
extension Snapshot {
  /// The users behind a cell of an activity, nil if the directory does not know it.
  ///
  /// - Throws: `dataLoss` if their counts do not add up to the counter.
  /// - Source: rules.md, section 6; storage.md, section 3.
  package func behind(
    _ cell: Cell, ofActivity id: UnsafeRawBufferPointer, in tenant: Tenant
  ) throws(StoreError) -> BehindList? {
    guard let activity = try activity(id: id, in: tenant), activity.isKnown else { return nil }
    let counts = try activityCounts(activity.number, in: tenant)
    var users: [UInt32] = []
    let counter: UInt32
    switch cell {
    case .view:
      try attempts(at: activity.number, in: tenant, &users)
      counter = counts.views
    case .like, .learnedSomething, .outdated, .haveAQuestion:
      try reactions(cell.rawValue, to: activity.number, in: tenant, course: nil, &users)
      counter =
        [counts.likes, counts.learnedSomething, counts.outdated, counts.haveAQuestion][
          Int(cell.rawValue) - 1]
    case .comment:
      try behind(ActionKey.behindComment, [activity.number], in: tenant, course: nil, &users)
      counter = counts.comments
    case .download:
      try behind(ActionKey.behindDownload, [activity.number], in: tenant, course: nil, &users)
      counter = counts.downloads
    case .useful, .irrelevant: return nil
    }
    return try list(users, counter, "\(cell) of activity \(activity.number)", in: tenant)
  }

  /// The users behind a cell of a course, nil if the directory does not know it.
  ///
  /// - Throws: `dataLoss` if their counts do not add up to the counter.
  package func behind(
    _ cell: Cell, ofCourse id: UnsafeRawBufferPointer, in tenant: Tenant
  ) throws(StoreError) -> BehindList? {
    guard let course = try knownCourse(id: id, in: tenant) else { return nil }
    let counts = try courseCounts(id: id, in: tenant)
    var users: [UInt32] = []
    let counter: UInt32
    switch cell {
    case .view:
      try attempts(at: course, in: tenant, &users)
      counter = counts.views
    case .like, .learnedSomething, .outdated, .haveAQuestion:
      for activity in try stamped(course, in: tenant) {
        try reactions(cell.rawValue, to: activity, in: tenant, course: course, &users)
      }
      counter =
        [counts.likes, counts.learnedSomething, counts.outdated, counts.haveAQuestion][
          Int(cell.rawValue) - 1]
    case .useful, .irrelevant:
      try relevance(cell.rawValue, of: course, in: tenant, &users)
      counter = cell == .useful ? counts.useful : counts.irrelevant
    case .comment:
      let activities = try stamped(course, in: tenant)
      try behind(ActionKey.behindComment, activities, in: tenant, course: course, &users)
      counter = counts.comments
    case .download: return nil
    }
    return try list(users, counter, "\(cell) of course \(course)", in: tenant)
  }

  /// The users of standing attempts, bucket by bucket: one seek for each that exists.
  private func attempts(
    at target: UInt32, in tenant: Tenant, _ users: inout [UInt32]
  ) throws(StoreError) {
    var cursor = try records(
      .attempt, prefix: entityKey(tenant, .none), atLeast: ActionRecord.size(in: .attempt))
    var bucket: UInt16 = 0
    while true {
      var key = keys.writer
      key.big(tenant.number)
      key.big(bucket)
      key.big(target)
      guard try cursor.seek(key.bytes) else { return }
      let found: UInt16 = cursor.key.big(4)
      if found != bucket {
        bucket = found
        if cursor.key.big(6, as: UInt32.self) != target { continue }
      }
      var isThere = true
      while isThere, cursor.key.big(4, as: UInt16.self) == bucket,
        cursor.key.big(6, as: UInt32.self) == target
      {
        let record = ActionRecord(cursor.body, in: .attempt)
        if !record.isGone { users.append(record.user) }
        isThere = try cursor.next()
      }
      guard isThere, bucket < .max else { return }
      bucket += 1
    }
  }

  private func reactions(
    _ kind: UInt8, to activity: UInt32, in tenant: Tenant, course: UInt32?,
    _ users: inout [UInt32]
  ) throws(StoreError) {
    var prefix = keys.writer
    Key.number(tenant.number, activity, into: &prefix)
    prefix.little(kind)
    var cursor = try records(
      .reaction, prefix: prefix.bytes, atLeast: ActionRecord.size(in: .reaction))
    while try cursor.next() {
      let record = ActionRecord(cursor.body, in: .reaction)
      if record.isGone || course != nil && record.second != course { continue }
      users.append(cursor.key.big(9))
    }
  }

  private func relevance(
    _ kind: UInt8, of course: UInt32, in tenant: Tenant, _ users: inout [UInt32]
  ) throws(StoreError) {
    var prefix = keys.writer
    Key.number(tenant.number, course, into: &prefix)
    prefix.little(ActionKey.relevance)
    var cursor = try records(
      .reaction, prefix: prefix.bytes, atLeast: ActionRecord.size(in: .reaction))
    while try cursor.next() {
      let record = ActionRecord(cursor.body, in: .reaction)
      if !record.isGone, record.nibble == kind { users.append(cursor.key.big(9)) }
    }
  }

  /// The activities on which a reaction or comment ever named the course.
  private func stamped(_ course: UInt32, in tenant: Tenant) throws(StoreError) -> [UInt32] {
    var activities: [UInt32] = []
    var cursor = try records(.stamped, prefix: numberKey(tenant, course), atLeast: 0)
    while try cursor.next() { activities.append(cursor.key.big(8)) }
    return activities
  }

  /// The users in `behind`, bucket by bucket, in each by activity.
  private func behind(
    _ cell: UInt8, _ activities: [UInt32], in tenant: Tenant, course: UInt32?,
    _ users: inout [UInt32]
  ) throws(StoreError) {
    var cursor = try records(
      .behind, prefix: entityKey(tenant, .none), atLeast: ActionKey.behindSize)
    var isThere = try cursor.next()
    while isThere {
      let bucket: UInt16 = cursor.key.big(4)
      for activity in activities {
        var key = keys.writer
        ActionKey.behind(
          tenant.number, activity: activity, cell: cell, packedID: .none, bucket: bucket,
          into: &key)
        isThere = try cursor.seek(key.bytes)
        while isThere, cursor.key.count >= key.count,
          cursor.key.part(0, key.count).order(key.bytes) == 0
        {
          if course == nil || cursor.body.little(4) == course {
            users.append(cursor.body.little(0))
          }
          isThere = try cursor.next()
        }
        // Nothing more in this bucket, or at all: activities come in ascending number.
        if !isThere || cursor.key.big(4, as: UInt16.self) != bucket { break }
      }
      guard bucket < .max else { return }
      var next = keys.writer
      next.big(tenant.number)
      next.big(bucket + 1)
      isThere = try cursor.seek(next.bytes)
    }
  }

  private func list(
    _ users: [UInt32], _ counter: UInt32, _ what: @autoclosure () -> String, in tenant: Tenant
  ) throws(StoreError) -> BehindList {
    guard users.count == Int(counter) else {
      throw StoreError(
        code: .dataLoss,
        message: "\(what()) counts \(counter), and \(users.count) lie behind it:"
          + " run tally verify, or restore a backup")
    }
    return try BehindList(users, self, in: tenant)
  }
}
