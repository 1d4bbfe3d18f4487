internal import LMDB
internal import TallyModel

/// Makes the tables from the log: a pure function of both, without clock, chance or setting.
///
/// ```
/// begin ─► applyTenant, applyBatch … ─► finish   one transaction; abort drops it
/// ```
///
/// Ids are numbered and facts of the directory applied in log order as they come. Facts of what
/// users do wait until `finish`, which applies them in the order of their keys; their verdicts and
/// the tables are those of applying the events one by one, wherever a fold ends.
/// Used by one thread, the one that called `begin`.
package final class Fold {
  let database: Database
  private var transaction: WriteTransaction?
  private var openTables: FoldTables?
  let arena = Arena()
  let keys = Scratch(bytes: 1 << 10)
  /// For names alone, so that a key in the making stays while one is looked up.
  let nameKeys = Scratch(bytes: 64)
  let values = Scratch()
  let numbers: NumberCache
  private var tenants: [[UInt8]: FoldTenant] = [:]
  private var lastTenant: FoldTenant?

  var attempts = PendingActions()
  var reactions = PendingActions()
  var comments = PendingActions()
  var posts = PendingActions()
  var likes = PendingActions()
  var downloads = PendingActions()
  let userChanges = CounterChanges()
  let activityChanges = CounterChanges()
  let courseChanges = CounterChanges()
  /// Courses whose row has to be derived again: number to the position of the last reason.
  var touchedCourses: [CourseReference: UInt64] = [:]
  var flips: [LikedTarget: DeletionFlip] = [:]
  var behind: [BehindChange] = []
  /// Pairs that are in `stamped` for sure.
  var stampedLately: Set<StampedPair> = []

  var result = FoldResult()
  private var estimate = 0

  package init(_ database: Database, numberSlots: Int = 1 << 19) {
    self.database = database
    numbers = NumberCache(slots: numberSlots)
  }

  /// Opens the transaction, waiting for another writer to end.
  package func begin() throws(StoreError) {
    precondition(openTables == nil, "a fold ends before the next one begins")
    let transaction: WriteTransaction
    do { transaction = try database.environment.write() } catch { throw StoreError(error) }
    openTables = try FoldTables(database.tables, transaction, values)
    self.transaction = consume transaction
  }

  /// The tables of the open fold.
  var tables: FoldTables {
    guard let openTables else { preconditionFailure("a fold begins before it applies") }
    return openTables
  }

  /// Whether the tenant has its record; without, `applyTenant` comes before its first batch.
  package func hasTenant(_ name: UnsafeRawBufferPointer) throws(StoreError) -> Bool {
    try tenant(named: name) != nil
  }

  /// Applies a tenant record: the secret was decided before it was appended. A second one for
  /// the same name changes nothing.
  package func applyTenant(
    position: UInt64, acceptedAt: Int64, name: UnsafeRawBufferPointer,
    secret: UnsafeRawBufferPointer
  ) throws(StoreError) {
    result.position = position
    result.time = acceptedAt
    estimate += 2
    guard try tenant(named: name) == nil else { return }
    guard secret.count == Tenant.secretSize else {
      throw StoreError(
        code: .badRecord, message: "the secret of the tenant in record \(position) is not 32 bytes")
    }
    let number = try nextTenantNumber()
    let new = FoldTenant(
      name: name.array,
      record: Tenant(
        number: number, partition: Tenant.partition(of: name), secret: secret.array))
    new.isChanged = true
    tenants[new.name] = new
  }

  /// Applies the events of one batch.
  ///
  /// - Parameter events: `count` times occurred_at i64, kind u8, length u32, fixed form.
  /// - Throws: `badRecord` if they are no such bytes or the tenant is unknown, `dataLoss` or what
  ///   the data file answers. The fold is then to be aborted.
  package func applyBatch(
    position: UInt64, acceptedAt: Int64, tenant name: UnsafeRawBufferPointer,
    events: UnsafeRawBufferPointer, count: Int
  ) throws(StoreError) {
    guard let tenant = try tenant(named: name) else {
      throw StoreError(
        code: .badRecord, message: "record \(position) comes before its tenant's record")
    }
    result.position = position
    result.time = acceptedAt
    let first = result.verdicts.count
    var reader = EventRecords(events, count: count, position: position)
    while let event = try reader.next() {
      let place = result.verdicts.count
      result.verdicts.append(EventVerdict.applied.rawValue)
      try apply(event, tenant, at: position, place)
    }
    result.batches.append(
      FoldedBatch(position: position, events: first..<result.verdicts.count))
  }

  private func apply(
    _ event: EventRecord, _ tenant: FoldTenant, at position: UInt64, _ place: Int
  ) throws(StoreError) {
    if event.kind.rawValue >= FactKind.attempt.rawValue {
      estimate += 2
      try prepare(event, tenant, at: position, place)
    } else {
      // A course: its record, row, name and the relations of its authors. An activity: its record,
      // place, row and name. The others less.
      estimate += 6
      let verdict = try applyDirectory(event, tenant, at: position)
      result.verdicts[place] = verdict.rawValue
    }
  }

  /// About how many keys the fold has to touch so far.
  package var touchedKeys: Int { estimate }

  /// Applies what waits, notes how far the log is applied, and commits.
  package func finish() throws(StoreError) -> FoldResult {
    try applyActions()
    try writeCounters()
    try deriveCourseRows()
    try writeTenants()
    try tables.writeTallies(keys)
    try writeApplied()
    countVerdicts()
    result.touchedKeys = tables.touched
    let done = result
    openTables = nil
    guard let transaction = transaction.take() else { preconditionFailure("no fold is open") }
    do { try transaction.commit() } catch {
      abort()
      throw StoreError(ofCommit: error)
    }
    forget()
    return done
  }

  /// Drops the open fold; nothing of it is kept, and the next one can begin.
  package func abort() {
    openTables = nil
    transaction = nil
    forget()
    // Numbers and pairs of a fold that was dropped never were.
    numbers.removeAll()
    stampedLately.removeAll()
  }

  private func forget() {
    attempts.removeAll()
    reactions.removeAll()
    comments.removeAll()
    posts.removeAll()
    likes.removeAll()
    downloads.removeAll()
    userChanges.removeAll()
    activityChanges.removeAll()
    courseChanges.removeAll()
    touchedCourses.removeAll(keepingCapacity: true)
    flips.removeAll(keepingCapacity: true)
    behind.removeAll(keepingCapacity: true)
    tenants.removeAll()
    lastTenant = nil
    arena.reset()
    result = FoldResult()
    estimate = 0
  }

  private func countVerdicts() {
    for index in result.batches.indices {
      for place in result.batches[index].events {
        switch EventVerdict(rawValue: result.verdicts[place]) {
        case .duplicate: result.batches[index].duplicates += 1
        case .superseded: result.batches[index].superseded += 1
        case .applied: result.batches[index].applied += 1
        case .erased, nil: break
        }
      }
    }
  }
}

