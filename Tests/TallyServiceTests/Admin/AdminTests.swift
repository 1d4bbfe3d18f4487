internal import GRPC
internal import TallyMessages
internal import TallyModel
internal import TallyService
internal import TallyStore
internal import TestSupport
internal import Testing

@Suite struct `status, health and reflection` {
  private func some(_ count: Int) -> [TallyModel.Event] {
    (0..<count).map { Event(.user(.init(userID: UserID("u\($0)"))), time: 1) }
  }

  @Test func `status shows the revision and the facts`() async throws {
    try await ServedStore.with { served in
      let admin = AdminServiceClient(served.channel)
      #expect(try await admin.status(StatusRequest()).tenants == 0)
      let answers = try await served.ingest([some(3)])
      try await served.ingest([some(4)], tenant: "other")

      let all = try await admin.status(StatusRequest())
      let one = try await admin.status(StatusRequest(tenant: "t"))

      #expect(all.facts.first { $0.fact == "user" }?.count == 7)
      #expect(one.facts.first { $0.fact == "user" }?.count == 3)
      #expect(all.facts.map(\.fact).count == 12)
      #expect(all.tenants == 2)
      #expect(all.applied?.storeId == answers.last?.revision?.storeId)
      #expect(all.applied?.position == all.durablePosition)
      #expect(all.rulesVersion == 2 && all.formatVersion == 2)
      #expect(all.foldError.isEmpty)
      #expect(all.lastFold?.folds ?? 0 > 0)
      let error = await #expect(throws: RPCError.self) {
        try await admin.status(StatusRequest(tenant: "nobody"))
      }
      #expect(error?.code == .notFound)
    }
  }

  @Test func `status counts the limits that struck, and no others`() async throws {
    try await ServedStore.with { served in
      let admin = AdminServiceClient(served.channel)
      let before = try await admin.status(StatusRequest())
      let error = await #expect(throws: RPCError.self) {
        try await admin.status(
          StatusRequest(tenant: String(repeating: "t", count: 5 * 1024 * 1024)))
      }

      // An answer is used again for 20 ms.
      let end = ContinuousClock.now + .seconds(20)
      var after = before
      while after.limits.isEmpty, .now < end { after = try await admin.status(StatusRequest()) }

      #expect(error?.code == .resourceExhausted)
      #expect(before.limits.isEmpty)
      #expect(after.limits.map { "\($0.name) \($0.strikes)" } == ["max-message-bytes 1"])
    }
  }

  @Test func `health knows the services and says when the server stops`() async throws {
    let served = try await ServedStore.open()
    let health = Grpc.Health.V1.HealthClient(served.channel)
    for service in ["", "tally.v1.IngestService", "tally.v1.ReportService"] {
      #expect(try await health.check(.init(service: service)).status == .serving)
    }
    let error = await #expect(throws: RPCError.self) {
      try await health.check(.init(service: "nobody"))
    }
    #expect(error?.code == .notFound)
    var watched = health.watch(.init(service: "")).makeAsyncIterator()
    var unknown = health.watch(.init(service: "nobody")).makeAsyncIterator()
    #expect(try await watched.next()?.status == .serving)
    #expect(try await unknown.next()?.status == .serviceUnknown)

    served.tally.stopServing()

    #expect(try await watched.next()?.status == .notServing)
    #expect(try await health.check(.init()).status == .notServing)
    let all = try await health.list(.init()).statuses
    #expect(all.count > 1 && all.first?.key == "")
    #expect(all.allSatisfy { $0.value?.status == .notServing })
    try await served.close()
  }

  @Test(.timeLimit(.minutes(2)))
  func `a fold that stopped takes ingest out of service and leaves reports in it`() async throws {
    let served = try await ServedStore.open(mapSizeBytes: 1 << 20)
    let health = Grpc.Health.V1.HealthClient(served.channel)
    var ingest = health.watch(.init(service: "tally.v1.IngestService")).makeAsyncIterator()
    #expect(try await ingest.next()?.status == .serving)

    let refusal = await #expect(throws: RPCError.self) {
      for number in 0..<50 {
        try await served.ingest([
          (0..<1000).map { Event(.user(.init(userID: UserID("u\(number)-\($0)"))), time: 1) }
        ])
      }
    }

    #expect(refusal?.code == .resourceExhausted)
    #expect(try await ingest.next()?.status == .notServing)
    #expect(
      try await health.check(.init(service: "tally.v1.ReportService")).status == .serving)
    let status = try await AdminServiceClient(served.channel).status(StatusRequest())
    #expect(status.foldError.hasPrefix("position "))
    #expect(status.applied?.position ?? 0 < status.durablePosition)
    try await served.close()
  }

  @Test func `status shows open read transactions and the age of the oldest`() async throws {
    try await ServedStore.with { served in
      try await served.ingest([some(3)])
      let admin = AdminServiceClient(served.channel)
      #expect(try await admin.status(StatusRequest()).readers?.openTransactions == 0)

      let readers = try await whileReading(served) {
        // Older than an answer of Status that is used again.
        try await Task.sleep(for: .milliseconds(30))
        return try await admin.status(StatusRequest()).readers
      }

      #expect(readers?.openTransactions == 1)
      let oldest = try #require(readers?.oldestTransaction)
      #expect(oldest.seconds > 0 || oldest.nanos >= 30_000_000)
      try await Task.sleep(for: .milliseconds(30))
      #expect(try await admin.status(StatusRequest()).readers?.openTransactions == 0)
    }
  }

  /// Keeps a snapshot open around `body`.
  private func whileReading<R>(
    _ served: ServedStore, _ body: () async throws -> R
  ) async throws -> R {
    let snapshot = try served.store.snapshot()
    let result = try await body()
    #expect(snapshot.revision > 0)
    return result
  }

  @Test(arguments: ["v1", "v1alpha"])
  func `reflection gives the files of a service, all of them`(_ version: String) async throws {
    try await ServedStore.with { served in
      let call = TypedCall<
        Grpc.Reflection.V1.ServerReflectionRequest, Grpc.Reflection.V1.ServerReflectionResponse
      >(served.channel.call("/grpc.reflection.\(version).ServerReflection/ServerReflectionInfo"))
      try await call.send(.init(messageRequest: .listServices("")))
      try await call.send(.init(messageRequest: .fileContainingSymbol("tally.v1.ReportService")))
      try await call.send(.init(messageRequest: .fileByFilename("nothing.proto")))
      call.finishSending()
      var answers: [Grpc.Reflection.V1.ServerReflectionResponse.MessageResponse?] = []
      for try await answer in call.responses { answers.append(answer.messageResponse) }

      guard answers.count == 3, case .listServicesResponse(let list) = answers[0],
        case .fileDescriptorResponse(let files) = answers[1],
        case .errorResponse(let error) = answers[2]
      else {
        Issue.record("\(answers.count) answers")
        return
      }
      #expect(list.service.map(\.name).contains("tally.v1.ReportService"))
      #expect(list.service.map(\.name).contains("grpc.reflection.v1.ServerReflection"))
      // reports, events, revision and timestamp.
      #expect(files.fileDescriptorProto.count == 4)
      #expect(error.errorCode == Int32(StatusCode.notFound.rawValue))
    }
  }
}
