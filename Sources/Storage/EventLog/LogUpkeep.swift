internal import Synchronization

/// The thread that makes the next spare segment ahead of time and drops old segments.
///
/// A segment goes if all of it is applied, nobody reads it, no backup needs it, and it is too old
/// or the log too large; where the size limit wins, backups no longer reach the log.
final class LogUpkeep: Sendable {
  private struct State {
    var isStopping = false
    var isDue = true
    var backup: UInt64?
    /// Positions after which records are read by somebody else than the fold.
    var holds: [UInt64: UInt64] = [:]
    var nextHold: UInt64 = 0
    var error: EventLogError?
  }

  private let files: SegmentFiles
  private let options: LogOptions
  private let applied: Atomic<UInt64>
  private let state: Monitor<State>
  private let thread = Mutex<WorkerThread?>(nil)

  private static let intervalNanoseconds: Int64 = 60_000_000_000
  private static let retryNanoseconds: Int64 = 1_000_000_000

  init(files: SegmentFiles, options: LogOptions, applied: UInt64) {
    self.files = files
    self.options = options
    self.applied = Atomic(applied)
    state = Monitor(State(backup: options.backup))
  }

  var error: EventLogError? { state.withLock { $0.error } }

  /// - Parameters:
  ///   - segments: first and last positions, ascending; the newest is never dropped.
  ///   - removed: told before the file goes.
  func start(
    segments: @escaping @Sendable () -> [(first: UInt64, last: UInt64)],
    removed: @escaping @Sendable (UInt64) -> Void
  ) {
    thread.withLock { thread in
      thread = WorkerThread(name: "tally-upkeep") { self.run(segments, removed) }
    }
  }

  func setApplied(_ position: UInt64) { applied.store(position, ordering: .releasing) }

  /// The newest backup's position, nil before the first.
  var backup: UInt64? { state.withLock { $0.backup } }

  func setBackup(_ position: UInt64) { state.withLock { $0.backup = position } }

  /// - Returns: the number to give the hold up by.
  func hold(after position: UInt64) -> UInt64 {
    state.withLock { state in
      state.nextHold += 1
      state.holds[state.nextHold] = position
      return state.nextHold
    }
  }

  func release(_ hold: UInt64) { state.withLock { _ = $0.holds.removeValue(forKey: hold) } }

  func wake() { state.change { $0.isDue = true } }

  func stop() {
    state.change { $0.isStopping = true }
    thread.withLock { $0.take() }?.join()
  }

  private func run(
    _ segments: () -> [(first: UInt64, last: UInt64)], _ removed: (UInt64) -> Void
  ) {
    var delay = Self.intervalNanoseconds
    while true {
      let deadline = Clocks.monotonic() + delay
      let isStopping = state.wait(until: deadline) { state -> Bool? in
        if state.isStopping { return true }
        guard state.isDue else { return nil }
        state.isDue = false
        return false
      }
      if isStopping == true { return }
      var failure: EventLogError?
      do throws(EventLogError) {
        try files.prepareSpare(unless: { state.withLock { $0.isStopping } })
        try dropOld(segments(), removed)
      } catch { failure = error }
      // What failed is tried again soon at first.
      let isAgain = failure != nil && delay < Self.intervalNanoseconds
      delay =
        failure == nil ? Self.intervalNanoseconds : isAgain ? delay * 2 : Self.retryNanoseconds
      delay = min(delay, Self.intervalNanoseconds)
      state.withLock { $0.error = failure }
    }
  }

  private func dropOld(
    _ segments: [(first: UInt64, last: UInt64)], _ removed: (UInt64) -> Void
  ) throws(EventLogError) {
    // Before the holds: what is applied after one was taken must not pass it.
    let position = applied.load(ordering: .acquiring)
    let (backup, held) = state.withLock { ($0.backup, $0.holds.values.min()) }
    let applied = min(position, held ?? .max)
    let oldestKept = Clocks.wall() / 1_000_000_000 - Int64(options.keepSeconds)
    for segment in segments.dropLast() {
      guard segment.last <= applied else { return }
      if files.totalBytes() <= options.keepBytesMax {
        let isNeeded = backup.map { segment.last > $0 } ?? false
        let modified = try files.modifiedSeconds(first: segment.first)
        guard !isNeeded, modified < oldestKept else { return }
      }
      removed(segment.first)
      try files.remove(first: segment.first)
    }
  }
}