extension Fold {
  private func tenant(named name: UnsafeRawBufferPointer) throws(StoreError) -> FoldTenant? {
    if let lastTenant, lastTenant.name.elementsEqual(name) { return lastTenant }
    let copy = name.array
    if let known = tenants[copy] {
      lastTenant = known
      return known
    }
    guard !name.isEmpty, let body = try tables[.tenant].find(name, atLeast: Tenant.size) else {
      return nil
    }
    let tenant = FoldTenant(name: copy, record: Tenant(body))
    tenants[copy] = tenant
    lastTenant = tenant
    return tenant
  }

  private func nextTenantNumber() throws(StoreError) -> UInt32 {
    var highest: UInt32 = 0
    try tables[.tenant].scan(.none, atLeast: Tenant.size) { _, body throws(StoreError) in
      highest = max(highest, Tenant(body).number)
    }
    for tenant in tenants.values { highest = max(highest, tenant.record.number) }
    return highest + 1
  }

  private func writeTenants() throws(StoreError) {
    for tenant in tenants.values.sorted(by: { $0.record.number < $1.record.number })
    where tenant.isChanged {
      let name = arena.copy(tenant.name)
      _ = try tables[.tenant].find(name, atLeast: Tenant.size)
      try tables[.tenant].put(name) { tenant.record.write(into: &$0) }
    }
  }

  private func writeApplied() throws(StoreError) {
    guard result.position > 0 else { return }
    var key = keys.writer
    AppliedMark.key(partition: 0, into: &key)
    let mark = AppliedMark(position: result.position, time: result.time)
    _ = try tables[.meta].find(key.bytes, atLeast: AppliedMark.size)
    try tables[.meta].put(key.bytes) { mark.write(into: &$0) }
  }
}

/// A tenant in an open fold.
final class FoldTenant {
  let name: [UInt8]
  var record: Tenant
  var isChanged = false

  init(name: [UInt8], record: Tenant) {
    self.name = name
    self.record = record
  }

  var number: UInt32 { record.number }

  /// The number for what is mentioned first.
  func takeNumber() -> UInt32 {
    defer { record.nextNumber += 1 }
    isChanged = true
    return record.nextNumber
  }

  /// Notes a change of a user, group or membership.
  func changeDirectory(at position: UInt64) {
    record.directoryChange = position
    isChanged = true
  }
}
