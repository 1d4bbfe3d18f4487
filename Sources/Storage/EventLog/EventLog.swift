internal import Synchronization

/// The ordered, durable log of what was accepted: segment files, one thread that writes and syncs
/// for all that wait, and readers of what is durable.
///
/// The seam to a distributed log: append gives a position once the record is durable, a reader
/// gives records after a position; positions strictly increase.
///
/// Must be closed: its threads hold it.
package final class EventLog: Sendable {
  /// What readers may see.
  private struct Published {
    var segments: [LogSegment]
    var durable: UInt64
    /// Of all durable records since the log was opened, and those found unapplied then.
    var durableCount: LogCount
    var syncTimes = SyncTimes()
    var isInterrupted = false
    var isNudged = false
  }

  package let recovery: RecoveryReport
  let files: SegmentFiles
  private let options: LogOptions
  private let queue: LogQueue
  private let published: Monitor<Published>
  private let durablePosition: Atomic<UInt64>
  private let upkeep: LogUpkeep
  private let thread = Mutex<WorkerThread?>(nil)

  /// Opens the log in `directory`, which exists, and recovers it.
  ///
  /// - Parameters:
  ///   - applied: up to where the store has the records. The log must reach it.
  ///   - startsAfter: the position behind which a log without segments begins: 0, or where a
  ///     restore left off.
  /// - Throws: `damaged`, `otherStore`, `newerFormat`, `io`; nothing is changed then.
  package init(
    directory: String, identity: LogIdentity, applied: UInt64, startsAfter: UInt64 = 0,
    options: LogOptions = LogOptions()
  ) throws(EventLogError) {
    let files = SegmentFiles(
      directory: directory, segmentBytes: options.segmentBytes, operations: options.operations)
    let found = try LogRecovery(
      files: files, identity: identity, applied: applied, startsAfter: startsAfter)
    try files.removeUnfinished()
    var segments = found.segments
    // After a kill the newest records may be in memory only; from here on they count as durable.
    if let newest = segments.last {
      try files.makeDurable(
        first: newest.header.first, from: found.report.syncedOffset, to: newest.end.offset)
    }
    // Every start opens a new segment: what lies behind the old one's end never comes back.
    let writer = try LogWriter(
      files: files, identity: identity, after: segments.last, startsAfter: startsAfter)
    if writer.failure == nil {
      if segments.last?.header.first == writer.segment.header.first { segments.removeLast() }
      segments.append(writer.segment)
    }

    self.files = files
    self.options = options
    recovery = found.report
    queue = LogQueue(boundBytes: options.queueBytesMax)
    published = Monitor(
      Published(
        segments: segments, durable: found.report.position,
        durableCount: found.report.unapplied))
    durablePosition = Atomic(found.report.position)
    upkeep = LogUpkeep(files: files, options: options, applied: applied)
    if let failure = writer.failure { _ = queue.refuse(because: .full(failure)) }
    start(writer)
  }

  /// Whose log lies in `directory`, by its oldest segment; nil if there is no segment.
  ///
  /// - Throws: `damaged` if that segment's header cannot be read, `newerFormat`, `io`.
  package static func identity(in directory: String) throws(EventLogError) -> LogIdentity? {
    let files = SegmentFiles(
      directory: directory, segmentBytes: 0, operations: FileOperations())
    guard let first = try files.list().first else { return nil }
    return try LogRecovery.header(files, first).identity
  }

  /// What opening the log would find; changes nothing.
  ///
  /// - Throws: as `init`.
  package static func inspect(
    directory: String, identity: LogIdentity, applied: UInt64
  ) throws(EventLogError) -> RecoveryReport {
    let files = SegmentFiles(
      directory: directory, segmentBytes: 0, operations: FileOperations())
    return try LogRecovery(files: files, identity: identity, applied: applied).report
  }

  private func start(_ writer: sending LogWriter) {
    let writer = Confined(writer)
    thread.withLock { thread in
      thread = WorkerThread(name: "tally-log") { self.run(writer.value) }
    }
    upkeep.start { [published] in
      published.withLock { $0.segments.map { ($0.header.first, $0.end.position) } }
    } removed: { [published] first in
      published.withLock { state in state.segments.removeAll { $0.header.first == first } }
    }
  }

  /// The newest position that is on disk: answers and readers see nothing above it.
  package var durable: UInt64 { durablePosition.load(ordering: .acquiring) }

  /// The records that became durable since the log was opened, and those not applied then.
  package var durableCount: LogCount { published.withLock { $0.durableCount } }

  /// Whether ingest streams may be read.
  package var hasRoom: Bool { queue.hasRoom }

  /// Calls `body` once when there is room: now, or on the log thread.
  package func whenRoom(_ body: @escaping @Sendable () -> Void) { queue.whenRoom(body) }

  /// Hands the entry to the log thread. Its completion is told what became of it, always.
  package func append(_ entry: LogEntry) {
    guard entry.payload.count <= RecordLayout.payloadBytesMax, entry.tenant.count <= 255 else {
      let message =
        "a batch of \(entry.payload.count) bytes is larger than the log takes"
        + " (\(RecordLayout.payloadBytesMax)): send smaller batches"
      entry.completion(.failure(EventLogError(code: .tooLarge, message: message)))
      return
    }
    if let refusal = queue.add(entry) { entry.completion(.failure(refusal)) }
  }

  /// Reads records above `position`; use it on one thread.
  package func reader(after position: UInt64) -> LogReader {
    LogReader(log: self, after: position)
  }

  /// Waits until there are durable records above `position`.
  ///
  /// - Returns: false if `deadline` (of `Clocks.monotonic()`) passed or the wait was ended.
  package func waitForRecords(after position: UInt64, until deadline: Int64?) -> Bool {
    published.wait(until: deadline) { state -> Bool? in
      if state.durable > position { return true }
      guard state.isInterrupted || state.isNudged else { return nil }
      state.isNudged = false
      return false
    } ?? false
  }

  /// Ends one wait of `waitForRecords`: the one there is, or the next.
  package func nudge() { published.change { $0.isNudged = true } }

  /// Ends all waits of `waitForRecords`, now and from now on.
  package func interruptWaits() { published.change { $0.isInterrupted = true } }

  /// Tells how far the store has the records: segments above are never dropped.
  package func setApplied(_ position: UInt64) { upkeep.setApplied(position) }

  /// Keeps all from this position on for a backup that was made there.
  package func setBackup(_ position: UInt64) { upkeep.setBackup(position) }

  /// Keeps all records above `position` until the hold is given up. They must be there still: it is
  /// not below what `setApplied` was told last.
  package func hold(after position: UInt64) -> LogHold {
    LogHold(number: upkeep.hold(after: position), upkeep: upkeep)
  }

  /// Keeps all records above `position` until the log is closed.
  package func keepAll(after position: UInt64) { _ = upkeep.hold(after: position) }

  package func status() -> LogStatus {
    var status = LogStatus()
    published.withLock { state in
      status.segments = state.segments.count
      status.oldest = state.segments.first?.header.first ?? 1
      status.syncP99Nanoseconds = state.syncTimes.p99
    }
    status.backup = upkeep.backup
    status.sizeBytes = files.totalBytes()
    status.limitBytes = options.keepBytesMax
    status.segmentBytes = options.segmentBytes
    (status.queuedEntries, status.queuedBytes) = queue.depth
    let refusal = queue.refusal
    status.error = refusal?.message
    status.isFull = refusal?.code == .full
    status.upkeepError = upkeep.error?.message
    return status
  }

  /// Writes what waits and the mark of a clean stop, and ends the threads.
  package func close() {
    queue.close()
    join()
  }

  /// Ends the threads where they are and writes nothing more: what a kill leaves. For tests.
  package func abandon() {
    queue.abandon()
    join()
  }

  private func join() {
    thread.withLock { $0.take() }?.join()
    upkeep.stop()
    interruptWaits()
  }

  /// The segment that holds the record after `position`, if that is durable.
  func segment(after position: UInt64) -> LogSegment? {
    published.withLock { state in
      guard state.durable > position else { return nil }
      return state.segments.last { $0.header.first <= position + 1 }
    }
  }
}

