internal import GRPC
internal import TLS
internal import Testing

@Suite(.timeLimit(.minutes(2))) struct `a server's certificate` {
  let forge: Forge

  init() throws {
    forge = try Forge()
  }

  @Test(arguments: [TLSVersions.all, .only12, .only13])
  func `a call goes through when chain and name are right`(versions: TLSVersions) async throws {
    var options = ServerTLS.Options(try forge.issue("server"))
    options.versions = versions
    try await secured(options) { server in
      let reply = try await server.call(.trusting(forge.authority("ca"))).get()

      #expect(reply == "nobody")
      #expect(server.failures == [])
    }
  }

  @Test func `an address is verified like a name`() async throws {
    try await secured(ServerTLS.Options(try forge.issue("server"))) { server in
      let reply = try await server.call(.trusting(forge.authority("ca")), host: "127.0.0.1").get()

      #expect(reply == "nobody")
    }
  }

  @Test func `a certificate for another name is refused, unless that name is asked for`()
    async throws
  {
    let wish = Forge.Wish(names: ["DNS:other.test"])
    try await secured(ServerTLS.Options(try forge.issue("server", wish))) { server in
      var options = ClientTLS.Options.trusting(forge.authority("ca"))

      let refused = try await server.call(options)
      options.serverName = "other.test"
      let taken = try await server.call(options)

      #expect(refused.error?.code == .unauthenticated)
      #expect(refused.error?.message.contains("not for") == true)
      #expect(refused.error?.message.contains("'other.test'") == true)
      #expect(taken.reply == "nobody")
    }
  }

  @Test func `a certificate for the server's address does not make up for a wrong name`()
    async throws
  {
    try await secured(ServerTLS.Options(try forge.issue("server"))) { server in
      var options = ClientTLS.Options.trusting(forge.authority("ca"))
      options.serverName = "bank.test"

      let result = try await server.call(options, host: "127.0.0.1")

      #expect(result.error?.code == .unauthenticated)
      #expect(
        result.error?.message.contains("is not for 'bank.test', but for 'localhost'") == true)
    }
  }

  @Test(arguments: [
    ("a.school.test", true), ("A.School.Test.", true), ("school.test", false),
    ("a.b.school.test", false), ("aschool.test", false),
  ])
  func `a star stands for one label`(name: String, isTaken: Bool) async throws {
    let wish = Forge.Wish(names: ["DNS:*.school.test"])
    try await secured(ServerTLS.Options(try forge.issue("server", wish))) { server in
      var options = ClientTLS.Options.trusting(forge.authority("ca"))
      options.serverName = name

      let result = try await server.call(options)

      #expect((result.reply == "nobody") == isTaken, "\(result)")
    }
  }

  @Test(arguments: [(-30 ... -1, "expired on 20"), (1...30, "is valid from 20")])
  func `a certificate out of its time is refused with the date`(
    days: ClosedRange<Int>, words: String
  ) async throws {
    let pair = try forge.issue("server", Forge.Wish(days: days))
    try await secured(ServerTLS.Options(pair)) { server in
      let result = try await server.call(.trusting(forge.authority("ca")))

      #expect(result.error?.code == .unauthenticated)
      #expect(result.error?.message.contains("the server's certificate \(words)") == true)
    }
  }

  @Test func `a certificate of an unknown CA is refused on both sides' accounts`() async throws {
    try await secured(ServerTLS.Options(try forge.issue("server"))) { server in
      let result = try await server.call(.trusting(forge.authority("other")))

      #expect(result.error?.code == .unauthenticated)
      #expect(result.error?.message.contains("is from 'Test CA', and no CA in '") == true)
      #expect(try await server.eventually { !server.failures.isEmpty })
      #expect(server.failures == ["the client refused us: it does not know our certificate's CA"])
    }
  }

  @Test func `the system's CAs do not vouch for a certificate made here`() async throws {
    try await secured(ServerTLS.Options(try forge.issue("server"))) { server in
      // A machine without any CA refuses before it connects.
      guard let result = try? await server.call(ClientTLS.Options()) else { return }

      #expect(result.error?.message.contains("no CA of this system vouches for it") == true)
    }
  }

  @Test func `two sides without a common version say so`() async throws {
    var options = ServerTLS.Options(try forge.issue("server"))
    options.versions = .only13
    try await secured(options) { server in
      var old = ClientTLS.Options.trusting(forge.authority("ca"))
      old.versions = .only12

      let result = try await server.call(old)

      #expect(result.error?.code == .unavailable)
      #expect(result.error?.message.contains("none of the TLS versions") == true)
      #expect(try await server.eventually { !server.failures.isEmpty })
      #expect(server.failures.first?.contains("none of the TLS versions") == true)
    }
  }

  @Test func `a plaintext client is told of TLS, and the server notes it`() async throws {
    try await secured(ServerTLS.Options(try forge.issue("server"))) { server in
      let result = try await server.call(nil)

      #expect(result.error?.code == .unavailable)
      #expect(result.error?.message.contains("wants TLS") == true)
      #expect(try await server.eventually { !server.failures.isEmpty })
      #expect(server.failures == ["the client does not speak TLS: is it plaintext?"])
    }
  }

  @Test func `a server without TLS is told apart`() async throws {
    let plain = GRPCServer(methods: [], options: GRPCServer.Options())
    let bound = try await plain.start(Endpoint(host: "127.0.0.1", port: 0))
    var options = GRPCChannel.Options()
    options.security = try ClientTLS(.trusting(forge.authority("ca")))
    let channel = GRPCChannel(to: bound, options: options)

    let result = await Secured.call(channel)

    #expect(result.error?.code == .unavailable)
    #expect(result.error?.message.contains("does not speak TLS: is it plaintext?") == true)
    await channel.close()
    await plain.shutDown(grace: .seconds(1))
  }

  @Test func `a client that connects and says nothing is cut off in time`() async throws {
    let options = ServerTLS.Options(try forge.issue("server"))
    try await secured(options, handshakeTimeout: .milliseconds(200)) { server in
      let silent = try await SilentClient(server.endpoint)

      try await silent.untilClosed()

      #expect(try await server.eventually { !server.failures.isEmpty })
      #expect(server.failures.first?.contains("did not end within") == true)
    }
  }

  @Test(arguments: [[], ["http/1.1"]])
  func `a server that does not select h2 is refused`(protocols: [String]) async throws {
    try await withTLSServer(try forge.issue("server"), selecting: protocols) { endpoint in
      var options = GRPCChannel.Options()
      options.security = try ClientTLS(.trusting(forge.authority("ca")))
      let channel = GRPCChannel(to: endpoint, options: options)

      let result = await Secured.call(channel)

      #expect(result.error?.code == .unavailable)
      #expect(
        result.error?.message.contains("selected no protocol, not h2") == true, "\(result)")
      await channel.close()
    }
  }

  @Test func `ALPN without h2 is refused with an answer that HTTP 1 can read`() async throws {
    let pair = try forge.issue("server")
    try await secured(ServerTLS.Options(pair)) { server in
      let said = try await forge.client(of: server.endpoint, "-alpn", "http/1.1")

      #expect(said.contains("505 HTTP Version Not Supported"))
      #expect(try await server.eventually { !server.failures.isEmpty })
      #expect(
        server.failures == ["the TLS handshake selected no protocol, not h2 (HTTP/2, by ALPN)"])
    }
  }
}
