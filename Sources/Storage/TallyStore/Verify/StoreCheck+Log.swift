internal import EventLog
internal import TallyModel

/// The stored versions against the logged ones: none may be older, or missing.
struct LogCheck {
  private let database: Database
  private let only: String?
  private var tenants: [String: Tenant?] = [:]
  private(set) var differences: [Difference] = []
  private(set) var more: UInt64 = 0
  private(set) var events: UInt64 = 0
  private let differencesMax: Int

  init(_ database: Database, only: String?, differencesMax: Int) {
    self.database = database
    self.only = only
    self.differencesMax = differencesMax
  }

  /// - Throws: if the log's directory or a snapshot cannot be had.
  mutating func run(
    _ directory: String, progress: (_ done: Int, _ total: Int) -> Void
  ) throws(StoreError) {
    let snapshot = try database.snapshot()
    let identity = LogIdentity(
      storeID: database.identity.storeID, timeline: database.identity.timeline)
    let walk = LogWalk(directory: directory, identity: identity)
    var log = self
    let damage: [LogDamage]
    do throws(EventLogError) {
      damage = try walk.run(through: snapshot.revision, progress: progress) { record in
        if record.kind == .batch { log.check(record, snapshot) }
      }
    } catch { throw StoreError(error) }
    for found in damage {
      log.add(
        Difference(
          kind: .damaged, table: "log", key: Array("\(found.segment) \(found.offset)".utf8),
          name: "'\(found.segment)' at byte \(found.offset)", stored: found.reason,
          expected: "the records that were acknowledged: put back an undamaged copy of the file"))
    }
    self = log
  }

  private mutating func check(_ record: LogRecord, _ snapshot: borrowing Snapshot) {
    let name = record.tenant.text
    guard only == nil || only == name else { return }
    let tenant = tenant(name, snapshot)
    var reader = EventRecords(record.payload, count: record.eventCount, position: record.position)
    // A record that cannot be read stopped the fold: it is not below the position of the tables.
    while let event = try? reader.next() {
      events += 1
      guard let fact = try? Fact(kind: event.kind, fixedForm: event.fixedForm) else { continue }
      check(fact, event.occurredAt, record.position, tenant, name, snapshot)
    }
  }

  private mutating func check(
    _ fact: Fact, _ version: Int64, _ position: UInt64, _ tenant: Tenant?, _ name: String,
    _ snapshot: borrowing Snapshot
  ) {
    var stored: Int64?
    if let tenant {
      do throws(StoreError) {
        // No version is this old: the form is not wanted.
        stored =
          fact.kind.rawValue >= FactKind.attempt.rawValue
          ? try snapshot.storedAction(fact, ifAt: .min, in: tenant)?.version
          : try snapshot.storedDirectory(fact, ifAt: .min, in: tenant)?.version
      } catch {
        // Damage is found where its table is walked.
        return
      }
    }
    if let stored, stored >= version { return }
    let key = Snapshot.naturalKey(of: fact)
    add(
      Difference(
        kind: .stale, table: "\(fact.kind)", tenant: name, key: key,
        name: Self.text(key) + ", log position \(position)",
        stored: stored.map { "version \($0)" } ?? "nothing",
        expected: "version \(version) or later: restore a backup"))
  }

  private mutating func tenant(_ name: String, _ snapshot: borrowing Snapshot) -> Tenant? {
    if let known = tenants[name] { return known }
    let found = (try? snapshot.tenant(name)) ?? nil
    tenants[name] = found
    return found
  }

  private mutating func add(_ difference: Difference) {
    if differences.count < differencesMax { differences.append(difference) } else { more += 1 }
  }

  /// The ids of a natural key.
  private static func text(_ key: [UInt8]) -> String {
    var ids: [String] = []
    var offset = 1
    while offset < key.count {
      let end = min(key.count, offset + 1 + Int(key[offset]))
      ids.append("'\(String(decoding: key[(offset + 1)..<end], as: UTF8.self))'")
      offset = end
    }
    return ids.joined(separator: ", ")
  }
}
