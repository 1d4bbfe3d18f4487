internal import CLMDB
internal import Glibc

extension Environment {
  /// Writes the newest snapshot into the file `data.mdb` of `directory`, which exists and holds no
  /// such file: without free pages, in key order, and synced with its name. Writes and reads go on.
  ///
  /// While it runs no page that was freed since can be used again. A failure leaves nothing.
  ///
  /// - Parameter stop: by which it can be ended early.
  /// - Throws: `system` with what the file system refused, `EEXIST` if the file is there;
  ///   `stopped`.
  /// - Source: lmdb.h, `mdb_env_copyfd2` and `MDB_CP_COMPACT`.
  package func copy(to directory: String, unless stop: CopyStop? = nil) throws(LMDBError) {
    try copy(to: directory, unless: stop, creating: Self.create)
  }

  /// - Parameter create: makes the file at a path and gives its descriptor, or −1 and `errno`.
  func copy(
    to directory: String, unless stop: CopyStop?, creating create: (String) -> Int32
  ) throws(LMDBError) {
    let target = directory + "/data.mdb"
    let what = "cannot copy '\(path)' to '\(target)'"
    // The copy's own read transaction is liblmdb's affair: this one, which is no younger, shows it
    // among those that are open.
    let shown = try read()
    let file = create(target)
    guard file >= 0 else { throw LMDBError(errno, doing: what) }
    // Where the file system cannot, through the cache: then its writes are in the way of the log's
    // syncs (1.5 GB beside a sync every 2 ms: 1,508 ms at worst and 11 s, else 42 ms and 2 s).
    _ = tally_write_directly(file)
    stop?.begin(file)
    var result = mdb_env_copyfd2(pointer, file, UInt32(MDB_CP_COMPACT))
    let isStopped = stop?.end(file) ?? false
    if result == MDB_SUCCESS, fsync(file) != 0 { result = errno }
    if close(file) != 0, result == MDB_SUCCESS { result = errno }
    if result == MDB_SUCCESS { result = Self.sync(directory) }
    withExtendedLifetime(shown) {}
    guard result == MDB_SUCCESS else {
      unlink(target)
      if isStopped { throw LMDBError(code: .stopped, message: "\(what): it was stopped") }
      throw LMDBError(result, doing: what)
    }
  }

  /// Not by liblmdb, which would make a file for all to read and close it unsynced.
  private static func create(_ path: String) -> Int32 {
    open(path, O_WRONLY | O_CREAT | O_EXCL | O_CLOEXEC, 0o600)
  }

  /// - Returns: 0, or why the names in a directory are not durable.
  static func sync(_ directory: String) -> Int32 {
    let file = open(directory, O_RDONLY | O_DIRECTORY | O_CLOEXEC)
    guard file >= 0 else { return errno }
    defer { close(file) }
    return fsync(file) == 0 ? MDB_SUCCESS : errno
  }
}
