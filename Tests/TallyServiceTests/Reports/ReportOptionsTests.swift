internal import GRPC
internal import TallyMessages
internal import TallyModel
internal import TallyService
internal import TestSupport
internal import Testing

@Suite struct `what every report can be asked` {
  private func courses(_ count: Int, nameBytes: Int = 8) -> [TallyModel.Event] {
    (0..<count).map { number in
      let name = String(repeating: "n", count: nameBytes)
      let id = String("c\(100_000 + number)")
      return Event(.course(.init(courseID: CourseID(id), name: name, status: .active)), time: 1)
    }
  }

  /// A client that has room for little, so that the rest stays with the server.
  private func slowReader(of served: ServedStore) -> GRPCChannel {
    var options = GRPCChannel.Options()
    options.streamWindowBytes = 1 << 16
    return GRPCChannel(to: served.channel.endpoint, options: options)
  }

  private func report(
    _ served: ServedStore, _ options: ReportOptions? = nil, ids: [String] = []
  ) async throws -> TenantReports.Report<CourseRow> {
    try await TenantReports(served: served, tenant: "t").report(
      "Courses", CoursesRequest(tenant: "t", options: options, courseIds: ids),
      as: CoursesResponse.self)
  }

  private func code(_ body: () async throws -> Void) async -> StatusCode? {
    do {
      try await body()
      return nil
    } catch {
      return (error as? RPCError)?.code
    }
  }

  @Test func `a report reads what its caller wrote`() async throws {
    try await ServedStore.with { served in
      for number in 1...20 {
        let id = "d\(number)"
        let answers = try await served.ingest(
          [[Event(.course(.init(courseID: CourseID(id), status: .active)), time: 1)]],
          answerWhen: .durable)
        let revision = try #require(answers.last?.revision)

        let report = try await report(served, ReportOptions(minRevision: revision))

        #expect(report.rows.count == number)
        #expect(report.header.revision?.position ?? 0 >= revision.position)
        #expect(report.header.revision?.storeId == revision.storeId)
        #expect(report.header.rulesVersion == 2)
      }
    }
  }

  @Test func `a revision that is not there is refused by its kind`() async throws {
    try await ServedStore.with { served in
      let answers = try await served.ingest([courses(1)])
      let revision = try #require(answers.last?.revision)
      var later = revision
      later.position += 1
      var otherTimeline = revision
      otherTimeline.timeline += 1
      var otherStore = revision
      otherStore.storeId = [UInt8](repeating: 7, count: 16)

      for (wanted, expected) in [
        (later, StatusCode.outOfRange), (otherTimeline, .failedPrecondition),
        (otherStore, .failedPrecondition),
      ] {
        let found = await code { _ = try await report(served, .init(minRevision: wanted)) }
        #expect(found == expected)
      }
    }
  }

