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
    var count = 0
    buffer.append(addingCapacity: Self.chunkBytes) { room in
      room.withUnsafeMutableBufferPointer { bytes, used in
        repeat {
          count = Glibc.read(descriptor, bytes.baseAddress, bytes.count)
        } while count < 0 && errno == EINTR
        failure = count < 0 ? errno : 0
        count = max(0, count)
        used = count
      }
    }
    if failure != 0 {
      throw CommandError(
        code: .file, message: "cannot read '\(name)': \(errorText(failure)). Check the file.")
    }
    consumed += UInt64(count)
    return count
  }
}
