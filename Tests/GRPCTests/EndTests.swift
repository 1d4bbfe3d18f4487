internal import GRPC
internal import Testing

@Suite(.timeLimit(.minutes(1))) struct `the end of a call` {
  @Test func `cancelling a call stops the work on the server`() async throws {
    try await withEcho { service, channel, _ in
      let call = channel.serverStreaming("/test.Echo/Wait", MessageBytes(text: "speak"))
      _ = try await call.take()
      #expect(!service.stopped.isSet)

      call.cancel()

      try await service.stopped.wait()
      let error = await status { () throws(RPCError) in try await call.take() }
      #expect(error.code == .cancelled)
    }
  }

  @Test func `a call that ended well was not cancelled`() async throws {
    let service = try await withEcho { service, channel, _ in
      _ = try await channel.unary("/test.Echo/Say", MessageBytes())
      let numbers = channel.serverStreaming("/test.Echo/Count", MessageBytes(text: "3"))
      while try await numbers.take() != nil {}
      let parts = channel.call("/test.Echo/Collect")
      parts.finishSending()
      while try await parts.take() != nil {}
      return service
    }

    #expect(!service.stopped.isSet)
  }

  @Test func `dropping a call cancels it`() async throws {
    try await withEcho { service, channel, _ in
      do {
        let call = channel.serverStreaming("/test.Echo/Wait", MessageBytes(text: "speak"))
        _ = try await call.take()
      }

      try await service.stopped.wait()
    }
  }

  @Test func `cancelling the task that waits cancels the call`() async throws {
    try await withEcho { service, channel, _ in
      let task = Task {
        try await channel.unary("/test.Echo/Wait", MessageBytes())
      }
      try await service.begun.wait()

      task.cancel()

      try await service.stopped.wait()
      let result = await task.result
      #expect(throws: RPCError.self) { try result.get() }
    }
  }

  @Test(arguments: ["", "speak"])
  func `a deadline ends the call on both sides`(request: String) async throws {
    try await withEcho { service, channel, _ in
      // Connected: else the deadline may pass before the server hears of the call.
      _ = try await channel.unary("/test.Echo/Say", MessageBytes())
      let call = channel.serverStreaming(
        "/test.Echo/Wait", MessageBytes(text: request), options: CallOptions(timeout: .seconds(1)))
      try await service.begun.wait()

      let error = await status { () throws(RPCError) in
        while try await call.take() != nil {}
      }

      #expect(error.code == .deadlineExceeded)
      try await service.stopped.wait()
    }
  }

  @Test func `a call within its deadline is not cut`() async throws {
    try await withEcho { _, channel, _ in
      let reply = try await channel.unary(
        "/test.Echo/Say", MessageBytes(text: "x"), options: CallOptions(timeout: .seconds(60)))

      #expect(reply.text == "x")
    }
  }

  @Test func `a lost connection ends open calls with UNAVAILABLE and the next call reconnects`()
    async throws
  {
    let service = EchoService()
    let first = GRPCServer(methods: service.methods)
    let bound = try await first.start(Endpoint(host: "127.0.0.1", port: 0))
    let channel = GRPCChannel(to: bound)
    let call = channel.serverStreaming("/test.Echo/Wait", MessageBytes(text: "speak"))
    _ = try await call.take()

    await first.shutDown(grace: .zero)
    let error = await status { () throws(RPCError) in try await call.take() }
    #expect(error.code == .unavailable)
    #expect(error.message.contains("\(bound)"))

    let second = GRPCServer(methods: service.methods)
    _ = try await second.start(bound)
    let reply = try await channel.unary("/test.Echo/Say", MessageBytes(text: "again"))
    #expect(reply.text == "again")
    await channel.close()
    await second.shutDown(grace: .seconds(1))
  }
}

