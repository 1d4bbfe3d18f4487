internal import GRPC
internal import HTTP2
internal import Testing

extension GRPCChannel.Options {
  /// With short pauses, so that a test need not wait for them.
  static var quick: Self {
    var options = GRPCChannel.Options()
    options.firstBackoff = .milliseconds(20)
    options.maxBackoff = .milliseconds(50)
    return options
  }
}

extension CallOptions {
  static func waiting(_ timeout: Duration? = .seconds(30)) -> Self {
    var options = CallOptions(timeout: timeout)
    options.waitForReady = true
    return options
  }
}

/// Runs `body` with a channel to `endpoint`, and closes it.
func withChannel<R>(
  _ endpoint: Endpoint, _ options: GRPCChannel.Options = .quick,
  _ body: (GRPCChannel) async throws -> R
) async throws -> R {
  let channel = GRPCChannel(to: endpoint, options: options)
  let result: Result<R, any Error>
  do {
    result = .success(try await body(channel))
  } catch {
    result = .failure(error)
  }
  await channel.close()
  return try result.get()
}

/// Answers every request with its own text.
@Sendable func echo(_ connection: RawConnection, _ number: Int) throws {
  while let request = try connection.nextRequest() {
    try connection.answer(request.stream, request.texts.joined())
  }
}

private let path = "/test.Raw/Say"
private let hello = MessageBytes(text: "hello")

@Suite(.timeLimit(.minutes(1))) struct `connecting` {
  /// An address where nobody listens.
  private func nobody() async throws -> Endpoint {
    let server = try RawServer { _, _ in }
    let endpoint = server.endpoint
    server.stop()
    return endpoint
  }

  private func failure(
    _ channel: GRPCChannel, _ options: CallOptions = CallOptions()
  ) async -> RPCError {
    await status { () throws(RPCError) in
      try await channel.unary(path, hello, options: options)
    }
  }

  @Test func `a server that takes the connection and says nothing is given up`() async throws {
    let server = try RawServer { connection, _ in connection.silence() }
    defer { server.stop() }
    var options = GRPCChannel.Options.quick
    options.connectTimeout = .seconds(4)
    try await withChannel(server.endpoint, options) { channel in
      let error = await failure(channel)

      #expect(error.code == .unavailable)
      #expect(
        error.message
          == "cannot connect to \(server.endpoint): it did not speak HTTP/2 within 4.0 seconds")
      #expect(channel.counters.connections == 0)
      #expect(channel.counters.failedConnections == 1)
    }
  }

  @Test func `a server that hangs up before SETTINGS is a failed attempt`() async throws {
    let server = try RawServer { _, _ in }
    defer { server.stop() }
    try await withChannel(server.endpoint) { channel in
      let error = await failure(channel)

      #expect(error.code == .unavailable)
      #expect(error.message.hasPrefix("cannot connect to \(server.endpoint): "))
    }
  }

  @Test func `a server that speaks HTTP/1.1 is a failed attempt`() async throws {
    let server = try RawServer { connection, _ in
      try connection.send(raw: Array("HTTP/1.1 400 Bad Request\r\nContent-Length: 0\r\n\r\n".utf8))
      connection.silence()
    }
    defer { server.stop() }
    try await withChannel(server.endpoint) { channel in
      let error = await failure(channel)

      #expect(error.code == .unavailable)
      #expect(error.message.hasSuffix("it answers with HTTP/1: it is no gRPC server"))
    }
  }

  @Test func `a call that waits for ready is answered once the server is there`() async throws {
    let endpoint = try await nobody()
    try await withChannel(endpoint) { channel in
      async let reply = channel.unary(path, hello, options: .waiting())
      try await eventually { channel.counters.failedConnections >= 2 }

      // The listener before it may be closed only just now.
      var server: RawServer?
      try await eventually {
        server = try? RawServer(port: endpoint.port, echo)
        return server != nil
      }
      defer { server?.stop() }

      let text = try await reply.text
      #expect(text == "hello")
      #expect(channel.counters.connections == 1)
    }
  }

  @Test func `a call that does not wait fails in the pause, with the last reason`() async throws {
    var options = GRPCChannel.Options.quick
    options.firstBackoff = .seconds(60)
    options.maxBackoff = .seconds(60)
    try await withChannel(try await nobody(), options) { channel in
      let first = await failure(channel)
      let second = await failure(channel)

      #expect(first.code == .unavailable)
      #expect(first == second)
      #expect(channel.counters.failedConnections == 1)
    }
  }

  @Test func `waiting for ready ends with the deadline, and says why there was no connection`()
    async throws
  {
    try await withChannel(try await nobody()) { channel in
      _ = await failure(channel)

      let error = await failure(channel, .waiting(.milliseconds(200)))

      #expect(error.code == .deadlineExceeded)
      #expect(error.message.contains("connection refused"))
    }
  }

  @Test func `waiting for ready ends after the time for it with UNAVAILABLE`() async throws {
    try await withChannel(try await nobody()) { channel in
      var options = CallOptions.waiting()
      options.retryFor = .milliseconds(100)

      let error = await failure(channel, options)

      #expect(error.code == .unavailable)
      #expect(error.message.contains("connection refused"))
    }
  }

  @Test func `no time to wait is still one attempt`() async throws {
    let server = try RawServer(echo)
    defer { server.stop() }
    var options = CallOptions.waiting()
    options.retryFor = .zero
    try await withChannel(server.endpoint) { channel in
      let reply = try await channel.unary(path, hello, options: options)

      #expect(reply.text == "hello")
    }
    try await withChannel(try await nobody()) { channel in
      #expect(await failure(channel, options).code == .unavailable)
      #expect(channel.counters.failedConnections == 1)
    }
  }

  @Test func `closing the channel ends the calls that wait`() async throws {
    try await withChannel(try await nobody()) { channel in
      async let error = failure(channel, .waiting())
      try await eventually { channel.counters.failedConnections >= 1 }

      await channel.close()

      #expect(await error.code == .cancelled)
    }
  }

  @Test func `one call more than may wait is refused`() async throws {
    var options = GRPCChannel.Options.quick
    options.maxQueuedCalls = 2
    try await withChannel(try await nobody(), options) { channel in
      let waiting = (0..<2).map { _ in channel.serverStreaming(path, hello, options: .waiting()) }

      let error = await failure(channel, .waiting())

      #expect(error.code == .resourceExhausted)
      #expect(channel.counters.refusedCalls == 1)
      for call in waiting { call.cancel() }
    }
  }
}

