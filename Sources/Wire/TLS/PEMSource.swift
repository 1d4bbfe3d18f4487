internal import Glibc

/// Where certificates or a key come from, as PEM text.
package enum PEMSource: Sendable, Hashable, CustomStringConvertible {
  case file(String)
  /// Text in memory; `name` stands for it in messages.
  case text([UInt8], name: String)

  /// As messages name it.
  package var description: String {
    switch self {
    case .file(let path): "'\(path)'"
    case .text(_, let name): name
    }
  }

  /// A certificate is a few KiB; a directory of a thousand CAs still fits.
  private static let maxBytes = 4 * 1024 * 1024

  /// The text, read anew.
  func read() throws(TLSError) -> [UInt8] {
    switch self {
    case .text(let bytes, _): return bytes
    case .file(let path): return try Self.read(path)
    }
  }

  /// What the file looks like from outside; `nil` without a file that can be seen.
  var stamp: FileStamp? {
    guard case .file(let path) = self else { return nil }
    var status = stat()
    guard stat(path, &status) == 0 else { return nil }
    return FileStamp(status)
  }

  private static func read(_ path: String) throws(TLSError) -> [UInt8] {
    let file = open(path, O_RDONLY | O_CLOEXEC | O_NONBLOCK)
    guard file >= 0 else { throw failure(path, errno) }
    defer { close(file) }
    var status = stat()
    guard fstat(file, &status) == 0 else { throw failure(path, errno) }
    guard status.st_mode & S_IFMT == S_IFREG else {
      throw TLSError(.file, "'\(path)' is no regular file: name a PEM file")
    }
    guard status.st_size <= maxBytes else {
      throw TLSError(.format, "'\(path)' has \(status.st_size) bytes: no PEM file is so large")
    }
    var bytes = [UInt8](repeating: 0, count: maxBytes)
    var count = 0
    while count < bytes.count {
      let (offset, room) = (count, bytes.count - count)
      let taken = bytes.withUnsafeMutableBytes { buffer in
        Glibc.read(file, buffer.baseAddress.map { $0 + offset }, room)
      }
      guard taken >= 0 else { throw failure(path, errno) }
      if taken == 0 { break }
      count += taken
    }
    return Array(bytes[..<count])
  }

  private static func failure(_ path: String, _ code: Int32) -> TLSError {
    switch code {
    case ENOENT: TLSError(.file, "there is no file '\(path)'")
    case EACCES:
      TLSError(.file, "'\(path)' may not be read by this user: change its owner or its mode")
    default: TLSError(.file, "'\(path)' cannot be read: \(String(cString: strerror(code)))")
    }
  }
}

/// What changes when a file is written or replaced.
struct FileStamp: Hashable, Sendable {
  private let inode: UInt
  private let bytes: Int
  private let modified: [Int]
  private let changed: [Int]

  init(_ status: stat) {
    inode = UInt(status.st_ino)
    bytes = Int(status.st_size)
    modified = [status.st_mtim.tv_sec, status.st_mtim.tv_nsec]
    changed = [status.st_ctim.tv_sec, status.st_ctim.tv_nsec]
  }
}
