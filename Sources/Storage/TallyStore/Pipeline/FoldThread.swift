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
///
/// Where it stopped because map or disk are full it tries again each second, and once a compaction
/// has brought another file: when all is applied it goes on as before. Between two folds it lets a
/// compaction park it, at its gate.
final class FoldThread: Sendable {
  /// Told about once a second how full the file is, and whether the fold stopped for that.
  typealias OnLook = @Sendable (DatabaseUsage, _ isFull: Bool) -> Void

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

  private let tables: OpenDatabase
  private let log: EventLog
  private let disk: DiskSpace
  private let options: StoreOptions
  let waits: AppliedWaits
  let gate = FoldGate()
  private let onLook = Mutex<OnLook?>(nil)
  private let state: Mutex<State>
  private let position: Atomic<UInt64>
  private let isStopping = Atomic(false)
  private let isAbandoned = Atomic(false)
  private let thread = Mutex<WorkerThread?>(nil)

  static let readerCheckNanoseconds: Int64 = 30_000_000_000
  static let lookNanoseconds: Int64 = 1_000_000_000
  static let retryNanoseconds: Int64 = 1_000_000_000

  init(
    database: OpenDatabase, log: EventLog, disk: DiskSpace, options: StoreOptions,
    applied: AppliedMark
  ) {
    tables = database
    self.disk = disk
    self.log = log
    self.options = options
    waits = AppliedWaits(applied: applied.position)
    state = Mutex(State(applied: applied))
    position = Atomic(applied.position)
  }

  func start(onLook: @escaping OnLook) {
    self.onLook.withLock { $0 = onLook }
    thread.withLock { thread in thread = WorkerThread(name: "tally-fold") { self.run() } }
  }

