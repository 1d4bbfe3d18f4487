internal import EventLog
internal import Synchronization

/// The one thread that writes the tables: reads durable records, folds them, commits.
///
/// ```
///          a record            250 ms, 32 MiB, 90,000 keys,
///          is durable          or all is read and somebody waits
/// waiting ──────────► folding ─────────────────────────────────► committed ─► waiting
///                        │ fails
///                        ▼ again with half as many records; if it is one: stopped
/// ```
final class FoldThread: Sendable {
  private struct State {
    var applied: AppliedMark
    var appliedCount = LogCount()
    /// When the oldest record of the open fold was accepted.
    var oldestAcceptedAt: Int64?
    var stop: FoldStop?
    var lastFold = StoreStatus.LastFold()
    var folds: UInt64 = 0
    var database: DatabaseUsage?
    var log = LogStatus()
    var roomWaits: [@Sendable () -> Void] = []

    mutating func takeRoomWaits() -> [@Sendable () -> Void] {
      defer { roomWaits = [] }
      return roomWaits
    }
  }

  private let database: OpenDatabase
  private let log: EventLog
  private let options: StoreOptions
  let waits: AppliedWaits
  private let state: Mutex<State>
  private let position: Atomic<UInt64>
  private let isStopping = Atomic(false)
  private let isAbandoned = Atomic(false)
  private let thread = Mutex<WorkerThread?>(nil)

  static let readerCheckNanoseconds: Int64 = 30_000_000_000
  static let lookNanoseconds: Int64 = 1_000_000_000

  init(database: OpenDatabase, log: EventLog, options: StoreOptions, applied: AppliedMark) {
    self.database = database
    self.log = log
    self.options = options
    waits = AppliedWaits(applied: applied.position)
    state = Mutex(State(applied: applied))
    position = Atomic(applied.position)
  }

  func start() {
    thread.withLock { thread in thread = WorkerThread(name: "tally-fold") { self.run() } }
  }

  /// Commits the open fold, with what the log has by now within one fold's bounds, and ends.
  ///
  /// - Parameter commits: false drops the open fold, as a kill would.
  func stop(commits: Bool = true) {
    isAbandoned.store(!commits, ordering: .releasing)
    isStopping.store(true, ordering: .releasing)
    log.nudge()
    thread.withLock { $0.take() }?.join()
    waits.end(with: StoreError(code: .closed, message: "the store is closed"))
    for body in state.withLock({ $0.takeRoomWaits() }) { body() }
  }

  /// The newest position that the tables contain.
  var applied: UInt64 { position.load(ordering: .acquiring) }

  /// Why nothing more is applied.
  var foldStop: FoldStop? { state.withLock { $0.stop } }

  /// Whether what is durable and not applied is within its bound.
  var hasRoom: Bool {
    let durable = log.durableCount.bytes
    return state.withLock { isRoomy($0, durable: durable) }
  }

  /// Calls `body` once there is room: now, or on the fold thread.
  func whenRoom(_ body: @escaping @Sendable () -> Void) {
    let durable = log.durableCount.bytes
    let isNow = state.withLock { state -> Bool in
      if isRoomy(state, durable: durable) || isStopping.load(ordering: .acquiring) { return true }
      state.roomWaits.append(body)
      return false
    }
    if isNow { body() }
  }

  /// A fold that stopped makes no room: who asks then is to hear why.
  private func isRoomy(_ state: State, durable: Int) -> Bool {
    state.stop != nil || durable - state.appliedCount.bytes <= options.lagBytesMax
  }

  func status(into status: inout StoreStatus) {
    state.withLock { state in
      status.applied = state.applied
      // Read within the lock: what is applied meanwhile would be more than what was durable before,
      // and the lag negative.
      status.lag = log.durableCount - state.appliedCount
      let isBehind = status.lag.records > 0
      status.lagNanoseconds =
        state.oldestAcceptedAt.map { isBehind ? max(0, Clocks.wall() - $0) : 0 } ?? 0
      status.foldError = state.stop
      status.lastFold = state.lastFold
      status.folds = state.folds
      status.database = state.database
      status.log = state.log
    }
  }
}

/// On the thread.
extension FoldThread {
  /// What one fold has taken so far.
  private struct Taken {
    var count = LogCount()
    var waitedNanoseconds: Int64 = 0
    var failure: StoreError?
    var isFull = false
  }

