// swift-format-ignore-file
// Made by Scripts/generate from proto/. Do not edit.

package import CProtobufC
internal import CTallyMessages
package import GRPC
public import Protobuf

/// What Compact is doing.
public struct CompactStep: OpenEnum {
  public var rawValue: Int32
  public init(rawValue: Int32) { self.rawValue = rawValue }

  /// `COMPACT_STEP_UNSPECIFIED`
  public static let unspecified = Self(rawValue: 0)

  /// The file is copied: bytes.
  public static let copying = Self(rawValue: 1)

  /// What came since is applied to the copy too: batches.
  public static let replaying = Self(rawValue: 2)
}

/// What Verify is doing.
public struct VerifyStep: OpenEnum {
  public var rawValue: Int32
  public init(rawValue: Int32) { self.rawValue = rawValue }

  /// `VERIFY_STEP_UNSPECIFIED`
  public static let unspecified = Self(rawValue: 0)

  /// A copy of the store is made.
  public static let copying = Self(rawValue: 1)

  /// Records are read and recounted.
  public static let records = Self(rawValue: 2)

  /// The event log is compared with the facts.
  public static let log = Self(rawValue: 3)

  /// The facts are recounted where events are applied, and what is derived is put right.
  public static let repairing = Self(rawValue: 4)
}

/// An enum of tally.v1.DifferenceKind.
public struct DifferenceKind: OpenEnum {
  public var rawValue: Int32
  public init(rawValue: Int32) { self.rawValue = rawValue }

  /// `DIFFERENCE_KIND_UNSPECIFIED`
  public static let unspecified = Self(rawValue: 0)

  /// A derived record is not what the facts make it.
  public static let wrong = Self(rawValue: 1)

  /// A derived record that the facts call for is not there.
  public static let missing = Self(rawValue: 2)

  /// A derived record for which there is no fact.
  public static let extra = Self(rawValue: 3)

  /// Stored bytes are damaged: a checksum, a size, the order of keys, a page.
  public static let damaged = Self(rawValue: 4)

  /// A fact names what is not there, or two facts have one number.
  public static let reference = Self(rawValue: 5)

  /// The records of a table are not as many, or not those, that the store's sums say.
  public static let sum = Self(rawValue: 6)

  /// A stored version is older than one in the event log, or gone.
  public static let stale = Self(rawValue: 7)

  /// The checker died of what it read, twice.
  public static let crash = Self(rawValue: 8)
}

/// `tally.v1.StatusRequest`
public struct StatusRequest: Message {
  public static let fullName = "tally.v1.StatusRequest"

  /// Count the facts of this tenant, NOT_FOUND if there is none. Unset: of all tenants.
  public var tenant: String?

  /// What is left out is unset, empty or 0.
  public init(
    tenant: String? = nil
  ) {
    self.tenant = tenant
  }
}

/// Sizes are bytes.
public struct StatusResponse: Message {
  public static let fullName = "tally.v1.StatusResponse"

  /// The server's version.
  public var version: String

  /// The version of the counting rules.
  public var rulesVersion: UInt32

  /// The version of the data directory.
  public var formatVersion: UInt32

  /// Since the server started.
  public var uptime: Google.Protobuf.Duration?

  /// The newest batch that is in the reports.
  public var applied: Revision?

  /// When that batch was accepted.
  public var appliedAt: Google.Protobuf.Timestamp?

  /// The newest batch that is on disk.
  public var durablePosition: UInt64

  /// Batches, events and bytes that are durable and not yet in the reports.
  public var lagBatches: UInt64

  /// Field 9, `lag_events`.
  public var lagEvents: UInt64

  /// Field 10, `lag_bytes`.
  public var lagBytes: UInt64

  /// How long the oldest of them has waited.
  public var lag: Google.Protobuf.Duration?

  /// Why the fold stopped, and at which position. Empty while it runs.
  public var foldError: String

  /// Field 13, `last_fold`.
  public var lastFold: FoldStatus?

  /// Field 14, `log`.
  public var log: LogStatus?

  /// Field 15, `store`.
  public var store: StoreStatus?

  /// Field 16, `readers`.
  public var readers: ReaderStatus?

  /// Records by kind of fact, in the order of the event's fields.
  public var facts: [FactCount]

  /// Tenants with at least one batch.
  public var tenants: UInt64

  /// Connections and calls that are open now.
  public var openConnections: UInt64

  /// Field 20, `open_calls`.
  public var openCalls: UInt64

  /// The limits that struck since the server started; those that did not are left out.
  public var limits: [LimitCount]

  /// What a person should look at, before it becomes worse. Empty if all is well.
  public var alarms: [Alarm]

  /// The disk of the data directory.
  public var disk: DiskStatus?

  /// The newest backup that was sent whole: the log is kept back to it. Unset if there was none since
  /// the store was made or restored.
  public var newestBackup: BackupStatus?

  /// What is left out is unset, empty or 0.
  public init(
    version: String = "",
    rulesVersion: UInt32 = 0,
    formatVersion: UInt32 = 0,
    uptime: Google.Protobuf.Duration? = nil,
    applied: Revision? = nil,
    appliedAt: Google.Protobuf.Timestamp? = nil,
    durablePosition: UInt64 = 0,
    lagBatches: UInt64 = 0,
    lagEvents: UInt64 = 0,
    lagBytes: UInt64 = 0,
    lag: Google.Protobuf.Duration? = nil,
    foldError: String = "",
    lastFold: FoldStatus? = nil,
    log: LogStatus? = nil,
    store: StoreStatus? = nil,
    readers: ReaderStatus? = nil,
    facts: [FactCount] = [],
    tenants: UInt64 = 0,
    openConnections: UInt64 = 0,
    openCalls: UInt64 = 0,
    limits: [LimitCount] = [],
    alarms: [Alarm] = [],
    disk: DiskStatus? = nil,
    newestBackup: BackupStatus? = nil
  ) {
    self.version = version
    self.rulesVersion = rulesVersion
    self.formatVersion = formatVersion
    self.uptime = uptime
    self.applied = applied
    self.appliedAt = appliedAt
    self.durablePosition = durablePosition
    self.lagBatches = lagBatches
    self.lagEvents = lagEvents
    self.lagBytes = lagBytes
    self.lag = lag
    self.foldError = foldError
    self.lastFold = lastFold
    self.log = log
    self.store = store
    self.readers = readers
    self.facts = facts
    self.tenants = tenants
    self.openConnections = openConnections
    self.openCalls = openCalls
    self.limits = limits
    self.alarms = alarms
    self.disk = disk
    self.newestBackup = newestBackup
  }
}

/// Something that a person should look at. It is in the server's log too, once when it begins and
/// once when it is over.
public struct Alarm: Message {
  public static let fullName = "tally.v1.Alarm"

  /// What it is: `disk-low` (less than twice the reserve is free), `disk-full` (less than the reserve
  /// is free, no events are taken), `map-nearly-full` (more than 80 % of the map are used),
  /// `log-too-large` (the log is above its limit, and nothing of it can be dropped), `log-upkeep`
  /// (the next segment could not be made, or an old one not be dropped), `backup-out-of-reach` (the
  /// log was too large to keep all that came after the newest backup), `compaction-failed` (the newest
  /// one did), `log-stopped` (the log takes nothing), `fold-stopped` (nothing is applied). Others may
  /// come.
  public var name: String

  /// The numbers, and what to do.
  public var message: String

  /// What is left out is unset, empty or 0.
  public init(
    name: String = "",
    message: String = ""
  ) {
    self.name = name
    self.message = message
  }
}

/// The disk of the data directory.
public struct DiskStatus: Message {
  public static let fullName = "tally.v1.DiskStatus"

  /// What may still be written. Unset if the file system does not say.
  public var free: UInt64?

  /// With less free no events are taken: it is for folding what was taken, a compaction, the next
  /// segment of the log and a clean stop.
  public var reserve: UInt64

