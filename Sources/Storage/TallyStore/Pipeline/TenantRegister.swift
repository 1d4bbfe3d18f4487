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

  private struct State {
    var tenants: [[UInt8]: Entry] = [:]
    /// Of all batches that wait for their tenant's record.
    var waitingBytes = 0
    var roomWaits: [@Sendable () -> Void] = []

    mutating func takeRoomWaits() -> [@Sendable () -> Void] {
      defer { roomWaits = [] }
      return roomWaits
    }
  }

  private enum OnBatch {
    case append
    case announce
    case wait
  }

  private let log: EventLog
  private let database: OpenDatabase
  private let state = Mutex(State())

  private let boundBytes: Int

  init(log: EventLog, database: OpenDatabase, boundBytes: Int) {
    self.log = log
    self.database = database
    self.boundBytes = boundBytes
  }

  /// Whether what waits for its tenant's record is within the bound of the log's queue.
  var hasRoom: Bool { state.withLock { $0.waitingBytes < boundBytes } }

  /// Calls `body` once there is room: now, or on the log thread.
  func whenRoom(_ body: @escaping @Sendable () -> Void) {
    let isNow = state.withLock { state -> Bool in
      if state.waitingBytes < boundBytes { return true }
      state.roomWaits.append(body)
      return false
    }
    if isNow { body() }
  }

  /// Appends a batch, after its tenant's record if that is not there yet.
  func append(_ entry: LogEntry) {
    let isStored = state.withLock { state in
      if case .known = state.tenants[entry.tenant] { return true }
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
    state.withLock { state in
      switch state.tenants[entry.tenant] {
      case .known: return .append
      case .announced(let waiting):
        state.tenants[entry.tenant] = .announced(waiting + [entry])
        state.waitingBytes += entry.payload.count
        return .wait
      case nil where isStored:
        state.tenants[entry.tenant] = .known
        return .append
      case nil:
        state.tenants[entry.tenant] = .announced([entry])
        state.waitingBytes += entry.payload.count
        return .announce
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
      let waiting = takeWaiting(of: tenant, then: .announced([]), ifNone: .known)
      if waiting.isEmpty { return }
      for entry in waiting { log.append(entry) }
      notifyRoom()
    }
  }

  private func fail(_ tenant: [UInt8], _ error: EventLogError) {
    for entry in takeWaiting(of: tenant, then: nil, ifNone: nil) {
      entry.completion(.failure(error))
    }
    notifyRoom()
  }

  private func takeWaiting(of tenant: [UInt8], then next: Entry?, ifNone last: Entry?) -> [LogEntry]
  {
    state.withLock { state in
      guard case .announced(let waiting) = state.tenants[tenant], !waiting.isEmpty else {
        state.tenants[tenant] = last
        return []
      }
      state.tenants[tenant] = next
      state.waitingBytes -= waiting.reduce(0) { $0 + $1.payload.count }
      return waiting
    }
  }

  private func notifyRoom() {
    let woken = state.withLock { $0.waitingBytes < boundBytes ? $0.takeRoomWaits() : [] }
    for body in woken { body() }
  }
}
