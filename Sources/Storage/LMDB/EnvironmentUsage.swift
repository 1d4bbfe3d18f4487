internal import CLMDB

/// How full an environment is.
package struct EnvironmentUsage: Sendable, Equatable {
  package let pageSizeBytes: Int
  package let mapSizeBytes: Int
  /// Pages ever used: the data file's size in pages.
  package let filePages: Int
  /// Pages inside the file that hold nothing and can be written again.
  package let freePages: Int
  /// Reader slots in use or used before.
  package let readerSlots: Int

  /// Bytes of the data file that hold data.
  package var usedBytes: Int { (filePages - freePages) * pageSizeBytes }
}

extension Environment {
  /// Counts pages in one short read transaction: the free list is walked, nothing else.
  package func usage() throws(LMDBError) -> EnvironmentUsage {
    let transaction = try read()
    var environment = MDB_envinfo()
    mdb_env_info(pointer, &environment)
    var statistics = MDB_stat()
    mdb_env_stat(pointer, &statistics)
    return EnvironmentUsage(
      pageSizeBytes: Int(statistics.ms_psize), mapSizeBytes: Int(environment.me_mapsize),
      filePages: Int(environment.me_last_pgno) + 1, freePages: try transaction.freePages(),
      readerSlots: Int(environment.me_numreaders))
  }
}

extension ReadTransaction {
  /// Pages in the free list of this snapshot.
  func freePages() throws(LMDBError) -> Int {
    // Table 0 is the free list: each value starts with the count of page numbers in it.
    var cursor = try Cursor(handle, table: Table(unchecked: 0))
    var pages = 0
    var found = try cursor.move(.first)
    while found {
      pages += cursor.value.unsafeLoadUnaligned(fromByteOffset: 0, as: Int.self)
      found = try cursor.move(.next)
    }
    return pages
  }
}