  /// What is left out is unset, empty or 0.
  public init(
    free: UInt64? = nil,
    reserve: UInt64 = 0
  ) {
    self.free = free
    self.reserve = reserve
  }
}

/// A bound that the server sets its clients.
public struct LimitCount: Message {
  public static let fullName = "tally.v1.LimitCount"

  /// As the server's --limit takes it, such as `max-streams`.
  public var name: String

  /// How often a client overstepped it.
  public var strikes: UInt64

  /// What is left out is unset, empty or 0.
  public init(
    name: String = "",
    strikes: UInt64 = 0
  ) {
    self.name = name
    self.strikes = strikes
  }
}

/// The newest fold.
public struct FoldStatus: Message {
  public static let fullName = "tally.v1.FoldStatus"

  /// From its first read to the end of its commit.
  public var duration: Google.Protobuf.Duration?

  /// Field 2, `events`.
  public var events: UInt64

  /// Records read and written.
  public var touchedKeys: UInt64

  /// Since the server started.
  public var folds: UInt64

  /// What is left out is unset, empty or 0.
  public init(
    duration: Google.Protobuf.Duration? = nil,
    events: UInt64 = 0,
    touchedKeys: UInt64 = 0,
    folds: UInt64 = 0
  ) {
    self.duration = duration
    self.events = events
    self.touchedKeys = touchedKeys
    self.folds = folds
  }
}

/// The event log.
public struct LogStatus: Message {
  public static let fullName = "tally.v1.LogStatus"

  /// Of all segments.
  public var size: UInt64

  /// Field 2, `segments`.
  public var segments: UInt64

  /// The 99th percentile of the last 1,024 calls of fdatasync.
  public var syncP99: Google.Protobuf.Duration?

  /// Batches and bytes that wait to be written.
  public var queuedBatches: UInt64

  /// Field 5, `queued_bytes`.
  public var queuedBytes: UInt64

  /// Why the log takes no batches any more. Empty while it does.
  public var error: String

  /// Segments that are in the reports are dropped above this size of the log.
  public var limit: UInt64

  /// Why the next segment could not be made, or an old one not be dropped; tried again. Empty if all
  /// is well.
  public var upkeepError: String

  /// What is left out is unset, empty or 0.
  public init(
    size: UInt64 = 0,
    segments: UInt64 = 0,
    syncP99: Google.Protobuf.Duration? = nil,
    queuedBatches: UInt64 = 0,
    queuedBytes: UInt64 = 0,
    error: String = "",
    limit: UInt64 = 0,
    upkeepError: String = ""
  ) {
    self.size = size
    self.segments = segments
    self.syncP99 = syncP99
    self.queuedBatches = queuedBatches
    self.queuedBytes = queuedBytes
    self.error = error
    self.limit = limit
    self.upkeepError = upkeepError
  }
}

/// The data file.
public struct StoreStatus: Message {
  public static let fullName = "tally.v1.StoreStatus"

  /// Of the file, free pages included.
  public var fileSize: UInt64

  /// The largest that the file may become.
  public var mapSize: UInt64

  /// Of pages that hold something.
  public var usedSize: UInt64

  /// Of pages that can be used again.
  public var freeSize: UInt64

  /// Files that a compaction replaced and that somebody reads still, and their bytes on disk.
  public var replacedFiles: UInt64

  /// Field 6, `replaced_size`.
  public var replacedSize: UInt64

  /// Whether the file is being compacted, and how often it was since the server started.
  public var compacting: Bool

  /// Field 8, `compactions`.
  public var compactions: UInt64

  /// Why the newest compaction failed. Empty if it did not.
  public var compactionError: String

  /// What is left out is unset, empty or 0.
  public init(
    fileSize: UInt64 = 0,
    mapSize: UInt64 = 0,
    usedSize: UInt64 = 0,
    freeSize: UInt64 = 0,
    replacedFiles: UInt64 = 0,
    replacedSize: UInt64 = 0,
    compacting: Bool = false,
    compactions: UInt64 = 0,
    compactionError: String = ""
  ) {
    self.fileSize = fileSize
    self.mapSize = mapSize
    self.usedSize = usedSize
    self.freeSize = freeSize
    self.replacedFiles = replacedFiles
    self.replacedSize = replacedSize
    self.compacting = compacting
    self.compactions = compactions
    self.compactionError = compactionError
  }
}

/// Reports under way.
public struct ReaderStatus: Message {
  public static let fullName = "tally.v1.ReaderStatus"

  /// Read transactions that are open, whoever reads, and the age of the oldest: an old one keeps the
  /// data file from using its free pages again.
  public var openTransactions: UInt64

  /// Field 2, `oldest_transaction`.
  public var oldestTransaction: Google.Protobuf.Duration?

  /// Reports that run, and that wait for a place.
  public var runningReports: UInt64

  /// Field 4, `waiting_reports`.
  public var waitingReports: UInt64

  /// What slow readers have not fetched yet.
  public var spoolSize: UInt64

  /// Open watches.
  public var watches: UInt64

  /// What is left out is unset, empty or 0.
  public init(
    openTransactions: UInt64 = 0,
    oldestTransaction: Google.Protobuf.Duration? = nil,
    runningReports: UInt64 = 0,
    waitingReports: UInt64 = 0,
    spoolSize: UInt64 = 0,
    watches: UInt64 = 0
  ) {
    self.openTransactions = openTransactions
    self.oldestTransaction = oldestTransaction
    self.runningReports = runningReports
    self.waitingReports = waitingReports
    self.spoolSize = spoolSize
    self.watches = watches
  }
}

/// How much the store keeps of one kind of fact. Users, groups, activities and paths have a record
/// from the first event that mentions them: they count here even if their own fact never came.
/// Courses and what users do count only once their own fact came.
public struct FactCount: Message {
  public static let fullName = "tally.v1.FactCount"

  /// The name of the event's field, such as `user`.
  public var fact: String

  /// Records, deleted and withdrawn ones included.
  public var count: UInt64

  /// What is left out is unset, empty or 0.
  public init(
    fact: String = "",
    count: UInt64 = 0
  ) {
    self.fact = fact
    self.count = count
  }
}

/// `tally.v1.CompactRequest`
public struct CompactRequest: Message {
  public static let fullName = "tally.v1.CompactRequest"

  /// What is left out is unset, empty or 0.
  public init() {}
}

/// One part of what Compact tells; the summary is the last, and without it nobody knows how it ended.
public struct CompactResponse: Message {
  public static let fullName = "tally.v1.CompactResponse"

  /// One of `part`.
  public var part: Part?

  /// One of `part`.
  public enum Part: Sendable, Equatable {
    /// Field 1, `progress`.
    case progress(CompactProgress)
    /// Field 2, `summary`.
    case summary(CompactSummary)
  }

  /// What is left out is unset, empty or 0.
  public init(
    part: Part? = nil
  ) {
    self.part = part
  }
}

/// `tally.v1.CompactProgress`
public struct CompactProgress: Message {
  public static let fullName = "tally.v1.CompactProgress"

  /// Field 1, `step`.
  public var step: CompactStep

  /// Field 2, `done`.
  public var done: UInt64

  /// Field 3, `total`.
  public var total: UInt64

  /// What is left out is unset, empty or 0.
  public init(
    step: CompactStep = CompactStep(rawValue: 0),
    done: UInt64 = 0,
    total: UInt64 = 0
  ) {
    self.step = step
    self.done = done
    self.total = total
  }
}

/// `tally.v1.CompactSummary`
public struct CompactSummary: Message {
  public static let fullName = "tally.v1.CompactSummary"

  /// The newest batch in the file when it took the old one's place.
  public var revision: Revision?

  /// Bytes of the file before and after.
  public var fileSizeBefore: UInt64

  /// Field 3, `file_size_after`.
  public var fileSizeAfter: UInt64

  /// The largest that the file may become, before and after.
  public var mapSizeBefore: UInt64

  /// Field 5, `map_size_after`.
  public var mapSizeAfter: UInt64

