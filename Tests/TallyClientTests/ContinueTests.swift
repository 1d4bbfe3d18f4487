internal import CChecksum
internal import GRPC
internal import Synchronization
internal import TallyMessages
internal import Testing

@testable internal import TallyClient

/// A server of many rows that breaks as it is told, and knows how to go on.
private final class BreakingServer: Sendable {
  /// What becomes of one call.
  struct Plan {
    /// The store's revision during the call.
    var revision: UInt64 = 7
    /// Rows until the call fails; `nil`: it ends well.
    var rows: Int?
    var failure = RPCError(.unavailable, "the connection was lost")
    /// Ends the call with OK in the middle.
    var endsEarly = false
    /// Fails before the header.
    var refusal: RPCError?
    /// The trailer comes before the failure.
    var hasTrailer = false
  }

  static let count = 30
  private let plans: [Plan]
  private let seen = Mutex<[ReportOptions?]>([])

  /// - Parameter plans: a call each; those behind the last end well at its revision.
  init(_ plans: [Plan]) {
    self.plans = plans
  }

  /// What the calls so far asked for.
  var asked: [ReportOptions?] { seen.withLock { $0 } }

  /// Row `index` at `revision`: newer revisions have other counts, so that mixing shows.
  static func row(_ index: Int, _ revision: UInt64) -> GroupRow {
    GroupRow(groupId: "g\(100 + index)", publications: UInt64(index) + revision)
  }

  static func rows(_ revision: UInt64) -> [GroupRow] { (0..<count).map { row($0, revision) } }

  var handler: Handler.Streaming {
    { [self] (requests, responses, _) async throws(RPCError) in
      let message = try await requests.take()?.first
      let options = message.flatMap { try? GroupsRequest(decoding: $0) }?.options
      let number = seen.withLock { seen in
        seen.append(options)
        return seen.count - 1
      }
      var plan = number < plans.count ? plans[number] : Plan(revision: plans.last?.revision ?? 7)
      if number >= plans.count { plan.rows = nil }
      if let refusal = plan.refusal { throw refusal }
      let all = Self.rows(plan.revision)
      let rest = all.filter { $0.groupId > options?.afterId ?? "" }
      let header = ReportHeader(
        revision: Revision(position: plan.revision), rowCount: UInt64(rest.count),
        rowCountExact: true, handle: [UInt8(plan.revision), 1, 2])
      try await responses.write(GroupsResponse(header: header).messageBytes())
      for row in rest.prefix(plan.rows ?? rest.count) {
        try await responses.write(GroupsResponse(rows: [row]).messageBytes())
      }
      if plan.endsEarly { return }
      if plan.rows == nil || plan.hasTrailer {
        try await responses.write(GroupsResponse(trailer: Self.trailer(rest)).messageBytes())
      }
      if plan.rows != nil { throw plan.failure }
    }
  }

  static func trailer(_ rows: [GroupRow]) -> ReportTrailer {
    var digest: UInt32 = 0
    for row in rows {
      let bytes = row.encoded()
      digest = tally_crc32c(digest, bytes, bytes.count)
    }
    let sum = rows.reduce(0) { $0 + $1.publications }
    return ReportTrailer(
      rowCount: UInt64(rows.count),
      sums: [
        ColumnSum(column: "publications", sum: sum), ColumnSum(column: "comments", sum: 0),
        ColumnSum(column: "reactions", sum: 0),
      ], digest: digest, complete: true)
  }
}

@Suite struct `a report that breaks` {
  private typealias Plan = BreakingServer.Plan

  /// Reads rows, then gives them with the report.
  private func read(
    _ plans: [Plan], _ consistency: ReportConsistency = .oneSnapshot,
    options: TallyClient.Options = .quick,
    _ check: ([GroupRow], Report<GroupsResponse>, BreakingServer) throws -> Void
  ) async throws {
    let server = BreakingServer(plans)
    try await withServer(["ReportService/Groups": server.handler], options: options) { client in
      let report = try await client.groups(consistency: consistency)
      var rows: [GroupRow] = []
      for try await row in report { rows.append(row) }
      try check(rows, report, server)
    }
  }

