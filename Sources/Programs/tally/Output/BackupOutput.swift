internal import Glibc

/// A file that appears whole and on disk, or not at all: `FILE.unfinished` until `commit`.
///
/// Nobody but its owner may read it: it holds what people did.
final class BackupOutput {
  private let path: String
  private let unfinished: String
  private let replaces: Bool
  private let descriptor: Int32
  private var isDone = false

  /// - Parameter replaces: whether a file that is there may go.
  /// - Throws: `.file` if it may not, or the file cannot be made, or another backup writes it.
  init(_ path: String, replaces: Bool) throws(CommandError) {
    self.path = path
    self.replaces = replaces
    unfinished = path + ".unfinished"
    try Self.refuseExisting(path, replaces)
    descriptor = open(unfinished, O_WRONLY | O_CREAT | O_CLOEXEC | O_NOFOLLOW, 0o600)
    guard descriptor >= 0 else { throw Self.failed("make", unfinished) }
    guard flock(descriptor, LOCK_EX | LOCK_NB) == 0 else {
      close(descriptor)
      throw CommandError(
        code: .file, message: "another backup writes '\(unfinished)': wait, or name another file.")
    }
    guard fchmod(descriptor, 0o600) == 0, ftruncate(descriptor, 0) == 0 else {
      let code = errno
      close(descriptor)
      throw Self.failed("empty", unfinished, code)
    }
  }

  deinit {
    if !isDone { unlink(unfinished) }
    close(descriptor)
  }

  /// Writes all of it.
  func write(_ bytes: [UInt8]) throws(CommandError) {
    let failure = bytes.withUnsafeBytes { bytes -> Int32 in
      var done = 0
      while done < bytes.count {
        let count = Glibc.write(
          descriptor, bytes.baseAddress.map { $0 + done }, bytes.count - done)
        if count < 0 && errno == EINTR { continue }
        if count <= 0 { return count == 0 ? ENOSPC : errno }
        done += count
      }
      return 0
    }
    if failure != 0 { throw Self.failed("write", unfinished, failure) }
  }

  /// Makes all of it durable, then gives the file its name.
  func commit() throws(CommandError) {
    guard fsync(descriptor) == 0 else { throw Self.failed("sync", unfinished) }
    try Self.refuseExisting(path, replaces)
    guard rename(unfinished, path) == 0 else { throw Self.failed("make", path) }
    isDone = true
    let slash = path.lastIndex(of: "/")
    let folder = slash.map { $0 == path.startIndex ? "/" : String(path[..<$0]) } ?? "."
    let directory = open(folder, O_RDONLY | O_DIRECTORY | O_CLOEXEC)
    guard directory >= 0 else { throw Self.failed("open", folder) }
    defer { close(directory) }
    guard fsync(directory) == 0 else { throw Self.failed("sync", folder) }
  }

  private static func refuseExisting(_ path: String, _ replaces: Bool) throws(CommandError) {
    var status = stat()
    guard lstat(path, &status) == 0 else { return }
    guard replaces, status.st_mode & S_IFMT == S_IFREG else {
      throw CommandError(
        code: .file,
        message: replaces
          ? "'\(path)' is no plain file: name another."
          : "'\(path)' is there already: name another file, or replace it with --force.")
    }
  }

  private static func failed(
    _ verb: String, _ path: String, _ code: Int32 = errno
  ) -> CommandError {
    CommandError(
      code: .file,
      message: "cannot \(verb) '\(path)': \(errorText(code)). Check the path, its permissions and "
        + "the room on its disk.")
  }
}