  /// Field 6, `duration`.
  public var duration: Google.Protobuf.Duration?

  /// For how long no batch became part of the reports.
  public var pause: Google.Protobuf.Duration?

  /// What is left out is unset, empty or 0.
  public init(
    revision: Revision? = nil,
    fileSizeBefore: UInt64 = 0,
    fileSizeAfter: UInt64 = 0,
    mapSizeBefore: UInt64 = 0,
    mapSizeAfter: UInt64 = 0,
    duration: Google.Protobuf.Duration? = nil,
    pause: Google.Protobuf.Duration? = nil
  ) {
    self.revision = revision
    self.fileSizeBefore = fileSizeBefore
    self.fileSizeAfter = fileSizeAfter
    self.mapSizeBefore = mapSizeBefore
    self.mapSizeAfter = mapSizeAfter
    self.duration = duration
    self.pause = pause
  }
}

/// `tally.v1.VerifyRequest`
public struct VerifyRequest: Message {
  public static let fullName = "tally.v1.VerifyRequest"

  /// Check this tenant, NOT_FOUND if there is none. Unset: all tenants.
  public var tenant: String?

  /// Make what is derived what the facts say. Facts are never changed, and where the facts of a tenant
  /// are in doubt nothing of it is.
  public var repair: Bool

  /// What is left out is unset, empty or 0.
  public init(
    tenant: String? = nil,
    repair: Bool = false
  ) {
    self.tenant = tenant
    self.repair = repair
  }
}

/// One part of what Verify tells; the summary is the last, and without it the answer is not complete.
public struct VerifyResponse: Message {
  public static let fullName = "tally.v1.VerifyResponse"

  /// One of `part`.
  public var part: Part?

  /// One of `part`.
  public enum Part: Sendable, Equatable {
    /// Field 1, `progress`.
    case progress(VerifyProgress)
    /// Found in two copies, one made after the other.
    case difference(VerifyDifference)
    /// Put right.
    case repaired(VerifyDifference)
    /// Field 4, `summary`.
    case summary(VerifySummary)
  }

  /// What is left out is unset, empty or 0.
  public init(
    part: Part? = nil
  ) {
    self.part = part
  }
}

/// `tally.v1.VerifyProgress`
public struct VerifyProgress: Message {
  public static let fullName = "tally.v1.VerifyProgress"

  /// Field 1, `step`.
  public var step: VerifyStep

  /// Whether what was found is being checked again in a newer copy.
  public var again: Bool

  /// The table that is being read, empty where that says nothing.
  public var table: String

  /// Records of the step RECORDS, else bytes. A total of 0: nobody knows.
  public var done: UInt64

  /// Field 5, `total`.
  public var total: UInt64

  /// What is left out is unset, empty or 0.
  public init(
    step: VerifyStep = VerifyStep(rawValue: 0),
    again: Bool = false,
    table: String = "",
    done: UInt64 = 0,
    total: UInt64 = 0
  ) {
    self.step = step
    self.again = again
    self.table = table
    self.done = done
    self.total = total
  }
}

/// `tally.v1.VerifyDifference`
public struct VerifyDifference: Message {
  public static let fullName = "tally.v1.VerifyDifference"

  /// Field 1, `kind`.
  public var kind: DifferenceKind

  /// Empty for what belongs to none.
  public var tenant: String

  /// The table's name, or the kind of fact; `log` for the event log.
  public var table: String

  /// The record's key for people, such as `'c-17'`.
  public var key: String

  /// The key as it is stored.
  public var storedKey: [UInt8]

  /// What is stored, and what it should be, for people.
  public var stored: String

  /// Field 7, `expected`.
  public var expected: String

  /// Whether Verify can put it right.
  public var repairable: Bool

  /// What is left out is unset, empty or 0.
  public init(
    kind: DifferenceKind = DifferenceKind(rawValue: 0),
    tenant: String = "",
    table: String = "",
    key: String = "",
    storedKey: [UInt8] = [],
    stored: String = "",
    expected: String = "",
    repairable: Bool = false
  ) {
    self.kind = kind
    self.tenant = tenant
    self.table = table
    self.key = key
    self.storedKey = storedKey
    self.stored = stored
    self.expected = expected
    self.repairable = repairable
  }
}

/// `tally.v1.VerifySummary`
public struct VerifySummary: Message {
  public static let fullName = "tally.v1.VerifySummary"

  /// The newest batch in what was checked.
  public var revision: Revision?

  /// Records and logged events that were checked.
  public var records: UInt64

  /// Field 3, `log_events`.
  public var logEvents: UInt64

  /// All that were found, also those that were not told.
  public var differences: UInt64

  /// Differences that were put right. More than were found if one led to another.
  public var repaired: UInt64

  /// Differences that remain.
  public var remaining: UInt64

  /// Field 7, `duration`.
  public var duration: Google.Protobuf.Duration?

  /// What is left out is unset, empty or 0.
  public init(
    revision: Revision? = nil,
    records: UInt64 = 0,
    logEvents: UInt64 = 0,
    differences: UInt64 = 0,
    repaired: UInt64 = 0,
    remaining: UInt64 = 0,
    duration: Google.Protobuf.Duration? = nil
  ) {
    self.revision = revision
    self.records = records
    self.logEvents = logEvents
    self.differences = differences
    self.repaired = repaired
    self.remaining = remaining
    self.duration = duration
  }
}

/// The newest complete backup.
public struct BackupStatus: Message {
  public static let fullName = "tally.v1.BackupStatus"

  /// The last batch in it.
  public var position: UInt64

  /// When it was made.
  public var madeAt: Google.Protobuf.Timestamp?

  /// What is left out is unset, empty or 0.
  public init(
    position: UInt64 = 0,
    madeAt: Google.Protobuf.Timestamp? = nil
  ) {
    self.position = position
    self.madeAt = madeAt
  }
}

/// `tally.v1.BackupRequest`
public struct BackupRequest: Message {
  public static let fullName = "tally.v1.BackupRequest"

  /// What is left out is unset, empty or 0.
  public init() {}
}

/// One part of a backup: first the header, then bytes of the file, at last the trailer.
public struct BackupResponse: Message {
  public static let fullName = "tally.v1.BackupResponse"

  /// Field 1, `header`.
  public var header: BackupHeader?

  /// The next bytes of the file, at most about 64 KiB.
  public var content: [UInt8]

  /// Field 3, `trailer`.
  public var trailer: BackupTrailer?

  /// What is left out is unset, empty or 0.
  public init(
    header: BackupHeader? = nil,
    content: [UInt8] = [],
    trailer: BackupTrailer? = nil
  ) {
    self.header = header
    self.content = content
    self.trailer = trailer
  }
}

/// What the backup holds.
public struct BackupHeader: Message {
  public static let fullName = "tally.v1.BackupHeader"

  /// The last batch in it, with store and timeline.
  public var revision: Revision?

  /// When that batch was accepted.
  public var snapshotTime: Google.Protobuf.Timestamp?

  /// When the backup was made.
  public var madeAt: Google.Protobuf.Timestamp?

  /// Bytes of the file: the sum of all contents to come.
  public var size: UInt64

  /// The version of the data directory.
  public var formatVersion: UInt32

  /// The version of the counting rules.
  public var rulesVersion: UInt32

  /// What is left out is unset, empty or 0.
  public init(
    revision: Revision? = nil,
    snapshotTime: Google.Protobuf.Timestamp? = nil,
    madeAt: Google.Protobuf.Timestamp? = nil,
    size: UInt64 = 0,
    formatVersion: UInt32 = 0,
    rulesVersion: UInt32 = 0
  ) {
    self.revision = revision
    self.snapshotTime = snapshotTime
    self.madeAt = madeAt
    self.size = size
    self.formatVersion = formatVersion
    self.rulesVersion = rulesVersion
  }
}

/// Without it the backup is not complete.
public struct BackupTrailer: Message {
  public static let fullName = "tally.v1.BackupTrailer"