  private func failure(
    _ plans: [Plan], _ consistency: ReportConsistency = .oneSnapshot,
    options: TallyClient.Options = .quick
  ) async -> (TallyError?, calls: Int) {
    let server = BreakingServer(plans)
    let error = await TallyClientTests.failure {
      try await withServer(["ReportService/Groups": server.handler], options: options) { client in
        for try await _ in try await client.groups(consistency: consistency) {}
      }
    }
    return (error, server.asked.count)
  }

  @Test(arguments: [0, 1, 2, 15, 29, 30])
  func `goes on behind its last row in the same snapshot`(rows cut: Int) async throws {
    try await read([Plan(rows: cut)]) { rows, report, server in
      #expect(rows == BreakingServer.rows(7))
      #expect(report.trailer == BreakingServer.trailer(rows))
      #expect(report.header.rowCount == UInt64(BreakingServer.count))
      #expect(report.breaks.map(\.outcome) == [.sameRevision])
      #expect(report.breaks.first?.rowsBefore == UInt64(cut))
      #expect(report.breaks.first?.cause.code == .unavailable)
      #expect(!report.mixesRevisions)
      let last = cut == 0 ? nil : rows[cut - 1].groupId
      let wanted = ReportOptions(continueHandle: [7, 1, 2], afterId: last)
      #expect(server.asked == [nil, wanted])
    }
  }

  @Test func `goes on as often as it makes progress`() async throws {
    try await read((0..<20).map { _ in Plan(rows: 1) }) { rows, report, _ in
      #expect(rows == BreakingServer.rows(7))
      #expect(report.trailer == BreakingServer.trailer(rows))
      #expect(report.breaks.count == 20)
    }
  }

  @Test func `goes on after a reset, an end without a trailer and a stall`() async throws {
    var early = Plan(rows: 4)
    early.endsEarly = true
    let stalled = detailed(.resourceExhausted, "CLIENT_STALLED")
    let plans = [
      Plan(rows: 3, failure: RPCError(.cancelled, "the server cancelled the call")), early,
      Plan(rows: 5, failure: RPCError(.internal, "the server reset the call (INTERNAL_ERROR)")),
      Plan(rows: 6, failure: stalled),
    ]
    try await read(plans) { rows, report, _ in
      #expect(rows == BreakingServer.rows(7))
      #expect(report.breaks.map(\.rowsBefore) == [3, 7, 12, 18])
    }
  }

  @Test func `is whole if only the status is missing`() async throws {
    var plan = Plan(rows: BreakingServer.count)
    plan.hasTrailer = true
    try await read([plan]) { rows, report, server in
      #expect(rows == BreakingServer.rows(7))
      #expect(report.trailer == BreakingServer.trailer(rows))
      #expect(server.asked.count == 1)
    }
  }

  @Test func `goes on at a newer revision if that is allowed, and says so`() async throws {
    try await read([Plan(rows: 10), Plan(revision: 9)], .newest) { rows, report, _ in
      #expect(rows == Array(BreakingServer.rows(7)[..<10]) + Array(BreakingServer.rows(9)[10...]))
      #expect(report.mixesRevisions)
      #expect(report.breaks.map(\.outcome) == [.newerRevision])
      #expect(report.header.revision?.position == 9)
      #expect(report.header.rowCount == UInt64(BreakingServer.count))
      #expect(report.trailer == BreakingServer.trailer(rows))
    }
  }

  @Test func `of which rows were given out ends if the store has moved on`() async {
    let (error, _) = await failure([Plan(rows: 10), Plan(revision: 9)])

    #expect(error?.code == .revisionMoved)
    #expect(error?.message.contains("10 rows") == true)
  }

  @Test func `before its first row shows the newer revision whole`() async throws {
    try await read([Plan(rows: 0), Plan(revision: 9)]) { rows, report, _ in
      #expect(rows == BreakingServer.rows(9))
      #expect(report.header.revision?.position == 9)
      #expect(!report.mixesRevisions)
    }
  }

  @Test func `starts again for one snapshot where that can be told`() async throws {
    let server = BreakingServer([Plan(rows: 10), Plan(revision: 9), Plan(revision: 9, rows: 20)])
    try await withServer(["ReportService/Groups": server.handler]) { client in
      let report = try await client.groups()
      var rows: [GroupRow] = []
      var outcomes: [ReportBreak.Outcome] = []
      for try await step in report.steps {
        switch step {
        case .rows(let more): rows += more
        case .wentOn(let event):
          outcomes.append(event.outcome)
          if event.outcome == .startedAgain { rows = [] }
        }
      }

      #expect(rows == BreakingServer.rows(9))
      #expect(outcomes == [.startedAgain, .sameRevision])
      #expect(report.trailer == BreakingServer.trailer(rows))
      #expect(server.asked[2] == nil)
    }
  }

