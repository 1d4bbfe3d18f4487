internal import LMDB

/// The data file of a store: its tables, open, and what it is.
package final class Database: Sendable {
  /// What a data file is opened with.
  package struct Options: Sendable {
    /// Address space and greatest size of the data file. 0: 40 % of the data file and the free
    /// disk together, which leaves room for a compact copy, the log and the spool.
    package var mapSizeBytes: Int
    /// The id that a new store gets: 16 bytes.
    package var newStoreID: [UInt8]
    /// A data file up to this size is read whole before it is opened: every page, every checksum,
    /// and the sums in `tally`. Of a larger one the pages that lead to others are.
    package var checkBytesMax: Int

    package init(
      mapSizeBytes: Int = 0, newStoreID: [UInt8] = Options.randomID(), checkBytesMax: Int = 0
    ) {
      self.mapSizeBytes = mapSizeBytes
      self.newStoreID = newStoreID
      self.checkBytesMax = checkBytesMax
    }

    /// 16 bytes by chance.
    package static func randomID() -> [UInt8] {
      var generator = SystemRandomNumberGenerator()
      return (0..<16).map { _ in UInt8.random(in: 0...255, using: &generator) }
    }
  }

  let environment: Environment
  let tables: Tables
  package let identity: StoreIdentity

  /// Opens the data file in `directory`, which must exist; makes it if there is none.
  ///
  /// - Throws: `alreadyOpen`, `networkFilesystem`, `newerFormat`, `olderFormat`, `dataLoss` for
  ///   damaged pages or records, or what the system answers.
  package init(directory: String, options: Options = Options()) throws(StoreError) {
    let size = MapRule(ceilingBytes: options.mapSizeBytes).firstMapSize(in: directory)
    do throws(LMDBError) {
      environment = try Environment(
        path: directory, limits: .init(mapSizeBytes: size),
        check: .init(judge: StoreJudge(), recordsBytesMax: options.checkBytesMax))
    } catch { throw StoreError(error) }
    let opened = try Self.prepare(environment, newStoreID: options.newStoreID)
    tables = opened.tables
    identity = opened.identity
  }

  private static func prepare(
    _ environment: Environment, newStoreID: [UInt8]
  ) throws(StoreError) -> (tables: Tables, identity: StoreIdentity) {
    let transaction = try storing { () throws(LMDBError) in try environment.write() }
    let tables = try Tables(in: transaction)
    let meta = try RecordTable(.meta, tables, transaction, Scratch(bytes: 1 << 10))
    let key = staticBytes(StoreIdentity.key)
    let identity: StoreIdentity
    if let body = try meta.find(key, atLeast: StoreIdentity.size) {
      identity = StoreIdentity(body)
      try identity.check("'\(environment.path)'")
    } else {
      identity = StoreIdentity(storeID: newStoreID)
      try meta.put(key) { identity.write(into: &$0) }
    }
    do { try transaction.commit() } catch { throw StoreError(error) }
    return (tables, identity)
  }

  /// Frees the slots of processes that died while reading.
  @discardableResult
  package func checkReaders() -> Int { environment.checkReaders() }

  /// How full the data file is.
  package func usage() throws(StoreError) -> DatabaseUsage {
    let usage = try storing { () throws(LMDBError) in try environment.usage() }
    return DatabaseUsage(
      mapSizeBytes: usage.mapSizeBytes, fileBytes: usage.filePages * usage.pageSizeBytes,
      usedBytes: usage.usedBytes, freePages: usage.freePages, pageSizeBytes: usage.pageSizeBytes)
  }
}

/// How full a data file is.
package struct DatabaseUsage: Sendable, Equatable {
  package let mapSizeBytes: Int
  package let fileBytes: Int
  package let usedBytes: Int
  /// Pages inside the file that hold nothing and can be written again.
  package let freePages: Int
  package let pageSizeBytes: Int
}
