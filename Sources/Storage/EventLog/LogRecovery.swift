/// What was found when the log was opened.
package struct RecoveryReport: Sendable, Equatable {
  /// A batch that was being written when the server stopped, and was never acknowledged.
  package struct TornTail: Sendable, Equatable {
    package let path: String
    package let offset: Int
    /// The first position that was cut off.
    package let position: UInt64
    package let reason: String
  }

  /// Of the newest record; 0 if the log is empty.
  package var position: UInt64 = 0
  /// Whether the server before stopped in order. False for a new log.
  package var isCleanStop = false
  package var tornTail: TornTail?
  /// Up to this offset the newest segment is known to be on disk.
  var syncedOffset = SegmentHeader.pageBytes
  /// What is durable and not applied yet.
  package var unapplied = LogCount()
}

/// An amount of log.
package struct LogCount: Sendable, Equatable {
  package var records = 0
  package var events = 0
  package var bytes = 0

  package init() {}

  package mutating func add(_ record: LogRecord) {
    records += 1
    events += record.eventCount
    bytes += record.loggedBytes
  }

  mutating func add(_ entry: LogEntry) {
    records += 1
    events += entry.eventCount
    bytes += entry.loggedBytes
  }

  package static func - (left: LogCount, right: LogCount) -> LogCount {
    var difference = left
    difference.records -= right.records
    difference.events -= right.events
    difference.bytes -= right.bytes
    return difference
  }

  package static func += (left: inout LogCount, right: LogCount) {
    left.records += right.records
    left.events += right.events
    left.bytes += right.bytes
  }
}

/// A segment as the running log knows it.
struct LogSegment {
  let header: SegmentHeader
  /// Where its durable records end.
  var end: SegmentEnd
}

/// Reads the log's directory once, at start.
struct LogRecovery {
  private let files: SegmentFiles
  private let identity: LogIdentity
  private let applied: UInt64
  private(set) var segments: [LogSegment] = []
  private(set) var report = RecoveryReport()

  /// - Parameter startsAfter: where a log without segments is.
  /// - Throws: `damaged` if an acknowledged record cannot be read; `otherStore`, `newerFormat`.
  init(
    files: SegmentFiles, identity: LogIdentity, applied: UInt64, startsAfter: UInt64 = 0
  ) throws(EventLogError) {
    self.files = files
    self.identity = identity
    self.applied = applied
    report.position = startsAfter
    try readHeaders()
    try readRecords()
    guard report.position >= applied else {
      throw EventLogError(
        code: .damaged,
        message: "the log in '\(files.directory)' ends at position \(report.position), but the"
          + " store has applied \(applied): segments are missing. Nothing was changed."
          + " Put them back, or restore the newest backup into a new data directory")
    }
  }

  private mutating func readHeaders() throws(EventLogError) {
    for first in try files.list() {
      let path = files.path(first: first)
      let header = try Self.header(files, first)
      try check(header, is: first, path)
      try appendSegment(header, path: path)
    }
    try findNewest()
    guard let oldest = segments.first?.header.first, oldest > applied + 1 else { return }
    throw EventLogError(
      code: .damaged,
      message: "the log in '\(files.directory)' begins at position \(oldest), but the store has"
        + " applied only \(applied): older segments are missing. Nothing was changed."
        + " Put them back, or restore the newest backup into a new data directory")
  }

  /// Whether a segment is of this log, and the one that its name says.
  private func check(
    _ header: SegmentHeader, is first: UInt64, _ path: String
  ) throws(EventLogError) {
    let found = header.identity
    guard found == identity else {
      let what =
        if found.storeID != identity.storeID {
          "another store"
        } else if found.timeline != identity.timeline {
          "timeline \(found.timeline), the store is in \(identity.timeline)"
        } else {
          "partition \(found.partition) in place of \(identity.partition)"
        }
      throw EventLogError(
        code: .otherStore,
        message: "'\(path)' belongs to \(what). Nothing was changed."
          + " If this data directory has the right data file, move the segment away;"
          + " if data file or log were exchanged, put the right ones back, or restore a backup")
    }
    guard header.first == first else {
      throw .damage(
        path, offset: 32,
        "it is the segment that begins at position \(header.first), under a wrong name")
    }
  }

  /// The newest segment that was ever made must be there: without it the one before would look like
  /// the end of the log.
  private func findNewest() throws(EventLogError) {
    guard let newest = try files.newest(), newest > segments.last?.header.first ?? 0 else { return }
    throw EventLogError(
      code: .damaged,
      message: "the newest segment of the log, '\(files.path(first: newest))', is missing."
        + " Nothing was changed. Put it back, or restore the newest backup into a new data"
        + " directory")
  }

  /// The header of the segment that is named after the position `first`.
  static func header(
    _ files: SegmentFiles, _ first: UInt64
  ) throws(EventLogError) -> SegmentHeader {
    let path = files.path(first: first)
    let file = try OpenFile(path, flags: 0)
    var bytes = [UInt8](repeating: 0, count: SegmentHeader.headerBytes)
    let count = bytes.withUnsafeMutableBytes { bytes in
      Result { () throws(EventLogError) in try file.read(into: bytes, at: 0) }
    }
    bytes.removeLast(bytes.count - (try count.get()))
    return try SegmentHeader(decoding: bytes, path: path)
  }

