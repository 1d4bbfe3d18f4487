internal import CLMDB
internal import Glibc
internal import Synchronization

/// One open data file, shared by all threads: one writer and many readers.
///
/// Always MDB_NOTLS: a read transaction belongs to its value, not to a thread. A directory is
/// open once in a process at most, since a second open would drop the first one's file locks.
package final class Environment: @unchecked Sendable {
  // liblmdb documents MDB_env as safe for use by several threads; it is closed by `deinit` alone.
  let pointer: OpaquePointer
  /// The directory that holds `data.mdb` and `lock.mdb`, or held them before they were replaced.
  package var path: String { place.withLock { $0.path } }
  let place: Mutex<Place>
  let reads = OpenReads()

  /// The read transactions that are open now.
  package var openReads: OpenReadsStatus { reads.status }

  /// Where an environment's files lie.
  struct Place {
    var path: String
    /// nil once other files lie there.
    var inode: OpenDirectories.Inode?
  }

  /// What is reserved when the environment is opened.
  package struct Limits: Sendable {
    /// Address space and the greatest size of the data file; never changed while open.
    package var mapSizeBytes: Int
    package var tables: UInt32
    package var readers: UInt32

    package init(mapSizeBytes: Int, tables: UInt32 = 40, readers: UInt32 = 512) {
      self.mapSizeBytes = mapSizeBytes
      self.tables = tables
      self.readers = readers
    }
  }

  /// What is checked before liblmdb opens a data file.
  package struct Check {
    /// Is shown every record of a file that is not larger than `recordsBytesMax`.
    let judge: any RecordJudge
    let recordsBytesMax: Int

    package init(judge: any RecordJudge, recordsBytesMax: Int) {
      self.judge = judge
      self.recordsBytesMax = recordsBytesMax
    }
  }

  /// Opens the data file in the directory `path`, which must exist, and clears dead readers. Makes
  /// an empty one if there is none.
  ///
  /// - Parameter readsOnly: for another process's data file: nothing is written, and its map is as
  ///   large as that file says.
  /// - Throws: `alreadyOpen`, `networkFilesystem`, `damaged`, or what liblmdb answers.
  package init(
    path: String, limits: Limits, check: Check? = nil, readsOnly: Bool = false
  ) throws(LMDBError) {
    try Filesystem.refuseNetwork(path)
    let inode = try OpenDirectories.take(path)
    do throws(LMDBError) {
      if let check {
        try FileCheck(path: path + "/data.mdb", judge: check.judge)
          .run(recordsBytesMax: check.recordsBytesMax)
      }
      try Self.makeDataFile(in: path)
      try ReaderSlots.reserve(in: path, count: limits.readers)
    } catch {
      OpenDirectories.release(inode)
      throw error
    }
    var environment: OpaquePointer?
    var result = mdb_env_create(&environment)
    if result == MDB_SUCCESS { result = mdb_env_set_mapsize(environment, limits.mapSizeBytes) }
    if result == MDB_SUCCESS { result = mdb_env_set_maxdbs(environment, limits.tables) }
    if result == MDB_SUCCESS { result = mdb_env_set_maxreaders(environment, limits.readers) }
    if result == MDB_SUCCESS {
      let flags = readsOnly ? MDB_NOTLS | MDB_RDONLY : MDB_NOTLS
      result = mdb_env_open(environment, path, UInt32(flags), 0o600)
    }
    guard result == MDB_SUCCESS, let environment else {
      if let environment { mdb_env_close(environment) }
      OpenDirectories.release(inode)
      throw LMDBError(result, doing: "cannot open the data file in '\(path)'")
    }
    self.pointer = environment
    place = Mutex(Place(path: path, inode: inode))
    var dead: Int32 = 0
    mdb_reader_check(environment, &dead)
  }

  /// The last reference goes when every transaction is gone too: each holds one.
  deinit {
    mdb_env_close(pointer)
    if let inode = place.withLock({ $0.inode }) { OpenDirectories.release(inode) }
  }

  /// Frees the slots of processes that died while reading, and says how many there were.
  @discardableResult
  package func checkReaders() -> Int {
    var dead: Int32 = 0
    mdb_reader_check(pointer, &dead)
    return Int(dead)
  }

  /// Begins a read transaction on the newest snapshot; if all slots are taken, once more after
  /// a look for dead readers.
  package func read() throws(LMDBError) -> ReadTransaction {
    var transaction: OpaquePointer?
    var result = mdb_txn_begin(pointer, nil, UInt32(MDB_RDONLY), &transaction)
    if result == MDB_READERS_FULL, checkReaders() > 0 {
      result = mdb_txn_begin(pointer, nil, UInt32(MDB_RDONLY), &transaction)
    }
    guard result == MDB_SUCCESS, let transaction else {
      throw LMDBError(result, doing: "cannot begin to read '\(path)'")
    }
    return ReadTransaction(TransactionHandle(transaction, of: self, writes: false))
  }

  /// Begins the one write transaction, waiting for another one to end. It belongs to this thread.
  package func write() throws(LMDBError) -> WriteTransaction {
    var transaction: OpaquePointer?
    let result = mdb_txn_begin(pointer, nil, 0, &transaction)
    guard result == MDB_SUCCESS, let transaction else {
      throw LMDBError(result, doing: "cannot begin to write '\(path)'")
    }
    return WriteTransaction(TransactionHandle(transaction, of: self, writes: true))
  }
}
