internal import GRPC
internal import Synchronization
internal import Testing

/// "hello " twenty times, as Python's gzip compresses it.
private let hellos: [UInt8] = [
  31, 139, 8, 0, 0, 0, 0, 0, 2, 3, 203, 72, 205, 201, 201, 87, 200, 160, 59, 9, 0, 47, 250, 248, 72,
  120, 0, 0, 0,
]
private let helloText = String(repeating: "hello ", count: 20)
private let gzip = ["grpc-encoding": "gzip", "grpc-accept-encoding": "identity, deflate,gzip"]

private func framed(_ bytes: [UInt8], flag: UInt8) -> [UInt8] {
  [flag] + withUnsafeBytes(of: UInt32(bytes.count).bigEndian, Array.init) + bytes
}

@Suite struct `compression, as the bytes have it` {
  private func answer(
    to path: String = "/test.Echo/Say", _ fields: [String: String], _ body: [UInt8]
  ) async throws -> RawClient.Answer {
    try await withEcho { _, _, endpoint in
      try await raw(endpoint) { client in
        try client.answer(client.begin(path, fields, body: body))
      }
    }
  }

  @Test func `a compressed request is inflated, and its answer compressed`() async throws {
    let answer = try await answer(gzip, framed(hellos, flag: 1))

    #expect(answer.headers.contains("grpc-encoding: gzip"))
    #expect(answer.headers.contains("x-was-compressed: yes"))
    #expect(answer.body.first == 1)
    #expect(answer.body.count < 60)
    #expect(answer.trailers == ["grpc-status: 0"])
  }

  @Test func `an answer is compressed only for a client that takes it`() async throws {
    let answer = try await answer(["grpc-encoding": "gzip"], framed(hellos, flag: 1))

    #expect(!answer.headers.contains("grpc-encoding: gzip"))
    #expect(answer.body == framed(Array(helloText.utf8), flag: 0))
  }

  @Test func `a handler may compress though the request is not`() async throws {
    let fields = ["grpc-accept-encoding": "gzip", "x-compress": "yes"]

    let answer = try await answer(fields, framed(Array(helloText.utf8), flag: 0))

    #expect(answer.headers.contains("grpc-encoding: gzip"))
    #expect(answer.body.first == 1)
  }

  @Test func `what does not get smaller goes as it is`() async throws {
    let noise = (0..<200).map { _ in UInt8.random(in: 0...255) }

    let answer = try await answer(gzip, framed(noise, flag: 0))

    #expect(answer.body == framed(noise, flag: 0))
    #expect(answer.trailers == ["grpc-status: 0"])
  }

  @Test func `each message says for itself whether it is compressed`() async throws {
    let plainly = Array(("plainly " + helloText).utf8)

    let answer = try await answer(
      to: "/test.Echo/Chat", gzip,
      framed(hellos, flag: 1) + framed(plainly, flag: 0) + framed(hellos, flag: 1))

    let first = 5 + Int(answer.body[4])
    #expect(answer.body[0] == 1)
    #expect(answer.body[first..<first + 5 + plainly.count].elementsEqual(framed(plainly, flag: 0)))
    #expect(answer.body[first + 5 + plainly.count] == 1)
    #expect(answer.trailers == ["grpc-status: 0"])
  }

  @Test func `members that are joined are one message`() async throws {
    let answer = try await answer(
      ["grpc-encoding": "gzip"], framed(hellos + hellos, flag: 1))

    #expect(answer.body == framed(Array((helloText + helloText).utf8), flag: 0))
  }

  @Test(
    arguments: [
      ["grpc-encoding": "identity"], [:],
    ], ["/test.Echo/Say", "/test.Echo/Chat"])
  func `the flag without an encoding is INTERNAL`(
    fields: [String: String], path: String
  ) async throws {
    let answer = try await answer(to: path, fields, framed(hellos, flag: 1))

    #expect((answer.headers + answer.trailers).contains("grpc-status: 13"))
  }

  @Test(
    arguments: [
      // Cut off, a wrong checksum, rubbish behind it, rubbish, and nothing.
      Array(hellos.dropLast(9)), hellos.dropLast(5) + [0] + hellos.suffix(4), hellos + [1, 2, 3],
      Array(repeating: 7, count: 50), [],
    ] as [[UInt8]], ["/test.Echo/Say", "/test.Echo/Chat", "/test.Echo/Count"])
  func `what cannot be inflated is INTERNAL`(bytes: [UInt8], path: String) async throws {
    let answer = try await answer(to: path, gzip, framed(bytes, flag: 1))

    #expect((answer.headers + answer.trailers).contains("grpc-status: 13"))
  }

  @Test(arguments: ["/test.Echo/Say", "/test.Echo/Chat"])
  func `a bomb is RESOURCE_EXHAUSTED, whatever size it promises`(path: String) async throws {
    // The last four bytes of a member are its size: 120 becomes 3.
    var bomb: [UInt8] = []
    for _ in 0..<50_000 { bomb += hellos }
    bomb = bomb.dropLast(4) + [3, 0, 0, 0]

    let answer = try await answer(to: path, gzip, framed(bomb, flag: 1))

    #expect((answer.headers + answer.trailers).contains("grpc-status: 8"))
  }
}

@Suite struct `compression between our own two ends` {
  private let text = MessageBytes(text: String(repeating: "a line of text\n", count: 10_000))

  @Test func `large messages survive both ways`() async throws {
    try await withEcho { _, channel, _ in
      let options = CallOptions(compression: .gzip)

      let reply = try await channel.unary("/test.Echo/Say", text, options: options)

      #expect(reply == text)
      #expect(reply.wasCompressed)
    }
  }

  @Test func `a client that did not ask gets no compression`() async throws {
    try await withEcho { _, channel, _ in
      let reply = try await channel.unary("/test.Echo/Say", text)

      #expect(reply == text)
      #expect(!reply.wasCompressed)
    }
  }

  @Test func `a stream may mix both, message by message`() async throws {
    try await withEcho { _, channel, _ in
      let call = channel.call("/test.Echo/Chat", options: CallOptions(compression: .gzip))
      let plainly = MessageBytes(text: "plainly " + text.text)

      try await call.send(text)
      try await call.send(plainly, compress: false)
      try await call.send(text)
      call.finishSending()
      var replies: [MessageBytes] = []
      for try await reply in call.responses { replies.append(reply) }

      #expect(replies == [text, plainly, text])
      #expect(replies.map(\.wasCompressed) == [true, false, true])
    }
  }

  @Test func `a window of bombs is inflated one by one`() async throws {
    try await withEcho { service, channel, _ in
      let zeros = MessageBytes([UInt8](repeating: 0, count: 4_000_000))
      let call = channel.call("/test.Echo/Hold", options: CallOptions(compression: .gzip))

      for _ in 0..<50 { try await call.send(zeros) }
      call.finishSending()
      service.gate.set()
      while try await call.take() != nil {}

      #expect(service.taken.withLock { $0 } == 50)
    }
  }

  @Test func `a reply that grows over the client's limit is RESOURCE_EXHAUSTED`() async throws {
    var options = GRPCChannel.Options()
    options.maxMessageBytes = 149_999
    try await withEcho(channelOptions: options) { _, channel, _ in
      let error = await status { () throws(RPCError) in
        try await channel.unary("/test.Echo/Say", text, options: CallOptions(compression: .gzip))
      }

      #expect(error.code == .resourceExhausted)
    }
  }
}