  private func run() {
    // Closed after this thread has ended only.
    guard let database = try? database.get() else { return }
    let fold = Fold(database, numberSlots: options.numberSlots)
    var reader = log.reader(after: applied)
    var recordsMax = Int.max
    /// The end of the last fold that failed: up to there folds stay small.
    var failedEnd: UInt64 = 0
    var nextCheck = Clocks.monotonic() + Self.readerCheckNanoseconds
    var nextLook: Int64 = 0
    while true {
      let now = Clocks.monotonic()
      if now >= nextCheck {
        database.checkReaders()
        nextCheck = now + Self.readerCheckNanoseconds
      }
      if now >= nextLook {
        look(at: database)
        nextLook = now + Self.lookNanoseconds
      }
      let isStopping = isStopping.load(ordering: .acquiring)
      if isAbandoned.load(ordering: .acquiring) { return }
      guard log.durable > reader.position else {
        if isStopping { return }
        _ = log.waitForRecords(after: reader.position, until: nextLook)
        continue
      }
      let before = reader.position
      do throws(StoreError) {
        try foldOnce(fold, reader, recordsMax: recordsMax)
        if applied >= failedEnd { recordsMax = .max }
      } catch {
        fold.abort()
        let count = Int(reader.position - before)
        if count == 0 || recordsMax == 1 {
          end(at: before + 1, because: error)
          return
        }
        failedEnd = max(failedEnd, reader.position)
        recordsMax = max(1, count / 2)
        reader = log.reader(after: before)
      }
      if isStopping { return }
    }
  }

  /// One fold: from the first record to the commit.
  private func foldOnce(
    _ fold: Fold, _ reader: LogReader, recordsMax: Int
  ) throws(StoreError) {
    let start = Clocks.monotonic()
    try fold.begin()
    var taken = Taken()
    while !taken.isFull && taken.count.records < recordsMax {
      if try take(from: reader, into: fold, &taken) { continue }
      if let failure = taken.failure { throw failure }
      let now = Clocks.monotonic()
      if taken.isFull || now >= start + options.foldNanoseconds { break }
      if isStopping.load(ordering: .acquiring) || waits.isAwaited(upTo: reader.position) { break }
      _ = log.waitForRecords(after: reader.position, until: start + options.foldNanoseconds)
      taken.waitedNanoseconds += Clocks.monotonic() - now
    }
    if isAbandoned.load(ordering: .acquiring) {
      fold.abort()
      return
    }
    let result = try fold.finish()
    let nanoseconds = Clocks.monotonic() - start - taken.waitedNanoseconds
    publish(result, taken.count, nanoseconds: nanoseconds)
  }

  /// Adds the next record to the fold.
  ///
  /// - Returns: false if there is none yet, the fold is full without it, or it failed.
  private func take(
    from reader: LogReader, into fold: Fold, _ taken: inout Taken
  ) throws(StoreError) -> Bool {
    let isTaken = try logging { () throws(EventLogError) in
      try reader.next { record -> Bool? in
        if taken.count.records > 0 && isTooMuch(record, fold, taken) {
          taken.isFull = true
          return nil
        }
        if taken.count.records == 0 {
          state.withLock { $0.oldestAcceptedAt = record.acceptedAt }
        }
        taken.count.add(record)
        do throws(StoreError) { try Self.apply(record, to: fold) } catch { taken.failure = error }
        return taken.failure == nil
      }
    }
    return isTaken ?? false
  }

  /// Whether the record belongs into the next fold. A directory event touches 3 keys or more.
  private func isTooMuch(_ record: LogRecord, _ fold: Fold, _ taken: Taken) -> Bool {
    taken.count.bytes + record.loggedBytes > options.foldBytesMax
      || fold.touchedKeys + 3 * record.eventCount > options.foldKeysMax
  }

  private static func apply(_ record: LogRecord, to fold: Fold) throws(StoreError) {
    switch record.kind {
    case .batch:
      try fold.applyBatch(
        position: record.position, acceptedAt: record.acceptedAt, tenant: record.tenant,
        events: record.payload, count: record.eventCount)
    case .tenant:
      try fold.applyTenant(
        position: record.position, acceptedAt: record.acceptedAt, name: record.tenant,
        secret: record.payload)
    case .mark: break
    case .erase:
      throw StoreError(
        code: .badRecord,
        message: "log record \(record.position) is of a kind that this Tally does not apply:"
          + " use a newer one")
    }
  }

  private func publish(_ result: FoldResult, _ count: LogCount, nanoseconds: Int64) {
    position.store(result.position, ordering: .releasing)
    log.setApplied(result.position)
    let durable = log.durableCount.bytes
    let roomWaits = state.withLock { state -> [@Sendable () -> Void] in
      state.applied = AppliedMark(position: result.position, time: result.time)
      state.appliedCount += count
      state.oldestAcceptedAt = nil
      state.lastFold = .init(
        nanoseconds: nanoseconds, events: result.events, touchedKeys: result.touchedKeys)
      state.folds += 1
      return isRoomy(state, durable: durable) ? state.takeRoomWaits() : []
    }
    waits.publish(result)
    for body in roomWaits { body() }
  }

  /// A record cannot be applied: it is never skipped. Reads go on, appends are refused.
  private func end(at position: UInt64, because error: StoreError) {
    let stop = FoldStop(position: position, code: error.code, message: error.message)
    let roomWaits = state.withLock { state -> [@Sendable () -> Void] in
      state.stop = stop
      return state.takeRoomWaits()
    }
    waits.end(with: stop.error)
    for body in roomWaits { body() }
  }

  /// Finds out what is too slow for whoever asks for the status.
  private func look(at database: Database) {
    let usage = try? database.usage()
    let log = log.status()
    state.withLock { state in
      if let usage { state.database = usage }
      state.log = log
    }
  }
}
