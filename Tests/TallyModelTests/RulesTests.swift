internal import TallyModel
internal import TestSupport
internal import Testing

/// Every sentence of rules.md, sections 1 to 6, as a case of its own: see `Scenario`.
@Suite struct `counting rules` {
  @Test(arguments: Scenario.all)
  func `hold for the naive recount`(scenario: Scenario) async throws {
    for events in scenario.orders {
      #expect(try await scenario.failures(on: Recount(events)) == [])
    }
  }

  @Test(arguments: Scenario.all)
  func `hold for a fold of contributions, in any order of the events`(
    scenario: Scenario
  ) async throws {
    for events in scenario.orders {
      #expect(try await scenario.failures(on: FoldedReports(events)) == [])
    }
  }

  @Test func `events of scenarios are valid`() {
    for scenario in Scenario.all {
      for event in scenario.events { #expect(validate(event, now: .epoch) == nil) }
    }
  }
}

@Suite struct `random histories` {
  /// 1,000 in all; the seed is the argument of the case that fails.
  @Test(arguments: 0..<20)
  func `give the same reports however they are told`(hundredth: Int) async throws {
    for seed in UInt64(hundredth * 50)..<UInt64(hundredth * 50 + 50) {
      let history = History(seed: seed)
      let recount = Recount(history.events)
      let retold = FoldedReports(history.retold(0).flatMap(\.self))

      for query in History.queries {
        let expected = Result { () throws(QueryRefusal) in try recount.rows(of: query) }
        let found = Result { () throws(QueryRefusal) in try retold.fold.rows(of: query) }
        #expect(found == expected, "seed \(seed), \(query)")
      }
    }
  }

  @Test func `are made of valid events`() {
    for seed in 0..<UInt64(200) {
      for event in History(seed: seed).events {
        #expect(validate(event, now: .latest) == nil, "seed \(seed), \(event)")
      }
    }
  }

  @Test func `are the same for the same seed`() {
    #expect(History(seed: 7).events == History(seed: 7).events)
    #expect(History(seed: 7).events != History(seed: 8).events)
  }
}

struct FoldedReports: ReportSource {
  private(set) var fold = MemoryFold()

  init(_ events: [Event]) {
    for event in events { _ = fold.apply(event) }
  }

  func rows(of query: ReportQuery) async throws -> [ReportRow] { try fold.rows(of: query) }
}