/// The log thread.
extension EventLog {
  private func run(_ writer: LogWriter) {
    var markAt: Int64?
    while true {
      let deadline = [markAt, writer.retryAt].compactMap(\.self).min()
      switch queue.next(room: writer.room, until: deadline) {
      case .entries(let entries):
        write(entries, with: writer)
        markAt = Clocks.monotonic() + options.markAfterNanoseconds
      case .idle:
        let now = Clocks.monotonic()
        if let retryAt = writer.retryAt, now >= retryAt { goOn(writer) }
        guard let due = markAt, now >= due else { continue }
        markAt = nil
        writeMark(with: writer)
      case .stop(let isClean):
        if isClean && queue.refusal?.code != .readOnly {
          writeMark(with: writer, flags: RecordLayout.cleanStopFlag)
        }
        let closed = EventLogError(code: .closed, message: "the event log is closed")
        for entry in queue.refuse(because: closed) { entry.completion(.failure(closed)) }
        return
      }
    }
  }

  private func write(_ entries: [LogEntry], with writer: LogWriter) {
    if let refusal = queue.refusal, refusal.code == .readOnly || refusal.code == .full {
      for entry in entries { entry.completion(.failure(refusal)) }
      return
    }
    let bytes = entries.reduce(0) { $0 + $1.loggedBytes }
    if bytes > writer.room && !writer.isEmpty && !rotate(writer, failing: entries) { return }
    let first = writer.segment.end.position + 1
    do throws(EventLogError) {
      try writer.commit(entries)
    } catch {
      recover(writer, from: error, failing: entries)
      return
    }
    for (index, entry) in entries.enumerated() { entry.beforeDurable?(first + UInt64(index)) }
    publish(writer, entries)
    for (index, entry) in entries.enumerated() {
      entry.completion(.success(first + UInt64(index)))
    }
  }