  /// Bytes of the file.
  public var size: UInt64

  /// CRC32C of the whole file.
  public var digest: UInt32

  /// True: all of it was sent.
  public var complete: Bool

  /// What is left out is unset, empty or 0.
  public init(
    size: UInt64 = 0,
    digest: UInt32 = 0,
    complete: Bool = false
  ) {
    self.size = size
    self.digest = digest
    self.complete = complete
  }
}

/// What serves `tally.v1.AdminService`.
package protocol AdminServiceServer: Sendable {
  /// How the server and its store are.
  func status(
    _ request: StatusRequest, _ call: ServerCall
  ) throws(RPCError) -> StatusResponse

  /// Copies the data file compactly and goes on with the copy, while reads and writes go on: what
  /// was freed goes back to the disk, and the file may become as large as the disk allows by now.
  /// FAILED_PRECONDITION while one runs already, RESOURCE_EXHAUSTED if the disk has no room for the
  /// copy. It goes on when its client goes away.
  func compact(
    _ request: CompactRequest, _ call: ServerCall
  ) throws(RPCError) -> any ResponseBody

  /// Recounts every counter, list, row and sum from the facts, on a copy, while reads and writes go
  /// on; tells each difference, and repairs them if asked. RESOURCE_EXHAUSTED while another one runs,
  /// or if the disk has no room for the copy; NOT_FOUND for an unknown tenant.
  func verify(
    _ request: VerifyRequest, _ call: ServerCall
  ) throws(RPCError) -> any ResponseBody

  /// A backup of the store, all tenants, as the bytes of its file, while writes go on. The file is
  /// what `tallyd restore` reads. RESOURCE_EXHAUSTED while another backup runs, if the disk has no
  /// room for the copy that is streamed, and for a client that takes nothing for 30 s; UNAVAILABLE
  /// if the server stops.
  func backup(
    _ request: BackupRequest, _ call: ServerCall
  ) throws(RPCError) -> any ResponseBody
}

/// Calls of `tally.v1.AdminService`.
package struct AdminServiceClient: Sendable {
  package let channel: GRPCChannel

  package init(_ channel: GRPCChannel) { self.channel = channel }

  /// How the server and its store are.
  package func status(
    _ request: StatusRequest, options: CallOptions = CallOptions()
  ) async throws(RPCError) -> StatusResponse {
    let reply = try await channel.unary(
      "/tally.v1.AdminService/Status", request.messageBytes(), options: options)
    return try StatusResponse(response: reply)
  }

  /// Copies the data file compactly and goes on with the copy, while reads and writes go on: what
  /// was freed goes back to the disk, and the file may become as large as the disk allows by now.
  /// FAILED_PRECONDITION while one runs already, RESOURCE_EXHAUSTED if the disk has no room for the
  /// copy. It goes on when its client goes away.
  package func compact(
    _ request: CompactRequest, options: CallOptions = CallOptions()
  ) -> Responses<CompactResponse> {
    Responses(
      channel.serverStreaming(
        "/tally.v1.AdminService/Compact", request.messageBytes(), options: options))
  }

  /// Recounts every counter, list, row and sum from the facts, on a copy, while reads and writes go
  /// on; tells each difference, and repairs them if asked. RESOURCE_EXHAUSTED while another one runs,
  /// or if the disk has no room for the copy; NOT_FOUND for an unknown tenant.
  package func verify(
    _ request: VerifyRequest, options: CallOptions = CallOptions()
  ) -> Responses<VerifyResponse> {
    Responses(
      channel.serverStreaming(
        "/tally.v1.AdminService/Verify", request.messageBytes(), options: options))
  }

  /// A backup of the store, all tenants, as the bytes of its file, while writes go on. The file is
  /// what `tallyd restore` reads. RESOURCE_EXHAUSTED while another backup runs, if the disk has no
  /// room for the copy that is streamed, and for a client that takes nothing for 30 s; UNAVAILABLE
  /// if the server stops.
  package func backup(
    _ request: BackupRequest, options: CallOptions = CallOptions()
  ) -> Responses<BackupResponse> {
    Responses(
      channel.serverStreaming(
        "/tally.v1.AdminService/Backup", request.messageBytes(), options: options))
  }
}

extension AdminServiceServer {
  /// The service's methods, for a server.
  package var methods: [ServerMethod] {
    [
      ServerMethod("/tally.v1.AdminService/Status", .unary { (bytes, call) throws(RPCError) in
        try status(StatusRequest(request: bytes), call).messageBytes()
      }),
      ServerMethod("/tally.v1.AdminService/Compact", .serverStreaming { (bytes, call) throws(RPCError) in
        try compact(CompactRequest(request: bytes), call)
      }),
      ServerMethod("/tally.v1.AdminService/Verify", .serverStreaming { (bytes, call) throws(RPCError) in
        try verify(VerifyRequest(request: bytes), call)
      }),
      ServerMethod("/tally.v1.AdminService/Backup", .serverStreaming { (bytes, call) throws(RPCError) in
        try backup(BackupRequest(request: bytes), call)
      }),
    ]
  }
}

extension StatusRequest {
  /// What protobuf-c knows of the message.
  package static var cDescriptor: UnsafePointer<ProtobufCMessageDescriptor> {
    var c = Tally__V1__StatusRequest()
    tally__v1__status_request__init(&c)
    return c.base.descriptor
  }

  public init(decoding bytes: UnsafeRawBufferPointer) throws(DecodeError) {
    self = try Arena(unpacking: bytes, as: Self.cDescriptor).read(Self.init)
  }

  init(_ c: UnsafePointer<Tally__V1__StatusRequest>) throws(DecodeError) {
    self.tenant = c.pointee._tenant_case.rawValue == 1 ? try Unpacked.text(c.pointee.tenant, "tally.v1.StatusRequest.tenant") : nil
  }

  public var encodedSize: Int {
    var size = SizeCount()
    encode(to: &size)
    return size.count
  }

  public func encode(into out: inout WireWriter) { encode(to: &out) }

  private func encode(to out: inout some FieldSink) {
    if let value = tenant { out.text(1, value) }
  }
}

extension StatusResponse {
  /// What protobuf-c knows of the message.
  package static var cDescriptor: UnsafePointer<ProtobufCMessageDescriptor> {
    var c = Tally__V1__StatusResponse()
    tally__v1__status_response__init(&c)
    return c.base.descriptor
  }

  public init(decoding bytes: UnsafeRawBufferPointer) throws(DecodeError) {
    self = try Arena(unpacking: bytes, as: Self.cDescriptor).read(Self.init)
  }

  init(_ c: UnsafePointer<Tally__V1__StatusResponse>) throws(DecodeError) {
    self.version = try Unpacked.text(c.pointee.version, "tally.v1.StatusResponse.version")
    self.rulesVersion = c.pointee.rules_version
    self.formatVersion = c.pointee.format_version
    self.uptime = try Unpacked.message(c.pointee.uptime, Google.Protobuf.Duration.init)
    self.applied = try Unpacked.message(c.pointee.applied, Revision.init)
    self.appliedAt = try Unpacked.message(c.pointee.applied_at, Google.Protobuf.Timestamp.init)
    self.durablePosition = c.pointee.durable_position
    self.lagBatches = c.pointee.lag_batches
    self.lagEvents = c.pointee.lag_events
    self.lagBytes = c.pointee.lag_bytes
    self.lag = try Unpacked.message(c.pointee.lag, Google.Protobuf.Duration.init)
    self.foldError = try Unpacked.text(c.pointee.fold_error, "tally.v1.StatusResponse.fold_error")
    self.lastFold = try Unpacked.message(c.pointee.last_fold, FoldStatus.init)
    self.log = try Unpacked.message(c.pointee.log, LogStatus.init)
    self.store = try Unpacked.message(c.pointee.store, StoreStatus.init)
    self.readers = try Unpacked.message(c.pointee.readers, ReaderStatus.init)
    self.facts = try Unpacked.messages(c.pointee.n_facts, c.pointee.facts, FactCount.init)
    self.tenants = c.pointee.tenants
    self.openConnections = c.pointee.open_connections
    self.openCalls = c.pointee.open_calls
    self.limits = try Unpacked.messages(c.pointee.n_limits, c.pointee.limits, LimitCount.init)
    self.alarms = try Unpacked.messages(c.pointee.n_alarms, c.pointee.alarms, Alarm.init)
    self.disk = try Unpacked.message(c.pointee.disk, DiskStatus.init)
    self.newestBackup = try Unpacked.message(c.pointee.newest_backup, BackupStatus.init)
  }

