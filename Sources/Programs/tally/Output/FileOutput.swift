internal import Glibc

/// Where a report goes: standard output, or a file that appears whole or not at all.
///
/// A file is written without a name (O_TMPFILE) where the file system can do that, so that nothing
/// is left of it even if the program is killed; else under a name beside the target. `commit` gives
/// it its name by a rename. Without `commit` it goes away.
final class FileOutput {
  /// O_TMPFILE, which Swift does not see: __O_TMPFILE (Linux, most machines) and O_DIRECTORY.
  private static let unnamedFile: Int32 = 0o20_000_000 | O_DIRECTORY

  private let path: String?
  private let descriptor: Int32
  private var temporaryPath: String?
  private var isPlain: Bool
  private var isOpen = true
  private var hasWritten = false

  /// - Parameter path: `nil` or `-` for standard output. Pipes and devices are written directly.
  init(path: String?) throws(CommandError) {
    guard let path, path != "-" else {
      (self.path, descriptor, isPlain) = (nil, STDOUT_FILENO, true)
      return
    }
    let target = Self.resolved(path)
    self.path = target
    var status = stat()
    if stat(target, &status) == 0, status.st_mode & S_IFMT != S_IFREG {
      descriptor = open(target, O_WRONLY | O_CLOEXEC)
      isPlain = true
      if descriptor < 0 { throw Self.failed("open", target) }
      return
    }
    isPlain = false
    let unnamed = open(Self.directory(of: target), Self.unnamedFile | O_WRONLY | O_CLOEXEC, 0o666)
    if unnamed >= 0 {
      descriptor = unnamed
      return
    }
    let beside = Self.temporaryName(beside: target)
    descriptor = open(beside, O_CREAT | O_EXCL | O_WRONLY | O_CLOEXEC, 0o666)
    if descriptor < 0 { throw Self.failed("write", target) }
    temporaryPath = beside
  }

  deinit {
    if isOpen { abandon() }
  }

  /// Whether standard output is a terminal and this is it.
  var isTerminal: Bool { isatty(descriptor) == 1 }

  /// Writes all of it.
  ///
  /// - Throws: `.outputClosed` when the reader of a pipe has gone, else `.file`.
  func write(_ bytes: some Collection<UInt8>) throws(CommandError) {
    if !bytes.isEmpty { hasWritten = true }
    let failure = bytes.withContiguousStorageIfAvailable { writeAll(UnsafeRawBufferPointer($0)) }
    switch failure ?? Array(bytes).withUnsafeBytes({ writeAll($0) }) {
    case 0: return
    case EPIPE: throw CommandError(code: .outputClosed, message: "the output was closed")
    case let code: throw Self.failed("write", path ?? "standard output", code)
    }
  }

  /// Forgets all that was written.
  ///
  /// - Throws: `.file` for standard output and the like if something was: nobody can take it back.
  func startAgain() throws(CommandError) {
    guard hasWritten else { return }
    guard !isPlain else {
      throw CommandError(
        code: .file,
        message: "the connection broke and the store has moved on since, and what was written to "
          + "\(path.map { "'\($0)'" } ?? "standard output") cannot be taken back. Ask again, write "
          + "to a file (--output), or allow several revisions (--mix-revisions).")
    }
    if ftruncate(descriptor, 0) != 0 || lseek(descriptor, 0, SEEK_SET) != 0 {
      throw Self.failed("write", path ?? "")
    }
    hasWritten = false
  }

  /// Gives the file its name. Standard output has nothing to commit.
  func commit() throws(CommandError) {
    guard let path, !isPlain else {
      close()
      return
    }
    if fsync(descriptor) != 0 { throw Self.failed("write", path) }
    if temporaryPath == nil {
      let beside = Self.temporaryName(beside: path)
      let opened = "/proc/self/fd/\(descriptor)"
      if linkat(AT_FDCWD, opened, AT_FDCWD, beside, AT_SYMLINK_FOLLOW) != 0 {
        throw Self.failed("write", path)
      }
      temporaryPath = beside
    }
    if let temporaryPath, rename(temporaryPath, path) != 0 { throw Self.failed("write", path) }
    temporaryPath = nil
    close()
  }

  private func close() {
    isOpen = false
    if descriptor != STDOUT_FILENO { _ = Glibc.close(descriptor) }
  }

  private func abandon() {
    if let temporaryPath { unlink(temporaryPath) }
    close()
  }

  /// - Returns: 0, or the error number.
  private func writeAll(_ bytes: UnsafeRawBufferPointer) -> Int32 {
    var rest = bytes[...]
    while !rest.isEmpty {
      let written = Glibc.write(descriptor, rest.baseAddress, rest.count)
      if written < 0 {
        if errno == EINTR { continue }
        return errno
      }
      rest = rest.dropFirst(written)
    }
    return 0
  }

  /// The file that a symbolic link leads to, so that the rename replaces it and not the link.
  private static func resolved(_ path: String) -> String {
    guard let real = realpath(path, nil) else { return path }
    defer { free(real) }
    return String(cString: real)
  }

  private static func directory(of path: String) -> String {
    guard let slash = path.lastIndex(of: "/") else { return "." }
    return slash == path.startIndex ? "/" : String(path[..<slash])
  }

  private static func temporaryName(beside path: String) -> String {
    "\(path).\(getpid()).\(UInt32.random(in: 0 ... .max)).partial"
  }

  private static func failed(_ verb: String, _ path: String, _ code: Int32 = errno) -> CommandError
  {
    CommandError(
      code: .file,
      message: "cannot \(verb) '\(path)': \(errorText(code)). Check the path and its permissions.")
  }
}

extension Slice<UnsafeRawBufferPointer> {
  fileprivate var baseAddress: UnsafeRawPointer? {
    UnsafeRawBufferPointer(rebasing: self).baseAddress
  }
}
