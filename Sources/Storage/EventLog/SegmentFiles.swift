internal import Glibc
internal import Synchronization

/// The segment files of one directory: `<first position, 16 hex>.seg`, and one spare filled with
/// zeros, by writing them: unwritten extents would cost a journal commit at each fdatasync.
final class SegmentFiles: Sendable {
  let directory: String
  let segmentBytes: Int
  let operations: FileOperations
  /// Held while the spare is made or taken, and while names change.
  private let spare = Mutex(Names())

  private struct Names {
    /// A sync of the directory failed: nobody knows which names are on disk, and it is not synced
    /// again. No segment comes or goes any more.
    var failure: EventLogError?
  }

  init(directory: String, segmentBytes: Int, operations: FileOperations) {
    self.directory = directory
    self.segmentBytes = segmentBytes
    self.operations = operations
  }

  var sparePath: String { directory + "/spare" }
  private var unfinishedPath: String { directory + "/spare.unfinished" }
  private var newestPath: String { directory + "/newest" }

  func path(first: UInt64) -> String { directory + "/" + Self.name(first: first) }

  private static func name(first: UInt64) -> String {
    let digits = String(first, radix: 16)
    return String(repeating: "0", count: 16 - digits.count) + digits + ".seg"
  }

  /// First positions of the segments there are, ascending.
  func list() throws(EventLogError) -> [UInt64] {
    guard let handle = opendir(directory) else { throw .io("open", directory, errno) }
    defer { closedir(handle) }
    var found: [UInt64] = []
    while let entry = readdir(handle) {
      let name = withUnsafeBytes(of: entry.pointee.d_name) { bytes in
        String(decoding: bytes.prefix { $0 != 0 }, as: UTF8.self)
      }
      guard name.utf8.count == 20, name.hasSuffix(".seg"),
        let first = UInt64(name.prefix(16), radix: 16), name == Self.name(first: first)
      else { continue }
      found.append(first)
    }
    return found.sorted()
  }

  /// The first position of the newest segment that was ever made here, as the link `newest` names
  /// it; nil if there is no such link.
  ///
  /// - Throws: `damaged` if it names no segment.
  func newest() throws(EventLogError) -> UInt64? {
    var bytes = [UInt8](repeating: 0, count: 64)
    let count = bytes.withUnsafeMutableBufferPointer { bytes in
      bytes.withMemoryRebound(to: CChar.self) { bytes -> Int in
        guard let start = bytes.baseAddress else { return 0 }
        return readlink(newestPath, start, bytes.count)
      }
    }
    guard count >= 0 else {
      if errno == ENOENT { return nil }
      throw .io("read the link", newestPath, errno)
    }
    let name = String(decoding: bytes.prefix(count), as: UTF8.self)
    guard let first = UInt64(name.prefix(16), radix: 16), name == Self.name(first: first) else {
      throw EventLogError(
        code: .damaged,
        message: "the link '\(newestPath)' leads to '\(name)', which is no segment of the log."
          + " Nothing was changed. Let it lead to the newest segment beside it, if that is there,"
          + " or restore the newest backup into a new data directory")
    }
    return first
  }

  /// Makes the spare if there is none. Slow: writes a segment's zeros; `isCancelled` is asked now
  /// and then, and leaves it unfinished.
  func prepareSpare(unless isCancelled: () -> Bool) throws(EventLogError) {
    let result = spare.withLock { names -> Result<Void, EventLogError> in
      if let failure = names.failure { return .failure(failure) }
      return Result { () throws(EventLogError) in try ensureSpare(unless: isCancelled) }
    }
    try result.get()
  }

  /// Turns the spare into a segment, durably: header, its fdatasync, the name, the directory. Puts
  /// itself in the place of a segment with the same first position, which has no records then.
  func makeSegment(_ header: SegmentHeader) throws(EventLogError) -> OpenFile {
    let failure = spare.withLock { names -> EventLogError? in
      if let failure = names.failure { return failure }
      do throws(EventLogError) {
        try ensureSpare(unless: { false })
        try nameSpare(header)
      } catch { return error }
      names.failure = syncNames()
      return names.failure
    }
    if let failure { throw failure }
    return try OpenFile(path(first: header.first), flags: O_RDWR)
  }

  func remove(first: UInt64) throws(EventLogError) {
    let failure = spare.withLock { names -> EventLogError? in
      if let failure = names.failure { return failure }
      do throws(EventLogError) { try operations.remove(path(first: first)) } catch { return error }
      names.failure = syncNames()
      return names.failure
    }
    if let failure { throw failure }
  }

  /// Makes the directory's names durable; why that failed, which is for good.
  private func syncNames() -> EventLogError? {
    do throws(EventLogError) {
      try operations.syncDirectory(directory)
      return nil
    } catch {
      return EventLogError(
        code: .io, message: error.message + ": its files are not changed before a restart")
    }
  }

