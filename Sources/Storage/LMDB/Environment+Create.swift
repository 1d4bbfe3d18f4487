internal import CLMDB
internal import Glibc

extension Environment {
  /// Makes an empty data file in `directory` if there is none.
  ///
  /// It has its name once it is whole and on disk: liblmdb writes the first two pages of a new file
  /// in place, and refuses a file that a kill left with a part of them.
  ///
  /// - Throws: what liblmdb or the file system answers; the directory has no data file then.
  static func makeDataFile(in directory: String) throws(LMDBError) {
    let target = directory + "/data.mdb"
    // A folder, for a file made by its own name (MDB_NOSUBDIR) says so in its pages for ever.
    let folder = directory + "/data.unfinished"
    let unfinished = folder + "/data.mdb"
    let what = "cannot make the data file '\(target)'"
    try check(remove(folder, with: unfinished), what)
    if access(target, F_OK) == 0 { return }
    guard errno == ENOENT else { throw LMDBError(errno, doing: what) }
    do throws(LMDBError) {
      try check(mkdir(folder, 0o700) == 0 ? MDB_SUCCESS : errno, what)
      try check(writeEmpty(in: folder), what)
      try check(syncFile(unfinished), what)
      try check(rename(unfinished, target) == 0 ? MDB_SUCCESS : errno, what)
    } catch {
      _ = remove(folder, with: unfinished)
      throw error
    }
    try check(remove(folder, with: unfinished), what)
    try check(sync(directory), what)
  }

  private static func remove(_ folder: String, with file: String) -> Int32 {
    if unlink(file) != 0 && errno != ENOENT { return errno }
    return rmdir(folder) == 0 || errno == ENOENT ? MDB_SUCCESS : errno
  }

  /// MDB_NOLOCK: nobody else knows the file, and no lock file is to be left.
  private static func writeEmpty(in folder: String) -> Int32 {
    var environment: OpaquePointer?
    let created = mdb_env_create(&environment)
    guard created == MDB_SUCCESS else { return created }
    defer { mdb_env_close(environment) }
    return mdb_env_open(environment, folder, UInt32(MDB_NOLOCK), 0o600)
  }

  private static func syncFile(_ path: String) -> Int32 {
    let file = open(path, O_RDWR | O_CLOEXEC)
    guard file >= 0 else { return errno }
    defer { close(file) }
    return fsync(file) == 0 ? MDB_SUCCESS : errno
  }

  private static func check(_ result: Int32, _ what: String) throws(LMDBError) {
    guard result == MDB_SUCCESS else { throw LMDBError(result, doing: what) }
  }
}