  public var encodedSize: Int {
    var size = SizeCount()
    encode(to: &size)
    return size.count
  }

  public func encode(into out: inout WireWriter) { encode(to: &out) }

  private func encode(to out: inout some FieldSink) {
    if !version.isEmpty { out.text(1, version) }
    if rulesVersion != 0 { out.varint(2, UInt64(rulesVersion)) }
    if formatVersion != 0 { out.varint(3, UInt64(formatVersion)) }
    if let value = uptime { out.message(4, value) }
    if let value = applied { out.message(5, value) }
    if let value = appliedAt { out.message(6, value) }
    if durablePosition != 0 { out.varint(7, durablePosition) }
    if lagBatches != 0 { out.varint(8, lagBatches) }
    if lagEvents != 0 { out.varint(9, lagEvents) }
    if lagBytes != 0 { out.varint(10, lagBytes) }
    if let value = lag { out.message(11, value) }
    if !foldError.isEmpty { out.text(12, foldError) }
    if let value = lastFold { out.message(13, value) }
    if let value = log { out.message(14, value) }
    if let value = store { out.message(15, value) }
    if let value = readers { out.message(16, value) }
    for value in facts { out.message(17, value) }
    if tenants != 0 { out.varint(18, tenants) }
    if openConnections != 0 { out.varint(19, openConnections) }
    if openCalls != 0 { out.varint(20, openCalls) }
    for value in limits { out.message(21, value) }
    for value in alarms { out.message(22, value) }
    if let value = disk { out.message(23, value) }
    if let value = newestBackup { out.message(26, value) }
  }
}

extension Alarm {
  /// What protobuf-c knows of the message.
  package static var cDescriptor: UnsafePointer<ProtobufCMessageDescriptor> {
    var c = Tally__V1__Alarm()
    tally__v1__alarm__init(&c)
    return c.base.descriptor
  }

  public init(decoding bytes: UnsafeRawBufferPointer) throws(DecodeError) {
    self = try Arena(unpacking: bytes, as: Self.cDescriptor).read(Self.init)
  }

  init(_ c: UnsafePointer<Tally__V1__Alarm>) throws(DecodeError) {
    self.name = try Unpacked.text(c.pointee.name, "tally.v1.Alarm.name")
    self.message = try Unpacked.text(c.pointee.message, "tally.v1.Alarm.message")
  }

  public var encodedSize: Int {
    var size = SizeCount()
    encode(to: &size)
    return size.count
  }

  public func encode(into out: inout WireWriter) { encode(to: &out) }

  private func encode(to out: inout some FieldSink) {
    if !name.isEmpty { out.text(1, name) }
    if !message.isEmpty { out.text(2, message) }
  }
}

extension DiskStatus {
  /// What protobuf-c knows of the message.
  package static var cDescriptor: UnsafePointer<ProtobufCMessageDescriptor> {
    var c = Tally__V1__DiskStatus()
    tally__v1__disk_status__init(&c)
    return c.base.descriptor
  }

  public init(decoding bytes: UnsafeRawBufferPointer) throws(DecodeError) {
    self = try Arena(unpacking: bytes, as: Self.cDescriptor).read(Self.init)
  }

  init(_ c: UnsafePointer<Tally__V1__DiskStatus>) throws(DecodeError) {
    self.free = c.pointee._free_case.rawValue == 1 ? c.pointee.free : nil
    self.reserve = c.pointee.reserve
  }

  public var encodedSize: Int {
    var size = SizeCount()
    encode(to: &size)
    return size.count
  }

  public func encode(into out: inout WireWriter) { encode(to: &out) }

  private func encode(to out: inout some FieldSink) {
    if let value = free { out.varint(1, value) }
    if reserve != 0 { out.varint(2, reserve) }
  }
}

extension LimitCount {
  /// What protobuf-c knows of the message.
  package static var cDescriptor: UnsafePointer<ProtobufCMessageDescriptor> {
    var c = Tally__V1__LimitCount()
    tally__v1__limit_count__init(&c)
    return c.base.descriptor
  }

  public init(decoding bytes: UnsafeRawBufferPointer) throws(DecodeError) {
    self = try Arena(unpacking: bytes, as: Self.cDescriptor).read(Self.init)
  }

  init(_ c: UnsafePointer<Tally__V1__LimitCount>) throws(DecodeError) {
    self.name = try Unpacked.text(c.pointee.name, "tally.v1.LimitCount.name")
    self.strikes = c.pointee.strikes
  }

  public var encodedSize: Int {
    var size = SizeCount()
    encode(to: &size)
    return size.count
  }

  public func encode(into out: inout WireWriter) { encode(to: &out) }

  private func encode(to out: inout some FieldSink) {
    if !name.isEmpty { out.text(1, name) }
    if strikes != 0 { out.varint(2, strikes) }
  }
}

extension FoldStatus {
  /// What protobuf-c knows of the message.
  package static var cDescriptor: UnsafePointer<ProtobufCMessageDescriptor> {
    var c = Tally__V1__FoldStatus()
    tally__v1__fold_status__init(&c)
    return c.base.descriptor
  }

  public init(decoding bytes: UnsafeRawBufferPointer) throws(DecodeError) {
    self = try Arena(unpacking: bytes, as: Self.cDescriptor).read(Self.init)
  }

  init(_ c: UnsafePointer<Tally__V1__FoldStatus>) throws(DecodeError) {
    self.duration = try Unpacked.message(c.pointee.duration, Google.Protobuf.Duration.init)
    self.events = c.pointee.events
    self.touchedKeys = c.pointee.touched_keys
    self.folds = c.pointee.folds
  }

  public var encodedSize: Int {
    var size = SizeCount()
    encode(to: &size)
    return size.count
  }

  public func encode(into out: inout WireWriter) { encode(to: &out) }

  private func encode(to out: inout some FieldSink) {
    if let value = duration { out.message(1, value) }
    if events != 0 { out.varint(2, events) }
    if touchedKeys != 0 { out.varint(3, touchedKeys) }
    if folds != 0 { out.varint(4, folds) }
  }
}

extension LogStatus {
  /// What protobuf-c knows of the message.
  package static var cDescriptor: UnsafePointer<ProtobufCMessageDescriptor> {
    var c = Tally__V1__LogStatus()
    tally__v1__log_status__init(&c)
    return c.base.descriptor
  }

  public init(decoding bytes: UnsafeRawBufferPointer) throws(DecodeError) {
    self = try Arena(unpacking: bytes, as: Self.cDescriptor).read(Self.init)
  }

  init(_ c: UnsafePointer<Tally__V1__LogStatus>) throws(DecodeError) {
    self.size = c.pointee.size
    self.segments = c.pointee.segments
    self.syncP99 = try Unpacked.message(c.pointee.sync_p99, Google.Protobuf.Duration.init)
    self.queuedBatches = c.pointee.queued_batches
    self.queuedBytes = c.pointee.queued_bytes
    self.error = try Unpacked.text(c.pointee.error, "tally.v1.LogStatus.error")
    self.limit = c.pointee.limit
    self.upkeepError = try Unpacked.text(c.pointee.upkeep_error, "tally.v1.LogStatus.upkeep_error")
  }

  public var encodedSize: Int {
    var size = SizeCount()
    encode(to: &size)
    return size.count
  }

  public func encode(into out: inout WireWriter) { encode(to: &out) }

