internal import EventLog
internal import LMDB
internal import Synchronization

/// Compacts the tables while the store is used, one run at a time.
///
/// ```
/// copy at p ─► replay p+1 … ─► fold parked ─► replay the rest ─► rename ─► readers and fold go on
///     └─────────── a failure or a stop ────────────┴─► copy removed, the old file goes on
/// ```
///
/// Acknowledgements go on all the time; the fold is parked for the last few records only, unless
/// it is so busy that the copy never gets near: then for those it was ahead.
///
/// - Source: storage.md, section 3, "Compaction".
final class Compactor: Sendable {
  private struct State {
    var run: CompactionRun?
    var thread: WorkerThread?
    var status = CompactionStatus()
    var isStopping = false
    /// How many change the tables besides the fold.
    var writers = 0
    /// The error is that no run could begin by itself: it ends with the reason for one.
    var wasRefused = false
    /// Not by itself before this time.
    var notBefore: Int64 = 0
  }

  let directory: DataDirectory
  let tables: OpenDatabase
  let log: EventLog
  let fold: FoldThread
  let options: StoreOptions
  private let state = Mutex(State())
  private let isStopping = Atomic(false)
  private let copyStop = CopyStop()

  /// Between two that nobody asked for, so that a store is not only copied.
  static let pauseNanoseconds: Int64 = 600_000_000_000
  /// After one that failed, unless somebody asks.
  static let retryNanoseconds: Int64 = 60_000_000_000

  init(
    _ directory: DataDirectory, tables: OpenDatabase, log: EventLog, fold: FoldThread,
    options: StoreOptions
  ) {
    self.directory = directory
    self.tables = tables
    self.log = log
    self.fold = fold
    self.options = options
  }

  /// Begins a run.
  ///
  /// - Throws: `compacting` if one runs; `noRoom` without room for the copy; `closed`.
  func start(_ reason: CompactionRun.Reason) throws(StoreError) -> CompactionRun {
    let usage = try tables.get().usage()
    try checkRoom(for: usage, reason)
    let run = CompactionRun(
      reason, copyPath: directory.compactPath, totalBytes: usage.usedBytes)
    let outcome = state.withLock { state -> Result<WorkerThread?, StoreError> in
      if state.isStopping {
        return .failure(StoreError(code: .closed, message: "the store is closed"))
      }
      if state.writers > 0 {
        return .failure(
          StoreError(
            code: .compacting, message: "the store is being repaired: wait until that has ended"))
      }
      if state.run != nil {
        return .failure(
          StoreError(
            code: .compacting, message: "the store is being compacted: wait until that has ended"))
      }
      state.run = run
      state.wasRefused = false
      state.status.isRunning = true
      defer { state.thread = WorkerThread(name: "tally-compact") { self.carryOut(run, usage) } }
      return .success(state.thread)
    }
    // Of the run before, which has ended.
    try outcome.get()?.join()
    return run
  }

  /// Runs `body`, which changes the tables besides the fold, while no run can be under way: its
  /// copy would not have what `body` writes.
  ///
  /// - Throws: `compacting` if one runs.
  func exclude<Value>(_ body: () throws(StoreError) -> Value) throws(StoreError) -> Value {
    let isFree = state.withLock { state in
      if state.run == nil { state.writers += 1 }
      return state.run == nil
    }
    guard isFree else {
      throw StoreError(
        code: .compacting, message: "the store is being compacted: try again when that has ended")
    }
    defer { state.withLock { $0.writers -= 1 } }
    return try body()
  }

  /// Ends a run as soon as it can, and waits for that.
  func stop() {
    isStopping.store(true, ordering: .releasing)
    copyStop.stop()
    let thread = state.withLock { state -> WorkerThread? in
      state.isStopping = true
      return state.thread.take()
    }
    thread?.join()
  }

  var status: CompactionStatus {
    var status = state.withLock { $0.status }
    (status.replacedFiles, status.replacedBytes) = tables.replaced
    return status
  }

  private func carryOut(_ run: CompactionRun, _ before: DatabaseUsage) {
    let outcome = Result { () throws(StoreError) in try compact(run, before) }
    let now = Clocks.monotonic()
    state.withLock { state in
      state.run = nil
      state.status.isRunning = false
      switch outcome {
      case .success(let result):
        state.status.count += 1
        state.status.last = result
        state.status.error = nil
        state.notBefore = now + Self.pauseNanoseconds
      case .failure(let error):
        state.status.error = error.message
        state.wasRefused = true
        state.notBefore = now + Self.retryNanoseconds
      }
    }
    run.end(with: outcome)
  }

  private func checkRoom(
    for usage: DatabaseUsage, _ reason: CompactionRun.Reason
  ) throws(StoreError) {
    // A little more than the copy: what is applied meanwhile comes on top.
    var needed = usage.usedBytes + usage.usedBytes / 16 + (1 << 20)
    // Without need it leaves the reserve alone, else no events were taken while it runs.
    if case .freePages = reason {
      needed += DiskSpace.reserve(options.diskReserveBytes, of: directory.path) * 5 / 4
    }
    let free = options.map.freeDisk(directory.path)
    guard free >= needed else {
      throw StoreError(
        code: .noRoom,
        message: "a compact copy of the data file takes \(needed) bytes, and the disk of"
          + " '\(directory.path)' has \(free): make room there")
    }
  }
}

