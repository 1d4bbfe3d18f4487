internal import TallyModel
internal import TestSupport
internal import Testing

@testable internal import TallyStore

@Suite struct `dry runs` {
  @Test(arguments: 0..<10)
  func `give the verdicts that the fold then gives`(tenth: Int) throws {
    for seed in UInt64(tenth * 5)..<UInt64(tenth * 5 + 5) {
      let batches = History(seed: seed).retold(3)
      let directory = try StoreDirectory()
      let driver = FoldDriver(try directory.open())
      for batch in batches {
        let judged = try judge(batch, driver.database)
        let before = driver.verdicts.count
        try driver.apply([batch])

        #expect(judged == Array(driver.verdicts[before...]), "seed \(seed)")
      }
    }
  }

  @Test func `change nothing`() throws {
    let directory = try StoreDirectory()
    let driver = FoldDriver(try directory.open())
    try driver.apply(History(seed: 1).retold(0))
    let before = try Dump(driver.database)
    _ = try judge(History(seed: 2).events, driver.database)

    #expect(try Dump(driver.database) == before)
  }

  private func judge(_ batch: [Event], _ database: Database) throws -> [EventVerdict] {
    try database.snapshot().judge(tenant: FoldDriver.tenant, EventBatch(batch))
  }
}
