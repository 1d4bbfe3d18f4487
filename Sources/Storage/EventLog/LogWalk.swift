internal import Glibc

/// Reads a log's directory beside the server that writes it: for Verify.
///
/// Segments of another store or timeline are passed over; one that retention removes meanwhile was
/// not kept.
package struct LogWalk {
  private let files: SegmentFiles
  private let identity: LogIdentity

  package init(directory: String, identity: LogIdentity) {
    files = SegmentFiles(directory: directory, segmentBytes: 0, operations: FileOperations())
    self.identity = identity
  }

  /// Shows every record up to `position` that the log holds still, in order; no marks.
  ///
  /// - Parameters:
  ///   - progress: told now and then how many bytes are read, of how many.
  ///   - record: its bytes are valid during the call.
  /// - Returns: what could not be read though it was acknowledged: the file's name, offset and why.
  /// - Throws: `io` if the directory cannot be read.
  package func run(
    through position: UInt64, progress: (_ done: Int, _ total: Int) -> Void,
    _ record: (LogRecord) -> Void
  ) throws(EventLogError) -> [LogDamage] {
    let firsts = try files.list().filter { $0 <= position }
    var damage: [LogDamage] = []
    var (done, total) = (0, 0)
    for first in firsts { total += size(files.path(first: first)) }
    for (index, first) in firsts.enumerated() {
      let last = index + 1 < firsts.count ? min(position, firsts[index + 1] - 1) : position
      let path = files.path(first: first)
      do throws(EventLogError) {
        let found = try read(first, path, through: last, { progress(done + $0, total) }, record)
        if let found { damage.append(found) }
      } catch {
        // Retention may have taken it since it was listed.
        if access(path, F_OK) == 0 {
          damage.append(LogDamage(segment: name(path), offset: 0, reason: error.message))
        }
      }
      done += size(path)
    }
    return damage
  }

  private func read(
    _ first: UInt64, _ path: String, through last: UInt64, _ progress: (Int) -> Void,
    _ show: (LogRecord) -> Void
  ) throws(EventLogError) -> LogDamage? {
    let header = try header(path)
    guard header.identity == identity else { return nil }
    guard header.first == first else {
      return LogDamage(
        segment: name(path), offset: 0, reason: "its header says position \(header.first)")
    }
    let file = try SegmentReader(path: path, seed: header.seed)
    let end = try file.sizeBytes()
    var offset = SegmentHeader.pageBytes
    var position = first - 1
    while position < last {
      var size = 0
      var reason = "the records end before position \(last)"
      try file.show(at: offset, end: end) { parsed in
        switch parsed {
        case .end: break
        case .bad(let bad): reason = bad
        case .record(let record):
          size = record.loggedBytes
          if record.kind == .mark { return }
          if record.position != position + 1 {
            size = 0
            reason = "position \(record.position) follows \(position)"
            return
          }
          position = record.position
          show(record)
        }
      }
      guard size > 0 else { return LogDamage(segment: name(path), offset: offset, reason: reason) }
      offset += size
      progress(offset)
    }
    return nil
  }

  private func header(_ path: String) throws(EventLogError) -> SegmentHeader {
    let file = try OpenFile(path, flags: 0)
    var bytes = [UInt8](repeating: 0, count: SegmentHeader.headerBytes)
    let count = bytes.withUnsafeMutableBytes { bytes in
      Result { () throws(EventLogError) in try file.read(into: bytes, at: 0) }
    }
    bytes.removeLast(bytes.count - (try count.get()))
    return try SegmentHeader(decoding: bytes, path: path)
  }

  private func size(_ path: String) -> Int {
    var status = stat()
    return stat(path, &status) == 0 ? Int(status.st_size) : 0
  }

  private func name(_ path: String) -> String {
    String(path[path.index(after: path.lastIndex(of: "/") ?? path.startIndex)...])
  }
}

/// Acknowledged records of the log that cannot be read.
package struct LogDamage: Sendable, Equatable {
  /// The file's name.
  package let segment: String
  package let offset: Int
  package let reason: String
}