  private func encode(to out: inout some FieldSink) {
    if size != 0 { out.varint(1, size) }
    if segments != 0 { out.varint(2, segments) }
    if let value = syncP99 { out.message(3, value) }
    if queuedBatches != 0 { out.varint(4, queuedBatches) }
    if queuedBytes != 0 { out.varint(5, queuedBytes) }
    if !error.isEmpty { out.text(6, error) }
    if limit != 0 { out.varint(7, limit) }
    if !upkeepError.isEmpty { out.text(8, upkeepError) }
  }
}

extension StoreStatus {
  /// What protobuf-c knows of the message.
  package static var cDescriptor: UnsafePointer<ProtobufCMessageDescriptor> {
    var c = Tally__V1__StoreStatus()
    tally__v1__store_status__init(&c)
    return c.base.descriptor
  }

  public init(decoding bytes: UnsafeRawBufferPointer) throws(DecodeError) {
    self = try Arena(unpacking: bytes, as: Self.cDescriptor).read(Self.init)
  }

  init(_ c: UnsafePointer<Tally__V1__StoreStatus>) throws(DecodeError) {
    self.fileSize = c.pointee.file_size
    self.mapSize = c.pointee.map_size
    self.usedSize = c.pointee.used_size
    self.freeSize = c.pointee.free_size
    self.replacedFiles = c.pointee.replaced_files
    self.replacedSize = c.pointee.replaced_size
    self.compacting = c.pointee.compacting != 0
    self.compactions = c.pointee.compactions
    self.compactionError = try Unpacked.text(c.pointee.compaction_error, "tally.v1.StoreStatus.compaction_error")
  }

  public var encodedSize: Int {
    var size = SizeCount()
    encode(to: &size)
    return size.count
  }

  public func encode(into out: inout WireWriter) { encode(to: &out) }

  private func encode(to out: inout some FieldSink) {
    if fileSize != 0 { out.varint(1, fileSize) }
    if mapSize != 0 { out.varint(2, mapSize) }
    if usedSize != 0 { out.varint(3, usedSize) }
    if freeSize != 0 { out.varint(4, freeSize) }
    if replacedFiles != 0 { out.varint(5, replacedFiles) }
    if replacedSize != 0 { out.varint(6, replacedSize) }
    if compacting { out.varint(7, compacting ? 1 : 0) }
    if compactions != 0 { out.varint(8, compactions) }
    if !compactionError.isEmpty { out.text(9, compactionError) }
  }
}

extension ReaderStatus {
  /// What protobuf-c knows of the message.
  package static var cDescriptor: UnsafePointer<ProtobufCMessageDescriptor> {
    var c = Tally__V1__ReaderStatus()
    tally__v1__reader_status__init(&c)
    return c.base.descriptor
  }

  public init(decoding bytes: UnsafeRawBufferPointer) throws(DecodeError) {
    self = try Arena(unpacking: bytes, as: Self.cDescriptor).read(Self.init)
  }

  init(_ c: UnsafePointer<Tally__V1__ReaderStatus>) throws(DecodeError) {
    self.openTransactions = c.pointee.open_transactions
    self.oldestTransaction = try Unpacked.message(c.pointee.oldest_transaction, Google.Protobuf.Duration.init)
    self.runningReports = c.pointee.running_reports
    self.waitingReports = c.pointee.waiting_reports
    self.spoolSize = c.pointee.spool_size
    self.watches = c.pointee.watches
  }

  public var encodedSize: Int {
    var size = SizeCount()
    encode(to: &size)
    return size.count
  }

  public func encode(into out: inout WireWriter) { encode(to: &out) }

  private func encode(to out: inout some FieldSink) {
    if openTransactions != 0 { out.varint(1, openTransactions) }
    if let value = oldestTransaction { out.message(2, value) }
    if runningReports != 0 { out.varint(3, runningReports) }
    if waitingReports != 0 { out.varint(4, waitingReports) }
    if spoolSize != 0 { out.varint(5, spoolSize) }
    if watches != 0 { out.varint(6, watches) }
  }
}

extension FactCount {
  /// What protobuf-c knows of the message.
  package static var cDescriptor: UnsafePointer<ProtobufCMessageDescriptor> {
    var c = Tally__V1__FactCount()
    tally__v1__fact_count__init(&c)
    return c.base.descriptor
  }

  public init(decoding bytes: UnsafeRawBufferPointer) throws(DecodeError) {
    self = try Arena(unpacking: bytes, as: Self.cDescriptor).read(Self.init)
  }

  init(_ c: UnsafePointer<Tally__V1__FactCount>) throws(DecodeError) {
    self.fact = try Unpacked.text(c.pointee.fact, "tally.v1.FactCount.fact")
    self.count = c.pointee.count
  }

  public var encodedSize: Int {
    var size = SizeCount()
    encode(to: &size)
    return size.count
  }

  public func encode(into out: inout WireWriter) { encode(to: &out) }

  private func encode(to out: inout some FieldSink) {
    if !fact.isEmpty { out.text(1, fact) }
    if count != 0 { out.varint(2, count) }
  }
}

extension CompactRequest {
  /// What protobuf-c knows of the message.
  package static var cDescriptor: UnsafePointer<ProtobufCMessageDescriptor> {
    var c = Tally__V1__CompactRequest()
    tally__v1__compact_request__init(&c)
    return c.base.descriptor
  }

  public init(decoding bytes: UnsafeRawBufferPointer) throws(DecodeError) {
    self = try Arena(unpacking: bytes, as: Self.cDescriptor).read(Self.init)
  }

  init(_ c: UnsafePointer<Tally__V1__CompactRequest>) throws(DecodeError) {
  }

  public var encodedSize: Int {
    var size = SizeCount()
    encode(to: &size)
    return size.count
  }

  public func encode(into out: inout WireWriter) { encode(to: &out) }

  private func encode(to out: inout some FieldSink) {
  }
}

extension CompactResponse {
  /// What protobuf-c knows of the message.
  package static var cDescriptor: UnsafePointer<ProtobufCMessageDescriptor> {
    var c = Tally__V1__CompactResponse()
    tally__v1__compact_response__init(&c)
    return c.base.descriptor
  }

  public init(decoding bytes: UnsafeRawBufferPointer) throws(DecodeError) {
    self = try Arena(unpacking: bytes, as: Self.cDescriptor).read(Self.init)
  }

  init(_ c: UnsafePointer<Tally__V1__CompactResponse>) throws(DecodeError) {
    switch c.pointee.part_case.rawValue {
      case 1: self.part = try Unpacked.message(c.pointee.progress, CompactProgress.init).map { .progress($0) }
      case 2: self.part = try Unpacked.message(c.pointee.summary, CompactSummary.init).map { .summary($0) }
      default: self.part = nil
    }
  }

  public var encodedSize: Int {
    var size = SizeCount()
    encode(to: &size)
    return size.count
  }

  public func encode(into out: inout WireWriter) { encode(to: &out) }

  private func encode(to out: inout some FieldSink) {
    switch part {
      case .progress(let value)?: out.message(1, value)
      case .summary(let value)?: out.message(2, value)
      case nil: break
    }
  }
}

extension CompactProgress {
  /// What protobuf-c knows of the message.
  package static var cDescriptor: UnsafePointer<ProtobufCMessageDescriptor> {
    var c = Tally__V1__CompactProgress()
    tally__v1__compact_progress__init(&c)
    return c.base.descriptor
  }

  public init(decoding bytes: UnsafeRawBufferPointer) throws(DecodeError) {
    self = try Arena(unpacking: bytes, as: Self.cDescriptor).read(Self.init)
  }

  init(_ c: UnsafePointer<Tally__V1__CompactProgress>) throws(DecodeError) {
    self.step = .init(rawValue: Int32(truncatingIfNeeded: c.pointee.step.rawValue))
    self.done = c.pointee.done
    self.total = c.pointee.total
  }

  public var encodedSize: Int {
    var size = SizeCount()
    encode(to: &size)
    return size.count
  }

