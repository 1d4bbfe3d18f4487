internal import Glibc
internal import LMDB

extension Store {
  /// Copies the newest revision compactly into the file `data.mdb` of `directory`, which exists and
  /// is empty. Reads and writes go on; a failure leaves nothing.
  ///
  /// - Returns: up to where the copy has the log's records.
  /// - Throws: `closed`; `system` with what the file system refused; `dataLoss`.
  package func copy(to directory: String) throws(StoreError) -> AppliedMark {
    try database.copy(to: directory)
  }
}

extension Database {
  /// As `Store.copy(to:)`, of a data file that is open without a store.
  package func copy(to directory: String) throws(StoreError) -> AppliedMark {
    try storing { () throws(LMDBError) in try environment.copy(to: directory) }
    do throws(StoreError) {
      // What the copy contains only the copy can tell: its snapshot was liblmdb's own.
      let mark = try Self.mark(in: directory)
      unlink(directory + "/lock.mdb")
      return mark
    } catch {
      unlink(directory + "/lock.mdb")
      unlink(directory + "/data.mdb")
      throw error
    }
  }

  private static func mark(in directory: String) throws(StoreError) -> AppliedMark {
    // A map is never smaller than what it shows: the file's own size will do.
    try Database(directory: directory, options: .init(mapSizeBytes: 1 << 20)).applied()
  }
}