@Suite(.timeLimit(.minutes(1))) struct `a connection's life` {
  @Test func `streams above a GOAWAY are sent again elsewhere, those below it go on`() async throws
  {
    let server = try RawServer { connection, number in
      guard number == 0 else { return try echo(connection, number) }
      guard let first = try connection.nextRequest() else { return }
      _ = try connection.nextRequest()
      try connection.goAway(above: first.stream)
      try connection.answer(first.stream, "first")
      try connection.receive { _ in false }
    }
    defer { server.stop() }
    try await withChannel(server.endpoint) { channel in
      let first = channel.serverStreaming(path, MessageBytes(text: "one"))
      let second = channel.serverStreaming(path, MessageBytes(text: "two"))

      let replies = try await [first.take(), second.take()].map { $0?.map(\.text) }
      let end = try await first.take()

      #expect(replies == [["first"], ["two"]])
      #expect(end == nil)
      #expect(channel.counters.connections == 2)
      #expect(channel.counters.transparentRetries == 1)
    }
  }

  @Test func `a refused call is sent again once`() async throws {
    let server = try RawServer { connection, _ in
      var refused: Set<String> = []
      while let request = try connection.nextRequest() {
        let text = request.texts.joined()
        if text == "never" || refused.insert(text).inserted {
          try connection.reset(request.stream, .refusedStream)
        } else {
          try connection.answer(request.stream, request.headers["grpc-previous-rpc-attempts"] ?? "")
        }
      }
    }
    defer { server.stop() }
    try await withChannel(server.endpoint) { channel in
      let reply = try await channel.unary(path, hello)
      let error = await status { () throws(RPCError) in
        try await channel.unary(path, MessageBytes(text: "never"))
      }

      #expect(reply.text == "")
      #expect(error.code == .unavailable)
      #expect(channel.counters.transparentRetries == 2)
      #expect(channel.counters.connections == 1)
    }
  }

  @Test func `a call whose connection breaks is not sent again by itself`() async throws {
    let server = try RawServer { connection, number in
      _ = try connection.nextRequest()
      if number > 0 { Issue.record("the call came again") }
    }
    defer { server.stop() }
    try await withChannel(server.endpoint) { channel in
      let error = await status { () throws(RPCError) in try await channel.unary(path, hello) }

      #expect(error.code == .unavailable)
    }
  }

  @Test func `calls above the server's limit of streams wait for one`() async throws {
    var settings = SessionOptions()
    settings.maxConcurrentStreams = 2
    let server = try RawServer(settings: settings) { connection, _ in
      // Two at a time: the third comes only behind an answer.
      for _ in 0..<10 {
        guard let first = try connection.nextRequest(), let second = try connection.nextRequest()
        else { return }
        try connection.answer(first.stream, first.texts.joined())
        try connection.answer(second.stream, second.texts.joined())
      }
      try connection.receive { _ in false }
    }
    defer { server.stop() }
    try await withChannel(server.endpoint) { channel in
      let replies = try await withThrowingTaskGroup(of: String.self) { group in
        for number in 0..<20 {
          group.addTask { try await channel.unary(path, MessageBytes(text: "\(number)")).text }
        }
        return try await group.reduce(into: Set<String>()) { $0.insert($1) }
      }

      #expect(replies == Set((0..<20).map(String.init)))
      #expect(channel.counters.transparentRetries == 0)
      #expect(server.connections == 1)
    }
  }

  @Test func `a connection without calls is closed after the time for it`() async throws {
    let ended = Signal()
    let server = try RawServer { connection, number in
      try echo(connection, number)
      if connection.goAway == .noError { ended.set() }
    }
    defer { server.stop() }
    var options = GRPCChannel.Options.quick
    options.idleTimeout = .milliseconds(50)
    try await withChannel(server.endpoint, options) { channel in
      _ = try await channel.unary(path, hello)
      try await ended.wait()

      let reply = try await channel.unary(path, hello)

      #expect(reply.text == "hello")
      // On a busy machine the second connection may end before the call is on it.
      #expect(channel.counters.connections >= 2)
    }
  }

  @Test func `closing the channel says GOAWAY and ends open calls`() async throws {
    let ended = Signal()
    let server = try RawServer { connection, _ in
      _ = try connection.nextRequest()
      try connection.receive { _ in false }
      if connection.goAway == .noError { ended.set() }
    }
    defer { server.stop() }
    try await withChannel(server.endpoint) { channel in
      let call = channel.serverStreaming(path, hello)
      try await eventually { channel.counters.connections > 0 }

      await channel.close()

      let error = await status { () throws(RPCError) in try await call.take() }
      #expect(error.code == .cancelled)
    }
    try await ended.wait()
  }

  @Test func `metadata over the server's limit does not leave`() async throws {
    var settings = SessionOptions()
    settings.maxHeaderListBytes = 2000
    let server = try RawServer(settings: settings, echo)
    defer { server.stop() }
    try await withChannel(server.endpoint) { channel in
      let metadata: Metadata = ["x-large": String(repeating: "x", count: 2000)]

      let error = await status { () throws(RPCError) in
        try await channel.unary(path, hello, options: CallOptions(metadata: metadata))
      }
      let reply = try await channel.unary(path, hello)

      #expect(error.code == .resourceExhausted)
      #expect(error.message.contains("2000 bytes"))
      #expect(reply.text == "hello")
    }
  }

  @Test func `metadata that no server could be sent fails its call at once`() async throws {
    var settings = SessionOptions()
    settings.maxHeaderListBytes = 1 << 20
    let server = try RawServer(settings: settings, echo)
    defer { server.stop() }
    try await withChannel(server.endpoint) { channel in
      let metadata: Metadata = ["x-large": String(repeating: "x", count: 70_000)]

      let error = await status { () throws(RPCError) in
        try await channel.unary(path, hello, options: CallOptions(metadata: metadata))
      }

      #expect(error.code == .resourceExhausted)
      #expect(channel.counters.transparentRetries == 0)
    }
  }
}
