internal import Glibc
internal import Synchronization

/// The files that hold what slow clients have not fetched yet, and the quota for them.
///
/// A file loses its name at once: whatever happens, the kernel frees it with its descriptor.
final class Spool: Sendable {
  private struct Use {
    var total = 0
    var byCaller: [String: Int] = [:]
  }

  private let directory: String
  private let limitBytes: Int
  private let callerLimitBytes: Int
  /// Whether the directory's disk has more room than its reserve.
  let hasDisk: @Sendable () -> Bool
  private let use = Mutex(Use())

  /// - Parameter hasDisk: whether the directory's disk has more room than its reserve.
  init(
    directory: String, options: ReadingOptions, hasDisk: @escaping @Sendable () -> Bool = { true }
  ) {
    self.directory = directory
    self.hasDisk = hasDisk
    limitBytes = options.spoolBytes
    callerLimitBytes = options.spoolBytes / options.spoolShares
  }

  /// Bytes of all files.
  var sizeBytes: Int { use.withLock { $0.total } }

  /// A new empty file for `caller`.
  ///
  /// - Parameter bytes: taken of the quota at once, for the file alone.
  func makeFile(
    for caller: String, reserving bytes: Int = 0
  ) throws(SpoolFile.WriteError) -> SpoolFile {
    if let limit = reserve(bytes, for: caller) { throw .quota(limit) }
    var template = Array((directory + "/XXXXXX").utf8CString)
    let descriptor = mkstemp(&template)
    guard descriptor >= 0 else {
      let code = errno
      release(bytes, for: caller)
      throw .disk(errno: code)
    }
    unlink(template)
    _ = fcntl(descriptor, F_SETFD, FD_CLOEXEC)
    return SpoolFile(descriptor: descriptor, caller: caller, spool: self, reserved: bytes)
  }

  /// Takes `bytes` of the quota; if it does not reach, nothing is taken and the answer is why.
  func reserve(_ bytes: Int, for caller: String) -> ReadingLimit? {
    use.withLock { use in
      let own = use.byCaller[caller, default: 0]
      guard use.total + bytes <= limitBytes else { return .spoolBytes }
      guard own + bytes <= callerLimitBytes else { return .spoolShares }
      use.total += bytes
      use.byCaller[caller] = own + bytes
      return nil
    }
  }

  /// Gives `bytes` of the quota back.
  func release(_ bytes: Int, for caller: String) {
    use.withLock { use in
      use.total -= bytes
      let own = use.byCaller[caller, default: 0] - bytes
      use.byCaller[caller] = own > 0 ? own : nil
    }
  }
}

/// One file of the spool: written by a reader loop, read by a network loop, gone with the object.
final class SpoolFile: Sendable {
  /// Why bytes could not be written.
  enum WriteError: Error {
    case quota(ReadingLimit)
    case disk(errno: Int32)
  }

  private let descriptor: Int32
  private let caller: String
  private let spool: Spool
  /// Bytes of the quota that the file has even while it is shorter.
  private let reserved: Int
  /// Bytes written.
  private let end = Atomic(0)

  fileprivate init(descriptor: Int32, caller: String, spool: Spool, reserved: Int) {
    self.descriptor = descriptor
    self.caller = caller
    self.spool = spool
    self.reserved = reserved
  }

  deinit {
    close(descriptor)
    spool.release(quota(of: end.load(ordering: .acquiring)), for: caller)
  }

  /// What a file of `bytes` bytes takes of the quota.
  private func quota(of bytes: Int) -> Int { max(bytes, reserved) }

  /// Appends all bytes, or throws.
  func write(_ bytes: UnsafeRawBufferPointer) throws(WriteError) {
    guard let start = bytes.baseAddress else { return }
    guard spool.hasDisk() else { throw .disk(errno: ENOSPC) }
    let end = end.load(ordering: .relaxed)
    let more = quota(of: end + bytes.count) - quota(of: end)
    if let limit = spool.reserve(more, for: caller) { throw .quota(limit) }
    var done = 0
    while done < bytes.count {
      let size = pwrite(descriptor, start + done, bytes.count - done, off_t(end + done))
      if size < 0 && errno == EINTR { continue }
      guard size > 0 else {
        let code = errno
        spool.release(more, for: caller)
        throw .disk(errno: code)
      }
      done += size
    }
    self.end.store(end + done, ordering: .releasing)
  }

  /// Cuts the file to nothing; the writer's, while nobody reads.
  ///
  /// - Returns: false if the disk fails.
  func empty() -> Bool {
    guard ftruncate(descriptor, 0) == 0 else { return false }
    let end = end.exchange(0, ordering: .acquiringAndReleasing)
    spool.release(quota(of: end) - quota(of: 0), for: caller)
    return true
  }

  /// Reads up to `out.count` bytes from `offset`; nil if the disk fails.
  func read(at offset: Int, into out: UnsafeMutableRawBufferPointer) -> Int? {
    while true {
      let size = pread(descriptor, out.baseAddress, out.count, off_t(offset))
      if size > 0 { return size }
      guard size < 0 && errno == EINTR else { return nil }
    }
  }
}