/// By itself.
extension Compactor {
  /// Begins a run if the file has more free pages than used ones, or its map is full or nearly and
  /// a new file would do better. Asked once a second.
  func consider(_ usage: DatabaseUsage, isFull: Bool) {
    guard let reason = reason(usage, isFull: isFull) else {
      state.withLock { state in
        if state.wasRefused { state.status.error = nil }
        state.wasRefused = false
      }
      return
    }
    let now = Clocks.monotonic()
    // A full map takes no events: that is not kept waiting for a run long ago.
    let isDue = state.withLock { state in
      state.run == nil
        && (now >= state.notBefore || (reason == .fullMap && state.status.error == nil))
    }
    guard isDue else { return }
    do throws(StoreError) { _ = try start(reason) } catch {
      state.withLock { state in
        guard error.code != .compacting else { return }
        state.status.error = error.message
        state.notBefore = now + Self.retryNanoseconds
      }
    }
  }

  private func reason(_ usage: DatabaseUsage, isFull: Bool) -> CompactionRun.Reason? {
    let free = usage.freePages * usage.pageSizeBytes
    if isFull || usage.isNearlyFull {
      let size = options.map.mapSize(in: directory.path, fileBytes: usage.fileBytes)
      // Else the next file would be full at once, too.
      if size >= usage.mapSizeBytes / 8 * 9 || (isFull && free > usage.fileBytes / 4) {
        return .fullMap
      }
    }
    if usage.fileBytes > options.compactAboveBytes && free > usage.usedBytes { return .freePages }
    return nil
  }
}

extension DatabaseUsage {
  /// From here on an operator should know: 80 % of the map hold something.
  package var isFilling: Bool { usedBytes > mapSizeBytes / 5 * 4 }

  /// From here on a larger map is sought: 90 %.
  var isNearlyFull: Bool { usedBytes > mapSizeBytes / 10 * 9 }
}

/// A run.
extension Compactor {
  private func compact(
    _ run: CompactionRun, _ before: DatabaseUsage
  ) throws(StoreError) -> CompactionResult {
    let start = Clocks.monotonic()
    // Before the copy: its position is no less.
    let hold = log.hold(after: fold.applied)
    defer { hold.release() }
    try directory.makeCompact()
    // After a run that went well only the empty folder is left.
    defer { try? directory.removeCompact() }
    let old = try tables.get()
    try storing { () throws(LMDBError) in
      try old.environment.copy(to: directory.compactPath, unless: copyStop)
    }
    let files = MapRule.fileBytes(in: directory.path) + MapRule.fileBytes(in: directory.compactPath)
    let mapSize = options.map.mapSize(
      in: directory.path, fileBytes: files, forFile: MapRule.fileBytes(in: directory.compactPath))
    let copy = try Database(
      directory: directory.compactPath, options: .init(mapSizeBytes: mapSize))
    let replay = try Replay(copy, log, options: options)
    try catchUp(replay, run)
    let pause = Clocks.monotonic()
    guard fold.gate.park(wake: { log.nudge() }) else { throw Self.stopped }
    do throws(StoreError) {
      try replayAll(replay, run)
      let after = try copy.usage()
      try replace(old, with: copy, hold)
      fold.gate.release(.other(replay.fold))
      let end = Clocks.monotonic()
      return CompactionResult(
        position: replay.position, before: before, after: after, nanoseconds: end - start,
        pauseNanoseconds: end - pause)
    } catch {
      fold.gate.release(.same)
      throw error
    }
  }

  /// Replays beside the fold as long as that brings the copy nearer.
  private func catchUp(_ replay: Replay, _ run: CompactionRun) throws(StoreError) {
    let first = replay.position
    var before = UInt64.max
    while true {
      let target = fold.applied
      let behind = target - replay.position
      if behind == 0 || behind > before / 2 { return }
      before = behind
      while replay.position < target {
        try checkStop()
        try replay.step(upTo: target)
        run.replays(replay.position - first, of: target - first)
      }
    }
  }

  /// To where the parked fold is, and no further: what was told as applied is what readers see.
  private func replayAll(_ replay: Replay, _ run: CompactionRun) throws(StoreError) {
    while replay.position < fold.applied {
      try checkStop()
      try replay.step(upTo: fold.applied)
    }
    try checkStop()
  }

  private func replace(
    _ old: Database, with copy: Database, _ hold: LogHold
  ) throws(StoreError) {
    let fileBytes = MapRule.fileBytes(in: directory.path)
    let unsure = try storing { () throws(LMDBError) in
      try copy.environment.replaceFiles(of: old.environment)
    }
    tables.replace(with: copy, fileBytes: fileBytes)
    // The old file may be what a crash leaves: the log has all that it lacks, until a restart.
    if unsure != nil { log.keepAll(after: fold.applied) }
  }

  private func checkStop() throws(StoreError) {
    if isStopping.load(ordering: .acquiring) { throw Self.stopped }
  }

  private static let stopped = StoreError(
    code: .closed, message: "the store was closed before it was compacted")
}
