/// How much there is, of all tenants.
extension Snapshot {
  /// How many tenants have at least one batch.
  package func tenantCount() throws(StoreError) -> Int {
    var count = 0
    var tenants = try records(.tenant, prefix: .none, atLeast: Tenant.size)
    while try tenants.next() { count += 1 }
    return count
  }

  /// The exact number of records of every table, of all tenants together.
  package func recordCounts() throws(StoreError) -> [TableID: UInt64] {
    var counts: [TableID: UInt64] = [:]
    var tallies = try records(.tally, prefix: .none, atLeast: RecordTally.size)
    while try tallies.next() {
      guard tallies.key.count == 5, let table = TableID(rawValue: tallies.key[4]) else { continue }
      counts[table, default: 0] += RecordTally(tallies.body).records
    }
    return counts
  }
}
