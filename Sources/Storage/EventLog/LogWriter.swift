/// The newest segment, and what is written to it. Lives on the log thread.
///
/// ```
///           write or sync fails              makes a new segment
/// writing ─────────────────────► abandoned ─────────────────────► writing (the next file)
///                                     ▲ the disk is full: again later
/// ```
/// A log that is opened on a full disk begins as abandoned.
final class LogWriter {
  private let files: SegmentFiles
  private let operations: FileOperations
  private let identity: LogIdentity
  /// None before the first segment of this process is made.
  private var file: OpenFile?
  private(set) var segment: LogSegment
  private var bytes: [UInt8] = []
  /// A write or sync failed: the file must not be touched again, only taken over from.
  private(set) var hasFailed = false

  /// Why there is no segment to write to.
  private(set) var failure: EventLogError?
  /// When to try to make a segment again, while the disk is full.
  private(set) var retryAt: Int64?
  private var retryNanoseconds: Int64 = 0

  private static let retryNanosecondsMin: Int64 = 250_000_000
  private static let retryNanosecondsMax: Int64 = 5_000_000_000

  /// How long the last fdatasync took, in nanoseconds.
  private(set) var lastSyncNanoseconds: Int64 = 0

  /// Opens a new segment after `previous`; takes its place if it has no records. On a full disk
  /// the segment comes later, if there is a log to read from at all: see `failure`.
  ///
  /// - Parameter startsAfter: the position behind which a log without a segment begins.
  init(
    files: SegmentFiles, identity: LogIdentity, after previous: LogSegment?, startsAfter: UInt64
  ) throws(EventLogError) {
    self.files = files
    self.operations = files.operations
    self.identity = identity
    let header =
      previous.map { Self.header(identity, after: $0, fileBytes: files.segmentBytes) }
      ?? SegmentHeader(
        identity: identity, first: startsAfter + 1, previousFirst: 0,
        previousEnd: SegmentEnd(position: startsAfter, offset: 0, checksum: 0),
        fileBytes: files.segmentBytes)
    segment = previous ?? Self.empty(header)
    do throws(EventLogError) {
      file = try files.makeSegment(header)
      segment = Self.empty(header)
    } catch {
      guard error.code == .full, previous != nil else { throw error }
      hasFailed = true
      failure = error
      tryLater()
    }
  }

  /// Bytes left for records in the segment.
  var room: Int { max(0, files.segmentBytes - segment.end.offset) }
  var isEmpty: Bool { segment.end.offset == SegmentHeader.pageBytes }

  /// Writes the entries with one write and one fdatasync. Positions go on from the last one.
  ///
  /// - Throws: whatever the file system says; the file must not be touched again then.
  func commit(_ entries: [LogEntry], flags: UInt16 = 0) throws(EventLogError) {
    precondition(!hasFailed, "a file that failed is not written again")
    hasFailed = true
    bytes.removeAll(keepingCapacity: true)
    var end = segment.end
    let seed = segment.header.seed
    for entry in entries {
      if entry.kind != .mark { end.position += 1 }
      let place = RecordPlace(
        position: end.position, durable: segment.end.position, synced: segment.end.offset,
        flags: flags)
      end.checksum = RecordLayout.append(entry, at: place, seed: seed, to: &bytes)
    }
    end.offset += bytes.count
    let written = bytes.withUnsafeBytes { bytes in
      Result { () throws(EventLogError) in
        try write(bytes)
      }
    }
    try written.get()
    try sync()
    hasFailed = false
    segment.end = end
    if bytes.capacity > 1 << 20 && bytes.count < 1 << 18 { bytes = [] }
  }

  private func write(_ bytes: UnsafeRawBufferPointer) throws(EventLogError) {
    switch file {
    case .some(let file):
      try operations.write(bytes, to: file, at: segment.end.offset, as: .writeRecords)
    case nil: preconditionFailure("without a segment nothing is written")
    }
  }

  private func sync() throws(EventLogError) {
    switch file {
    case .some(let file):
      let start = Clocks.monotonic()
      try operations.sync(file, as: .syncRecords)
      lastSyncNanoseconds = Clocks.monotonic() - start
    case nil: preconditionFailure("without a segment nothing is synced")
    }
  }

  /// Goes on in a new segment, whose header ends this one at its last durable record. After a
  /// failure this is what keeps the bytes behind that end from ever being read.
  ///
  /// - Throws: if no new segment can be made; nothing may be written then.
  func takeOver() throws(EventLogError) {
    let header = Self.header(identity, after: segment, fileBytes: files.segmentBytes)
    do throws(EventLogError) {
      file = try files.makeSegment(header)
    } catch {
      failure = error
      // Only a full disk passes by itself.
      if error.code == .full { tryLater() } else { retryAt = nil }
      throw error
    }
    segment = Self.empty(header)
    hasFailed = false
    failure = nil
    retryAt = nil
    retryNanoseconds = 0
  }

  private func tryLater() {
    retryNanoseconds =
      min(max(retryNanoseconds * 2, Self.retryNanosecondsMin), Self.retryNanosecondsMax)
    retryAt = Clocks.monotonic() + retryNanoseconds
  }

  private static func header(
    _ identity: LogIdentity, after segment: LogSegment, fileBytes: Int
  ) -> SegmentHeader {
    let isReplaced = segment.end.position < segment.header.first
    return SegmentHeader(
      identity: identity, first: segment.end.position + 1,
      previousFirst: isReplaced ? segment.header.previousFirst : segment.header.first,
      previousEnd: isReplaced ? segment.header.previousEnd : segment.end, fileBytes: fileBytes)
  }

  private static func empty(_ header: SegmentHeader) -> LogSegment {
    LogSegment(
      header: header,
      end: SegmentEnd(
        position: header.first - 1, offset: SegmentHeader.pageBytes, checksum: 0))
  }
}
