internal import TallyModel

/// A post or comment by its key in `post` or `comment`, for the likes on it.
struct LikedTarget: Hashable {
  let on: UInt8
  /// T and packed id.
  let key: [UInt8]
}

/// What a fold did to a post's or comment's being deleted.
struct DeletionFlip {
  /// Before the fold.
  let was: Bool
  var becomes: Bool
  /// The last event that turned it.
  var position: UInt64
}

/// A record of `behind` that comes, changes or goes.
struct BehindChange {
  let key: UnsafeRawBufferPointer
  let user: UInt32
  let course: UInt32
  let isGone: Bool
}

/// The facts of what users do, at the end of the fold.
extension Fold {
  /// Applies all that waits, posts and comments before the likes on them.
  func applyActions() throws(StoreError) {
    try apply(&posts, in: .post)
    try apply(&comments, in: .comment)
    try apply(&likes, in: .like)
    try cascade()
    try apply(&attempts, in: .attempt)
    try apply(&reactions, in: .reaction)
    try apply(&downloads, in: .download)
    try writeBehind()
  }

  private func apply(
    _ pending: inout PendingActions, in id: TableID
  ) throws(StoreError) {
    let table = tables[id]
    let facts = pending.facts
    try pending.forEachKey { order throws(StoreError) in
      try apply(facts, order, in: table)
    }
  }

  /// Applies the versions of one fact in log order, and writes it once.
  private func apply(
    _ facts: [PendingAction], _ order: ArraySlice<Int>, in table: RecordTable
  ) throws(StoreError) {
    let key = facts[order[order.startIndex]].key
    let tenant: UInt32 = key.big(0)
    var current: ActionRecord?
    var form: UnsafeRawBufferPointer?
    if let body = try table.find(key, atLeast: ActionRecord.size(in: table.id)) {
      current = stored(body, key, in: table.id)
    }
    let before = current
    let targetDeleted = table.id == .like ? try wasDeleted(key) : false
    var changed = false
    for index in order {
      let fact = facts[index]
      guard let old = current else {
        current = fact.record
        form = fact.fixedForm
        changed = true
        count(nil, fact.record, key, table.id, targetDeleted, at: fact.position)
        continue
      }
      let outcome = try precedence(of: fact, over: old, form, tenant, in: table)
      let first = min(old.first, fact.record.first)
      if outcome == .applied {
        current = fact.record
        form = fact.fixedForm
        count(old, fact.record, key, table.id, targetDeleted, at: fact.position)
      }
      changed = changed || outcome == .applied || first != old.first
      current?.first = first
      result.verdicts[fact.event] = outcome.verdict.rawValue
    }
    guard changed, let now = current else { return }
    // A tie may have looked elsewhere in between; names are another table's.
    try table.put(key) { now.write(in: table.id, into: &$0) }
    if table.id == .comment || table.id == .download {
      noteBehind(from: before, to: now, key, in: table.id)
    }
  }

  /// The record with what stands in its key, its bytes kept in the arena.
  private func stored(
    _ body: UnsafeRawBufferPointer, _ key: UnsafeRawBufferPointer, in id: TableID
  ) -> ActionRecord {
    var record = ActionRecord(body, in: id)
    record.takeKey(key, in: id)
    record.places = arena.copy(record.places)
    return record
  }

  private func precedence(
    of fact: PendingAction, over old: ActionRecord, _ form: UnsafeRawBufferPointer?,
    _ tenant: UInt32, in table: RecordTable
  ) throws(StoreError) -> Precedence.Outcome {
    if fact.version != old.version {
      return fact.version > old.version ? .applied : .superseded
    }
    if old.isSame(as: fact.record) { return .duplicate }
    return try Precedence.outcome(
      of: .init(time: Timestamp(nanoseconds: fact.version), isGone: fact.record.isGone),
      against: .init(time: Timestamp(nanoseconds: old.version), isGone: old.isGone)
    ) { () throws(StoreError) in
      if let form { return (fact.fixedForm.array, form.array) }
      let rebuilt = try StoredFact(table: table.id, key: fact.key, record: old)
        .fixedForm { (number) throws(StoreError) in try name(of: number, tenant).text }
      return (fact.fixedForm.array, rebuilt)
    }
  }

  /// Takes the old version out of the counters and adds the new one.
  @inline(__always)
  private func count(
    _ old: ActionRecord?, _ new: ActionRecord, _ key: UnsafeRawBufferPointer, _ table: TableID,
    _ targetDeleted: Bool, at position: UInt64
  ) {
    let tenant: UInt32 = key.big(0)
    if let old {
      add(old.contributions(in: table, targetDeleted: targetDeleted), -1, tenant, at: position)
    }
    add(new.contributions(in: table, targetDeleted: targetDeleted), 1, tenant, at: position)
    switch table {
    case .like:
      // Whatever became of the target, the user is touched: wherever the fold ends, the same.
      if old.map({ !$0.isGone }) ?? false || !new.isGone {
        userChanges.add(0, to: 0, of: new.user, tenant, at: position)
      }
    case .post, .comment:
      let was = old?.isGone ?? false
      if was != new.isGone { flip(key, table, was: was, becomes: new.isGone, at: position) }
    default: break
    }
  }

  @inline(__always)
  func add(
    _ contributions: Contributions, _ sign: Int32, _ tenant: UInt32, at position: UInt64
  ) {
    if let user = contributions.user {
      userChanges.add(sign, to: user.cell.rawValue, of: user.entity, tenant, at: position)
    }
    if let activity = contributions.activity {
      activityChanges.add(
        sign, to: activity.cell.rawValue, of: activity.entity, tenant, at: position)
    }
    if let course = contributions.course {
      courseChanges.add(sign, to: course.cell.rawValue, of: course.entity, tenant, at: position)
    }
  }

  private func noteBehind(
    from before: ActionRecord?, to now: ActionRecord, _ key: UnsafeRawBufferPointer,
    in table: TableID
  ) {
    let old = before?.contributions(in: table, targetDeleted: false).activity?.entity ?? 0
    let new = now.contributions(in: table, targetDeleted: false).activity?.entity ?? 0
    if old != 0, old != new {
      behind.append(
        BehindChange(key: behindKey(old, key, table), user: 0, course: 0, isGone: true))
    }
    if new != 0, old != new || before?.user != now.user || before?.second != now.second {
      behind.append(
        BehindChange(
          key: behindKey(new, key, table), user: now.user, course: now.second, isGone: false))
    }
  }

  private func behindKey(
    _ activity: UInt32, _ factKey: UnsafeRawBufferPointer, _ table: TableID
  ) -> UnsafeRawBufferPointer {
    let packedID = factKey.tail(from: 4)
    var key = keys.writer
    ActionKey.behind(
      factKey.big(0), activity: activity,
      cell: table == .comment ? ActionKey.behindComment : ActionKey.behindDownload,
      packedID: packedID, bucket: PackedID.bucket(of: packedID), into: &key)
    return arena.copy(key.bytes)
  }

  private func writeBehind() throws(StoreError) {
    let table = tables[.behind]
    behind.sort { $0.key.order($1.key) < 0 }
    for change in behind {
      let found = try table.find(change.key, atLeast: ActionKey.behindSize) != nil
      if !change.isGone {
        try table.put(change.key) {
          $0.little(change.user)
          $0.little(change.course)
        }
      } else if found {
        try table.delete(change.key)
      }
    }
  }
}

extension Precedence.Outcome {
  var verdict: EventVerdict {
    switch self {
    case .applied: .applied
    case .duplicate: .duplicate
    case .superseded: .superseded
    }
  }
}
