internal import EventLog
internal import Glibc
internal import LMDB

/// What a restore made.
package struct Restored: Sendable, Equatable {
  /// What the backup is of.
  package let backup: BackupHeader
  /// The store as it is now: another timeline than the backup's, unless its log was there.
  package let identity: StoreIdentity
  /// Events that the log has beyond the backup, which a server applies when it starts; nil if there
  /// is no log.
  package let unappliedEvents: Int?
}

/// Makes a data directory of a backup.
///
/// ```
///           file checked,      all written       data.mdb renamed
///           place is free      and synced
/// checking ───────────► writing ─────────► tuning ─────────────► done
/// ```
/// Until the rename there is no data file, and a server refuses the directory; after it the restore
/// is whole. What lies in `restore.unfinished/` then goes with the next start.
///
/// Beside a log of the backup's store and timeline, which goes on where the backup ends, the
/// timeline stays: nothing that was acknowledged is lost. Any other restore begins a new timeline,
/// later than every one before it, since two restores of one backup are two histories.
package enum Restore {
  static let unfinishedName = "restore.unfinished"
  /// What may lie in a directory that is restored into.
  private static let harmless: Set = [
    unfinishedName, "compact", "verify", "data.unfinished", "lost+found", "lock", "lock.mdb",
    "format", "format.unfinished", "log", "spool", "key", BackupNote.name,
    BackupNote.name + ".unfinished",
  ]
  /// Room for the pages that the new timeline is written to.
  private static let mapReserveBytes = 16 << 20

  /// Restores `backup` into `directory`, which is made if there is none.
  ///
  /// - Parameter seconds: since 1970, now: a new timeline is made of it.
  /// - Throws: `dataLoss` for a damaged or cut backup or a damaged log, `failed` for a file that is
  ///   no backup or a directory with something in it, `alreadyOpen`, `newerFormat`, `olderFormat`,
  ///   `networkFilesystem`, `system`. The directory is as it was then.
  package static func run(
    _ backup: String, into directory: String, seconds: Int64 = Clocks.wall() / 1_000_000_000
  ) throws(StoreError) -> Restored {
    let file = try BackupFile(backup)
    // All of it once before anything is made, and again while it is written.
    try file.readData { _ in }
    let isNew = try Files.makeDirectory(directory)
    do throws(StoreError) {
      return try restore(file, into: directory, seconds: seconds)
    } catch {
      if isNew { rmdir(directory) }
      throw error
    }
  }

  private static func restore(
    _ file: borrowing BackupFile, into directory: String, seconds: Int64
  ) throws(StoreError) -> Restored {
    try storing { () throws(LMDBError) in try Filesystem.refuseNetwork(directory) }
    let hadLock = Files.size(directory + "/lock") != nil
    // Before the lock is made: nothing is left in a directory that is not ours.
    try refuseOccupied(directory)
    let lock = try DataDirectory.takeLock(directory)
    defer { close(lock) }
    do throws(StoreError) {
      try refuseOccupied(directory)
      let log = try existingLog(directory, of: file.header)
      let identity =
        log == nil ? newTimeline(of: file.header.identity, seconds) : file.header.identity
      try write(file, into: directory, identity: identity)
      return Restored(
        backup: file.header, identity: identity, unappliedEvents: log?.unapplied.events)
    } catch {
      if !hadLock { unlink(directory + "/lock") }
      throw error
    }
  }

  /// Another one for each restore, also of one backup in one second.
  private static func newTimeline(of old: StoreIdentity, _ seconds: Int64) -> StoreIdentity {
    let timeline = max(old.timeline, UInt32(clamping: seconds)) + .random(in: 1...1_000)
    return StoreIdentity(storeID: old.storeID, timeline: timeline)
  }

  // MARK: Checking

  private static func refuseOccupied(_ directory: String) throws(StoreError) {
    for name in try Files.names(in: directory) ?? [] where !harmless.contains(name) {
      let what =
        name == "data.mdb"
        ? "holds a store (data.mdb): restore into a new directory; or, to bring the backup up to"
          + " date from the log that is there, stop its server and move data.mdb away"
        : "is not empty (it holds '\(name)'): choose a new directory"
      throw StoreError(code: .failed, message: "'\(directory)' \(what)")
    }
    _ = try FormatFile.check(in: directory)
  }

  /// What the log that is there has for the backup; nil if there is none.
  private static func existingLog(
    _ directory: String, of backup: BackupHeader
  ) throws(StoreError) -> RecoveryReport? {
    let path = directory + "/log"
    guard Files.size(path) != nil else { return nil }
    let found = try logging { () throws(EventLogError) in try EventLog.identity(in: path) }
    guard let found else { return nil }
    let wanted = LogIdentity(
      storeID: backup.identity.storeID, timeline: backup.identity.timeline)
    guard found == wanted else {
      let other =
        found.storeID == wanted.storeID
        ? "of timeline \(found.timeline), the backup of timeline \(wanted.timeline)"
        : "of another store"
      throw StoreError(
        code: .failed,
        message: "the log in '\(path)' is \(other): restore the backup that belongs to it, or"
          + " restore into a new directory")
    }
    return try logging { () throws(EventLogError) in
      try EventLog.inspect(directory: path, identity: wanted, applied: backup.applied.position)
    }
  }

  // MARK: Writing

  private static func write(
    _ file: borrowing BackupFile, into directory: String, identity: StoreIdentity
  ) throws(StoreError) {
    let keepsTimeline = identity == file.header.identity
    let unfinished = directory + "/" + unfinishedName
    let needed = file.header.dataBytes + mapReserveBytes
    Files.removeTree(unfinished)
    guard Files.freeBytes(directory) >= needed else {
      throw StoreError(
        code: .noRoom,
        message: "'\(directory)' has \(Files.freeBytes(directory)) bytes free, and the backup needs"
          + " \(needed): make room, or choose a directory on another disk")
    }
    let hadFormat = Files.size(FormatFile.path(in: directory)) != nil
    do throws(StoreError) {
      try Files.makeDirectory(unfinished)
      try Files.sync(directory: directory)
      try copyData(of: file, to: unfinished)
      try tune(unfinished, file.header, identity)
      try Files.sync(directory: unfinished)
      if !hadFormat { try FormatFile.write(in: directory) }
      // Of a store that was here before; without a segment the log has nothing but its link.
      let old = ["lock.mdb"] + (keepsTimeline ? [] : ["key", "log/newest", BackupNote.name])
      for name in old {
        unlink(directory + "/" + name)
      }
      try Files.sync(directory: directory)
      guard rename(unfinished + "/data.mdb", directory + "/data.mdb") == 0 else {
        throw .system("cannot make '\(directory)/data.mdb'")
      }
    } catch {
      Files.removeTree(unfinished)
      if !hadFormat { unlink(FormatFile.path(in: directory)) }
      throw error
    }
    try Files.sync(directory: directory)
    Files.removeTree(unfinished)
    try Files.sync(directory: directory)
  }

  private static func copyData(
    of file: borrowing BackupFile, to directory: String
  ) throws(StoreError) {
    let path = directory + "/data.mdb"
    let descriptor = open(path, O_WRONLY | O_CREAT | O_EXCL | O_CLOEXEC, 0o600)
    guard descriptor >= 0 else { throw .system("cannot make '\(path)'") }
    defer { close(descriptor) }
    try file.readData { (block) throws(StoreError) in
      try Files.append(block, to: descriptor, of: path)
    }
    guard fsync(descriptor) == 0 else { throw .system("cannot sync '\(path)'") }
  }

  /// Checks that the tables are what the header says, and begins the new timeline in them.
  private static func tune(
    _ directory: String, _ header: BackupHeader, _ identity: StoreIdentity
  ) throws(StoreError) {
    let database = try Database(
      directory: directory, options: .init(mapSizeBytes: header.dataBytes + mapReserveBytes))
    let applied = try database.applied()
    guard database.identity == header.identity, applied == header.applied else {
      throw StoreError(
        code: .dataLoss,
        message: "the backup's tables are at position \(applied.position), and its header says"
          + " \(header.applied.position), or they are of another store: use another backup")
    }
    if identity != header.identity {
      try database.begin(identity, after: header.applied)
    }
  }
}

