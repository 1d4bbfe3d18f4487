internal import EventLog
internal import Synchronization

/// Sees to it that a tenant's record is in the log, durably, before its first batch.
///
/// ```
///          first batch              record durable
/// unknown ─────────────► announced ────────────────► known
///    ▲                       │ record failed: its batches fail too
///    └───────────────────────┘
/// ```
final class TenantRegister: Sendable {
  private enum Entry {
    /// Batches that wait for the tenant's record.
    case announced([LogEntry])
    case known
  }

  private enum OnBatch {
    case append
    case announce
    case wait
  }

  private let log: EventLog
  private let database: OpenDatabase
  private let tenants = Mutex<[[UInt8]: Entry]>([:])

  init(log: EventLog, database: OpenDatabase) {
    self.log = log
    self.database = database
  }

  /// Appends a batch, after its tenant's record if that is not there yet.
  func append(_ entry: LogEntry) {
    let isStored = tenants.withLock { tenants in
      if case .known = tenants[entry.tenant] { return true }
      return false
    }
    if isStored {
      log.append(entry)
      return
    }
    let stored: Bool
    do {
      stored = try database.get().hasTenant(String(decoding: entry.tenant, as: UTF8.self))
    } catch {
      entry.completion(
        .failure(
          EventLogError(
            code: error.code == .closed ? .closed : .io,
            message: "cannot look up the tenant: \(error.message)")))
      return
    }
    switch take(entry, isStored: stored) {
    case .append: log.append(entry)
    case .announce: announce(entry)
    case .wait: break
    }
  }

  private func take(_ entry: LogEntry, isStored: Bool) -> OnBatch {
    tenants.withLock { tenants in
      switch tenants[entry.tenant] {
      case .known: return .append
      case .announced(let waiting):
        tenants[entry.tenant] = .announced(waiting + [entry])
        return .wait
      case nil:
        tenants[entry.tenant] = isStored ? .known : .announced([entry])
        return isStored ? .append : .announce
      }
    }
  }

  /// The secret is decided here and lies in the record: the fold knows no chance.
  private func announce(_ first: LogEntry) {
    var generator = SystemRandomNumberGenerator()
    let secret = (0..<32).map { _ in UInt8.random(in: 0...255, using: &generator) }
    let tenant = first.tenant
    log.append(
      LogEntry(
        kind: .tenant, tenant: tenant, payload: secret, eventCount: 0,
        acceptedAt: first.acceptedAt
      ) { result in
        switch result {
        case .success: self.release(tenant)
        case .failure(let error): self.fail(tenant, error)
        }
      })
  }

  /// Appends what waited, in order: a batch that comes meanwhile goes behind it.
  private func release(_ tenant: [UInt8]) {
    while true {
      let waiting = tenants.withLock { tenants -> [LogEntry] in
        guard case .announced(let waiting) = tenants[tenant], !waiting.isEmpty else {
          tenants[tenant] = .known
          return []
        }
        tenants[tenant] = .announced([])
        return waiting
      }
      if waiting.isEmpty { return }
      for entry in waiting { log.append(entry) }
    }
  }

  private func fail(_ tenant: [UInt8], _ error: EventLogError) {
    let waiting = tenants.withLock { tenants -> [LogEntry] in
      guard case .announced(let waiting) = tenants.removeValue(forKey: tenant) else { return [] }
      return waiting
    }
    for entry in waiting { entry.completion(.failure(error)) }
  }
}
