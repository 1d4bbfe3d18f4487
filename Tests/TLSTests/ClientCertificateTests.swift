internal import GRPC
internal import TLS
internal import Testing

@Suite(.timeLimit(.minutes(2))) struct `a client's certificate` {
  let forge: Forge
  let worker = Forge.Wish(
    subject: "worker", names: ["URI:spiffe://school/worker", "DNS:worker.test"])

  init() throws {
    forge = try Forge()
  }

  private func options(_ mode: ServerTLS.ClientCertificates) throws -> ServerTLS.Options {
    var options = ServerTLS.Options(try forge.issue("server"), clientCA: forge.authority("ca"))
    options.clientCertificates = mode
    return options
  }

  @Test(
    arguments: [ServerTLS.ClientCertificates.required, .optional],
    [TLSVersions.only12, .only13])
  func `what it proves comes to the call`(
    mode: ServerTLS.ClientCertificates, versions: TLSVersions
  ) async throws {
    var options = try options(mode)
    options.versions = versions
    let pair = try forge.issue("worker", worker)
    try await secured(options) { server in
      let reply = try await server.call(.trusting(forge.authority("ca"), as: pair)).get()

      #expect(reply == "worker spiffe://school/worker worker.test")
    }
  }

  @Test func `an optional one may be missing`() async throws {
    try await secured(try options(.optional)) { server in
      let reply = try await server.call(.trusting(forge.authority("ca"))).get()

      #expect(reply == "nobody")
    }
  }

  @Test(arguments: [TLSVersions.only12, .only13])
  func `a required one that is missing is asked for`(versions: TLSVersions) async throws {
    var options = try options(.required)
    options.versions = versions
    try await secured(options) { server in
      let result = try await server.call(.trusting(forge.authority("ca")))

      #expect(result.error?.code == .unauthenticated)
      #expect(result.error?.message.contains("ask") == true)
      #expect(result.error?.message.contains("for a certificate") == true)
      #expect(try await server.eventually { !server.failures.isEmpty })
      #expect(server.failures.first == "the client showed no certificate")
    }
  }

  @Test(
    arguments: [ServerTLS.ClientCertificates.required, .optional],
    [TLSVersions.only12, .only13])
  func `one of another CA is refused, shown by choice or not`(
    mode: ServerTLS.ClientCertificates, versions: TLSVersions
  ) async throws {
    var options = try options(mode)
    options.versions = versions
    var stranger = worker
    stranger.ca = "other"
    let pair = try forge.issue("stranger", stranger)
    try await secured(options) { server in
      let result = try await server.call(.trusting(forge.authority("ca"), as: pair))

      #expect(result.error?.code == .unauthenticated)
      #expect(result.error?.message.contains("the server refused us") == true)
      #expect(result.error?.message.contains("does not know our certificate's CA") == true)
      #expect(try await server.eventually { !server.failures.isEmpty })
      #expect(server.failures.first?.contains("certificate 'worker' is from 'Other CA'") == true)
    }
  }

  @Test func `names that nobody vouched for cannot command a terminal`() async throws {
    var stranger = worker
    stranger.ca = "other"
    stranger.subject = "wor\u{1B}[2Jker"
    let pair = try forge.issue("stranger", stranger)
    try await secured(try options(.required)) { server in
      _ = try await server.call(.trusting(forge.authority("ca"), as: pair))

      #expect(try await server.eventually { !server.failures.isEmpty })
      #expect(server.failures.first?.contains("certificate 'wor?[2Jker' is from") == true)
    }
  }

  @Test func `one that has expired is refused with the date`() async throws {
    var late = worker
    late.days = -30 ... -1
    let pair = try forge.issue("late", late)
    try await secured(try options(.required)) { server in
      let result = try await server.call(.trusting(forge.authority("ca"), as: pair))

      #expect(result.error?.code == .unauthenticated)
      #expect(result.error?.message.contains("our certificate has expired") == true)
      #expect(try await server.eventually { !server.failures.isEmpty })
      #expect(server.failures.first?.contains("certificate 'worker' expired on 20") == true)
    }
  }

  @Test func `without client CAs one that is shown proves nothing`() async throws {
    let pair = try forge.issue("worker", worker)
    try await secured(ServerTLS.Options(try forge.issue("server"))) { server in
      let reply = try await server.call(.trusting(forge.authority("ca"), as: pair)).get()

      #expect(reply == "nobody")
    }
  }
}
