internal import Glibc

/// What the log asks of the file system. Tests put faults before chosen operations.
package struct FileOperations: Sendable {
  package enum Operation: Sendable, Equatable {
    /// Filling a spare segment with zeros, and the fsync of it.
    case fill
    case writeHeader
    case syncHeader
    case rename
    case syncDirectory
    case writeRecords
    case syncRecords
    /// At start, of what a server before wrote.
    case rewriteRecovered
    case syncRecovered
    case remove
  }

  package enum Fault: Sendable {
    /// The operation does nothing and fails with this errno.
    case error(Int32)
    /// A write writes so many bytes, then fails with this errno.
    case torn(bytes: Int, error: Int32)
  }

  /// Asked before each operation; what it returns happens in its place.
  package var fault: (@Sendable (Operation, _ path: String) -> Fault?)?
  /// Bytes that may still be written to the file system of a directory; nil if nobody knows.
  package var freeBytes: @Sendable (_ directory: String) -> Int? = FreeSpace.bytes

  /// The file system as it is.
  package init() {}

  /// Writes all bytes.
  func write(
    _ bytes: UnsafeRawBufferPointer, to file: borrowing OpenFile, at offset: Int,
    as operation: Operation
  ) throws(EventLogError) {
    var end = bytes.count
    var failure: Int32?
    switch fault?(operation, file.path) {
    case .error(let error): throw file.failure("write", error)
    case .torn(let bytes, let error):
      end = min(bytes, end)
      failure = error
    case nil: break
    }
    var done = 0
    while done < end {
      let count = pwrite(
        file.descriptor, bytes.baseAddress.map { $0 + done }, end - done, off_t(offset + done))
      if count < 0 && errno == EINTR { continue }
      if count <= 0 { throw file.failure("write", count == 0 ? ENOSPC : errno) }
      done += count
    }
    if let failure { throw file.failure("write", failure) }
  }

  /// fdatasync: also makes a grown file's new length durable.
  func sync(_ file: borrowing OpenFile, as operation: Operation) throws(EventLogError) {
    if case .error(let error) = fault?(operation, file.path) { throw file.failure("sync", error) }
    while fdatasync(file.descriptor) != 0 {
      if errno != EINTR { throw file.failure("sync", errno) }
    }
  }

  /// Makes the names in a directory durable.
  func syncDirectory(_ path: String) throws(EventLogError) {
    let directory = try OpenFile(path, flags: O_RDONLY | O_DIRECTORY)
    if case .error(let error) = fault?(.syncDirectory, path) {
      throw directory.failure("sync", error)
    }
    while fsync(directory.descriptor) != 0 {
      if errno != EINTR { throw directory.failure("sync", errno) }
    }
  }

  func rename(_ path: String, to newPath: String) throws(EventLogError) {
    if case .error(let error) = fault?(.rename, path) {
      throw .io("rename", path, error)
    }
    if Glibc.rename(path, newPath) != 0 { throw .io("rename", path, errno) }
  }

  func remove(_ path: String) throws(EventLogError) {
    if case .error(let error) = fault?(.remove, path) { throw .io("remove", path, error) }
    if unlink(path) != 0 && errno != ENOENT { throw .io("remove", path, errno) }
  }
}

/// A file descriptor that is closed once.
struct OpenFile: ~Copyable {
  let path: String
  let descriptor: Int32

  init(_ path: String, flags: Int32) throws(EventLogError) {
    let descriptor = open(path, flags | O_CLOEXEC, 0o600)
    guard descriptor >= 0 else { throw .io("open", path, errno) }
    self.path = path
    self.descriptor = descriptor
  }

  deinit { close(descriptor) }

  func sizeBytes() throws(EventLogError) -> Int {
    var status = stat()
    guard fstat(descriptor, &status) == 0 else { throw failure("stat", errno) }
    return Int(status.st_size)
  }

  /// Seconds since 1970 of the last write.
  func modifiedSeconds() throws(EventLogError) -> Int {
    var status = stat()
    guard fstat(descriptor, &status) == 0 else { throw failure("stat", errno) }
    return status.st_mtim.tv_sec
  }

  /// Reads until `bytes` is full or the file ends.
  ///
  /// - Returns: how many bytes were read.
  func read(into bytes: UnsafeMutableRawBufferPointer, at offset: Int) throws(EventLogError) -> Int
  {
    var done = 0
    while done < bytes.count {
      let count = pread(
        descriptor, bytes.baseAddress.map { $0 + done }, bytes.count - done, off_t(offset + done))
      if count < 0 && errno == EINTR { continue }
      if count < 0 { throw failure("read", errno) }
      if count == 0 { break }
      done += count
    }
    return done
  }

  func failure(_ verb: String, _ error: Int32) -> EventLogError { .io(verb, path, error) }
}

/// How much room a file system has.
package enum FreeSpace {
  /// What may still be written to the file system of `directory`, in bytes, without what is kept
  /// for root; nil if it does not say.
  package static func bytes(_ directory: String) -> Int? {
    var volume = statvfs()
    guard statvfs(directory, &volume) == 0 else { return nil }
    return Int(volume.f_bavail) * Int(volume.f_frsize)
  }

  /// Whether an errno says that there is none left.
  package static func isExhausted(_ error: Int32) -> Bool { error == ENOSPC || error == EDQUOT }
}

extension EventLogError {
  static func io(_ verb: String, _ path: String, _ error: Int32) -> EventLogError {
    let reason = String(cString: strerror(error))
    let isFull = FreeSpace.isExhausted(error)
    return EventLogError(
      code: isFull ? .full : .io,
      message: "cannot \(verb) '\(path)': \(reason)" + (isFull ? ": make room on its disk" : ""))
  }
}
