internal import Glibc
internal import LMDB

/// The directory of a store: its format, and the lock that keeps a second process out.
///
/// | name | what |
/// | --- | --- |
/// | `format` | one line: `tally 2` |
/// | `key` | 32 random bytes that sign the handles of reports |
/// | `lock` | empty; locked while a process has the store open |
/// | `data.mdb`, `lock.mdb` | the tables |
/// | `log/` | the event log |
/// | `spool/` | what slow readers have not fetched yet |
/// | `verify/` | the copy that a check reads, while there is one |
final class DataDirectory: Sendable {
  static let format = 2

  let path: String
  var logPath: String { path + "/log" }
  var spoolPath: String { path + "/spool" }
  /// Signs the handles of reports.
  let handleKey: [UInt8]
  /// Closing it gives up the lock, if `unlock` did not before.
  private let lock: Int32

  /// Makes the directory if there is none, and locks it.
  ///
  /// - Throws: `alreadyOpen`, `newerFormat`, `networkFilesystem`, `failed` for a directory that
  ///   holds something else, `system`.
  init(_ path: String) throws(StoreError) {
    self.path = path
    try Self.make(path)
    try storing { () throws(LMDBError) in try Filesystem.refuseNetwork(path) }
    let known = try Self.readFormat(path)
    if known == nil { try Self.refuseForeign(path) }
    lock = try Self.takeLock(path)
    do throws(StoreError) {
      if known == nil { try Self.writeFormat(path) }
      try Self.make(path + "/log")
      try Self.make(path + "/spool")
      handleKey = try HandleKey.load(path)
      try Self.sync(path)
    } catch {
      close(lock)
      throw error
    }
  }

  deinit { close(lock) }

  /// A log without its data file is what is left of a store: a new one must not take its place.
  ///
  /// - Throws: `dataLoss`.
  func refuseLogAlone() throws(StoreError) {
    var file = stat()
    if stat(path + "/data.mdb", &file) == 0 && file.st_size > 0 { return }
    guard let handle = opendir(logPath) else { throw .system("cannot read '\(logPath)'") }
    defer { closedir(handle) }
    while let entry = readdir(handle) {
      let name = withUnsafeBytes(of: entry.pointee.d_name) { bytes in
        String(decoding: bytes.prefix { $0 != 0 }, as: UTF8.self)
      }
      guard name.hasSuffix(".seg") else { continue }
      throw StoreError(
        code: .dataLoss,
        message: "'\(path)/data.mdb' is missing or empty, and the log beside it is not."
          + " Nothing was changed. Put it back, or restore the newest backup into a new data"
          + " directory; with this log in it nothing is lost")
    }
  }

  /// Lets another store open the directory.
  func unlock() { flock(lock, LOCK_UN) }

  private static func make(_ path: String) throws(StoreError) {
    if mkdir(path, 0o700) != 0 && errno != EEXIST {
      throw .system("cannot make the directory '\(path)'")
    }
  }

  /// The format that the directory states; nil if there is no such file.
  private static func readFormat(_ path: String) throws(StoreError) -> Int? {
    let file = open(path + "/format", O_RDONLY | O_CLOEXEC)
    if file < 0 && errno == ENOENT { return nil }
    guard file >= 0 else { throw .system("cannot open '\(path)/format'") }
    defer { close(file) }
    var bytes = [UInt8](repeating: 0, count: 64)
    let count = read(file, &bytes, bytes.count)
    let text = String(decoding: bytes.prefix(max(0, count)), as: UTF8.self)
    let words = text.split { $0 == " " || $0 == "\n" }
    guard words.count == 2, words[0] == "tally", let format = Int(words[1]), format > 0
    else {
      throw StoreError(
        code: .dataLoss,
        message: "'\(path)/format' reads '\(text)' in place of 'tally \(Self.format)':"
          + " restore a backup")
    }
    guard format <= Self.format else {
      throw StoreError(
        code: .newerFormat,
        message: "'\(path)' has format \(format), this Tally knows formats up to \(Self.format):"
          + " use the Tally that wrote it, or a newer one")
    }
    return format
  }

  /// Without a format the directory is new, or not ours to write into.
  private static func refuseForeign(_ path: String) throws(StoreError) {
    guard let handle = opendir(path) else { throw .system("cannot read '\(path)'") }
    defer { closedir(handle) }
    var foreign: String?
    while let entry = readdir(handle) {
      let name = withUnsafeBytes(of: entry.pointee.d_name) { bytes in
        String(decoding: bytes.prefix { $0 != 0 }, as: UTF8.self)
      }
      let ours = [".", "..", "lost+found", "lock", "format.unfinished"]
      if ours.contains(name) { continue }
      foreign = name
      guard name == "data.mdb" || name == "log" else { continue }
      throw StoreError(
        code: .dataLoss,
        message: "'\(path)/format' is missing beside '\(name)'. Nothing was changed. Put it"
          + " back: one line that reads 'tally \(Self.format)', if this version wrote the"
          + " directory; or restore a backup")
    }
    guard let foreign else { return }
    throw StoreError(
      code: .failed,
      message: "'\(path)' is no data directory of Tally and not empty (it holds '\(foreign)'):"
        + " choose another one")
  }

  private static func takeLock(_ path: String) throws(StoreError) -> Int32 {
    let file = open(path + "/lock", O_RDWR | O_CREAT | O_CLOEXEC, 0o600)
    guard file >= 0 else { throw .system("cannot open '\(path)/lock'") }
    guard flock(file, LOCK_EX | LOCK_NB) == 0 else {
      let error = errno
      close(file)
      guard error == EWOULDBLOCK else { throw .system("cannot lock '\(path)/lock'", error) }
      throw StoreError(
        code: .alreadyOpen,
        message: "'\(path)' is open already: stop the other server, or choose another directory")
    }
    return file
  }

  private static func writeFormat(_ path: String) throws(StoreError) {
    let unfinished = path + "/format.unfinished"
    let file = open(unfinished, O_RDWR | O_CREAT | O_TRUNC | O_CLOEXEC, 0o600)
    guard file >= 0 else { throw .system("cannot make '\(unfinished)'") }
    defer { close(file) }
    let line = "tally \(Self.format)\n"
    guard write(file, line, line.utf8.count) == line.utf8.count, fsync(file) == 0,
      rename(unfinished, path + "/format") == 0
    else { throw .system("cannot write '\(path)/format'") }
  }

  private static func sync(_ path: String) throws(StoreError) {
    let directory = open(path, O_RDONLY | O_DIRECTORY | O_CLOEXEC)
    guard directory >= 0 else { throw .system("cannot open '\(path)'") }
    defer { close(directory) }
    guard fsync(directory) == 0 else { throw .system("cannot sync '\(path)'") }
  }
}

extension StoreError {
  static func system(_ what: String, _ error: Int32 = errno) -> StoreError {
    StoreError(code: .system(error), message: "\(what): \(String(cString: strerror(error)))")
  }
}