  @Test func `starts again if another store has taken the place of the first`() async throws {
    let refused = RPCError(.failedPrecondition, "continue_handle is of another store or timeline")
    let server = BreakingServer([Plan(rows: 10), Plan(refusal: refused), Plan(revision: 3)])
    try await withServer(["ReportService/Groups": server.handler]) { client in
      var rows: [GroupRow] = []
      for try await step in try await client.groups().steps {
        switch step {
        case .rows(let more): rows += more
        case .wentOn: rows = []
        }
      }
      #expect(rows == BreakingServer.rows(3))
    }
    let (error, _) = await failure([Plan(rows: 10), Plan(refusal: refused)], .newest)
    #expect(error?.code == .wrongStore)
  }

  @Test(.timeLimit(.minutes(1)))
  func `without progress ends after some attempts`() async {
    let plans = [Plan(rows: 5)] + (0..<50).map { _ in Plan(rows: 0) }
    let (error, calls) = await failure(plans)

    #expect(error?.code == .unavailable)
    #expect(calls == 1 + ReportRecovery.maxAttempts)
  }

  @Test func `starts again some times only`() {
    var recovery = ReportRecovery()
    let starts = (0..<20).prefix { _ in recovery.mayStartAgain() }.count

    #expect(starts == ReportRecovery.maxStarts)
  }

  @Test func `does not go on when the server knows why it failed`() async {
    for failure in [
      RPCError(.dataLoss, "stored bytes are damaged"), detailed(.internal, "SERVER_FAILED"),
      RPCError(.notFound, "no group 'g'"), RPCError(.deadlineExceeded, "late"),
    ] {
      let (error, calls) = await self.failure([Plan(rows: 5, failure: failure)])
      #expect(error != nil)
      #expect(calls == 1)
    }
  }

  @Test func `has the time of one report for all its calls`() async {
    var options = TallyClient.Options.quick
    options.timeout = .milliseconds(400)
    let plans = (0..<1000).map { _ in Plan(rows: 1) }
    let begin = ContinuousClock.now
    let (error, _) = await failure(plans, options: options)

    #expect(error != nil)
    #expect(ContinuousClock.now - begin < .seconds(15))
  }

  @Test func `whose parts do not add up to the snapshot is damaged`() async {
    // The second call leaves a row out, and its own trailer agrees with that.
    let handler: Handler.Streaming = { (requests, responses, _) async throws(RPCError) in
      let message = try await requests.take()?.first
      let after = message.flatMap { try? GroupsRequest(decoding: $0) }?.options?.afterId
      let rows = BreakingServer.rows(7)
      let header = ReportHeader(
        revision: Revision(position: 7), rowCount: 30, rowCountExact: true, handle: [1])
      try await responses.write(GroupsResponse(header: header).messageBytes())
      guard after != nil else {
        try await responses.write(GroupsResponse(rows: Array(rows[..<9])).messageBytes())
        throw RPCError(.unavailable, "lost")
      }
      let rest = Array(rows[10...])
      try await responses.write(GroupsResponse(rows: rest).messageBytes())
      let trailer = BreakingServer.trailer(rest)
      try await responses.write(GroupsResponse(trailer: trailer).messageBytes())
    }
    let error = await TallyClientTests.failure {
      try await withServer(["ReportService/Groups": handler]) { client in
        for try await _ in try await client.groups() {}
      }
    }
    #expect(error?.code == .damagedReport)
    #expect(error?.message.contains("29 rows came of 30") == true)
  }
}

private func detailed(_ code: StatusCode, _ reason: String) -> RPCError {
  let info = Google.Rpc.ErrorInfo(reason: reason, domain: "tally")
  let packed = Google.Protobuf.AnyMessage(
    typeUrl: "type.googleapis.com/google.rpc.ErrorInfo", value: info.encoded())
  let status = Google.Rpc.Status(code: Int32(code.rawValue), message: "bad", details: [packed])
  var metadata = Metadata()
  metadata.add(binary: status.encoded(), name: "grpc-status-details-bin")
  return RPCError(code, "bad", metadata: metadata)
}