@Suite struct `handlers that ignore their cancellation` {
  @Test func `are counted until they end`() async throws {
    var options = GRPCServer.Options()
    options.limits.maxStreams = 2
    options.limits.maxRunningHandlers = 4
    try await withEcho(serverOptions: options) { service, channel, _ in
      for _ in 0..<4 {
        let call = channel.call("/test.Echo/Stubborn")
        _ = try await call.take()
        call.cancel()
      }

      let error = await status { () throws(RPCError) in
        try await channel.call("/test.Echo/Stubborn").take()
      }
      let unary = try await channel.unary("/test.Echo/Say", MessageBytes(text: "x"))
      service.gate.set()
      var isFree = false
      while !isFree { isFree = (try? await channel.call("/test.Echo/Stubborn").take()) != nil }

      #expect(error.code == .resourceExhausted)
      #expect(unary.text == "x")
    }
  }
}

@Suite struct `the end of a server` {
  @Test func `a graceful end lets open calls finish and takes no new ones`() async throws {
    let service = EchoService()
    let server = GRPCServer(methods: service.methods)
    let bound = try await server.start(Endpoint(host: "127.0.0.1", port: 0))
    let channel = GRPCChannel(to: bound)
    let call = channel.call("/test.Echo/Chat")
    var replies = call.responses.makeAsyncIterator()
    try await call.send(MessageBytes(text: "before"))
    #expect(try await replies.next()?.text == "before")

    async let stopped: Void = server.shutDown(grace: .seconds(60))
    // The listener closes first: from then on a new connection is refused.
    let other = GRPCChannel(to: bound)
    var refusal: RPCError?
    while refusal == nil {
      do throws(RPCError) {
        _ = try await other.unary("/test.Echo/Say", MessageBytes())
      } catch {
        refusal = error
      }
    }
    try await call.send(MessageBytes(text: "during"))
    #expect(try await replies.next()?.text == "during")
    call.finishSending()
    #expect(try await replies.next() == nil)

    await stopped
    #expect(refusal?.code == .unavailable)
    await channel.close()
    await other.close()
  }

  @Test func `a long response that is under way arrives whole`() async throws {
    let service = EchoService()
    let server = GRPCServer(methods: service.methods)
    let bound = try await server.start(Endpoint(host: "127.0.0.1", port: 0))
    let channel = GRPCChannel(to: bound)
    let call = channel.serverStreaming("/test.Echo/Flood", MessageBytes(text: "50000"))
    var received = try await call.take()?.count ?? 0

    async let stopped: Void = server.shutDown(grace: .seconds(60))
    while let messages = try await call.take() { received += messages.count }

    await stopped
    #expect(received == 50_000)
    await channel.close()
  }

  @Test func `a call that does not end is cut after the grace`() async throws {
    let service = EchoService()
    let server = GRPCServer(methods: service.methods)
    let bound = try await server.start(Endpoint(host: "127.0.0.1", port: 0))
    let channel = GRPCChannel(to: bound)
    let call = channel.serverStreaming("/test.Echo/Wait", MessageBytes(text: "speak"))
    _ = try await call.take()

    await server.shutDown(grace: .milliseconds(50))

    #expect(service.stopped.isSet)
    let error = await status { () throws(RPCError) in try await call.take() }
    #expect(error.code == .unavailable)
    await channel.close()
  }

  @Test func `a port in use is refused with its address`() async throws {
    try await withEcho { _, _, bound in
      let second = GRPCServer(methods: [])

      let error = await status { () throws(RPCError) in try await second.start(bound) }

      #expect(error.code == .unavailable)
      #expect(error.message == "cannot listen on \(bound): address already in use")
    }
  }

  @Test func `a server that is not there is named in the error, and so is the reason`() async throws
  {
    let server = GRPCServer(methods: [])
    let bound = try await server.start(Endpoint(host: "127.0.0.1", port: 0))
    await server.shutDown(grace: .zero)
    let channel = GRPCChannel(to: bound)

    // The first error comes from the attempt, the second from the pause behind it.
    for _ in 0..<2 {
      let error = await status { () throws(RPCError) in
        try await channel.unary("/test.Echo/Say", MessageBytes())
      }

      #expect(error.code == .unavailable)
      #expect(error.message == "cannot connect to \(bound): connection refused")
    }
    await channel.close()
  }

  @Test func `a closed channel refuses calls`() async throws {
    try await withEcho { _, channel, _ in
      await channel.close()

      let error = await status { () throws(RPCError) in
        try await channel.unary("/test.Echo/Say", MessageBytes())
      }

      #expect(error.code == .cancelled)
    }
  }
}
