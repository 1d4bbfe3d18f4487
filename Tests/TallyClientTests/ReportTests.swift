internal import GRPC
internal import Synchronization
internal import TallyMessages
internal import Testing

@testable internal import TallyClient

@Suite struct `report` {
  private func read(_ parts: [GroupsResponse]) async throws -> [GroupRow] {
    try await withServer(["ReportService/Groups": Sample.handler(parts)]) { client in
      var rows: [GroupRow] = []
      for try await row in try await client.groups() { rows.append(row) }
      return rows
    }
  }

  private func failure(_ parts: [GroupsResponse]) async -> TallyError? {
    await TallyClientTests.failure { try await read(parts) }
  }

  @Test func `rows come in order, with the header before and the trailer behind`() async throws {
    let handler = Sample.handler(Sample.parts())
    try await withServer(["ReportService/Groups": handler]) { client in
      let report = try await client.groups()
      #expect(report.header == Sample.header.header)
      #expect(report.trailer == nil)

      var rows: [GroupRow] = []
      for try await row in report { rows.append(row) }

      #expect(rows == Sample.rows)
      #expect(report.trailer == Sample.trailer)
    }
  }

  @Test func `parts are the rows as they came`() async throws {
    let handler = Sample.handler(Sample.parts())
    try await withServer(["ReportService/Groups": handler]) { client in
      var counts: [Int] = []
      for try await part in try await client.groups().parts { counts.append(part.count) }

      #expect(counts == [2, 1])
    }
  }

  @Test func `a report in one message and a report without rows are whole`() async throws {
    var whole = Sample.header
    whole.rows = Sample.rows
    whole.trailer = Sample.trailer
    let empty = ReportTrailer(complete: true)

    #expect(try await read([whole]) == Sample.rows)
    #expect(try await read(Sample.parts(rows: [], trailer: empty)) == [])
  }

  @Test func `a report without a trailer is not complete`() async {
    #expect(await failure(Sample.parts(trailer: nil))?.code == .incompleteReport)
  }

  @Test func `a trailer that does not say complete is none`() async {
    var trailer = Sample.trailer
    trailer.complete = false

    #expect(await failure(Sample.parts(trailer: trailer))?.code == .incompleteReport)
  }

