internal import GRPC
internal import Synchronization
internal import TallyMessages
internal import TallyStore

/// How the server and its store are.
///
/// Cheap enough for the network loop: what costs is found out once a revision, and an answer is
/// used again until something moved or 20 ms have passed.
final class StatusService: Sendable {
  private struct Facts {
    var revision: UInt64 = .max
    var counts: [FactCount] = []
    var tenants: UInt64 = 0
  }

  private struct State {
    var facts = Facts()
    var answer = MessageBytes()
    var durable: UInt64 = .max
    var applied: UInt64 = .max
    var answeredAt: ContinuousClock.Instant?
  }

  private static let freshFor = Duration.milliseconds(20)

  private let store: Store
  private let readers: Readers
  private let watches: Watches
  private let failures: Failures
  private let load: ServerLoad
  private let version: String
  private let startedAt = ContinuousClock.now
  private let state = Mutex(State())

  init(
    store: Store, readers: Readers, watches: Watches, failures: Failures, load: ServerLoad,
    version: String
  ) {
    self.store = store
    self.readers = readers
    self.watches = watches
    self.failures = failures
    self.load = load
    self.version = version
  }

  /// The method, with the answer for all tenants at hand as bytes.
  var method: ServerMethod {
    ServerMethod(
      "/tally.v1.AdminService/Status",
      .unary { [self] (message, _) throws(RPCError) in
        if message.count == 0 { return try answer() }
        let request = try StatusRequest(request: message)
        guard let tenant = request.tenant else { return try answer() }
        try RequestID.check(tenant, field: "tenant")
        return try response(try facts(ofTenant: tenant)).messageBytes()
      })
  }

  private func answer() throws(RPCError) -> MessageBytes {
    let now = ContinuousClock.now
    let (durable, applied) = (store.durablePosition, store.appliedPosition)
    let ready = state.withLock { state -> MessageBytes? in
      guard state.applied == applied, state.durable == durable, let then = state.answeredAt,
        now - then < Self.freshFor
      else { return nil }
      return state.answer
    }
    if let ready { return ready }
    let facts = try factsOfAll(applied)
    let answer = try response(facts).messageBytes()
    state.withLock { state in
      state.facts = facts
      state.answer = answer
      state.durable = durable
      state.applied = applied
      state.answeredAt = now
    }
    return answer
  }

  // MARK: Facts

  private static let tables: [(name: String, table: TableID)] = [
    ("user", .user), ("group", .group), ("membership", .membership), ("course", .courseRow),
    ("activity", .activity), ("path", .path), ("attempt", .attempt), ("reaction", .reaction),
    ("comment", .comment), ("post", .post), ("like", .like), ("download", .download),
  ]

  private func factsOfAll(_ applied: UInt64) throws(RPCError) -> Facts {
    let known = state.withLock { $0.facts }
    if known.revision == applied { return known }
    do {
      let snapshot = try store.snapshot()
      let counts = try snapshot.recordCounts()
      return Facts(
        revision: snapshot.revision,
        counts: Self.tables.map { FactCount(fact: $0.name, count: counts[$0.table] ?? 0) },
        tenants: UInt64(try snapshot.tenantCount()))
    } catch {
      throw failures.status(of: error)
    }
  }

  private func facts(ofTenant name: String) throws(RPCError) -> Facts {
    do {
      let snapshot = try store.snapshot()
      guard let tenant = try snapshot.tenant(name) else { throw notFound("tenant", name) }
      var facts = Facts(revision: snapshot.revision, tenants: 1)
      for (name, table) in Self.tables {
        let count = try snapshot.recordCount(table, in: tenant)
        facts.counts.append(FactCount(fact: name, count: count))
      }
      return facts
    } catch {
      throw failures.status(of: error)
    }
  }

  // MARK: The rest

