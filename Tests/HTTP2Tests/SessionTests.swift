internal import HTTP2
internal import Testing

@Suite struct `a session` {
  @Test func `carries headers, a body and trailers both ways`() throws {
    let pair = try SessionPair()
    let stream = try pair.client.submitRequest(request, source: BytesSource([1, 2, 3]))
    try pair.exchange()

    try pair.server.submitResponse(
      stream, response, source: BytesSource([4, 5], trailers: ["grpc-status": "0"]))
    try pair.exchange()

    #expect(
      pair.serverSaw == [
        .headers(stream, request.texts, .request, endsStream: false),
        .data(stream, [1, 2, 3]), .dataEnd(stream), .closed(stream, .noError),
      ])
    #expect(
      pair.clientSaw == [
        .headers(stream, [":status: 200"], .response, endsStream: false), .data(stream, [4, 5]),
        .headers(stream, ["grpc-status: 0"], .trailers, endsStream: true),
        .closed(stream, .noError),
      ])
  }

  @Test func `a body of many frames passes a region of one frame unchanged`() throws {
    var options = SessionOptions()
    options.streamWindowBytes = 1 << 24
    options.connectionWindowBytes = 1 << 24
    let pair = try SessionPair(client: options)
    let body = (0..<1_000_003).map { UInt8(truncatingIfNeeded: $0 &* 31 >> 3) }
    let stream = try pair.client.submitRequest(request, source: nil)
    try pair.exchange()

    try pair.server.submitResponse(stream, response, source: BytesSource(body))
    try pair.exchange()

    #expect(pair.body(pair.clientSaw, stream) == body)
  }

  @Test func `bytes that come one by one mean the same`() throws {
    let pair = try SessionPair()
    let stream = try pair.client.submitRequest(request, source: BytesSource([7, 8]))

    for byte in try pair.output(of: pair.client) { try pair.deliver([byte], to: pair.server) }

    #expect(pair.serverSaw.first == .headers(stream, request.texts, .request, endsStream: false))
    #expect(pair.body(pair.serverSaw, stream) == [7, 8])
    #expect(pair.serverSaw.last == .dataEnd(stream))
  }

  @Test func `a body stops at the window until the reader has consumed`() throws {
    var options = SessionOptions()
    options.streamWindowBytes = 100_000
    let pair = try SessionPair(server: options)
    let body = [UInt8](repeating: 9, count: 250_000)
    let stream = try pair.client.submitRequest(request, source: BytesSource(body))
    try pair.exchange()
    #expect(pair.body(pair.serverSaw, stream).count == 100_000)

    pair.server.consume(stream: stream, count: 100_000)
    try pair.exchange()
    #expect(pair.body(pair.serverSaw, stream).count == 200_000)

    pair.server.consume(stream: stream, count: 100_000)
    try pair.exchange()
    #expect(pair.body(pair.serverSaw, stream) == body)
  }

  @Test func `a stream that is not read does not stop another`() throws {
    var options = SessionOptions()
    options.streamWindowBytes = 60_000
    options.connectionWindowBytes = 65_535
    let pair = try SessionPair(server: options)
    let body = [UInt8](repeating: 9, count: 1_000_000)
    for _ in 0..<3 { _ = try pair.client.submitRequest(request, source: BytesSource(body)) }

    try pair.exchange()

    for stream in [1, 3, 5] as [Int32] {
      #expect(pair.body(pair.serverSaw, stream).count == 60_000)
    }
  }

  @Test func `a deferred body goes on after resume`() throws {
    let pair = try SessionPair()
    let source = BytesSource([1])
    source.isWaiting = true
    let stream = try pair.client.submitRequest(request, source: source)
    try pair.exchange()
    #expect(pair.body(pair.serverSaw, stream) == [])

    source.isWaiting = false
    try pair.exchange()
    #expect(pair.body(pair.serverSaw, stream) == [])

    pair.client.resume(stream)
    try pair.exchange()
    #expect(pair.body(pair.serverSaw, stream) == [1])
  }

  @Test func `a reset frees the body of both sides`() throws {
    let pair = try SessionPair()
    weak var source: BytesSource?
    let stream: Int32
    do {
      let waiting = BytesSource([1])
      waiting.isWaiting = true
      source = waiting
      stream = try pair.client.submitRequest(request, source: waiting)
    }
    try pair.exchange()
    #expect(source != nil)

    pair.client.reset(stream, .cancel)
    try pair.exchange()

    #expect(source == nil)
    #expect(pair.serverSaw.last == .closed(stream, .cancel))
  }

  @Test func `a response or trailers too large to be sent reset their stream`() throws {
    let pair = try SessionPair()
    let large: HeaderBlock = [":status": "200", "x": String(repeating: "x", count: 70_000)]
    let trailers: HeaderBlock = ["x": String(repeating: "x", count: 70_000)]
    let first = try pair.client.submitRequest(request, source: nil)
    let second = try pair.client.submitRequest(request, source: nil)
    try pair.exchange()

    #expect(throws: HTTP2Error.self) {
      try pair.server.submitResponse(first, large, source: nil)
    }
    try pair.server.submitResponse(second, response, source: BytesSource([1], trailers: trailers))
    try pair.exchange()

    #expect(pair.clientSaw.contains(.closed(first, .internalError)))
    #expect(pair.clientSaw.contains(.closed(second, .internalError)))
  }

  @Test func `a response before the end of the request tells the client to stop`() throws {
    let pair = try SessionPair()
    let source = BytesSource([1])
    source.isWaiting = true
    let stream = try pair.client.submitRequest(request, source: source)
    try pair.exchange()

    try pair.server.submitResponse(stream, [":status": "200", "grpc-status": "12"], source: nil)
    try pair.exchange()

    #expect(
      pair.clientSaw == [
        .headers(stream, [":status: 200", "grpc-status: 12"], .response, endsStream: true),
        .closed(stream, .noError),
      ])
  }
}

