internal import TallyModel
internal import TestSupport
internal import Testing

@testable internal import TallyStore

@Suite struct `check of a store` {
  /// A history in which every table has records.
  static let history = History(seed: 11, size: 600...600)
  static let derived: [TableID] = [
    .userCounts, .memberOf, .courseRow, .courseCounts, .activityCounts, .inCourse, .related,
    .name, .behind, .stamped,
  ]
  static let facts: [TableID] = [
    .user, .group, .membership, .course, .activity, .path, .attempt, .reaction, .comment, .post,
    .like, .download,
  ]

  private func filled() throws -> (StoreDirectory, Database) {
    let directory = try StoreDirectory()
    let database = try directory.open()
    try FoldDriver(database).apply(Self.history.retold(0), perFold: 3)
    return (directory, database)
  }

  @Test(arguments: 0..<10)
  func `finds nothing after any history`(tenth: Int) throws {
    for seed in UInt64(tenth * 6)..<UInt64(tenth * 6 + 6) {
      let directory = try StoreDirectory()
      let database = try directory.open()
      try FoldDriver(database).apply(History(seed: seed).retold(0), perFold: Int(seed % 5) + 1)

      let report = try StoreCheck(database).run()
      #expect(report.differences == [], "seed \(seed)")
      #expect(report.records > 0)
    }
  }

  @Test func `finds nothing with several tenants, and checks the one it is asked for`() throws {
    let directory = try StoreDirectory()
    let database = try directory.open()
    let driver = FoldDriver(database)
    for (seed, tenant) in ["a", "b", "c"].enumerated() {
      try driver.apply(History(seed: UInt64(seed)).retold(0), tenant: tenant)
    }
    let all = try StoreCheck(database).run()
    let one = try StoreCheck(database, only: "b").run()

    #expect(all.differences == [] && one.differences == [])
    #expect(one.records > 0 && one.records < all.records)
  }

  @Test(arguments: derived, PlantedChange.allCases)
  func `finds what derived records are wrong, and mends them`(
    table: TableID, change: PlantedChange
  ) throws {
    let (directory, database) = try filled()
    defer { withExtendedLifetime(directory) {} }
    guard try change.plant(in: table, of: database) else { return }

    let found = try StoreCheck(database).run().differences
    #expect(!found.isEmpty)
    // A name nobody has says that what had it is lost.
    if table == .name, change == .double {
      #expect(found.allSatisfy { !$0.isMendable })
      return
    }
    #expect(found.allSatisfy { $0.isMendable }, "\(found)")

    let report = try database.mend(tenant: FoldDriver.tenant)
    #expect(report.remaining == [] && !report.mended.isEmpty)
    #expect(try StoreCheck(database).run().differences == [])
    let recount = Recount(Self.history.events)
    let reports = SnapshotReports(database: database)
    for query in History.queries {
      let expected = Result { try recount.rows(of: query) }
      let found = Result { try reports.read(query) }
      #expect(Answer(found) == Answer(expected), "\(query)")
    }
  }

  @Test(arguments: facts, PlantedChange.allCases)
  func `finds what facts are wrong, and mends nothing`(
    table: TableID, change: PlantedChange
  ) throws {
    let (directory, database) = try filled()
    defer { withExtendedLifetime(directory) {} }
    guard try change.plant(in: table, of: database) else { return }

    let found = try StoreCheck(database).run().differences
    #expect(!found.isEmpty)
    #expect(found.allSatisfy { !$0.isMendable }, "\(found)")
    #expect(found.contains { $0.expected.contains("restore a backup") }, "\(found)")
    let report = try database.mend(tenant: FoldDriver.tenant)
    #expect(report.mended == [] && !report.remaining.isEmpty)
  }