  public func encode(into out: inout WireWriter) { encode(to: &out) }

  private func encode(to out: inout some FieldSink) {
    if step.rawValue != 0 { out.varint(1, UInt64(bitPattern: Int64(step.rawValue))) }
    if done != 0 { out.varint(2, done) }
    if total != 0 { out.varint(3, total) }
  }
}

extension CompactSummary {
  /// What protobuf-c knows of the message.
  package static var cDescriptor: UnsafePointer<ProtobufCMessageDescriptor> {
    var c = Tally__V1__CompactSummary()
    tally__v1__compact_summary__init(&c)
    return c.base.descriptor
  }

  public init(decoding bytes: UnsafeRawBufferPointer) throws(DecodeError) {
    self = try Arena(unpacking: bytes, as: Self.cDescriptor).read(Self.init)
  }

  init(_ c: UnsafePointer<Tally__V1__CompactSummary>) throws(DecodeError) {
    self.revision = try Unpacked.message(c.pointee.revision, Revision.init)
    self.fileSizeBefore = c.pointee.file_size_before
    self.fileSizeAfter = c.pointee.file_size_after
    self.mapSizeBefore = c.pointee.map_size_before
    self.mapSizeAfter = c.pointee.map_size_after
    self.duration = try Unpacked.message(c.pointee.duration, Google.Protobuf.Duration.init)
    self.pause = try Unpacked.message(c.pointee.pause, Google.Protobuf.Duration.init)
  }

  public var encodedSize: Int {
    var size = SizeCount()
    encode(to: &size)
    return size.count
  }

  public func encode(into out: inout WireWriter) { encode(to: &out) }

  private func encode(to out: inout some FieldSink) {
    if let value = revision { out.message(1, value) }
    if fileSizeBefore != 0 { out.varint(2, fileSizeBefore) }
    if fileSizeAfter != 0 { out.varint(3, fileSizeAfter) }
    if mapSizeBefore != 0 { out.varint(4, mapSizeBefore) }
    if mapSizeAfter != 0 { out.varint(5, mapSizeAfter) }
    if let value = duration { out.message(6, value) }
    if let value = pause { out.message(7, value) }
  }
}

extension VerifyRequest {
  /// What protobuf-c knows of the message.
  package static var cDescriptor: UnsafePointer<ProtobufCMessageDescriptor> {
    var c = Tally__V1__VerifyRequest()
    tally__v1__verify_request__init(&c)
    return c.base.descriptor
  }

  public init(decoding bytes: UnsafeRawBufferPointer) throws(DecodeError) {
    self = try Arena(unpacking: bytes, as: Self.cDescriptor).read(Self.init)
  }

  init(_ c: UnsafePointer<Tally__V1__VerifyRequest>) throws(DecodeError) {
    self.tenant = c.pointee._tenant_case.rawValue == 1 ? try Unpacked.text(c.pointee.tenant, "tally.v1.VerifyRequest.tenant") : nil
    self.repair = c.pointee.repair != 0
  }

  public var encodedSize: Int {
    var size = SizeCount()
    encode(to: &size)
    return size.count
  }

  public func encode(into out: inout WireWriter) { encode(to: &out) }

  private func encode(to out: inout some FieldSink) {
    if let value = tenant { out.text(1, value) }
    if repair { out.varint(2, repair ? 1 : 0) }
  }
}

extension VerifyResponse {
  /// What protobuf-c knows of the message.
  package static var cDescriptor: UnsafePointer<ProtobufCMessageDescriptor> {
    var c = Tally__V1__VerifyResponse()
    tally__v1__verify_response__init(&c)
    return c.base.descriptor
  }

  public init(decoding bytes: UnsafeRawBufferPointer) throws(DecodeError) {
    self = try Arena(unpacking: bytes, as: Self.cDescriptor).read(Self.init)
  }

  init(_ c: UnsafePointer<Tally__V1__VerifyResponse>) throws(DecodeError) {
    switch c.pointee.part_case.rawValue {
      case 1: self.part = try Unpacked.message(c.pointee.progress, VerifyProgress.init).map { .progress($0) }
      case 2: self.part = try Unpacked.message(c.pointee.difference, VerifyDifference.init).map { .difference($0) }
      case 3: self.part = try Unpacked.message(c.pointee.repaired, VerifyDifference.init).map { .repaired($0) }
      case 4: self.part = try Unpacked.message(c.pointee.summary, VerifySummary.init).map { .summary($0) }
      default: self.part = nil
    }
  }

  public var encodedSize: Int {
    var size = SizeCount()
    encode(to: &size)
    return size.count
  }

  public func encode(into out: inout WireWriter) { encode(to: &out) }

  private func encode(to out: inout some FieldSink) {
    switch part {
      case .progress(let value)?: out.message(1, value)
      case .difference(let value)?: out.message(2, value)
      case .repaired(let value)?: out.message(3, value)
      case .summary(let value)?: out.message(4, value)
      case nil: break
    }
  }
}

extension VerifyProgress {
  /// What protobuf-c knows of the message.
  package static var cDescriptor: UnsafePointer<ProtobufCMessageDescriptor> {
    var c = Tally__V1__VerifyProgress()
    tally__v1__verify_progress__init(&c)
    return c.base.descriptor
  }

  public init(decoding bytes: UnsafeRawBufferPointer) throws(DecodeError) {
    self = try Arena(unpacking: bytes, as: Self.cDescriptor).read(Self.init)
  }

  init(_ c: UnsafePointer<Tally__V1__VerifyProgress>) throws(DecodeError) {
    self.step = .init(rawValue: Int32(truncatingIfNeeded: c.pointee.step.rawValue))
    self.again = c.pointee.again != 0
    self.table = try Unpacked.text(c.pointee.table, "tally.v1.VerifyProgress.table")
    self.done = c.pointee.done
    self.total = c.pointee.total
  }

  public var encodedSize: Int {
    var size = SizeCount()
    encode(to: &size)
    return size.count
  }

  public func encode(into out: inout WireWriter) { encode(to: &out) }

  private func encode(to out: inout some FieldSink) {
    if step.rawValue != 0 { out.varint(1, UInt64(bitPattern: Int64(step.rawValue))) }
    if again { out.varint(2, again ? 1 : 0) }
    if !table.isEmpty { out.text(3, table) }
    if done != 0 { out.varint(4, done) }
    if total != 0 { out.varint(5, total) }
  }
}

extension VerifyDifference {
  /// What protobuf-c knows of the message.
  package static var cDescriptor: UnsafePointer<ProtobufCMessageDescriptor> {
    var c = Tally__V1__VerifyDifference()
    tally__v1__verify_difference__init(&c)
    return c.base.descriptor
  }

  public init(decoding bytes: UnsafeRawBufferPointer) throws(DecodeError) {
    self = try Arena(unpacking: bytes, as: Self.cDescriptor).read(Self.init)
  }

  init(_ c: UnsafePointer<Tally__V1__VerifyDifference>) throws(DecodeError) {
    self.kind = .init(rawValue: Int32(truncatingIfNeeded: c.pointee.kind.rawValue))
    self.tenant = try Unpacked.text(c.pointee.tenant, "tally.v1.VerifyDifference.tenant")
    self.table = try Unpacked.text(c.pointee.table, "tally.v1.VerifyDifference.table")
    self.key = try Unpacked.text(c.pointee.key, "tally.v1.VerifyDifference.key")
    self.storedKey = Unpacked.blob(c.pointee.stored_key)
    self.stored = try Unpacked.text(c.pointee.stored, "tally.v1.VerifyDifference.stored")
    self.expected = try Unpacked.text(c.pointee.expected, "tally.v1.VerifyDifference.expected")
    self.repairable = c.pointee.repairable != 0
  }

  public var encodedSize: Int {
    var size = SizeCount()
    encode(to: &size)
    return size.count
  }

  public func encode(into out: inout WireWriter) { encode(to: &out) }