  /// Makes what an earlier server wrote to this segment durable: bytes `start` to `end`.
  ///
  /// It is written again first: if a sync failed, the kernel may hold bytes that are on no disk and
  /// count as written, and a sync alone would say that all is well.
  func makeDurable(first: UInt64, from start: Int, to end: Int) throws(EventLogError) {
    let file = try OpenFile(path(first: first), flags: O_RDWR)
    var bytes = [UInt8](repeating: 0, count: min(1 << 20, max(0, end - start)))
    var offset = start
    while offset < end {
      let count = min(bytes.count, end - offset)
      let written = bytes.withUnsafeMutableBytes { bytes in
        Result { () throws(EventLogError) in
          let part = UnsafeMutableRawBufferPointer(rebasing: bytes[..<count])
          let found = try file.read(into: part, at: offset)
          try operations.write(
            UnsafeRawBufferPointer(rebasing: part[..<found]), to: file, at: offset,
            as: .rewriteRecovered)
        }
      }
      try written.get()
      offset += count
    }
    try operations.sync(file, as: .syncRecovered)
  }

  /// Of all segments and the spare.
  func totalBytes() -> Int {
    let paths = ((try? list()) ?? []).map { path(first: $0) } + [sparePath]
    return paths.reduce(0) { total, path in
      guard let file = try? OpenFile(path, flags: O_RDONLY) else { return total }
      return total + ((try? file.sizeBytes()) ?? 0)
    }
  }

  func modifiedSeconds(first: UInt64) throws(EventLogError) -> Int64 {
    Int64(try OpenFile(path(first: first), flags: O_RDONLY).modifiedSeconds())
  }

  func removeUnfinished() throws(EventLogError) {
    if unlink(unfinishedPath) != 0 && errno != ENOENT {
      throw .io("remove", unfinishedPath, errno)
    }
  }

  private func nameSpare(_ header: SegmentHeader) throws(EventLogError) {
    let file = try OpenFile(sparePath, flags: O_RDWR)
    let written = header.encoded().withUnsafeBytes { bytes in
      Result { () throws(EventLogError) in
        try operations.write(bytes, to: file, at: 0, as: .writeHeader)
      }
    }
    do throws(EventLogError) {
      try written.get()
      try operations.sync(file, as: .syncHeader)
    } catch {
      // Never synced again: the next spare is another file.
      unlink(sparePath)
      throw error
    }
    try operations.rename(sparePath, to: path(first: header.first))
    try noteNewest(header.first)
  }

  /// Lets the link `newest` name the segment: were its file lost, with records that are not applied
  /// yet, the segment before it would look like the end of the log. A link is one change of the
  /// directory, which is synced anyway.
  private func noteNewest(_ first: UInt64) throws(EventLogError) {
    let unfinished = newestPath + ".unfinished"
    unlink(unfinished)
    guard symlink(Self.name(first: first), unfinished) == 0 else {
      throw .io("make the link", unfinished, errno)
    }
    try operations.rename(unfinished, to: newestPath)
  }

  private func ensureSpare(unless isCancelled: () -> Bool) throws(EventLogError) {
    if let file = try? OpenFile(sparePath, flags: O_RDWR) {
      if try file.sizeBytes() == segmentBytes { return }
      unlink(sparePath)
    }
    try refuseFullDisk()
    do throws(EventLogError) {
      try fillSpare(unless: isCancelled)
    } catch {
      // It would take the room that it did not find; and after a failed sync it is another file.
      unlink(unfinishedPath)
      throw error
    }
  }

  /// Before the last room is filled with zeros, which the fold may need.
  private func refuseFullDisk() throws(EventLogError) {
    let needed = segmentBytes + segmentBytes / 4
    guard let free = operations.freeBytes(directory), free < needed else { return }
    throw EventLogError(
      code: .full,
      message: "cannot make '\(sparePath)': \(free) bytes are free and \(needed) are needed:"
        + " make room on its disk")
  }

  private func fillSpare(unless isCancelled: () -> Bool) throws(EventLogError) {
    let file = try OpenFile(unfinishedPath, flags: O_RDWR | O_CREAT | O_TRUNC)
    let zeros = [UInt8](repeating: 0, count: min(segmentBytes, 1 << 20))
    var offset = 0
    while offset < segmentBytes {
      if isCancelled() { return }
      let count = min(zeros.count, segmentBytes - offset)
      let written = zeros.withUnsafeBytes { zeros in
        Result { () throws(EventLogError) in
          try operations.write(zeros.part(0, count), to: file, at: offset, as: .fill)
        }
      }
      try written.get()
      offset += count
    }
    try operations.sync(file, as: .fill)
    try operations.rename(unfinishedPath, to: sparePath)
  }
}
