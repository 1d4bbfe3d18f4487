internal import EventLog
internal import LMDB
internal import Synchronization
package import TallyModel

/// A store: log in front, tables behind, and the fold between.
///
/// ```
/// append ─► log ─► durable ─► fold ─► applied ─► snapshots
/// ```
///
/// Callbacks come on the log's or the fold's thread: they must be quick and never block.
/// Must be closed: its threads hold it.
package final class Store: Sendable {
  package let identity: StoreIdentity
  /// What was found in the log when the store was opened.
  package let recovery: StoreRecovery
  let directory: DataDirectory
  private let tables: OpenDatabase
  let log: EventLog
  let newestBackup: Mutex<BackupMark?>
  private let fold: FoldThread
  private let tenants: TenantRegister
  private let compactor: Compactor
  /// The room on the disk of the data directory.
  package let disk: DiskSpace

  /// Opens the store in `directory`, which is made if it does not exist, and begins to apply what
  /// the log has beyond the tables.
  ///
  /// - Throws: `alreadyOpen`, `newerFormat`, `olderFormat`, `networkFilesystem`, `dataLoss` for a
  ///   damaged log, `failed`, `system`. The message is for the person who started the server.
  package init(_ directory: String, options: StoreOptions = StoreOptions()) throws(StoreError) {
    let directory = try DataDirectory(directory)
    try directory.removeCompact()
    let mapSize = options.map.firstMapSize(in: directory.path)
    let database = try Database(
      directory: directory.path,
      options: .init(mapSizeBytes: mapSize, checkBytesMax: options.checkBytesMax))
    let applied = try database.applied()
    let restored = try database.restored()
    let identity = LogIdentity(
      storeID: database.identity.storeID, timeline: database.identity.timeline)
    let backup = try BackupNote.read(in: directory.path, timeline: identity.timeline)
    // Before the log's upkeep begins to drop what the backup needs.
    var logOptions = options.log
    logOptions.backup = backup?.position
    let log = try logging { () throws(EventLogError) in
      try EventLog(
        directory: directory.logPath, identity: identity, applied: applied.position,
        startsAfter: restored?.position ?? 0, options: logOptions)
    }
    self.directory = directory
    disk = DiskSpace(
      directory.path, reserveBytes: options.diskReserveBytes,
      measure: options.log.operations.freeBytes)
    let open = OpenDatabase(database)
    tables = open
    self.identity = database.identity
    self.log = log
    newestBackup = Mutex(backup)
    recovery = StoreRecovery(log.recovery)
    fold = FoldThread(
      database: open, log: log, disk: disk, options: options, applied: applied)
    tenants = TenantRegister(
      log: log, database: open, boundBytes: options.log.queueBytesMax)
    let compactor = Compactor(directory, tables: open, log: log, fold: fold, options: options)
    self.compactor = compactor
    fold.start { usage, isFull in compactor.consider(usage, isFull: isFull) }
  }

  /// The tables.
  ///
  /// - Throws: `closed`.
  package var database: Database {
    get throws(StoreError) { try tables.get() }
  }

  /// The data directory.
  var path: String { directory.path }
  /// Where the log's segments lie.
  var logPath: String { directory.logPath }

  /// Where what slow readers have not fetched yet may lie.
  package var spoolPath: String { directory.spoolPath }

  /// Signs the handles by which broken reports are continued: 32 random bytes of this directory.
  package var handleKey: [UInt8] { directory.handleKey }

  /// The newest batch that is on disk.
  package var durablePosition: UInt64 { log.durable }

  /// The newest batch that is in the reports.
  package var appliedPosition: UInt64 { fold.applied }

  /// Whether the next message of an ingest stream may be read. A batch in hand is always taken.
  package var hasRoom: Bool { log.hasRoom && fold.hasRoom && tenants.hasRoom }

  /// Calls `body` once there was room: now, or on one of the store's threads. Ask `hasRoom` again.
  package func whenRoom(_ body: @escaping @Sendable () -> Void) {
    fold.whenRoom { [log, tenants] in log.whenRoom { tenants.whenRoom(body) } }
  }

  /// Takes a batch that was validated and tells its position once it is durable.
  ///
  /// Fails with `unavailable` if it may or may not be stored, or nothing is taken; with `mapFull`
  /// or `diskFull` before there is room.
  package func append(
    tenant: String, batch: EventBatch, acceptedAt: Timestamp,
    whenDurable: @escaping @Sendable (Result<UInt64, StoreError>) -> Void
  ) {
    append(tenant, batch, acceptedAt, beforeDurable: nil, whenDurable)
  }

  /// Takes a batch that was validated and tells what became of it once it is in the reports.
  package func append(
    tenant: String, batch: EventBatch, acceptedAt: Timestamp,
    whenApplied: @escaping @Sendable (Result<BatchOutcome, StoreError>) -> Void
  ) {
    append(tenant, batch, acceptedAt) { [fold] position in
      fold.waits.awaitOutcome(of: position, whenApplied)
    } _: { result in
      if case .failure(let error) = result { whenApplied(.failure(error)) }
    }
  }

  private func append(
    _ tenant: String, _ batch: EventBatch, _ acceptedAt: Timestamp,
    beforeDurable: (@Sendable (UInt64) -> Void)?,
    _ completion: @escaping @Sendable (Result<UInt64, StoreError>) -> Void
  ) {
    if let stop = fold.foldStop {
      completion(.failure(stop.error))
      return
    }
    let disk = disk.status
    if disk.isShort {
      completion(.failure(disk.refusal))
      return
    }
    tenants.append(
      LogEntry(
        kind: .batch, tenant: Array(tenant.utf8), payload: batch.bytes, eventCount: batch.count,
        acceptedAt: acceptedAt.nanoseconds, beforeDurable: beforeDurable
      ) { result in completion(result.mapError { StoreError($0) }) })
  }

  /// Calls `body` once the reports contain `position`: now, or on the fold's thread. Positions
  /// beyond the newest durable one are waited for too.
  package func whenApplied(
    atLeast position: UInt64, _ body: @escaping @Sendable (Result<UInt64, StoreError>) -> Void
  ) -> AppliedWait {
    let number = fold.waits.await(atLeast: position, body)
    // The fold may be waiting for more to come, with this position in it already.
    if number != nil { log.nudge() }
    return AppliedWait(number: number, waits: fold.waits)
  }

  /// The newest revision, for reading. As long as it is open the data file cannot use freed pages
  /// again: a report that waits for its client gives it up within the bounds of storage.md.
  package func snapshot() throws(StoreError) -> Snapshot { try tables.get().snapshot() }

  /// How the store is. Cheap: what is slow to find out is found out once a second.
  package func status() -> StoreStatus {
    var status = StoreStatus()
    status.durable = log.durable
    fold.status(into: &status)
    status.disk = disk.status
    let reads = tables.openReads
    status.openTransactions = reads.count
    status.oldestTransactionNanoseconds = reads.oldestNanoseconds
    status.compaction = compactor.status
    status.newestBackup = newestBackup.withLock { $0 }
    return status
  }

  /// Begins to copy the tables compactly and to go on with the copy, while reads and writes go on:
  /// pages that were freed go back to the disk, and the map gets the size that the disk allows now.
  /// What readers under way hold of the old file goes with the last of them.
  ///
  /// - Throws: `compacting` if that is under way already; `noRoom` if the disk has not enough for
  ///   the copy; `closed`.
  package func compact() throws(StoreError) -> CompactionRun { try compactor.start(.request) }

  /// Runs `body`, which changes the tables besides the fold, in write transactions of its own;
  /// until it returns no compaction begins, whose copy would not have what it writes.
  ///
  /// - Throws: `compacting` if one runs; `closed`; what `body` throws.
  package func withoutCompaction<Value>(
    _ body: (Database) throws(StoreError) -> Value
  ) throws(StoreError) -> Value {
    try compactor.exclude { () throws(StoreError) in try body(try tables.get()) }
  }

  /// Writes what waits, applies what fits into one more fold, and ends the threads. Reads under
  /// way go on; the directory can be opened again once they are gone.
  package func close() {
    log.close()
    compactor.stop()
    fold.stop()
    letGo()
  }

  /// Ends the threads where they are: what a kill leaves. For tests.
  package func abandon() {
    log.abandon()
    compactor.stop()
    fold.stop(commits: false)
    letGo()
  }

  private func letGo() {
    tables.close()
    directory.unlock()
  }
}

/// A wait that can be given up.
package struct AppliedWait: Sendable {
  fileprivate let number: UInt64?
  fileprivate let waits: AppliedWaits

  /// The body is not called any more, unless it is being called right now.
  package func cancel() {
    if let number { waits.cancel(number) }
  }
}

/// What opening found, for a line in the server's log.
package struct StoreRecovery: Sendable, Equatable {
  package let isCleanStop: Bool
  /// Batches in the log that are to be applied again.
  package let unappliedBatches: Int
  /// A sentence about a batch that was cut off: it was never acknowledged.
  package let tornTail: String?

  init(_ report: RecoveryReport) {
    isCleanStop = report.isCleanStop
    unappliedBatches = report.unapplied.records
    tornTail = report.tornTail.map { tail in
      "cut off an unfinished batch at byte \(tail.offset) of '\(tail.path)': \(tail.reason)"
    }
  }
}