  private func encode(to out: inout some FieldSink) {
    if kind.rawValue != 0 { out.varint(1, UInt64(bitPattern: Int64(kind.rawValue))) }
    if !tenant.isEmpty { out.text(2, tenant) }
    if !table.isEmpty { out.text(3, table) }
    if !key.isEmpty { out.text(4, key) }
    if !storedKey.isEmpty { out.blob(5, storedKey) }
    if !stored.isEmpty { out.text(6, stored) }
    if !expected.isEmpty { out.text(7, expected) }
    if repairable { out.varint(8, repairable ? 1 : 0) }
  }
}

extension VerifySummary {
  /// What protobuf-c knows of the message.
  package static var cDescriptor: UnsafePointer<ProtobufCMessageDescriptor> {
    var c = Tally__V1__VerifySummary()
    tally__v1__verify_summary__init(&c)
    return c.base.descriptor
  }

  public init(decoding bytes: UnsafeRawBufferPointer) throws(DecodeError) {
    self = try Arena(unpacking: bytes, as: Self.cDescriptor).read(Self.init)
  }

  init(_ c: UnsafePointer<Tally__V1__VerifySummary>) throws(DecodeError) {
    self.revision = try Unpacked.message(c.pointee.revision, Revision.init)
    self.records = c.pointee.records
    self.logEvents = c.pointee.log_events
    self.differences = c.pointee.differences
    self.repaired = c.pointee.repaired
    self.remaining = c.pointee.remaining
    self.duration = try Unpacked.message(c.pointee.duration, Google.Protobuf.Duration.init)
  }

  public var encodedSize: Int {
    var size = SizeCount()
    encode(to: &size)
    return size.count
  }

  public func encode(into out: inout WireWriter) { encode(to: &out) }

  private func encode(to out: inout some FieldSink) {
    if let value = revision { out.message(1, value) }
    if records != 0 { out.varint(2, records) }
    if logEvents != 0 { out.varint(3, logEvents) }
    if differences != 0 { out.varint(4, differences) }
    if repaired != 0 { out.varint(5, repaired) }
    if remaining != 0 { out.varint(6, remaining) }
    if let value = duration { out.message(7, value) }
  }
}

extension BackupStatus {
  /// What protobuf-c knows of the message.
  package static var cDescriptor: UnsafePointer<ProtobufCMessageDescriptor> {
    var c = Tally__V1__BackupStatus()
    tally__v1__backup_status__init(&c)
    return c.base.descriptor
  }

  public init(decoding bytes: UnsafeRawBufferPointer) throws(DecodeError) {
    self = try Arena(unpacking: bytes, as: Self.cDescriptor).read(Self.init)
  }

  init(_ c: UnsafePointer<Tally__V1__BackupStatus>) throws(DecodeError) {
    self.position = c.pointee.position
    self.madeAt = try Unpacked.message(c.pointee.made_at, Google.Protobuf.Timestamp.init)
  }

  public var encodedSize: Int {
    var size = SizeCount()
    encode(to: &size)
    return size.count
  }

  public func encode(into out: inout WireWriter) { encode(to: &out) }

  private func encode(to out: inout some FieldSink) {
    if position != 0 { out.varint(1, position) }
    if let value = madeAt { out.message(2, value) }
  }
}

extension BackupRequest {
  /// What protobuf-c knows of the message.
  package static var cDescriptor: UnsafePointer<ProtobufCMessageDescriptor> {
    var c = Tally__V1__BackupRequest()
    tally__v1__backup_request__init(&c)
    return c.base.descriptor
  }

  public init(decoding bytes: UnsafeRawBufferPointer) throws(DecodeError) {
    self = try Arena(unpacking: bytes, as: Self.cDescriptor).read(Self.init)
  }

  init(_ c: UnsafePointer<Tally__V1__BackupRequest>) throws(DecodeError) {
  }

  public var encodedSize: Int {
    var size = SizeCount()
    encode(to: &size)
    return size.count
  }

  public func encode(into out: inout WireWriter) { encode(to: &out) }

  private func encode(to out: inout some FieldSink) {
  }
}

extension BackupResponse {
  /// What protobuf-c knows of the message.
  package static var cDescriptor: UnsafePointer<ProtobufCMessageDescriptor> {
    var c = Tally__V1__BackupResponse()
    tally__v1__backup_response__init(&c)
    return c.base.descriptor
  }

  public init(decoding bytes: UnsafeRawBufferPointer) throws(DecodeError) {
    self = try Arena(unpacking: bytes, as: Self.cDescriptor).read(Self.init)
  }

  init(_ c: UnsafePointer<Tally__V1__BackupResponse>) throws(DecodeError) {
    self.header = try Unpacked.message(c.pointee.header, BackupHeader.init)
    self.content = Unpacked.blob(c.pointee.content)
    self.trailer = try Unpacked.message(c.pointee.trailer, BackupTrailer.init)
  }

  public var encodedSize: Int {
    var size = SizeCount()
    encode(to: &size)
    return size.count
  }

  public func encode(into out: inout WireWriter) { encode(to: &out) }

  private func encode(to out: inout some FieldSink) {
    if let value = header { out.message(1, value) }
    if !content.isEmpty { out.blob(2, content) }
    if let value = trailer { out.message(3, value) }
  }
}

extension BackupHeader {
  /// What protobuf-c knows of the message.
  package static var cDescriptor: UnsafePointer<ProtobufCMessageDescriptor> {
    var c = Tally__V1__BackupHeader()
    tally__v1__backup_header__init(&c)
    return c.base.descriptor
  }

  public init(decoding bytes: UnsafeRawBufferPointer) throws(DecodeError) {
    self = try Arena(unpacking: bytes, as: Self.cDescriptor).read(Self.init)
  }

  init(_ c: UnsafePointer<Tally__V1__BackupHeader>) throws(DecodeError) {
    self.revision = try Unpacked.message(c.pointee.revision, Revision.init)
    self.snapshotTime = try Unpacked.message(c.pointee.snapshot_time, Google.Protobuf.Timestamp.init)
    self.madeAt = try Unpacked.message(c.pointee.made_at, Google.Protobuf.Timestamp.init)
    self.size = c.pointee.size
    self.formatVersion = c.pointee.format_version
    self.rulesVersion = c.pointee.rules_version
  }

  public var encodedSize: Int {
    var size = SizeCount()
    encode(to: &size)
    return size.count
  }

  public func encode(into out: inout WireWriter) { encode(to: &out) }

  private func encode(to out: inout some FieldSink) {
    if let value = revision { out.message(1, value) }
    if let value = snapshotTime { out.message(2, value) }
    if let value = madeAt { out.message(3, value) }
    if size != 0 { out.varint(4, size) }
    if formatVersion != 0 { out.varint(5, UInt64(formatVersion)) }
    if rulesVersion != 0 { out.varint(6, UInt64(rulesVersion)) }
  }
}

extension BackupTrailer {
  /// What protobuf-c knows of the message.
  package static var cDescriptor: UnsafePointer<ProtobufCMessageDescriptor> {
    var c = Tally__V1__BackupTrailer()
    tally__v1__backup_trailer__init(&c)
    return c.base.descriptor
  }

  public init(decoding bytes: UnsafeRawBufferPointer) throws(DecodeError) {
    self = try Arena(unpacking: bytes, as: Self.cDescriptor).read(Self.init)
  }

  init(_ c: UnsafePointer<Tally__V1__BackupTrailer>) throws(DecodeError) {
    self.size = c.pointee.size
    self.digest = c.pointee.digest
    self.complete = c.pointee.complete != 0
  }

  public var encodedSize: Int {
    var size = SizeCount()
    encode(to: &size)
    return size.count
  }

  public func encode(into out: inout WireWriter) { encode(to: &out) }

  private func encode(to out: inout some FieldSink) {
    if size != 0 { out.varint(1, size) }
    if digest != 0 { out.varint(2, UInt64(digest)) }
    if complete { out.varint(3, complete ? 1 : 0) }
  }
}
