internal import GRPC
internal import Testing

@Suite struct `calls over a socket` {
  @Test func `a unary call returns what its handler returns`() async throws {
    try await withEcho { _, channel, _ in
      let reply = try await channel.unary("/test.Echo/Say", MessageBytes(text: "hello"))

      #expect(reply.text == "hello")
    }
  }

  @Test func `an empty message is a message`() async throws {
    try await withEcho { _, channel, _ in
      let reply = try await channel.unary("/test.Echo/Say", MessageBytes())

      #expect(reply.count == 0)
    }
  }

  @Test func `a message of the limit passes, one byte more is RESOURCE_EXHAUSTED`() async throws {
    var options = GRPCServer.Options()
    options.limits.maxMessageBytes = 2_000_000
    try await withEcho(serverOptions: options) { _, channel, _ in
      let largest = MessageBytes([UInt8](repeating: 1, count: 2_000_000))
      let tooLarge = MessageBytes([UInt8](repeating: 1, count: 2_000_001))

      let reply = try await channel.unary("/test.Echo/Say", largest)
      let error = await status { () throws(RPCError) in
        try await channel.unary("/test.Echo/Say", tooLarge)
      }

      #expect(reply == largest)
      #expect(error.code == .resourceExhausted)
      #expect(error.message.contains("2000001"))
    }
  }

  @Test func `the client refuses a response message over its own limit`() async throws {
    var options = GRPCChannel.Options()
    options.maxMessageBytes = 100
    try await withEcho(channelOptions: options) { _, channel, _ in
      let error = await status { () throws(RPCError) in
        try await channel.unary(
          "/test.Echo/Say", MessageBytes([UInt8](repeating: 1, count: 101)))
      }

      let small = try await channel.unary("/test.Echo/Say", MessageBytes(text: "small"))

      #expect(error.code == .resourceExhausted)
      #expect(small.count == 5)
    }
  }

  @Test func `metadata travels both ways, text and bytes`() async throws {
    try await withEcho { _, channel, _ in
      var metadata: Metadata = ["x-initial": "a b"]
      metadata.add(binary: [0, 255, 3], name: "x-trailing-bin")
      let call = channel.serverStreaming(
        "/test.Echo/Say", MessageBytes(), options: CallOptions(metadata: metadata))

      let initial = try await call.initialMetadata
      while try await call.take() != nil {}

      #expect(initial["x-initial"] == "a b")
      #expect(call.trailingMetadata[binary: "x-trailing-bin"] == [0, 255, 3])
    }
  }

  @Test(arguments: StatusCode.allCases.filter { $0 != .ok })
  func `each status arrives with its message and details`(code: StatusCode) async throws {
    try await withEcho { _, channel, _ in
      let message = "100 % \u{7}\t of 'größe' 🙂"
      let request = MessageBytes([UInt8(code.rawValue)] + Array(message.utf8))

      let error = await status { () throws(RPCError) in
        try await channel.unary("/test.Echo/Fail", request)
      }

      #expect(error.code == code)
      #expect(error.message == message)
      #expect(error.metadata[binary: "grpc-status-details-bin"] == [1, 2, 255])
    }
  }

  @Test func `a server stream delivers its messages in order, then its status`() async throws {
    try await withEcho { _, channel, _ in
      let call = channel.serverStreaming("/test.Echo/Count", MessageBytes(text: "1000!"))
      var received: [String] = []

      let error = await status { () throws(RPCError) in
        while let messages = try await call.take() { received += messages.map(\.text) }
      }

      #expect(received == (0..<1000).map(String.init))
      #expect(error == RPCError(.dataLoss, "after 1000"))
    }
  }

  @Test func `a client stream is taken to its end`() async throws {
    try await withEcho { _, channel, _ in
      let call = channel.call("/test.Echo/Collect")

      for part in ["one ", "two ", "three"] { try await call.send(MessageBytes(text: part)) }
      call.finishSending()

      var replies: [String] = []
      for try await reply in call.responses { replies.append(reply.text) }
      #expect(replies == ["one two three"])
    }
  }

  @Test func `a bidirectional call answers while it is asked`() async throws {
    try await withEcho { _, channel, _ in
      let call = channel.call("/test.Echo/Chat")
      var replies = call.responses.makeAsyncIterator()

      for text in ["a", "b", "c"] {
        try await call.send(MessageBytes(text: text))
        #expect(try await replies.next()?.text == text)
      }
      call.finishSending()

      #expect(try await replies.next() == nil)
    }
  }

  @Test func `a streaming handler may end before the client does`() async throws {
    try await withEcho { _, channel, _ in
      let call = channel.call("/test.Echo/Chat")
      try await call.send(MessageBytes(text: "stop"))

      let error = await status { () throws(RPCError) in try await call.take() }

      #expect(error == RPCError(.aborted, "told to stop"))
      #expect(!call.enqueue(MessageBytes(text: "more")))
    }
  }

  @Test func `an unknown method is UNIMPLEMENTED`() async throws {
    try await withEcho { _, channel, _ in
      let error = await status { () throws(RPCError) in
        try await channel.unary("/test.Echo/Nothing", MessageBytes())
      }

      #expect(error.code == .unimplemented)
      #expect(error.message.contains("/test.Echo/Nothing"))
    }
  }

  @Test func `a second message to a unary method is UNIMPLEMENTED, so is none`() async throws {
    try await withEcho { _, channel, _ in
      for count in [0, 2] {
        let call = channel.call("/test.Echo/Say")
        for _ in 0..<count { _ = call.enqueue(MessageBytes(text: "x")) }
        call.finishSending()

        let error = await status { () throws(RPCError) in try await call.take() }

        #expect(error.code == .unimplemented)
      }
    }
  }

  @Test func `a second reply to a unary call is UNIMPLEMENTED`() async throws {
    try await withEcho { _, channel, _ in
      let error = await status { () throws(RPCError) in
        try await channel.unary("/test.Echo/Count", MessageBytes(text: "2"))
      }

      #expect(error.code == .unimplemented)
    }
  }
}
