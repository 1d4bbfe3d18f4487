internal import CLMDB
internal import Glibc
internal import Synchronization

extension Environment {
  /// Puts this environment's files in the place of `old`'s, in one step: a crash leaves the one
  /// data file or the other, whole. `old` stays usable for who holds it; its file is gone from disk
  /// with its last reference.
  ///
  /// Nobody may write to either meanwhile. Both directories are on one filesystem.
  ///
  /// - Returns: nil, or why nobody knows which of the two files a crash of the machine would leave.
  /// - Throws: `system` if the file could not be renamed: nothing has changed then.
  /// - Source: rename(2): the name always leads to one of the two.
  package func replaceFiles(of old: Environment) throws(LMDBError) -> LMDBError? {
    let (from, to) = (path, old.path)
    guard rename(from + "/data.mdb", to + "/data.mdb") == 0 else {
      throw LMDBError(errno, doing: "cannot put '\(from)/data.mdb' in the place of '\(to)'")
    }
    // Where this fails the old lock file stays: it is made anew at the next start, and until then
    // no other process has any business here.
    _ = rename(from + "/lock.mdb", to + "/lock.mdb")
    let inode = old.place.withLock { place in
      defer { place.inode = nil }
      return place.inode
    }
    let own = place.withLock { place in
      defer { place = Place(path: to, inode: inode) }
      return place.inode
    }
    if let own { OpenDirectories.release(own) }
    for directory in [to, from] {
      let result = Self.sync(directory)
      if result != MDB_SUCCESS { return LMDBError(result, doing: "cannot sync '\(directory)'") }
    }
    return nil
  }
}
