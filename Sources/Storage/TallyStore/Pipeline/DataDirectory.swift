internal import Glibc
internal import LMDB

/// The directory of a store: its format, and the lock that keeps a second process out.
///
/// | name | what |
/// | --- | --- |
/// | `format` | two lines: `tally 2`, `rules 2` |
/// | `key` | 32 random bytes that sign the handles of reports |
/// | `lock` | empty; locked while a process has the store open |
/// | `data.mdb`, `lock.mdb` | the tables |
/// | `newest-backup` | the position of the newest complete backup; see `BackupNote` |
/// | `log/` | the event log |
/// | `spool/` | what slow readers have not fetched yet, and the copy that a backup streams |
/// | `restore.unfinished/` | what a restore that did not end left; see `Restore` |
/// | `verify/` | the copy that a check reads, while there is one |
final class DataDirectory: Sendable {
  let path: String
  var logPath: String { path + "/log" }
  var spoolPath: String { path + "/spool" }
  /// Signs the handles of reports.
  let handleKey: [UInt8]
  /// Closing it gives up the lock, if `unlock` did not before.
  private let lock: Int32

  /// Makes the directory if there is none, and locks it.
  ///
  /// - Throws: `alreadyOpen`, `newerFormat`, `olderFormat`, `networkFilesystem`, `dataLoss` for one
  ///   whose data file is lost, `failed` for one that holds something else, `system`.
  init(_ path: String) throws(StoreError) {
    self.path = path
    try Files.makeDirectory(path)
    try storing { () throws(LMDBError) in try Filesystem.refuseNetwork(path) }
    let isKnown = try FormatFile.check(in: path)
    try Self.refuseUnfinishedRestore(path)
    if !isKnown { try Self.refuseForeign(path) }
    lock = try Self.takeLock(path)
    do throws(StoreError) {
      if isKnown { try Self.refuseLostTables(path) }
      if !isKnown { try FormatFile.write(in: path) }
      try Files.makeDirectory(path + "/log")
      try Files.makeDirectory(path + "/spool")
      // What a killed server left: files of this directory are never found again by name.
      for name in try Files.names(in: path + "/spool") ?? [] {
        Files.removeTree(path + "/spool/" + name)
      }
      Files.removeTree(path + "/" + Restore.unfinishedName)
      handleKey = try HandleKey.load(path)
      try Files.sync(directory: path)
    } catch {
      close(lock)
      throw error
    }
  }

  deinit { close(lock) }

  /// Lets another store open the directory.
  func unlock() { flock(lock, LOCK_UN) }

  /// Takes the lock, which is made if it is not there.
  ///
  /// - Returns: its descriptor: closing it gives the lock up.
  /// - Throws: `alreadyOpen`, `system`.
  static func takeLock(_ path: String) throws(StoreError) -> Int32 {
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

  /// Without a format the directory is new, or not ours to write into.
  private static func refuseForeign(_ path: String) throws(StoreError) {
    let ours = ["lost+found", "lock", "format.unfinished"]
    let names = try Files.names(in: path) ?? []
    guard let found = names.first(where: { !ours.contains($0) }) else { return }
    guard let rest = names.first(where: { $0 == "data.mdb" || $0 == "log" }) else {
      throw StoreError(
        code: .failed,
        message: "'\(path)' is no data directory of Tally and not empty (it holds '\(found)'):"
          + " choose another one")
    }
    throw StoreError(
      code: .dataLoss,
      message: "'\(path)/format' is missing beside '\(rest)'. Nothing was changed. Put it back: one"
        + " line that reads 'tally \(StoreIdentity.newestFormat)', if this version wrote the"
        + " directory; or restore a backup")
  }

  /// A restore writes the data file last: without it nothing may be made of the rest.
  private static func refuseUnfinishedRestore(_ path: String) throws(StoreError) {
    let unfinished = path + "/" + Restore.unfinishedName
    guard Files.size(unfinished) != nil, Files.size(path + "/data.mdb") == nil else { return }
    throw StoreError(
      code: .failed,
      message: "'\(path)' holds a restore that did not end: run the same 'tallyd restore' again,"
        + " or remove '\(unfinished)'")
  }

  /// A log alone is no store: a new data file beside it would be another store's.
  private static func refuseLostTables(_ path: String) throws(StoreError) {
    if Files.size(path + "/data.mdb") ?? 0 > 0 { return }
    let names = try Files.names(in: path + "/log") ?? []
    guard names.contains(where: { $0.hasSuffix(".seg") }) else { return }
    throw StoreError(
      code: .dataLoss,
      message: "'\(path)/data.mdb' is missing or empty, and the log holds events. Nothing was"
        + " changed. Remove the file if it is there, and restore the newest backup into this"
        + " directory, which brings it up to date from the log:"
        + " tallyd restore FILE --data '\(path)'")
  }
}

extension StoreError {
  static func system(_ what: String, _ error: Int32 = errno) -> StoreError {
    StoreError(code: .system(error), message: "\(what): \(String(cString: strerror(error)))")
  }
}