  private mutating func appendSegment(_ header: SegmentHeader, path: String) throws(EventLogError) {
    if let previous = segments.last?.header {
      guard header.previousFirst == previous.first,
        header.previousEnd.position == header.first - 1
      else {
        throw .damage(
          path, offset: 0,
          "the segment before it begins at position \(header.previousFirst), the"
            + " one found at \(previous.first): a segment is missing")
      }
      segments[segments.count - 1].end = header.previousEnd
    }
    // Until the records are read: as if it had none.
    let empty = SegmentEnd(
      position: header.first - 1, offset: SegmentHeader.pageBytes, checksum: 0)
    segments.append(LogSegment(header: header, end: empty))
  }

  /// Reads what the fold needs, and the newest segment: segments wholly applied are not read.
  private mutating func readRecords() throws(EventLogError) {
    for index in segments.indices {
      let isNewest = index == segments.count - 1
      if isNewest {
        try readNewest(index)
      } else if segments[index].end.position > applied {
        try readEnded(segments[index])
      }
    }
    if let newest = segments.last { report.position = newest.end.position }
  }

  /// Reads a segment whose successor says where it ends: any difference is damage.
  private mutating func readEnded(_ segment: LogSegment) throws(EventLogError) {
    let path = files.path(first: segment.header.first)
    let reader = try SegmentReader(path: path, seed: segment.header.seed)
    try checkSize(reader, segment.header)
    let (found, stop) = try read(reader, segment.header, end: segment.end.offset)
    if found == segment.end { return }
    throw .damage(
      path, offset: found.offset,
      (stop ?? "records are missing") + ", records up to position \(segment.end.position) were"
        + " durable")
  }

  /// Reads the newest segment and decides whether what it ends with is a torn tail or damage.
  private mutating func readNewest(_ index: Int) throws(EventLogError) {
    let header = segments[index].header
    let path = files.path(first: header.first)
    let reader = try SegmentReader(path: path, seed: header.seed)
    try checkSize(reader, header)
    let (found, stop) = try read(reader, header, end: try reader.sizeBytes())
    segments[index].end = found
    let position = found.position + 1
    let later = try proof(reader, after: found)
    if let later {
      throw .damage(
        path, offset: found.offset,
        (stop ?? "a record is missing") + ", a later record at byte \(later) proves that position"
          + " \(position) was durable")
    }
    if applied >= position {
      throw .damage(
        path, offset: found.offset,
        (stop ?? "the log ends") + " at position \(position), but the store has applied"
          + " \(applied)")
    }
    let isFollowed = try reader.hasBytes(from: found.offset)
    if stop != nil || isFollowed {
      report.isCleanStop = false
      report.tornTail = .init(
        path: path, offset: found.offset, position: position,
        reason: stop ?? "a record is missing")
    }
  }

  /// A segment is filled with zeros before it gets its name, so no crash makes it shorter.
  private func checkSize(
    _ reader: SegmentReader, _ header: SegmentHeader
  ) throws(EventLogError) {
    let size = try reader.sizeBytes()
    guard UInt64(size) < header.fileBytes else { return }
    throw .damage(
      reader.path, offset: size, "the file ends there and was made with \(header.fileBytes) bytes")
  }

  /// Reads records until `end`, the end of the segment or bytes that are none.
  private mutating func read(
    _ reader: SegmentReader, _ header: SegmentHeader, end: Int
  ) throws(EventLogError) -> (end: SegmentEnd, stop: String?) {
    var found = SegmentEnd(
      position: header.first - 1, offset: SegmentHeader.pageBytes, checksum: 0)
    report.isCleanStop = false
    report.syncedOffset = found.offset
    while true {
      var stop: String?
      let applied = applied
      var report = report
      let next = try reader.show(at: found.offset, end: end) { parsed -> SegmentEnd? in
        switch parsed {
        case .end: return nil
        case .bad(let reason):
          stop = reason
          return nil
        case .record(let record):
          let expected = found.position + (record.kind == .mark ? 0 : 1)
          guard record.position == expected else {
            stop = "a record has position \(record.position) in place of \(expected)"
            return nil
          }
          report.isCleanStop = record.isCleanStop
          report.syncedOffset = record.synced
          if record.kind != .mark && record.position > applied { report.unapplied.add(record) }
          return SegmentEnd(
            position: record.position, offset: found.offset + record.loggedBytes,
            checksum: record.checksum)
        }
      }
      self.report = report
      guard let next else { return (found, stop) }
      found = next
    }
  }

  /// Where a record beyond `end` lies that was written when what should be at `end` was durable.
  ///
  /// Looks at every multiple of 8: the length of the record at `end` may be what is damaged.
  private func proof(_ reader: SegmentReader, after end: SegmentEnd) throws(EventLogError) -> Int? {
    let size = try reader.sizeBytes()
    var offset = end.offset
    while let next = try reader.nextWord(from: offset), next < size {
      var step = 8
      let proves = try reader.show(at: next, end: size) { parsed -> Bool in
        guard case .record(let record) = parsed else { return false }
        step = record.loggedBytes
        return record.durable > end.position || record.synced > end.offset
      }
      if proves { return next }
      offset = next + step
    }
    return nil
  }
}
