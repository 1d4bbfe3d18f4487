internal import GRPC
internal import TallyMessages
internal import TallyModel
internal import TestSupport
internal import Testing

@Suite struct `the counting rules on a real store` {
  @Test(arguments: Scenario.all)
  func `a sentence of the rules holds`(_ scenario: Scenario) async throws {
    try await ServedStore.with { served in
      for (number, events) in scenario.orders.enumerated() {
        let tenant = "order-\(number)"
        let answers = try await served.ingest(events.map { [$0] }, tenant: tenant)
        #expect(answers.map(\.taken) == events.map { _ in 1 }, "\(answers.flatMap(\.verdicts))")

        let failures = try await scenario.failures(
          on: TenantReports(served: served, tenant: tenant))

        #expect(failures.isEmpty, "\(scenario.sentence), order \(number): \(failures)")
      }
    }
  }

  @Test func `the edge cases give every row of the recount`() async throws {
    let events = try Fixture.edgeCases.events()
    let recount = Recount(events)
    try await ServedStore.with { served in
      try await served.ingest(
        stride(from: 0, to: events.count, by: 50).map {
          Array(events[$0..<min($0 + 50, events.count)])
        })
      let reports = TenantReports(served: served, tenant: "t")

      for query in queries(of: events) {
        let expected = await answer(of: recount, query)
        let found = await answer(of: reports, query)
        #expect(found == expected, "\(query)")
      }
    }
  }

  @Test func `a thousand random histories give the rows of the recount however they are told`()
    async throws
  {
    try await ServedStore.with { served in
      for seed in UInt64(1)...1000 {
        let history = History(seed: seed)
        let tenant = "history-\(seed)"
        try await served.append(history.retold(seed % 7), tenant: tenant)
        let recount = Recount(history.events)
        let reports = TenantReports(served: served, tenant: tenant, overNetwork: false)
        for query in History.queries {
          let expected = await answer(of: recount, query)
          let found = await answer(of: reports, query)
          guard found != expected else { continue }
          Issue.record("history \(seed), \(query): \(found), expected \(expected)")
          return
        }
      }
    }
  }

  /// What a source says to a query: rows, or a refusal.
  private func answer(of source: some ReportSource, _ query: ReportQuery) async -> String {
    do {
      return "\(try await source.rows(of: query))"
    } catch {
      return "\(error)"
    }
  }

  /// Every report that the events can have.
  private func queries(of events: [TallyModel.Event]) -> [ReportQuery] {
    var queries: Set<ReportQuery> = [.groups(), .groups(includeSubgroups: true), .courses()]
    for event in events {
      switch event.fact {
      case .group(let group):
        queries.insert(.groupUsers(group.groupID))
        queries.insert(.groupUsers(group.groupID, role: .learner))
      case .course(let course):
        queries.insert(.courseActivities(course.courseID))
        queries.insert(.courses(ids: [course.courseID]))
        for action in TestSupport.Action.allCases {
          queries.insert(.behindCourse(course.courseID, action))
        }
      case .activity(let activity):
        for action in TestSupport.Action.allCases {
          queries.insert(.behindActivity(activity.activityID, action))
        }
      case .path(let path): queries.insert(.courses(path: path.pathID))
      default: break
      }
    }
    return Array(queries)
  }
}
