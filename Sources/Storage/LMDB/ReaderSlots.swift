internal import Glibc

/// The file of reader slots, `lock.mdb`.
enum ReaderSlots {
  private static let slotBytes = 64
  private static let headerBytes = 512

  /// Gives the file its blocks. liblmdb makes it sparse and writes it through a map: on a full disk
  /// the first reader that needs one more page would kill the process with SIGBUS.
  ///
  /// Before the environment is opened: closing the file later would drop liblmdb's own locks on it.
  static func reserve(in directory: String, count: UInt32) throws(LMDBError) {
    let path = directory + "/lock.mdb"
    let file = open(path, O_RDWR | O_CREAT | O_CLOEXEC, 0o600)
    guard file >= 0 else { throw LMDBError(errno, doing: "cannot open '\(path)'") }
    defer { close(file) }
    let needed = Int(count) * slotBytes + headerBytes
    var result = posix_fallocate(file, 0, off_t(needed))
    while result == EINTR { result = posix_fallocate(file, 0, off_t(needed)) }
    guard result == 0 else {
      throw LMDBError(result, doing: "cannot reserve \(needed) bytes for '\(path)'")
    }
  }
}