  @Test func `a row too few, another sum or another digest is damage`() async {
    var sum = Sample.trailer
    sum.sums[1].sum += 1
    var digest = Sample.trailer
    digest.digest ^= 1
    var renamed = Sample.rows
    renamed[1].name = "Beta"

    #expect(
      await failure(Sample.parts(rows: Array(Sample.rows.dropLast())))?.code == .damagedReport)
    #expect(await failure(Sample.parts(trailer: sum))?.message.contains("comments") == true)
    #expect(await failure(Sample.parts(trailer: digest))?.message.contains("digest") == true)
    #expect(await failure(Sample.parts(rows: renamed))?.code == .damagedReport)
  }

  @Test func `a sum of a column that this client does not know is passed over`() async throws {
    var trailer = Sample.trailer
    trailer.sums.append(ColumnSum(column: "of_the_future", sum: 1))

    #expect(try await read(Sample.parts(trailer: trailer)) == Sample.rows)
  }

  @Test func `rows without a header, and rows behind the trailer, make no sense`() async {
    let headless = Array(Sample.parts().dropFirst())
    let late = Sample.parts() + [GroupsResponse(rows: [Sample.rows[0]])]

    #expect(await failure(headless)?.code == .invalidAnswer)
    #expect(await failure(late)?.code == .invalidAnswer)
    #expect(await failure([])?.code == .invalidAnswer)
  }

  @Test func `the server's status reaches the caller`() async throws {
    let handler: Handler.Streaming = { (_, _, _) async throws(RPCError) in
      throw RPCError(.notFound, "tenant 't' is not known: ingest a batch first")
    }
    try await withServer(["ReportService/Groups": handler]) { client in
      let error = await TallyClientTests.failure { try await client.groups() }
      #expect(error == TallyError(.notFound, "tenant 't' is not known: ingest a batch first"))
    }
  }

  @Test func `a server that comes late is tried again until the first row`() async throws {
    let attempts = Counter()
    let handler: Handler.Streaming = { (requests, responses, call) async throws(RPCError) in
      if attempts.next() < 2 { throw RPCError(.unavailable, "starting") }
      try await Sample.handler(Sample.parts())(requests, responses, call)
    }
    var options = TallyClient.Options.quick
    options.retryFor = .seconds(30)
    try await withServer(["ReportService/Groups": handler], options: options) { client in
      var rows = 0
      for try await _ in try await client.groups() { rows += 1 }
      #expect(rows == 3)
    }
    #expect(attempts.count == 3)
  }

  @Test func `a report without a handle that breaks after its first row is not tried again`()
    async throws
  {
    let attempts = Counter()
    let handler: Handler.Streaming = { (_, responses, _) async throws(RPCError) in
      _ = attempts.next()
      for part in Sample.parts().prefix(2) { try await responses.write(part.messageBytes()) }
      throw RPCError(.unavailable, "going down")
    }
    try await withServer(["ReportService/Groups": handler]) { client in
      let error = await TallyClientTests.failure {
        for try await _ in try await client.groups() {}
      }
      #expect(error?.code == .unavailable)
    }
    #expect(attempts.count == 1)
  }

  @Test func `the tenant and the filters are asked for`() async throws {
    let seen = Mutex<GroupsRequest?>(nil)
    let handler: Handler.Streaming = { (requests, responses, call) async throws(RPCError) in
      let message = try await requests.take()?.first
      seen.withLock { $0 = message.flatMap { try? GroupsRequest(decoding: $0) } }
      try await Sample.handler(Sample.parts())(requests, responses, call)
    }
    try await withServer(["ReportService/Groups": handler]) { client in
      let options = ReportOptions(maxRowsPerPart: 5)
      for try await _ in try await client.groups(includeSubgroups: true, options: options) {}
    }
    let expected = GroupsRequest(
      tenant: "t", options: ReportOptions(maxRowsPerPart: 5), includeSubgroups: true)
    #expect(seen.withLock { $0 } == expected)
  }

  @Test func `leaving early stops the work on the server`() async throws {
    let stopped = AsyncStream.makeStream(of: Void.self)
    let handler: Handler.Streaming = { (_, responses, call) async throws(RPCError) in
      call.onCancel { stopped.continuation.finish() }
      try await responses.write(Sample.header.messageBytes())
      let part = GroupsResponse(rows: Sample.rows)
      while true { try await responses.write(part.messageBytes()) }
    }
    try await withServer(["ReportService/Groups": handler]) { client in
      for try await _ in try await client.groups() { break }
      // Ends when the call is cancelled; a hang is the failure.
      for await _ in stopped.stream {}
    }
  }

  @Test(.timeLimit(.minutes(1)))
  func `a deadline ends a report that does not end`() async throws {
    var options = TallyClient.Options.quick
    options.timeout = .milliseconds(300)
    let handler: Handler.Streaming = { (_, responses, _) async throws(RPCError) in
      try await responses.write(Sample.header.messageBytes())
      let part = GroupsResponse(rows: Sample.rows)
      while true { try await responses.write(part.messageBytes()) }
    }
    try await withServer(["ReportService/Groups": handler], options: options) { client in
      let error = await TallyClientTests.failure {
        for try await _ in try await client.groups() {}
      }
      #expect(error?.code == .deadlineExceeded)
    }
  }

  @Test func `without patience there is one attempt`() async {
    var options = TallyClient.Options.quick
    options.retryFor = .zero
    let client = TallyClient.connect(host: "127.0.0.1", port: 1, options: options)
    let error = await TallyClientTests.failure { try await client.groups() }
    let connections = client.channel.counters
    await client.close()

    #expect(error?.code == .unavailable)
    #expect(connections.failedConnections == 1)
  }

  @Test func `a server that is not there is said so, with its address`() async throws {
    let client = TallyClient.connect(host: "127.0.0.1", port: 1, options: .quick)
    let error = await TallyClientTests.failure { try await client.groups() }
    await client.close()

    #expect(error?.code == .unavailable)
    #expect(error?.message.contains("127.0.0.1:1") == true)
  }

  @Test func `the details of a failure are there for programs`() async throws {
    let handler: Handler.Streaming = { (_, _, _) async throws(RPCError) in
      throw detailed(
        .invalidArgument,
        [
          packed(
            Google.Rpc.ErrorInfo(
              reason: "INVALID_FIELD", domain: "tally",
              metadata: [.init(key: "k", value: "1"), .init(key: "k", value: "2")])),
          packed(
            Google.Rpc.BadRequest(fieldViolations: [
              .init(field: "options.max_rows_per_part", description: "is too large")
            ])),
          packed(Google.Rpc.ResourceInfo(resourceType: "course", resourceName: "c")),
          packed(Google.Rpc.DebugInfo(detail: "which nobody here reads")),
          .init(typeUrl: "type.googleapis.com/google.rpc.RetryInfo", value: [255]),
        ])
    }
    try await withServer(["ReportService/Groups": handler]) { client in
      let error = await TallyClientTests.failure { try await client.groups() }

      #expect(error?.code == .invalidRequest)
      #expect(error?.details.reason == "INVALID_FIELD")
      #expect(error?.details.metadata == ["k": "2"])
      let violation = TallyError.FieldViolation(
        field: "options.max_rows_per_part", rule: "is too large")
      #expect(error?.details.fieldViolations == [violation])
      #expect(error?.details.resource == .init(kind: "course", id: "c"))
      #expect(error?.details.retryDelay == nil)
      #expect(error?.isTransient == false)
    }
  }

  @Test func `details of another status are not believed`() async throws {
    let handler: Handler.Streaming = { (_, _, _) async throws(RPCError) in
      let other = detailed(.notFound, [packed(Google.Rpc.ErrorInfo(reason: "WRONG"))])
      throw RPCError(.invalidArgument, "bad", metadata: other.metadata)
    }
    try await withServer(["ReportService/Groups": handler]) { client in
      let error = await TallyClientTests.failure { try await client.groups() }

      #expect(error?.code == .invalidRequest)
      #expect(error?.details == TallyError.Details())
    }
  }

  @Test func `a server that is busy is asked again after the time it names`() async throws {
    let calls = Counter()
    let begin = ContinuousClock.now
    let good = Sample.handler(Sample.parts())
    let handler: Handler.Streaming = { (requests, responses, call) async throws(RPCError) in
      if calls.next() == 0 {
        throw detailed(
          .resourceExhausted,
          [packed(Google.Rpc.RetryInfo(retryDelay: .init(nanos: 300_000_000)))])
      }
      try await good(requests, responses, call)
    }
    var options = TallyClient.Options.quick
    options.retryFor = .seconds(15)
    try await withServer(["ReportService/Groups": handler], options: options) { client in
      var rows = 0
      for try await _ in try await client.groups() { rows += 1 }

      #expect(rows == Sample.rows.count)
      #expect(calls.count == 2)
      #expect(ContinuousClock.now - begin >= .milliseconds(300))
    }
  }
}

/// A status as a server with details sends it.
private func detailed(
  _ code: StatusCode, _ details: [Google.Protobuf.AnyMessage]
) -> RPCError {
  let status = Google.Rpc.Status(code: Int32(code.rawValue), message: "bad", details: details)
  var metadata = Metadata()
  metadata.add(binary: status.encoded(), name: "grpc-status-details-bin")
  return RPCError(code, "bad", metadata: metadata)
}

private func packed(_ message: some Message) -> Google.Protobuf.AnyMessage {
  .init(typeUrl: "type.googleapis.com/" + type(of: message).fullName, value: message.encoded())
}