  private func writeMark(with writer: LogWriter, flags: UInt16 = 0) {
    guard !writer.hasFailed else { return }
    let mark = LogEntry.mark(acceptedAt: Clocks.wall())
    do throws(EventLogError) {
      try writer.commit([mark], flags: flags)
      publish(writer, [])
    } catch {
      recover(writer, from: error, failing: [])
    }
  }

  private func publish(_ writer: LogWriter, _ entries: [LogEntry]) {
    let segment = writer.segment
    published.change { state in
      state.segments[state.segments.count - 1].end = segment.end
      state.durable = segment.end.position
      for entry in entries { state.durableCount.add(entry) }
      state.syncTimes.add(writer.lastSyncNanoseconds)
      durablePosition.store(segment.end.position, ordering: .releasing)
    }
  }

  /// The segment is full: goes on in the next.
  private func rotate(_ writer: LogWriter, failing entries: [LogEntry]) -> Bool {
    do throws(EventLogError) {
      try takeOver(writer)
      return true
    } catch {
      stopTaking(because: error, failing: entries)
      return false
    }
  }

  /// A write or sync failed: nobody knows what is on disk, so the file is left as it is.
  private func recover(
    _ writer: LogWriter, from error: EventLogError, failing entries: [LogEntry]
  ) {
    let failure = EventLogError(
      code: .unavailable,
      message: "the batch may or may not be stored, send it again: \(error.message)")
    do throws(EventLogError) {
      try takeOver(writer)
      for entry in entries { entry.completion(.failure(failure)) }
    } catch {
      for entry in entries { entry.completion(.failure(failure)) }
      stopTaking(because: error, failing: [])
    }
  }

  private func takeOver(_ writer: LogWriter) throws(EventLogError) {
    let old = writer.segment.header.first
    try writer.takeOver()
    let segment = writer.segment
    published.change { state in
      if segment.header.first == old { state.segments.removeLast() }
      state.segments.append(segment)
    }
    upkeep.wake()
  }

  /// Looks whether the disk has room for a segment by now.
  private func goOn(_ writer: LogWriter) {
    do throws(EventLogError) {
      try takeOver(writer)
      queue.resume()
    } catch {
      stopTaking(because: error, failing: [])
    }
  }

  /// For now if the disk is full, which passes; else for good.
  private func stopTaking(because error: EventLogError, failing entries: [LogEntry]) {
    let refusal: EventLogError =
      error.code == .full
      ? .full(error)
      : EventLogError(
        code: .readOnly,
        message: "the event log takes nothing more until a restart, reads go on: \(error.message)")
    let left = queue.refuse(because: refusal)
    for entry in entries + left { entry.completion(.failure(refusal)) }
  }
}

extension EventLogError {
  /// What is answered while the disk is full.
  fileprivate static func full(_ cause: EventLogError) -> EventLogError {
    EventLogError(
      code: .full,
      message: "the event log takes nothing before its disk has room, reads go on: \(cause.message)"
    )
  }
}

/// Carries a value to the one thread that will use it.
///
/// - Invariant: handed over once, before that thread starts, and not used by the giver after; hence
///   Sendable.
private final class Confined<Value>: @unchecked Sendable {
  let value: Value

  init(_ value: sending Value) { self.value = value }
}