  @Test func `mends a sum that is lost, and not one that says that facts are`() throws {
    let (directory, database) = try filled()
    defer { withExtendedLifetime(directory) {} }
    let key: [UInt8] = [0, 0, 0, 1, TableID.attempt.rawValue]
    try PlantedChange.write(.tally, key, nil, in: database)

    #expect(try StoreCheck(database).run().differences.map(\.kind) == [.missing])
    #expect(try database.mend(tenant: FoldDriver.tenant).mended.map(\.name) == ["attempt"])
    #expect(try StoreCheck(database).run().differences == [])

    let wrong = PlantedChange.sealed(key, [UInt8](repeating: 1, count: 16))
    try PlantedChange.write(.tally, key, wrong, in: database)
    #expect(try StoreCheck(database).run().differences.map(\.kind) == [.sum])
    #expect(try database.mend(tenant: FoldDriver.tenant).mended == [])
  }

  @Test func `says what a counter is, and what it should be`() throws {
    let directory = try StoreDirectory()
    let database = try directory.open()
    try FoldDriver(database).apply([[.course("c"), .attempt("t", by: "u", in: "c")]])
    let key = [0, 0, 0, 1] + Array("c".utf8)
    var body = [UInt8](repeating: 0, count: CourseCounts.size)
    body[8] = 7
    try PlantedChange.write(.courseCounts, key, PlantedChange.sealed(key, body), in: database)

    let found = try #require(
      try StoreCheck(database).run().differences.first { $0.table == "course_counts" })
    #expect(found.kind == .wrong && found.tenant == FoldDriver.tenant && found.name == "'c'")
    #expect(found.stored.hasPrefix("views 7, likes 0"))
    #expect(found.expected.hasPrefix("views 1, likes 0"))

    // Watchers have seen all changes up to the applied position.
    _ = try database.mend(tenant: FoldDriver.tenant)
    let snapshot = try database.snapshot()
    var cursor = try snapshot.records(.courseCounts, prefix: .none, atLeast: 0)
    #expect(try cursor.next())
    let applied = try database.applied().position
    #expect(
      cursor.body.array[..<8].enumerated().reduce(0) { $0 | UInt64($1.1) << ($1.0 * 8) }
        == applied + 1)
  }

  @Test func `finds records of no tenant`() throws {
    let (directory, database) = try filled()
    defer { withExtendedLifetime(directory) {} }
    let key: [UInt8] = [0, 0, 0, 9, 65]
    try PlantedChange.write(.post, key + [0], PlantedChange.sealed(key, []), in: database)

    let found = try StoreCheck(database).run().differences
    #expect(found.map(\.table) == ["post"] && found.map(\.kind) == [.sum])
  }
}

@Suite struct `check against the log` {
  @Test func `finds nothing that the log has and the tables have not`() throws {
    let directory = PipelineDirectory()
    let store = try directory.open()
    for batch in History(seed: 4).retold(0) { _ = store.applyAndWait(EventBatch(batch)) }
    directory.close(store)

    let database = try Database(directory: directory.path)
    let report = try StoreCheck(database, logPath: directory.path + "/log").run()
    #expect(report.differences == [])
    #expect(report.events >= UInt64(History(seed: 4).events.count))
  }

  @Test func `finds a version that is older, and one that is gone`() throws {
    let directory = PipelineDirectory()
    let store = try directory.open()
    _ = store.applyAndWait(attempts(0..<20, at: 5_000))
    directory.close(store)
    let database = try Database(directory: directory.path)
    var records: [(key: [UInt8], body: [UInt8])] = []
    do {
      let snapshot = try database.snapshot()
      var cursor = try snapshot.records(.attempt, prefix: .none, atLeast: 0)
      while try cursor.next() { records.append((cursor.key.array, cursor.body.array)) }
    }
    var old = records[3].body
    old.replaceSubrange(0..<8, with: [1, 0, 0, 0, 0, 0, 0, 0])
    try PlantedChange.write(
      .attempt, records[3].key, PlantedChange.sealed(records[3].key, old), in: database)
    try PlantedChange.write(.attempt, records[7].key, nil, in: database)

    let found = try StoreCheck(database, logPath: directory.path + "/log").run().differences
    let stale = found.filter { $0.kind == .stale }
    #expect(Set(stale.map(\.stored)) == ["version 1", "nothing"])
    #expect(stale.allSatisfy { $0.table == "attempt" && $0.expected.hasPrefix("version 5000") })
    #expect(found.allSatisfy { !$0.isMendable })
  }
}