  /// Commits the open fold, with what the log has by now within one fold's bounds, and ends.
  ///
  /// - Parameter commits: false drops the open fold, as a kill would.
  func stop(commits: Bool = true) {
    isAbandoned.store(!commits, ordering: .releasing)
    isStopping.store(true, ordering: .releasing)
    log.nudge()
    gate.wake()
    thread.withLock { $0.take() }?.join()
    onLook.withLock { $0 = nil }
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
  /// What the thread works with.
  private final class Work {
    var database: Database
    var fold: Fold
    var reader: LogReader
    var recordsMax = Int.max
    /// The end of the last fold that failed: up to there folds stay small.
    var failedEnd: UInt64 = 0
    /// As it was before the last commit began.
    var diskBefore: DiskStatus?
    /// When a fold that stopped is tried again; nil while it runs.
    var retryAt: Int64?

    init(_ database: Database, _ fold: Fold, _ reader: LogReader) {
      self.database = database
      self.fold = fold
      self.reader = reader
    }
  }

  private func run() {
    guard let work = begin() else { return }
    defer { gate.close() }
    var nextCheck = Clocks.monotonic() + Self.readerCheckNanoseconds
    var nextLook: Int64 = 0
    while true {
      let now = Clocks.monotonic()
      if now >= nextCheck {
        work.database.checkReaders()
        nextCheck = now + Self.readerCheckNanoseconds
      }
      if now >= nextLook {
        look(at: work.database)
        nextLook = now + Self.lookNanoseconds
      }
      if takeOver(work) { nextLook = 0 }
      let isStopping = isStopping.load(ordering: .acquiring)
      if isAbandoned.load(ordering: .acquiring) { return }
      if let retryAt = work.retryAt, now < retryAt {
        if isStopping { return }
        gate.pause(until: min(retryAt, nextLook))
        continue
      }
      guard log.durable > work.reader.position else {
        if isStopping { return }
        _ = log.waitForRecords(after: work.reader.position, until: nextLook)
        continue
      }
      fold(work)
      if isStopping { return }
    }
  }

  /// Not a part of `run`, which would hold the first data file as long as the thread runs.
  private func begin() -> Work? {
    // Closed after this thread has ended only.
    guard let database = try? tables.get() else { return nil }
    let fold = Fold(database, numberSlots: options.numberSlots)
    return Work(database, fold, log.reader(after: applied))
  }

  /// Waits where a compaction asks for it, and goes on with its copy.
  ///
  /// - Returns: whether it is another file.
  private func takeOver(_ work: Work) -> Bool {
    guard case .other(let fold) = gate.pass() else { return false }
    work.database = fold.database
    work.fold = fold
    if work.retryAt != nil { work.retryAt = 0 }
    return true
  }

  /// One fold, and what follows from its end.
  private func fold(_ work: Work) {
    let before = work.reader.position
    do throws(StoreError) {
      try foldOnce(work)
      if applied >= work.failedEnd { work.recordsMax = .max }
      // Not sooner: what is durable would fill it again.
      if work.retryAt != nil && applied >= log.durable {
        work.retryAt = nil
        resume()
      }
    } catch {
      work.fold.abort()
      let error = disk.cause(of: error, after: work.diskBefore)
      let end = work.reader.position
      let count = Int(end - before)
      work.reader = log.reader(after: before)
      let isPassing = error.code.isPassing
      if count == 0 || work.recordsMax == 1 || isPassing || error.code.isFinal {
        stop(at: before + 1, because: error, work.database)
        // What no retry changes is tried again with another file only.
        work.retryAt = isPassing ? Clocks.monotonic() + Self.retryNanoseconds : .max
      }
      work.failedEnd = max(work.failedEnd, end)
      work.recordsMax = max(1, count / 2)
    }
  }

  /// From the first record to the commit.
  private func foldOnce(_ work: Work) throws(StoreError) {
    let start = Clocks.monotonic()
    let (fold, reader) = (work.fold, work.reader)
    try fold.begin()
    var intake = FoldIntake(options)
    var waitedNanoseconds: Int64 = 0
    while intake.count.records < work.recordsMax {
      if try intake.take(from: reader, into: fold) {
        if intake.count.records == 1 {
          state.withLock { $0.oldestAcceptedAt = intake.firstAcceptedAt }
        }
        continue
      }
      let now = Clocks.monotonic()
      if intake.isFull || now >= start + options.foldNanoseconds { break }
      if isStopping.load(ordering: .acquiring) || waits.isAwaited(upTo: reader.position) { break }
      _ = log.waitForRecords(after: reader.position, until: start + options.foldNanoseconds)
      waitedNanoseconds += Clocks.monotonic() - now
    }
    if isAbandoned.load(ordering: .acquiring) {
      fold.abort()
      return
    }
    work.diskBefore = disk.look()
    let result = try fold.finish()
    let nanoseconds = Clocks.monotonic() - start - waitedNanoseconds
    publish(result, intake.count, nanoseconds: nanoseconds)
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
  private func stop(at position: UInt64, because error: StoreError, _ database: Database) {
    let message =
      error.code == .mapFull ? options.map.fullMessage(error.message) : error.message
    let stop = FoldStop(position: position, code: error.code, message: message)
    let roomWaits = state.withLock { state -> [@Sendable () -> Void] in
      state.stop = stop
      return state.takeRoomWaits()
    }
    waits.end(with: stop.error)
    for body in roomWaits { body() }
    // Now, not in a second: a larger file may be at hand.
    look(at: database)
  }

  /// All is applied again: appends are taken.
  private func resume() {
    waits.resume()
    state.withLock { $0.stop = nil }
  }

  /// Finds out what is too slow for whoever asks for the status.
  private func look(at database: Database) {
    let usage = try? database.usage()
    let log = log.status()
    let isFull = state.withLock { state in
      if let usage { state.database = usage }
      state.log = log
      return state.stop?.code == .mapFull
    }
    guard let usage else { return }
    onLook.withLock { $0 }?(usage, isFull)
  }
}