extension Database {
  private static let restoredKey: StaticString = "restored"

  /// Where the log of this timeline begins; nil for the store's first timeline. Table `meta`, key
  /// `restored`, in the form of an ``AppliedMark``.
  func restored() throws(StoreError) -> AppliedMark? {
    let snapshot = try snapshot()
    guard
      let body = try snapshot.get(
        .meta, staticBytes(Self.restoredKey), atLeast: AppliedMark.size)
    else { return nil }
    return AppliedMark(body)
  }

  /// Makes the tables those of another timeline, whose log begins after `mark`. Not for tables
  /// that a store has open.
  func begin(_ identity: StoreIdentity, after mark: AppliedMark) throws(StoreError) {
    let transaction = try storing { () throws(LMDBError) in try environment.write() }
    let meta = try RecordTable(.meta, tables, transaction, Scratch(bytes: 1 << 10))
    _ = try meta.find(staticBytes(StoreIdentity.key), atLeast: 0)
    try meta.put(staticBytes(StoreIdentity.key)) { identity.write(into: &$0) }
    _ = try meta.find(staticBytes(Self.restoredKey), atLeast: 0)
    try meta.put(staticBytes(Self.restoredKey)) { mark.write(into: &$0) }
    do { try transaction.commit() } catch { throw StoreError(error) }
  }
}
