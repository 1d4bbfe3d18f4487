internal import GRPC
internal import TallyMessages
internal import Testing

@testable internal import TallyClient

@Suite struct `store check` {
  private static let difference = VerifyDifference(
    kind: .wrong, table: "course_counts", key: "'c'", stored: "views 7", expected: "views 1")
  private static let parts: [VerifyResponse.Part] = [
    .progress(VerifyProgress(step: .records, done: 1, total: 2)), .difference(difference),
    .summary(VerifySummary(records: 2, differences: 1, remaining: 1)),
  ]

  private func read(_ parts: [VerifyResponse.Part]) async throws -> [VerifyResponse.Part] {
    let handler: Handler.Streaming = { (_, responses, _) async throws(RPCError) in
      for part in parts {
        try await responses.write(VerifyResponse(part: part).messageBytes())
      }
    }
    return try await withServer(["AdminService/Verify": handler]) { client in
      var read: [VerifyResponse.Part] = []
      for try await part in client.verify() { read.append(part) }
      return read
    }
  }

  @Test func `tells progress, differences and at last the summary`() async throws {
    #expect(try await read(Self.parts) == Self.parts)
  }

  @Test func `is not complete without a summary`() async {
    let error = await failure { try await read(Array(Self.parts.dropLast())) }
    #expect(error?.code == .invalidAnswer)
  }

  @Test func `asks for one tenant and for repair only if told to`() async throws {
    let handler: Handler.Streaming = { (requests, responses, _) async throws(RPCError) in
      for try await message in requests {
        let request = try VerifyRequest(request: message)
        let told = "\(request.tenant ?? "all") \(request.repair)"
        let difference = VerifyDifference(key: told)
        try await responses.write(
          VerifyResponse(part: .difference(difference)).messageBytes())
      }
      try await responses.write(VerifyResponse(part: .summary(VerifySummary())).messageBytes())
    }
    try await withServer(["AdminService/Verify": handler]) { client in
      var told: [String] = []
      for check in [client.verify(), client.verify(ofTenant: true, repair: true)] {
        for try await part in check {
          if case .difference(let difference) = part { told.append(difference.key) }
        }
      }
      #expect(told == ["all false", "t true"])
    }
  }
}
