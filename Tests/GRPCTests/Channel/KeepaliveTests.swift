internal import HTTP2
internal import Testing

@testable internal import GRPC

private let path = "/test.Raw/Say"
private let hello = MessageBytes(text: "hello")

@Suite struct `client keepalive` {
  private let start = ContinuousClock.now

  private func at(_ seconds: Int) -> ContinuousClock.Instant { start + .seconds(seconds) }

  private func keepalive(withoutCalls: Bool = false) -> ClientKeepalive {
    ClientKeepalive(
      time: .seconds(60), timeout: .seconds(20), withoutCalls: withoutCalls, now: start)
  }

  @Test func `silence is asked, an answer puts it off, silence again is the end`() {
    var keepalive = keepalive()

    #expect(keepalive.look(hasCalls: true, now: start) == .look(at: at(60)))
    #expect(keepalive.receive(now: at(30)) == nil)
    #expect(keepalive.look(hasCalls: true, now: at(60)) == .look(at: at(90)))
    #expect(keepalive.look(hasCalls: true, now: at(90)) == .ping(lookAt: at(110)))
    #expect(keepalive.look(hasCalls: true, now: at(95)) == .look(at: at(110)))
    #expect(keepalive.receive(now: at(100)) == .look(at: at(160)))
    #expect(keepalive.receive(now: at(100)) == nil)
    #expect(keepalive.look(hasCalls: true, now: at(160)) == .ping(lookAt: at(180)))
    #expect(keepalive.look(hasCalls: true, now: at(180)) == .dead)
  }

  @Test func `without calls nothing is asked until one begins`() {
    var keepalive = keepalive()

    #expect(keepalive.look(hasCalls: false, now: at(60)) == .rest)
    #expect(keepalive.callBegins(now: at(300)) == .ping(lookAt: at(320)))
    #expect(keepalive.callBegins(now: at(301)) == nil)
    #expect(keepalive.receive(now: at(302)) == .look(at: at(362)))
    #expect(keepalive.look(hasCalls: false, now: at(362)) == .rest)
    _ = keepalive.receive(now: at(365))
    #expect(keepalive.callBegins(now: at(370)) == .look(at: at(425)))
  }

  @Test func `a ping that is under way is waited for when the calls end`() {
    var keepalive = keepalive()
    #expect(keepalive.look(hasCalls: true, now: at(60)) == .ping(lookAt: at(80)))

    #expect(keepalive.look(hasCalls: false, now: at(80)) == .dead)
  }

  @Test func `if permitted, a connection without calls is asked too`() {
    var keepalive = keepalive(withoutCalls: true)

    #expect(keepalive.look(hasCalls: false, now: at(60)) == .ping(lookAt: at(80)))
  }
}

@Suite(.timeLimit(.minutes(1))) struct `keepalive on a connection` {
  private var options: GRPCChannel.Options {
    var options = GRPCChannel.Options.quick
    options.keepaliveTime = .milliseconds(50)
    options.keepaliveFloor = .milliseconds(50)
    options.keepaliveTimeout = .seconds(5)
    return options
  }

  @Test func `less than ten seconds are ten seconds`() {
    var options = GRPCChannel.Options()
    options.keepaliveTime = .seconds(1)
    let channel = GRPCChannel(to: Endpoint(host: "127.0.0.1", port: 1), options: options)

    #expect(channel.keepaliveTime == .seconds(10))
    #expect(GRPCChannel.Options().keepaliveTime == nil)
  }

  @Test func `a dead server ends its calls, and the next call connects again`() async throws {
    let server = try RawServer { connection, number in
      guard number == 0 else { return try echo(connection, number) }
      _ = try connection.nextRequest()
      connection.silence()
    }
    defer { server.stop() }
    var options = options
    options.keepaliveTimeout = .milliseconds(100)
    try await withChannel(server.endpoint, options) { channel in
      let error = await status { () throws(RPCError) in try await channel.unary(path, hello) }
      let reply = try await channel.unary(path, hello)

      #expect(error.code == .unavailable)
      #expect(error.message.contains("no byte within 0.1 seconds of a ping"))
      #expect(reply.text == "hello")
      #expect(channel.counters.deadConnections == 1)
      #expect(channel.counters.connections == 2)
    }
  }

  @Test func `a server that answers pings keeps its calls`() async throws {
    let mayAnswer = Signal()
    var settings = SessionOptions()
    settings.minPingInterval = .zero
    let server = try RawServer(settings: settings) { connection, _ in
      guard let request = try connection.nextRequest() else { return }
      try connection.receive { _ in mayAnswer.isSet }
      try connection.answer(request.stream, "late")
      try connection.receive { _ in false }
    }
    defer { server.stop() }
    try await withChannel(server.endpoint, options) { channel in
      async let reply = channel.unary(path, hello)
      try await eventually { channel.counters.pings >= 3 }
      mayAnswer.set()

      let text = try await reply.text
      #expect(text == "late")
      #expect(channel.counters.deadConnections == 0)
    }
  }

  @Test func `too_many_pings doubles the time for new connections`() async throws {
    let server = try RawServer { connection, number in
      guard number == 0 else { return try echo(connection, number) }
      guard let request = try connection.nextRequest() else { return }
      // A server that says it again and again is heard once.
      for _ in 0..<200 {
        try connection.goAway(above: request.stream, .enhanceYourCalm, "too_many_pings")
      }
      try connection.endSending()
      try connection.receive { _ in false }
    }
    defer { server.stop() }
    try await withChannel(server.endpoint, options) { channel in
      let error = await status { () throws(RPCError) in try await channel.unary(path, hello) }
      let reply = try await channel.unary(path, hello)

      #expect(error.code == .unavailable)
      #expect(reply.text == "hello")
      #expect(channel.keepaliveTime == .milliseconds(100))
    }
  }

  @Test func `a GOAWAY for another reason leaves the time as it is`() async throws {
    let server = try RawServer { connection, number in
      guard number == 0 else { return try echo(connection, number) }
      _ = try connection.nextRequest()
      try connection.goAway(above: 0, .enhanceYourCalm, "")
      try connection.receive { _ in false }
    }
    defer { server.stop() }
    try await withChannel(server.endpoint, options) { channel in
      let reply = try await channel.unary(path, hello)

      #expect(reply.text == "hello")
      #expect(channel.keepaliveTime == .milliseconds(50))
    }
  }
}
