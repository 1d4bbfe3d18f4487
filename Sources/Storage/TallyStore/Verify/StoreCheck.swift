internal import LMDB

/// What a check of a data file found.
package struct CheckReport: Sendable {
  package var differences: [Difference] = []
  /// Differences beyond those that are kept.
  package var more: UInt64 = 0
  package var records: UInt64 = 0
  /// Logged events that were compared.
  package var events: UInt64 = 0
  /// The position that the data file contains.
  package var revision: UInt64 = 0
}

/// How far a check has come.
package struct CheckProgress: Sendable, Equatable {
  package enum Step: UInt8, Sendable {
    /// Pages are copied: bytes.
    case copying = 1
    /// Records are read: records.
    case tables
    /// The log is read: bytes.
    case log
  }

  package var step: Step
  package var table: String
  package var done: UInt64
  package var total: UInt64
}

/// Checks a whole data file, or one tenant of it.
///
/// Memory: 34 bytes for each user, group, course, activity and path of the largest tenant, and at
/// most `differencesMax` findings.
package final class StoreCheck {
  package static let differencesMax = 10_000

  private let database: Database
  private let only: String?
  private let logPath: String?
  private let onProgress: (CheckProgress) -> Void
  private var report = CheckReport()
  private var total: UInt64 = 0
  /// Records met under a tenant, by table.
  private var met: [TableID: UInt64] = [:]

  /// - Parameters:
  ///   - only: the one tenant to check; nil checks all, and what belongs to none.
  ///   - logPath: the log to compare with; nil for none.
  ///   - onProgress: told now and then.
  package init(
    _ database: Database, only: String? = nil, logPath: String? = nil,
    onProgress: @escaping (CheckProgress) -> Void = { _ in }
  ) {
    self.database = database
    self.only = only
    self.logPath = logPath
    self.onProgress = onProgress
  }

  /// - Throws: only if there is no transaction to be had; what is wrong with the data is reported.
  package func run() throws(StoreError) -> CheckReport {
    let transaction = try storing { () throws(LMDBError) in try database.environment.read() }
    let tables = try CheckTables(database.tables, transaction)
    for id in TableID.allCases where only == nil {
      total += try storing { () throws(LMDBError) in
        UInt64(try transaction.count(of: database.tables[id]))
      }
    }
    report.revision = applied(tables)
    for (name, tenant) in tenants(tables) where only == nil || only == name {
      check(tenant, named: name, tables)
    }
    if only == nil {
      checkStrangers(tables)
      for id in TableID.allCases where id.isTallied {
        let count = try storing { () throws(LMDBError) in
          UInt64(try transaction.count(of: database.tables[id]))
        }
        checkCount(of: id, count)
      }
    }
    try checkLog()
    return report
  }

  /// Where a fact is older than the log has it, what is derived from facts cannot be trusted.
  private func checkLog() throws(StoreError) {
    guard let logPath else { return }
    var log = LogCheck(
      database, only: only, differencesMax: Self.differencesMax - report.differences.count)
    try log.run(logPath) { done, total in
      onProgress(
        CheckProgress(step: .log, table: "log", done: UInt64(done), total: UInt64(total)))
    }
    report.differences += log.differences
    report.more += log.more
    report.events = log.events
    let stale = Set(log.differences.filter { $0.kind == .stale }.map(\.tenant))
    for index in report.differences.indices
    where stale.contains(report.differences[index].tenant) {
      report.differences[index].isMendable = false
    }
  }

  private func check(_ tenant: Tenant, named name: String, _ tables: CheckTables) {
    let check = TenantCheck(
      tenant, named: name, in: tables, applied: report.revision,
      differencesMax: Self.differencesMax - report.differences.count
    ) { [self] count, table in
      report.records += UInt64(count)
      onProgress(
        CheckProgress(step: .tables, table: table.name, done: report.records, total: total))
    }
    check.run()
    report.differences += check.findings.map(\.difference)
    report.more += check.uncounted
    for id in TableID.allCases where id.isTallied { met[id, default: 0] += tables[id].sum.records }
  }

  // MARK: What belongs to no tenant

  private func applied(_ tables: CheckTables) -> UInt64 {
    var position: UInt64 = 0
    let scratch = Scratch(bytes: 32)
    var key = scratch.writer
    AppliedMark.key(partition: 0, into: &key)
    let marks = key.bytes.array
    tables[.meta].walk([], sums: true) { met in
      report.records += 1
      switch met {
      case .sound(let key, let body):
        if key.elementsEqual(marks), body.count >= AppliedMark.size {
          position = AppliedMark(body).position
        }
      case .damaged(let key, let what): damaged(.meta, key.array, what)
      case .broken(let key, let what): damaged(.meta, key, what)
      }
    }
    return position
  }

  private func tenants(_ tables: CheckTables) -> [(String, Tenant)] {
    var found: [(String, Tenant)] = []
    var numbers: Set<UInt32> = []
    tables[.tenant].walk([], sums: true) { met in
      report.records += 1
      switch met {
      case .sound(let key, let body):
        let tenant = Tenant(body)
        if numbers.insert(tenant.number).inserted {
          found.append((key.text, tenant))
        } else {
          damaged(.tenant, key.array, "number \(tenant.number), which another tenant has")
        }
      case .damaged(let key, let what): damaged(.tenant, key.array, what)
      case .broken(let key, let what): damaged(.tenant, key, what)
      }
    }
    knownTenants = numbers
    return found
  }

  private var knownTenants: Set<UInt32> = []

  /// Sums of tenants or tables that there are not. Damage in the others' is found with them.
  private func checkStrangers(_ tables: CheckTables) {
    tables[.tally].walk([], sums: true) { met in
      report.records += 1
      switch met {
      case .sound(let key, _):
        let isKnown =
          knownTenants.contains(key.big(0)) && TableID(rawValue: key[4])?.isTallied == true
        if !isKnown { damaged(.tally, key.array, "the sum of no table of a tenant") }
      case .damaged(let key, let what):
        if key.count < 4 || !knownTenants.contains(key.big(0)) {
          damaged(.tally, key.array, what)
        }
      case .broken(let key, let what): damaged(.tally, key, what)
      }
    }
  }

  /// Whether every record of a table is some tenant's.
  private func checkCount(of id: TableID, _ count: UInt64) {
    let found = met[id] ?? 0
    if found == count { return }
    report.differences.append(
      Difference(
        kind: .sum, table: id.name, name: "all tenants",
        stored: "\(found) records under the tenants", expected: "\(count): restore a backup"))
  }

  private func damaged(_ id: TableID, _ key: [UInt8], _ what: String) {
    guard report.differences.count < Self.differencesMax else {
      report.more += 1
      return
    }
    report.differences.append(
      Difference(
        kind: .damaged, table: id.name, key: key, name: String(decoding: key, as: UTF8.self),
        stored: what, expected: "a sound record: restore a backup"))
  }
}