  private func response(_ facts: Facts) throws(RPCError) -> StatusResponse {
    let status = store.status()
    let identity = store.identity
    return StatusResponse(
      version: version, rulesVersion: UInt32(identity.rulesVersion),
      formatVersion: UInt32(identity.format), uptime: .init(ContinuousClock.now - startedAt),
      applied: store.revision(status.applied.position),
      appliedAt: status.applied.position > 0 ? .init(nanoseconds: status.applied.time) : nil,
      durablePosition: status.durable, lagBatches: UInt64(status.lagBatches),
      lagEvents: UInt64(status.lagEvents), lagBytes: UInt64(status.lagBytes),
      lag: .init(.nanoseconds(status.lagNanoseconds)),
      foldError: status.foldError.map { "position \($0.position): \($0.message)" } ?? "",
      lastFold: Self.fold(status), log: Self.log(status), store: Self.file(status),
      readers: reports(status), facts: facts.counts, tenants: facts.tenants,
      openConnections: UInt64(load.connections), openCalls: UInt64(load.calls),
      limits: limits,
      alarms: status.alarms.map { Alarm(name: $0.name.rawValue, message: $0.message) },
      disk: Self.disk(status.disk), newestBackup: Self.backup(status))
  }

  private static func disk(_ disk: TallyStore.DiskStatus) -> TallyMessages.DiskStatus {
    TallyMessages.DiskStatus(
      free: disk.freeBytes.map { UInt64($0) }, reserve: UInt64(disk.reserveBytes))
  }

  private var limits: [LimitCount] {
    let counts =
      ServerLimit.allCases.map { ($0.rawValue, load.count(of: $0)) }
      + ReadingLimit.allCases.map { ($0.rawValue, readers.count(of: $0)) }
    return counts.compactMap { name, strikes in
      strikes > 0 ? LimitCount(name: name, strikes: UInt64(strikes)) : nil
    }
  }

  private static func fold(_ status: TallyStore.StoreStatus) -> FoldStatus {
    FoldStatus(
      duration: .init(.nanoseconds(status.lastFold.nanoseconds)),
      events: UInt64(status.lastFold.events), touchedKeys: UInt64(status.lastFold.touchedKeys),
      folds: status.folds)
  }

  private static func backup(_ status: TallyStore.StoreStatus) -> BackupStatus? {
    status.newestBackup.map { backup in
      BackupStatus(position: backup.position, madeAt: .init(nanoseconds: backup.madeAt))
    }
  }

  private static func log(_ status: TallyStore.StoreStatus) -> LogStatus {
    LogStatus(
      size: UInt64(status.logSizeBytes), segments: UInt64(status.logSegments),
      syncP99: .init(.nanoseconds(status.syncP99Nanoseconds)),
      queuedBatches: UInt64(status.queuedBatches), queuedBytes: UInt64(status.queuedBytes),
      error: status.logError ?? "", limit: UInt64(status.logLimitBytes),
      upkeepError: status.logUpkeepError ?? "")
  }

  private static func file(_ status: TallyStore.StoreStatus) -> TallyMessages.StoreStatus? {
    status.database.map { usage in
      TallyMessages.StoreStatus(
        fileSize: UInt64(usage.fileBytes), mapSize: UInt64(usage.mapSizeBytes),
        usedSize: UInt64(usage.usedBytes),
        freeSize: UInt64(usage.freePages * usage.pageSizeBytes),
        replacedFiles: UInt64(status.compaction.replacedFiles),
        replacedSize: UInt64(status.compaction.replacedBytes),
        compacting: status.compaction.isRunning,
        compactions: UInt64(status.compaction.count),
        compactionError: status.compaction.error ?? "")
    }
  }

  private func reports(_ status: TallyStore.StoreStatus) -> ReaderStatus {
    let load = readers.load
    return ReaderStatus(
      openTransactions: UInt64(status.openTransactions),
      oldestTransaction: .init(.nanoseconds(status.oldestTransactionNanoseconds)),
      runningReports: UInt64(load.runningReports), waitingReports: UInt64(load.waitingReports),
      spoolSize: UInt64(load.spoolBytes), watches: UInt64(watches.openCount))
  }
}
