internal import LMDB
internal import TallyModel
internal import TestSupport
internal import Testing

@testable internal import TallyStore

/// Records with valid checksums that are lost, doubled or exchanged: what no checksum finds, the
/// sums in `tally` do.
@Suite struct `the sums of records` {
  private typealias Record = (table: TableID, key: [UInt8], value: [UInt8])

  private func sealed(_ key: [UInt8], _ body: [UInt8]) -> [UInt8] {
    let checksum = key.withUnsafeBytes { key in
      body.withUnsafeBytes { Checksum.of(key, $0) }
    }
    return body + withUnsafeBytes(of: checksum.littleEndian) { Array($0) }
  }

  private func put(_ records: [Record], delete: [Record] = [], in database: Database) throws {
    let transaction = try database.environment.write()
    for record in delete {
      #expect(try transaction.delete(database.tables[record.table], record.key.span.bytes))
    }
    for record in records {
      try transaction.put(
        database.tables[record.table], record.key.span.bytes, record.value.span.bytes)
    }
    try transaction.commit()
  }

  /// What opening says after `change`.
  private func fault(
    _ change: (Database, Dump) throws -> Void
  ) throws -> StoreError? {
    let directory = try StoreDirectory()
    do {
      let driver = FoldDriver(try directory.open())
      try driver.apply([
        [
          .course("c"), .course("d"), .user("u", first: "U"), .user("w", first: "W"),
          .attempt("t", by: "u", in: "c"), .attempt("s", by: "w", in: "c"),
          .comment("x", by: "u", on: "a", in: "c"), .reaction(.like, by: "u", on: "a", in: "c"),
          .member("u", of: "g"), .member("w", of: "g"),
        ]
      ])
      try change(driver.database, try Dump(driver.database))
    }
    do throws(StoreError) {
      _ = try Database(
        directory: directory.path,
        options: .init(mapSizeBytes: 64 << 20, checkBytesMax: 1 << 30))
      return nil
    } catch { return error }
  }

  @Test func `agree with what is there`() throws {
    #expect(try fault { _, _ in } == nil)
  }

  @Test(arguments: TableID.allCases.filter(\.isTallied)) func `miss a lost record`(
    table: TableID
  ) throws {
    var isThere = false
    let error = try fault { database, dump in
      guard let key = dump.records[table]?.keys.min(by: { $0.lexicographicallyPrecedes($1) })
      else { return }
      isThere = true
      try put([], delete: [(table, key, [])], in: database)
    }
    #expect((error?.code == .dataLoss) == isThere)
    if isThere {
      #expect(error?.message.contains("'\(table.name)'") == true)
      #expect(error?.message.contains("lost") == true)
    }
  }

  @Test func `see a record that comes twice`() throws {
    let error = try fault { database, dump in
      // An attempt under a second id, as a page that is in two trees would give.
      let (key, body) = try #require(dump.records[.attempt]?.first)
      var second = key
      second[second.count - 2] ^= 0x20
      try put([(.attempt, second, sealed(second, body))], in: database)
    }
    #expect(error?.code == .dataLoss)
    #expect(error?.message.contains("came twice") == true)
    #expect(error?.message.contains("'attempt'") == true)
  }

  @Test func `see an older version of a record put back`() throws {
    let error = try fault { database, dump in
      let (key, body) = try #require(dump.records[.courseCounts]?.first { $0.value[8] == 2 })
      var older = body
      older[8] = 1
      try put([(.courseCounts, key, sealed(key, older))], in: database)
    }
    #expect(error?.code == .dataLoss)
    #expect(error?.message.contains("exchanged") == true)
  }

  @Test func `see records exchanged between tables`() throws {
    let error = try fault { database, dump in
      // The two have keys of one form, and the checksum of a record does not know its table.
      let (key, body) = try #require(dump.records[.userCounts]?.first)
      let (other, otherBody) = try #require(dump.records[.activityCounts]?.first)
      try put(
        [
          (.activityCounts, key, sealed(key, body)),
          (.userCounts, other, sealed(other, otherBody)),
        ],
        delete: [(.userCounts, key, []), (.activityCounts, other, [])], in: database)
    }
    #expect(error?.code == .dataLoss)
  }

  @Test func `are checked themselves`() throws {
    let error = try fault { database, dump in
      let (key, body) = try #require(dump.records[.tally]?.first)
      var wrong = body
      wrong[0] ^= 1
      try put([(.tally, key, sealed(key, wrong))], in: database)
    }
    #expect(error?.code == .dataLoss)
    let lost = try fault { database, dump in
      let key = try #require(dump.records[.tally]?.first?.key)
      try put([], delete: [(.tally, key, [])], in: database)
    }
    #expect(lost?.code == .dataLoss)
  }

  @Test func `a record at another key fails its checksum`() throws {
    let error = try fault { database, dump in
      let records = try #require(dump.records[.name])
      let keys = records.keys.sorted { $0.lexicographicallyPrecedes($1) }
      let bodies = try keys.map { try #require(records[$0]) }
      try #require(keys.count >= 2)
      // Both whole values change places, with their checksums.
      try put(
        [
          (.name, keys[0], sealed(keys[1], bodies[1])),
          (.name, keys[1], sealed(keys[0], bodies[0])),
        ], in: database)
    }
    #expect(error?.message.contains("checksum") == true)
    #expect(error?.message.contains("'name'") == true)
  }

  /// A data file that is larger than what is checked at start: the report over the whole table adds
  /// up what it reads.
  @Test func `are compared by a walk over all courses`() throws {
    let directory = try StoreDirectory()
    let driver = FoldDriver(try directory.open())
    try driver.apply([
      [
        .course("c"), .course("d"), .attempt("t", by: "u", in: "c"),
        .attempt("s", by: "u", in: "d"),
      ]
    ])
    let reports = SnapshotReports(database: driver.database)
    #expect(try reports.read(.courses()).count == 2)
    let dump = try Dump(driver.database)

    for table in [TableID.courseCounts, .courseRow] {
      let records = try #require(dump.records[table])
      for key in records.keys {
        try put([], delete: [(table, key, [])], in: driver.database)
        let error = #expect(throws: StoreError.self) { try reports.read(.courses()) }
        #expect(error?.code == .dataLoss && error?.message.contains(table.name) == true)
        try put([(table, key, sealed(key, records[key] ?? []))], in: driver.database)
        #expect(try reports.read(.courses()).count == 2)
      }
    }
  }
}
