internal import Glibc

/// The key with which handles of reports are signed: 32 random bytes in the file `key`.
///
/// Made with the data directory, or when the file is missing; a backup does not hold it, so handles
/// from before a restore are good no longer.
enum HandleKey {
  static let size = 32

  /// Reads the key of a data directory, or makes it.
  ///
  /// - Throws: `dataLoss` for a file of another size, `system`.
  static func load(_ directory: String) throws(StoreError) -> [UInt8] {
    let path = directory + "/key"
    let file = open(path, O_RDONLY | O_CLOEXEC)
    if file < 0 && errno == ENOENT { return try make(path) }
    guard file >= 0 else { throw .system("cannot open '\(path)'") }
    defer { close(file) }
    var bytes = [UInt8](repeating: 0, count: size + 1)
    let count = read(file, &bytes, bytes.count)
    guard count >= 0 else { throw .system("cannot read '\(path)'") }
    guard count == size else {
      throw StoreError(
        code: .dataLoss,
        message: "'\(path)' is no key of \(size) bytes: remove it and start again; reports that"
          + " are under way then begin anew")
    }
    return Array(bytes.prefix(size))
  }

  /// Under another name first: a file that is there is whole.
  private static func make(_ path: String) throws(StoreError) -> [UInt8] {
    var random = SystemRandomNumberGenerator()
    let key = (0..<size).map { _ in UInt8.random(in: .min ... .max, using: &random) }
    let unfinished = path + ".unfinished"
    let file = open(unfinished, O_WRONLY | O_CREAT | O_TRUNC | O_CLOEXEC, 0o600)
    guard file >= 0 else { throw .system("cannot make '\(unfinished)'") }
    defer { close(file) }
    guard write(file, key, size) == size, fsync(file) == 0, rename(unfinished, path) == 0 else {
      throw .system("cannot write '\(path)'")
    }
    return key
  }
}
