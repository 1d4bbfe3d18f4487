/// The newest segment, and what is written to it. Lives on the log thread.
///
/// ```
///           write or sync fails              makes a new segment
/// writing ─────────────────────► abandoned ─────────────────────► writing (the next file)
/// ```
final class LogWriter {
  private let files: SegmentFiles
  private let operations: FileOperations
  private let identity: LogIdentity
  private var file: OpenFile
  private(set) var segment: LogSegment
  private var bytes: [UInt8] = []
  /// A write or sync failed: the file must not be touched again, only taken over from.
  private(set) var hasFailed = false

  /// How long the last fdatasync took, in nanoseconds.
  private(set) var lastSyncNanoseconds: Int64 = 0

  /// Opens a new segment after `previous`; takes its place if it has no records.
  init(
    files: SegmentFiles, identity: LogIdentity, after previous: LogSegment?
  ) throws(EventLogError) {
    self.files = files
    self.operations = files.operations
    self.identity = identity
    let header = Self.header(identity, after: previous, fileBytes: files.segmentBytes)
    file = try files.makeSegment(header)
    segment = Self.empty(header)
  }

  /// Bytes left for records in the segment.
  var room: Int { files.segmentBytes - segment.end.offset }
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
        try operations.write(bytes, to: file, at: segment.end.offset, as: .writeRecords)
      }
    }
    try written.get()
    let start = Clocks.monotonic()
    try operations.sync(file, as: .syncRecords)
    lastSyncNanoseconds = Clocks.monotonic() - start
    hasFailed = false
    segment.end = end
    if bytes.capacity > 1 << 20 && bytes.count < 1 << 18 { bytes = [] }
  }

  /// Goes on in a new segment, whose header ends this one at its last durable record. After a
  /// failure this is what keeps the bytes behind that end from ever being read.
  ///
  /// - Throws: if no new segment can be made; nothing may be written then.
  func takeOver() throws(EventLogError) {
    let header = Self.header(identity, after: segment, fileBytes: files.segmentBytes)
    file = try files.makeSegment(header)
    segment = Self.empty(header)
    hasFailed = false
  }

  private static func header(
    _ identity: LogIdentity, after segment: LogSegment?, fileBytes: Int
  ) -> SegmentHeader {
    guard let segment else {
      return SegmentHeader(
        identity: identity, first: 1, previousFirst: 0,
        previousEnd: SegmentEnd(position: 0, offset: 0, checksum: 0), fileBytes: fileBytes)
    }
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
