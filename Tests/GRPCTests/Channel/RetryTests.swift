internal import GRPC
internal import HTTP2
internal import Synchronization
internal import Testing

private let path = "/test.Raw/Say"
private let hello = MessageBytes(text: "hello")

extension CallOptions {
  fileprivate static func retrying(_ attempts: Int = 5) -> Self {
    var options = CallOptions(timeout: .seconds(30))
    options.retry = RetryPolicy(
      maxAttempts: attempts, firstBackoff: .milliseconds(5), maxBackoff: .milliseconds(20))
    return options
  }
}

@Suite(.timeLimit(.minutes(1))) struct `retry` {
  /// Fails the first calls with these trailers, then answers with what it was told of attempts
  /// before, and with the request.
  private func flaky(
    _ failures: Int, _ code: StatusCode = .unavailable, _ trailers: HeaderBlock = HeaderBlock()
  ) throws -> RawServer {
    let left = Mutex(failures)
    return try RawServer { connection, _ in
      while let request = try connection.nextRequest() {
        let fails = left.withLock { left in
          left -= 1
          return left >= 0
        }
        if fails {
          try connection.fail(request.stream, code, trailers)
        } else {
          let previous = request.headers["grpc-previous-rpc-attempts"] ?? "none"
          try connection.answer(
            request.stream, "\(previous) \(request.texts.joined(separator: ","))")
        }
      }
    }
  }

  private func failure(_ channel: GRPCChannel, _ options: CallOptions) async -> RPCError {
    await status { () throws(RPCError) in
      try await channel.unary(path, hello, options: options)
    }
  }

  @Test func `a call is tried again, and the server is told how often it was`() async throws {
    let server = try flaky(2)
    defer { server.stop() }
    try await withChannel(server.endpoint) { channel in
      let reply = try await channel.unary(path, hello, options: .retrying())
      let next = try await channel.unary(path, hello, options: .retrying())

      #expect(reply.text == "2 hello")
      #expect(next.text == "none hello")
      #expect(channel.counters.retries == 2)
    }
  }

  @Test func `closing the channel ends the pause before an attempt`() async throws {
    let server = try flaky(.max)
    defer { server.stop() }
    // No deadline: nothing else would end it.
    var options = CallOptions()
    options.retry = RetryPolicy(
      maxAttempts: 2, firstBackoff: .seconds(600), maxBackoff: .seconds(600))
    try await withChannel(server.endpoint) { channel in
      let call = channel.serverStreaming(path, hello, options: options)
      while channel.counters.retries == 0 { try await Task.sleep(for: .milliseconds(1)) }

      await channel.close()

      let failure = await status { () throws(RPCError) in try await call.reply() }
      #expect(failure.code == .cancelled)
      #expect(failure.message.contains("closed"))
    }
  }

  @Test func `without a policy, and with another status, it is not`() async throws {
    let server = try flaky(1)
    defer { server.stop() }
    let other = try flaky(1, .internal)
    defer { other.stop() }
    try await withChannel(server.endpoint) { channel in
      #expect(await failure(channel, CallOptions()).code == .unavailable)
    }
    try await withChannel(other.endpoint) { channel in
      #expect(await failure(channel, .retrying()).code == .internal)
      #expect(channel.counters.retries == 0)
    }
  }

  @Test func `the attempts have a bound`() async throws {
    let server = try flaky(3)
    defer { server.stop() }
    try await withChannel(server.endpoint) { channel in
      #expect(await failure(channel, .retrying(3)).code == .unavailable)

      let reply = try await channel.unary(path, hello, options: .retrying(3))
      #expect(reply.text == "none hello")
    }
  }

  @Test(arguments: ["-1", "soon", "99999999999"])
  func `the server's pushback stops it`(pushback: String) async throws {
    let server = try flaky(1, .unavailable, ["grpc-retry-pushback-ms": pushback])
    defer { server.stop() }
    try await withChannel(server.endpoint) { channel in
      #expect(await failure(channel, .retrying()).code == .unavailable)
      #expect(channel.counters.retries == 0)
    }
  }

  @Test func `the server's pushback sets the pause`() async throws {
    let server = try flaky(1, .unavailable, ["grpc-retry-pushback-ms": "1"])
    defer { server.stop() }
    var options = CallOptions.retrying()
    options.retry?.firstBackoff = .seconds(3600)
    options.retry?.maxBackoff = .seconds(3600)
    try await withChannel(server.endpoint) { channel in
      let reply = try await channel.unary(path, hello, options: options)

      #expect(reply.text == "1 hello")
    }
  }

  @Test func `a pause that ends behind the deadline is not begun`() async throws {
    let server = try flaky(1, .unavailable, ["grpc-retry-pushback-ms": "3600000"])
    defer { server.stop() }
    var limited = CallOptions.retrying()
    limited.timeout = nil
    limited.retryFor = .seconds(60)
    let second = try flaky(1, .unavailable, ["grpc-retry-pushback-ms": "3600000"])
    defer { second.stop() }
    try await withChannel(server.endpoint) { channel in
      #expect(await failure(channel, .retrying()).code == .unavailable)
    }
    try await withChannel(second.endpoint) { channel in
      #expect(await failure(channel, limited).code == .unavailable)
    }
  }

  @Test func `cancelling ends the pause`() async throws {
    let server = try flaky(1, .unavailable, ["grpc-retry-pushback-ms": "2147483647"])
    defer { server.stop() }
    var options = CallOptions.retrying()
    options.timeout = nil
    try await withChannel(server.endpoint) { channel in
      let call = channel.serverStreaming(path, hello, options: options)
      try await eventually { channel.counters.retries > 0 }

      call.cancel()

      let error = await status { () throws(RPCError) in try await call.take() }
      #expect(error.code == .cancelled)
    }
  }

  @Test func `the deadline covers all attempts`() async throws {
    let server = try RawServer { connection, _ in
      while let request = try connection.nextRequest() {
        try connection.fail(request.stream, .unavailable, ["grpc-retry-pushback-ms": "20"])
      }
    }
    defer { server.stop() }
    var channelOptions = GRPCChannel.Options.quick
    channelOptions.maxAttempts = 1_000_000
    channelOptions.retryTokens = 1_000_000
    var options = CallOptions.retrying(1_000_000)
    options.timeout = .seconds(2)
    try await withChannel(server.endpoint, channelOptions) { channel in
      let error = await failure(channel, options)

      #expect([.unavailable, .deadlineExceeded].contains(error.code))
      #expect(channel.counters.retries >= 1)
    }
  }

  @Test func `headers commit a call: what fails behind them is not tried again`() async throws {
    let server = try RawServer { connection, _ in
      while let request = try connection.nextRequest() {
        try connection.failLate(request.stream, .unavailable)
      }
    }
    defer { server.stop() }
    try await withChannel(server.endpoint) { channel in
      #expect(await failure(channel, .retrying()).code == .unavailable)
      #expect(channel.counters.retries == 0)
    }
  }

  @Test func `a client stream is sent again whole, what follows too`() async throws {
    let server = try RawServer { connection, _ in
      // The first attempt fails in the middle of the requests.
      try connection.receive { $0.requests.first?.texts.count == 2 }
      try connection.fail(connection.requests[0].stream, .unavailable)
      try connection.receive { $0.requests.count == 2 && $0.requests[1].isComplete }
      let request = connection.requests[1]
      try connection.answer(request.stream, request.texts.joined(separator: ","))
      try connection.receive { _ in false }
    }
    defer { server.stop() }
    try await withChannel(server.endpoint) { channel in
      let call = channel.call(path, options: .retrying())
      try await call.send(MessageBytes(text: "one"))
      try await call.send(MessageBytes(text: "two"))
      try await eventually { channel.counters.retries > 0 }
      try await call.send(MessageBytes(text: "three"))
      call.finishSending()

      let reply = try await call.take()

      #expect(reply?.map(\.text) == ["one,two,three"])
    }
  }

  @Test func `a client stream over the buffer has one attempt`() async throws {
    let server = try RawServer { connection, _ in
      try connection.receive { $0.requests.first?.body.count == 35 }
      try connection.fail(connection.requests[0].stream, .unavailable)
      try connection.receive { _ in false }
    }
    defer { server.stop() }
    var options = GRPCChannel.Options.quick
    options.retryBufferBytes = 30
    try await withChannel(server.endpoint, options) { channel in
      let call = channel.call(path, options: .retrying())
      try await call.send(MessageBytes(text: "0123456789"))
      try await call.send(MessageBytes(text: "012345678901234"))

      let error = await status { () throws(RPCError) in try await call.take() }

      #expect(error.code == .unavailable)
      #expect(channel.counters.retries == 0)
    }
  }

  @Test func `too many failures stop retries`() async throws {
    let server = try flaky(6)
    defer { server.stop() }
    try await withChannel(server.endpoint) { channel in
      // Five failures leave five of ten tokens: not more than half.
      #expect(await failure(channel, .retrying()).code == .unavailable)
      #expect(channel.counters.retries == 4)
      #expect(await failure(channel, .retrying()).code == .unavailable)
      #expect(channel.counters.throttledRetries == 1)
      #expect(channel.counters.retries == 4)
    }
  }
}
