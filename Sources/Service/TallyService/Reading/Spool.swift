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
  fileprivate let hasDisk: @Sendable () -> Bool
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
  func makeFile(for caller: String) throws(SpoolFile.WriteError) -> SpoolFile {
    var template = Array((directory + "/XXXXXX").utf8CString)
    let descriptor = mkstemp(&template)
    guard descriptor >= 0 else { throw .disk(errno: errno) }
    unlink(template)
    _ = fcntl(descriptor, F_SETFD, FD_CLOEXEC)
    return SpoolFile(descriptor: descriptor, caller: caller, spool: self)
  }

  /// Whether the disk has room, and the quota `bytes` for `caller`.
  func hasRoom(_ bytes: Int, for caller: String) -> Bool {
    guard hasDisk() else { return false }
    return use.withLock { use in
      use.total + bytes <= limitBytes
        && use.byCaller[caller, default: 0] + bytes <= callerLimitBytes
    }
  }

  /// Takes `bytes` of the quota; false, and nothing taken, if it does not reach.
  func reserve(_ bytes: Int, for caller: String) -> Bool {
    use.withLock { use in
      let own = use.byCaller[caller, default: 0]
      guard use.total + bytes <= limitBytes, own + bytes <= callerLimitBytes else { return false }
      use.total += bytes
      use.byCaller[caller] = own + bytes
      return true
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
    case quota
    case disk(errno: Int32)
  }

  private let descriptor: Int32
  private let caller: String
  private let spool: Spool
  /// Bytes written.
  private let end = Atomic(0)

  fileprivate init(descriptor: Int32, caller: String, spool: Spool) {
    self.descriptor = descriptor
    self.caller = caller
    self.spool = spool
  }

  deinit {
    close(descriptor)
    spool.release(end.load(ordering: .acquiring), for: caller)
  }

  /// Appends all bytes, or throws.
  func write(_ bytes: UnsafeRawBufferPointer) throws(WriteError) {
    guard let start = bytes.baseAddress else { return }
    guard spool.hasDisk() else { throw .disk(errno: ENOSPC) }
    guard spool.reserve(bytes.count, for: caller) else { throw .quota }
    let end = end.load(ordering: .relaxed)
    var done = 0
    while done < bytes.count {
      let size = pwrite(descriptor, start + done, bytes.count - done, off_t(end + done))
      if size < 0 && errno == EINTR { continue }
      guard size > 0 else {
        let code = errno
        spool.release(bytes.count, for: caller)
        throw .disk(errno: code)
      }
      done += size
    }
    self.end.store(end + done, ordering: .releasing)
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
