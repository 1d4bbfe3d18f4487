internal import GRPC
internal import NIOCore
internal import Synchronization
internal import Testing

@Suite(.timeLimit(.minutes(1))) struct `the seam for TLS` {
  @Test func `calls go through the handlers that encrypt`() async throws {
    try await withEcho(
      serverOptions: .secured(FakeSecurity()), channelOptions: .secured(FakeSecurity())
    ) { _, channel, _ in
      let reply = try await channel.unary("/test.Echo/Say", MessageBytes(text: "hello"))

      #expect(reply.text == "hello")
    }
  }

  @Test func `a handler sees whom the client proved to be`() async throws {
    let seen = Mutex<[PeerIdentity?]>([])
    let method = ServerMethod(
      "/test.Seen/Say",
      .unary { request, call throws(RPCError) in
        seen.withLock { $0.append(call.identity) }
        return request
      })
    let server = GRPCServer(methods: [method], options: .secured(FakeSecurity()))
    let bound = try await server.start(Endpoint(host: "127.0.0.1", port: 0))
    let channel = GRPCChannel(to: bound, options: .secured(FakeSecurity()))

    _ = try await channel.unary("/test.Seen/Say", MessageBytes())

    #expect(seen.withLock { $0 }.first??.commonName?.hasPrefix("port ") == true)
    await channel.close()
    await server.shutDown(grace: .seconds(1))
  }

  @Test func `a server that does not select h2 is refused, and says so`() async throws {
    try await withEcho(
      serverOptions: .secured(FakeSecurity()),
      channelOptions: .secured(FakeSecurity(selected: nil))
    ) { _, channel, _ in
      let error = await status { () async throws(RPCError) in
        try await channel.unary("/test.Echo/Say", MessageBytes())
      }

      #expect(error.code == .unavailable)
      #expect(error.message.contains("selected no protocol, not h2"))
    }
  }

  @Test func `what the handlers refuse ends the calls that wait, by its own status`() async throws {
    try await withEcho(
      serverOptions: .secured(FakeSecurity(isWrong: true)),
      channelOptions: .secured(FakeSecurity())
    ) { _, channel, _ in
      let error = await status { () async throws(RPCError) in
        try await channel.unary("/test.Echo/Say", MessageBytes())
      }

      #expect(error.code == .unauthenticated)
      #expect(error.message.contains("the hello is wrong"))
    }
  }

  @Test func `a server that never answers the handshake costs its time limit`() async throws {
    var options = GRPCChannel.Options.secured(FakeSecurity())
    options.connectTimeout = .milliseconds(200)
    try await withEcho(
      serverOptions: .secured(FakeSecurity(isSilent: true)), channelOptions: options
    ) { _, channel, _ in
      let error = await status { () async throws(RPCError) in
        try await channel.unary("/test.Echo/Say", MessageBytes())
      }

      #expect(error.code == .unavailable)
      #expect(error.message.contains("handshake did not end within"))
    }
  }

  @Test func `a client that never begins the handshake is told of once, and cut off`() async throws
  {
    let failures = Mutex<[String]>([])
    var options = GRPCServer.Options.secured(FakeSecurity())
    options.limits.tlsHandshakeTimeout = .milliseconds(100)
    options.onFailedHandshake = { peer, failure in
      failures.withLock { $0.append("\(peer.prefix(9)): \(failure)") }
    }
    try await withEcho(serverOptions: options) { _, _, bound in
      let isOpen = try await raw(bound) { client in
        // The server's hello, then its end.
        while try client.skip() {}
        return false
      }

      #expect(!isOpen)
    }
    let told = failures.withLock { $0 }
    #expect(told.count == 1)
    #expect(told.first?.hasPrefix("127.0.0.1: the TLS handshake did not end within") == true)
  }

  @Test func `a plaintext client of a server that wants TLS is told so`() async throws {
    let alert = ByteBuffer(bytes: [0x15, 0x03, 0x01, 0x00, 0x02, 0x02, 0x46])
    try await withListener(sending: alert) { bound in
      let channel = GRPCChannel(to: bound)

      let error = await status { () async throws(RPCError) in
        try await channel.unary("/test.Echo/Say", MessageBytes())
      }

      #expect(error.code == .unavailable)
      #expect(error.message.contains("wants TLS"))
      await channel.close()
    }
  }

  @Test func `a server of HTTP 1 is no gRPC server`() async throws {
    let answer = ByteBuffer(string: "HTTP/1.1 400 Bad Request\r\n\r\n")
    try await withListener(sending: answer) { bound in
      let channel = GRPCChannel(to: bound)

      let error = await status { () async throws(RPCError) in
        try await channel.unary("/test.Echo/Say", MessageBytes())
      }

      #expect(error.code == .unavailable)
      #expect(error.message.contains("no gRPC server"))
      await channel.close()
    }
  }
}

extension GRPCServer.Options {
  static func secured(_ security: FakeSecurity) -> Self {
    var options = Self()
    options.eventLoops = 1
    options.security = security
    return options
  }
}

extension GRPCChannel.Options {
  static func secured(_ security: FakeSecurity) -> Self {
    var options = Self()
    options.security = security
    return options
  }
}