@Suite struct `limits of a session` {
  @Test func `metadata over the limit arrives as oversized, at four times it is reset`() throws {
    let pair = try SessionPair()
    var large = request
    large.add("x", String(repeating: "v", count: 9_000))
    var huge = request
    for _ in 0..<4 { huge.add("x", String(repeating: "v", count: 9_000)) }

    let kept = try pair.client.submitRequest(large, source: nil)
    let reset = try pair.client.submitRequest(huge, source: nil)
    try pair.exchange()

    #expect(pair.serverSaw.first == .headers(kept, [], .oversized, endsStream: true))
    #expect(pair.clientSaw.contains(.closed(reset, .internalError)))
  }

  @Test func `streams over the limit wait at the client`() throws {
    var options = SessionOptions()
    options.maxConcurrentStreams = 2
    let pair = try SessionPair(server: options)
    for _ in 0..<3 { _ = try pair.client.submitRequest(request, source: nil) }
    try pair.exchange()
    #expect(pair.serverSaw.count == 2)

    try pair.server.submitResponse(1, response, source: nil)
    try pair.exchange()

    #expect(pair.serverSaw.last == .headers(5, request.texts, .request, endsStream: true))
  }

  @Test(arguments: ["GET / HTTP/1.1\r\n\r\n", "PRI * HTTP/2.0\r\n\r\nXX\r\n\r\n"])
  func `bytes that are not HTTP-2 break the connection`(text: String) throws {
    let server = Session(.server)

    #expect(throws: HTTP2Error.self) {
      try Array(text.utf8).withUnsafeBytes { try server.receive($0) }
    }
  }

  @Test func `3,000 cancelled streams do not end the connection`() throws {
    let pair = try SessionPair()
    for _ in 0..<3_000 {
      let stream = try pair.client.submitRequest(request, source: nil)
      try pair.deliver(pair.output(of: pair.client), to: pair.server)
      pair.client.reset(stream, .cancel)
      try pair.deliver(pair.output(of: pair.client), to: pair.server)
    }
    try pair.exchange()

    #expect(pair.server.wantsRead)
    #expect(!pair.clientSaw.contains { if case .goAway = $0 { true } else { false } })
  }
}

@Suite struct `the end of a session` {
  @Test func `a graceful end takes the calls that cross it, then no more`() throws {
    let pair = try SessionPair()
    pair.server.announceGoAway()
    pair.server.ping(42)
    let crossing = try pair.client.submitRequest(request, source: nil)
    try pair.exchange()
    #expect(pair.serverSaw.contains(.pong(42)))
    #expect(
      pair.serverSaw.contains(.headers(crossing, request.texts, .request, endsStream: true)))

    pair.server.goAway(.noError)
    try pair.exchange()
    #expect(pair.clientSaw.contains(.goAway(crossing, .noError)))
    #expect(pair.server.wantsRead)

    try pair.server.submitResponse(crossing, response, source: nil)
    try pair.exchange()
    #expect(!pair.server.wantsRead && !pair.server.wantsWrite)
  }

  @Test func `a request that waits is taken back, however often that is asked`() throws {
    var options = SessionOptions()
    options.maxConcurrentStreams = 1
    let pair = try SessionPair(server: options)
    let first = try pair.client.submitRequest(request, source: nil)
    let waiting = try pair.client.submitRequest(request, source: nil)
    try pair.exchange()

    pair.client.reset(waiting, .cancel)
    pair.client.reset(waiting, .cancel)
    try pair.server.submitResponse(first, response, source: nil)
    try pair.exchange()

    let ends = pair.clientSaw.filter { if case .closed = $0 { true } else { false } }
    #expect(ends == [.closed(first, .noError), .closed(waiting, .cancel)])
    #expect(pair.serverSaw.contains(.closed(first, .noError)))
    let isBlamed = pair.clientSaw.contains { if case .goAway = $0 { true } else { false } }
    #expect(!isBlamed)
  }

  @Test func `a call after GOAWAY is refused here`() throws {
    let pair = try SessionPair()
    pair.server.announceGoAway()
    pair.server.goAway(.noError)
    try pair.exchange()

    let stream = try pair.client.submitRequest(request, source: nil)
    try pair.exchange()

    #expect(pair.clientSaw.last == .closed(stream, .refusedStream))
    #expect(pair.serverSaw.isEmpty)
  }
}