  @Test func `a part ends at its rows or at about 64 KiB`() async throws {
    try await ServedStore.with { served in
      try await served.ingest([courses(1000, nameBytes: 900)])

      let few = try await report(served, .init(maxRowsPerPart: 7))
      let many = try await report(served)

      #expect(few.parts.dropFirst().dropLast().allSatisfy { (1...7).contains($0.count) })
      #expect(few.parts.contains { $0.count == 7 })
      #expect(many.rows == few.rows)
      #expect(many.header.rowCount == 1000)
      let sizes = many.parts.dropFirst().dropLast().map { $0.reduce(0) { $0 + $1.encodedSize } }
      #expect(sizes.allSatisfy { $0 <= 64 << 10 })
      #expect(sizes.count <= 20)
      #expect(
        await code { _ = try await report(served, .init(maxRowsPerPart: 10_001)) }
          == .invalidArgument)
    }
  }

  @Test func `chosen courses come once each in order and an unknown one is refused`() async throws {
    try await ServedStore.with { served in
      try await served.ingest([courses(10)])

      let chosen = try await report(served, ids: ["c100007", "c100001", "c100007"])

      #expect(chosen.rows.map(\.courseId) == ["c100001", "c100007"])
      #expect(chosen.header.rowCount == 2)
      #expect(await code { _ = try await report(served, ids: ["c100001", "x"]) } == .notFound)
      let long = String(repeating: "x", count: 129)
      #expect(await code { _ = try await report(served, ids: [long]) } == .invalidArgument)
    }
  }

  @Test func `a compressed report has the same rows`() async throws {
    try await ServedStore.with { served in
      try await served.ingest([courses(2000, nameBytes: 200)])
      let (path, request) = ("/tally.v1.ReportService/Courses", CoursesRequest(tenant: "t"))
      let plain = try await served.call(path, request.messageBytes())

      let call = served.channel.serverStreaming(
        path, request.messageBytes(), options: CallOptions(compression: .gzip))
      var compressed: [MessageBytes] = []
      while let messages = try await call.take() { compressed += messages }

      let rows = try compressed.flatMap { try CoursesResponse(decoding: $0).rows }
      #expect(try rows == plain.flatMap { try CoursesResponse(decoding: $0).rows })
      #expect(compressed.last == plain.last)
      #expect(compressed.filter(\.wasCompressed).count > 1)
      #expect(!plain.contains { $0.wasCompressed })
    }
  }

  @Test func `an unknown tenant is not found`() async throws {
    try await ServedStore.with { served in
      #expect(await code { _ = try await report(served) } == .notFound)
    }
  }

  @Test func `a store that was opened again gives the same report`() async throws {
    let first = try await ServedStore.open()
    try await first.ingest([courses(500, nameBytes: 100)])
    let before = try await report(first)
    try await first.close(keepsDirectory: true)

    let second = try await ServedStore.open(first.directory)

    let after = try await report(second)
    #expect(after.rows == before.rows)
    #expect(after.trailer == before.trailer)
    #expect(after.header.revision == before.header.revision)
    try await second.close()
  }

  @Test func `a client that stops reading moves its report to the spool`() async throws {
    try await ServedStore.with({ $0.reading.parkLimit = .milliseconds(20) }) { served in
      try await served.append([courses(3000, nameBytes: 1000)], tenant: "t")
      let admin = AdminServiceClient(served.channel)
      let reader = slowReader(of: served)
      let request = CoursesRequest(tenant: "t")
      let call = reader.serverStreaming(
        "/tally.v1.ReportService/Courses", request.messageBytes())

      var status: ReaderStatus?
      for _ in 0..<1000 where (status?.spoolSize ?? 0) == 0 || status?.openTransactions != 0 {
        status = try await admin.status(StatusRequest()).readers
        try await Task.sleep(for: .milliseconds(10))
      }
      #expect(status?.openTransactions == 0)
      #expect(status?.spoolSize ?? 0 > 1_000_000)

      var rows = 0
      while let messages = try await call.take() {
        rows += try messages.reduce(0) { $0 + (try CoursesResponse(decoding: $1).rows.count) }
      }
      #expect(rows == 3000)
      await reader.close()
    }
  }

  @Test func `a client that never reads loses its call and the others do not`() async throws {
    try await ServedStore.with({
      $0.reading.parkLimit = .milliseconds(20)
      $0.reading.stallLimit = .milliseconds(400)
    }) { served in
      try await served.append([courses(3000, nameBytes: 1000)], tenant: "t")
      let reader = slowReader(of: served)
      let call = reader.serverStreaming(
        "/tally.v1.ReportService/Courses", CoursesRequest(tenant: "t").messageBytes())
      let admin = AdminServiceClient(served.channel)
      var running: UInt64?
      var hasBegun = false
      for _ in 0..<1000 where !hasBegun || running != 0 {
        try await Task.sleep(for: .milliseconds(10))
        running = try await admin.status(StatusRequest()).readers?.runningReports
        if running == 1 { hasBegun = true }
      }

      #expect(running == 0)
      await #expect(throws: RPCError.self) { while try await call.take() != nil {} }
      #expect(try await report(served).rows.count == 3000)
      await reader.close()
    }
  }
}
