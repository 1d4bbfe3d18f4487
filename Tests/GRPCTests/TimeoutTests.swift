internal import GRPC
internal import Glibc
internal import HTTP2
internal import Testing

/// Limits of time over real sockets; each is set to some milliseconds, and only that it struck is
/// tested.
@Suite(.timeLimit(.minutes(1))) struct `time limits` {
  private static let hello: [UInt8] = [0, 0, 0, 0, 2, 104, 105]

  /// Runs `body` with a server that has these limits, and says what it had to tell.
  private func strikes(
    _ settings: String..., of limit: ServerLimit,
    _ body: @escaping @Sendable (RawClient) throws -> Void
  ) async throws -> Int {
    var options = GRPCServer.Options()
    for setting in settings { try options.limits.set(setting) }
    let load = options.load
    try await withEcho(serverOptions: options) { _, channel, endpoint in
      try await raw(endpoint) { try body($0) }
      // Whoever keeps the limits is served; a machine under load may keep them at the second try.
      var patient = CallOptions()
      patient.waitForReady = true
      let reply = try await channel.unary(
        "/test.Echo/Say", MessageBytes(text: "on"), options: patient)
      #expect(reply.text == "on")
    }
    return load.count(of: limit)
  }

  private func readToEnd(_ client: RawClient) throws {
    while try client.skip() {}
  }

  @Test(arguments: ["", "PRI * HT", "PRI * HTTP/2.0\r\n\r\nSM\r\n\r\n"])
  func `a slow preface closes the connection`(text: String) async throws {
    let strikes = try await strikes("preface-timeout=200ms", of: .prefaceTimeout) { client in
      if !text.isEmpty { try client.send(raw: Array(text.utf8)) }
      try self.readToEnd(client)
    }

    #expect(strikes >= 1)
  }

  @Test func `a header block that does not end ends the connection`() async throws {
    let strikes = try await strikes("header-timeout=100ms", of: .headerTimeout) { client in
      try client.send()
      // HEADERS without END_HEADERS, of one field.
      try client.send(raw: [0, 0, 1, 1, 0, 0, 0, 0, 1, 0x83])
      while try client.receive() {}
      #expect(client.goAway == "ENHANCE_YOUR_CALM header_timeout")
    }

    #expect(strikes >= 1)
  }

  @Test(arguments: ["/test.Echo/Say", "/test.Echo/Chat"])
  func `a message that does not end ends its call only`(path: String) async throws {
    let strikes = try await strikes("message-timeout=100ms", of: .messageTimeout) { client in
      let answer = try client.answer(
        client.beginAndHold(path, body: [0, 0, 0, 0, 9, 1]))
      #expect(answer.headers.contains("grpc-status: 4"))
      let next = try client.answer(client.begin("/test.Echo/Say", body: Self.hello))
      #expect(next.trailers == ["grpc-status: 0"])
    }

    #expect(strikes >= 1)
  }

  @Test func `a stream without messages ends`() async throws {
    let strikes = try await strikes("stream-idle-timeout=100ms", of: .streamIdleTimeout) { client in
      let answer = try client.answer(client.beginAndHold("/test.Echo/Chat", body: Self.hello))
      #expect((answer.headers + answer.trailers).contains("grpc-status: 14"))
    }

    #expect(strikes >= 1)
  }

  @Test(arguments: ["/test.Echo/Say", "/test.Echo/Flood"])
  func `a response that nobody takes is reset`(path: String) async throws {
    let strikes = try await strikes("stream-stall-timeout=100ms", of: .streamStallTimeout) {
      client in
      // More than the window of the stream, which this client does not widen.
      let body = path.hasSuffix("Say") ? Self.message(2_000_000) : Self.message("10000")
      let stream = try client.begin(path, body: body)
      #expect(try client.answer(stream).closed == .cancel)
    }

    #expect(strikes >= 1)
  }

  @Test func `a connection without calls drains`() async throws {
    let strikes = try await strikes("idle-timeout=200ms", of: .idleTimeout) { client in
      _ = try client.answer(client.begin("/test.Echo/Say", body: Self.hello))
      // nghttp2 answers no ping behind a GOAWAY if no call is open: its client closes.
      while client.session.wantsRead, try client.receive() { try client.send() }
      #expect(client.goAway == "NO_ERROR ")
    }

    #expect(strikes >= 1)
  }

  @Test func `an old connection drains, and closes after its grace`() async throws {
    let strikes = try await strikes(
      "max-age=200ms", "age-grace=100ms", of: .ageGrace
    ) { client in
      _ = try client.begin("/test.Echo/Wait", body: Self.hello)
      try client.send()
      while try client.receive() { try client.send() }
      #expect(client.goAway == "NO_ERROR max_age")
    }

    #expect(strikes >= 1)
  }

  @Test func `a client that answers no ping is closed`() async throws {
    let strikes = try await strikes(
      "keepalive-time=100ms", "keepalive-timeout=100ms", of: .keepaliveTimeout
    ) { client in
      try client.send()
      // Reads, so that the ping arrives, and says nothing.
      try self.readToEnd(client)
    }

    #expect(strikes >= 1)
  }

  @Test func `a client that reads nothing is closed`() async throws {
    var options = GRPCServer.Options()
    options.limits.writeStallTimeout = .milliseconds(300)
    let load = options.load
    var windows = SessionOptions()
    windows.connectionWindowBytes = 1 << 28
    try await withEcho(serverOptions: options) { _, channel, endpoint in
      try await raw(endpoint, windows) { client in
        // More than the sockets hold.
        for _ in 0..<64 { _ = try client.begin("/test.Echo/Flood", body: Self.message("2000")) }
        try client.send()
        while load.count(of: .writeStallTimeout) == 0 { sched_yield() }
      }
      let reply = try await channel.unary("/test.Echo/Say", MessageBytes(text: "on"))

      #expect(reply.text == "on")
    }
    #expect(load.count(of: .writeStallTimeout) == 1)
  }

  private static func message(_ text: String) -> [UInt8] {
    [0, 0, 0, 0, UInt8(text.utf8.count)] + Array(text.utf8)
  }

  private static func message(_ count: Int) -> [UInt8] {
    [0, UInt8(count >> 24), UInt8(count >> 16 & 255), UInt8(count >> 8 & 255), UInt8(count & 255)]
      + [UInt8](repeating: 1, count: count)
  }
}
