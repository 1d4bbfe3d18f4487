internal import Glibc

/// Bytes in order, from wherever.
protocol ByteSource: AnyObject {
  /// Appends the next bytes, 0 only at the end.
  ///
  /// - Returns: how many were appended.
  func read(into buffer: inout [UInt8]) throws(CommandError) -> Int
  /// How many bytes were read of the file itself, for progress.
  var consumed: UInt64 { get }
}

/// An open file, or standard input.
final class FileSource: ByteSource {
  /// Large enough that a read is no cost, small enough to stay in the cache.
  static let chunkBytes = 256 * 1024

  let name: String
  private(set) var consumed: UInt64 = 0
  private let descriptor: Int32

  /// - Parameter path: `-` for standard input.
  init(path: String) throws(CommandError) {
    if path == "-" {
      name = "standard input"
      descriptor = STDIN_FILENO
      return
    }
    name = path
    descriptor = open(path, O_RDONLY | O_CLOEXEC)
    if descriptor < 0 {
      throw CommandError(
        code: .file,
        message: "cannot open '\(path)': \(errorText(errno)). Check the name and its permissions.")
    }
  }

  deinit {
    if descriptor != STDIN_FILENO { close(descriptor) }
  }

  /// The file's size in bytes, `nil` for pipes and terminals.
  var size: UInt64? {
    var status = stat()
    guard fstat(descriptor, &status) == 0, status.st_mode & S_IFMT == S_IFREG else { return nil }
    return UInt64(status.st_size)
  }

  func read(into buffer: inout [UInt8]) throws(CommandError) -> Int {
    var failure: Int32 = 0
    let start = buffer.count
    buffer.append(contentsOf: repeatElement(0, count: Self.chunkBytes))
    let count = buffer.withUnsafeMutableBytes { bytes in
      while true {
        let count = Glibc.read(descriptor, bytes.baseAddress?.advanced(by: start), Self.chunkBytes)
        if count >= 0 { return count }
        if errno == EINTR { continue }
        failure = errno
        return 0
      }
    }
    buffer.removeLast(Self.chunkBytes - count)
    if failure != 0 {
      throw CommandError(
        code: .file, message: "cannot read '\(name)': \(errorText(failure)). Check the file.")
    }
    consumed += UInt64(count)
    return count
  }
}
