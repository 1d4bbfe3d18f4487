internal import LMDB

/// What mending a tenant came to.
package struct MendReport: Sendable {
  /// What was put right.
  package var mended: [Difference] = []
  /// What is left: facts that are damaged, or all of it if the facts are in doubt.
  package var remaining: [Difference] = []
}

extension Database {
  /// Makes the derived records of a tenant what its facts say, in transactions that read the facts
  /// themselves: whatever was folded meanwhile counts. Facts are never changed, and where one is
  /// damaged or missing nothing is.
  ///
  /// Folds wait as long as it takes: about as long as a check of the tenant, twice.
  ///
  /// - Throws: what the data file answers; what was committed before stays.
  package func mend(tenant name: String) throws(StoreError) -> MendReport {
    var report = MendReport()
    var before: [Difference.Place] = []
    while true {
      let found = try mendOnce(name)
      report.mended += found.mended
      report.remaining = found.remaining
      let places = found.mended.map(\.place)
      // Nothing to mend, or the same again: a page that does not keep what is written to it.
      if places.isEmpty || places == before { return report }
      before = places
    }
  }

  /// One transaction: checks, and mends what it found.
  private func mendOnce(_ name: String) throws(StoreError) -> MendReport {
    let transaction = try storing { () throws(LMDBError) in try environment.write() }
    let (findings, isSound) = try check(name, transaction)
    var report = MendReport()
    guard isSound else {
      report.remaining = findings.map(\.difference)
      return report
    }
    for finding in findings {
      guard let mending = finding.mending, let table = finding.table else {
        report.remaining.append(finding.difference)
        continue
      }
      try put(mending, at: finding.difference.key, in: table, transaction)
      report.mended.append(finding.difference)
    }
    if report.mended.isEmpty { return report }
    do { try transaction.commit() } catch { throw StoreError(error) }
    return report
  }

  private func check(
    _ name: String, _ transaction: borrowing WriteTransaction
  ) throws(StoreError) -> (findings: [Finding], isSound: Bool) {
    let checked = try CheckTables(tables, transaction)
    let bytes = Array(name.utf8)
    let found = bytes.withUnsafeBytes { checked[.tenant].sound($0).map { Tenant($0) } }
    guard let tenant = found else {
      throw StoreError(code: .failed, message: "no tenant '\(name)' to repair")
    }
    let scratch = Scratch(bytes: 32)
    var key = scratch.writer
    AppliedMark.key(partition: 0, into: &key)
    let applied = checked[.meta].sound(key.bytes).map { AppliedMark($0).position } ?? 0
    // What is mended has changed with the next batch: a watcher of all up to now sees it then.
    let check = TenantCheck(
      tenant, named: name, in: checked, applied: applied + 1,
      differencesMax: StoreCheck.differencesMax
    ) { _, _ in }
    check.run()
    return (check.findings, !check.factsInDoubt)
  }

  private func put(
    _ mending: Mending, at key: [UInt8], in id: TableID,
    _ transaction: borrowing WriteTransaction
  ) throws(StoreError) {
    do throws(LMDBError) {
      switch mending {
      case .delete: try transaction.delete(tables[id], key.span.bytes)
      case .put(let body):
        let checksum = key.withUnsafeBytes { key in
          body.withUnsafeBytes { Checksum.of(key, $0) }
        }
        let value = body + withUnsafeBytes(of: checksum.littleEndian) { Array($0) }
        try transaction.put(tables[id], key.span.bytes, value.span.bytes)
      }
    } catch { throw StoreError(error) }
  }
}
