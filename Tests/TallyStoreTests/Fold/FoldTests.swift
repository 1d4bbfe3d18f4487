internal import TallyModel
internal import TestSupport
internal import Testing

@testable internal import TallyStore

@Suite struct `counting rules in the store` {
  @Test(arguments: Scenario.all)
  func `hold in any order of the events, folded at once and one by one`(
    scenario: Scenario
  ) async throws {
    for (index, events) in scenario.orders.enumerated() {
      let directory = try StoreDirectory()
      let database = try directory.open()
      try FoldDriver(database).apply(events.map { [$0] }, perFold: index % 2 == 0 ? .max : 1)

      #expect(try await scenario.failures(on: SnapshotReports(database: database)) == [])
    }
  }
}

@Suite struct `random histories in the store` {
  /// The seed is the argument of the case that fails.
  @Test(arguments: 0..<10)
  func `give the reports of the naive recount however they are told`(tenth: Int) throws {
    for seed in UInt64(tenth * 8)..<UInt64(tenth * 8 + 8) {
      let history = History(seed: seed)
      let recount = Recount(history.events)
      let directory = try StoreDirectory()
      let database = try directory.open()
      try FoldDriver(database).apply(history.retold(0), perFold: Int(seed % 5) + 1)
      let reports = SnapshotReports(database: database)

      for query in History.queries {
        let expected = Result { try recount.rows(of: query) }
        let found = Result { try reports.read(query) }
        #expect(Answer(found) == Answer(expected), "seed \(seed), \(query)")
      }
    }
  }

  @Test(arguments: 0..<10)
  func `give the same bytes and verdicts wherever the folds end`(tenth: Int) throws {
    for seed in UInt64(tenth * 6)..<UInt64(tenth * 6 + 6) {
      let batches = History(seed: seed).retold(1)
      let directories = [try StoreDirectory(), try StoreDirectory(), try StoreDirectory()]
      let databases = try directories.map { try $0.open() }
      var verdicts: [[EventVerdict]] = []
      for (database, perFold) in zip(databases, [1, 3, Int.max]) {
        let driver = FoldDriver(database)
        try driver.apply(batches, perFold: perFold)
        verdicts.append(driver.verdicts)
      }

      let dumps = try databases.map { try Dump($0) }
      #expect(dumps[1].differences(from: dumps[0]) == [], "seed \(seed)")
      #expect(dumps[2].differences(from: dumps[0]) == [], "seed \(seed)")
      #expect(verdicts[1] == verdicts[0] && verdicts[2] == verdicts[0], "seed \(seed)")
    }
  }

  @Test(arguments: 0..<4)
  func `have sums in tally that are those of the tables`(seed: Int) throws {
    let directory = try StoreDirectory()
    let database = try directory.open()
    try FoldDriver(database).apply(History(seed: UInt64(seed)).retold(2), perFold: 2)

    let snapshot = try database.snapshot()
    let tenant = try #require(try snapshot.tenant(FoldDriver.tenant))
    for table in TableID.allCases where table.isTallied {
      var sum = RecordTally()
      var cursor = try snapshot.records(table, prefix: .none, atLeast: 0)
      while try cursor.next() {
        sum.records += 1
        sum.checksums &+= UInt64(Checksum.of(cursor.key, cursor.body))
      }
      #expect(try snapshot.recordTally(table, in: tenant) == sum, "\(table)")
    }
  }

  @Test func `told twice are all duplicates or superseded the second time`() throws {
    let directory = try StoreDirectory()
    let driver = FoldDriver(try directory.open())
    let batches = History(seed: 3).retold(0)
    try driver.apply(batches)
    let first = driver.verdicts.count
    let before = try Dump(driver.database)
    try driver.apply(batches)

    #expect(!driver.verdicts[first...].contains(.applied))
    var after = try Dump(driver.database)
    after.records[.meta] = before.records[.meta]
    #expect(after.differences(from: before) == [])
  }
}

/// Rows or a refusal, comparable.
enum Answer: Equatable {
  case rows([ReportRow])
  case refused(QueryRefusal)
  case failed(String)

  init(_ result: Result<[ReportRow], any Error>) {
    switch result {
    case .success(let rows): self = .rows(rows)
    case .failure(let refusal as QueryRefusal): self = .refused(refusal)
    case .failure(let error): self = .failed("\(error)")
    }
  }
}
