internal import HTTP2
internal import Testing

@Suite struct `what a peer may overdo` {
  /// Frames that each break a rule of their stream (CVE-2025-8671), after the request that most of
  /// them need.
  private static let invalid: [(String, @Sendable (Int) -> [UInt8])] = [
    ("a malformed field", { open(2 * $0 + 1, block: plainBlock + [0, 1, 0x41, 1, 0x62]) }),
    ("no path", { open(2 * $0 + 1, block: [0x83, 0x86, 0x41, 1, 0x68]) }),
    (
      "a window that overflows",
      { number in
        open(2 * number + 1, ends: false)
          + frame(.windowUpdate, stream: 2 * number + 1, [0x7F, 255, 255, 255])
      }
    ),
    (
      "a pseudo-header in trailers",
      { open(2 * $0 + 1, ends: false) + open(2 * $0 + 1, block: [0x84]) }
    ),
    (
      "a body that belies its content-length",
      { number in
        open(2 * number + 1, block: plainBlock + contentLength1, ends: false)
          + frame(.data, stream: 2 * number + 1, [1, 2])
      }
    ),
    (
      "metadata of more than four times the limit",
      { number in
        let field: [UInt8] =
          [0, 1, 0x61, 0x7F, 0x80 | 0x21, 0x3E] + .init(repeating: 97, count: 8096)
        return frame(.headers, flags: 1, stream: 2 * number + 1, plainBlock)
          + (0..<5).flatMap {
            frame(.continuation, flags: $0 == 4 ? 4 : 0, stream: 2 * number + 1, field)
          }
      }
    ),
  ]

  @Test(arguments: 0..<6)
  func `invalid frames end the connection after a hundred`(kind: Int) throws {
    let peer = try RawPeer()

    let taken = try peer.flood(20_000, Self.invalid[kind].1)

    // What is known by its reset alone is charged when that is out: the next bytes are the last.
    #expect((100...101).contains(taken), "\(Self.invalid[kind].0)")
    #expect(peer.failure?.code == .limit(.invalidFrames))
    #expect(peer.goAways == ["ENHANCE_YOUR_CALM too_many_invalid_frames"])
    #expect(!peer.server.wantsRead && !peer.server.wantsWrite)
  }

  @Test func `ten invalid frames a second are forgiven`() throws {
    let peer = try RawPeer()

    let taken = try peer.flood(1_000) { number in
      peer.clock.advance(.milliseconds(100))
      return Self.invalid[0].1(number)
    }

    #expect(taken == 1_000)
  }

  private static let cheap: [(String, [UInt8])] = [
    ("SETTINGS", frame(.settings)),
    ("WINDOW_UPDATE", frame(.windowUpdate, [0, 0, 0, 1])),
    ("PRIORITY", frame(.priority, stream: 99, [0, 0, 0, 0, 1])),
    ("empty DATA", frame(.data, stream: 1)),
    ("DATA of padding alone", frame(.data, flags: 8, stream: 1, [3, 0, 0, 0])),
  ]

  @Test(arguments: 0..<5)
  func `frames that carry nothing end the connection`(kind: Int) throws {
    let peer = try RawPeer { $0.cheapFrames = TokenRate(burst: 50, perSecond: 10) }
    peer.send(open(1, ends: false))

    let taken = try peer.flood(1_000) { _ in Self.cheap[kind].1 }

    #expect((47...52).contains(taken), "\(Self.cheap[kind].0)")
    #expect(peer.failure?.code == .limit(.cheapFrames))
    #expect(peer.goAways == ["ENHANCE_YOUR_CALM too_many_cheap_frames"])
  }

  @Test func `frames that carry bytes pay for window updates`() throws {
    let peer = try RawPeer { $0.cheapFrames = TokenRate(burst: 50, perSecond: 0) }
    peer.send(open(1, ends: false))

    let taken = try peer.flood(10_000) { _ in
      peer.server.consume(stream: 1, count: 1)
      return frame(.data, stream: 1, [7]) + frame(.windowUpdate, stream: 1, [0, 0, 0, 1])
        + frame(.windowUpdate, [0, 0, 0, 1])
    }

    #expect(taken == 10_000)
  }

  @Test func `unknown frames end the connection by their bytes`() throws {
    let peer = try RawPeer { $0.ignoredBytes = TokenRate(burst: 1_000, perSecond: 100) }

    let taken = try peer.flood(1_000) { _ in frame(.unknown, [1]) }

    #expect((98...101).contains(taken))
    #expect(peer.failure?.code == .limit(.ignoredBytes))
  }

  @Test func `frames that dribble in are no ignored bytes`() throws {
    let peer = try RawPeer { $0.ignoredBytes = TokenRate(burst: 20, perSecond: 0) }
    peer.send(open(1, ends: false))

    for _ in 0..<500 {
      for byte in frame(.data, stream: 1, [1, 2, 3]) { peer.send([byte]) }
    }

    #expect(peer.failure == nil)
  }

  @Test func `a body under way when its stream is reset is no offence`() throws {
    let peer = try RawPeer { $0.ignoredBytes = TokenRate(burst: 1_000_000, perSecond: 0) }

    let taken = try peer.flood(100) { number in
      let stream = 2 * number + 1
      peer.send(open(stream, ends: false))
      peer.server.reset(Int32(stream), .cancel)
      _ = try? peer.drain()
      return (0..<60).flatMap { _ in
        frame(.data, stream: stream, .init(repeating: 1, count: 16_000))
      }
    }

    #expect(taken == 100)
    #expect(peer.failure == nil)
  }

  @Test func `resets end the connection, 5,000 at once do not`() throws {
    let peer = try RawPeer()

    let taken = try peer.flood(20_000) { number in
      open(2 * number + 1) + frame(.reset, stream: 2 * number + 1, [0, 0, 0, 8])
    }

    #expect(taken == 10_000)
    #expect(peer.failure?.code == .limit(.resets))
    #expect(peer.goAways == ["ENHANCE_YOUR_CALM too_many_resets"])
  }

  @Test func `a peer that reads no answers is cut off`() throws {
    let peer = try RawPeer {
      $0.maxQueuedFrames = 500
      $0.maxConcurrentStreams = 1_000
    }

    for number in 0..<1_000 where peer.failure == nil {
      let stream = Int32(2 * number + 1)
      peer.send(open(Int(stream)))
      peer.server.reset(stream, .cancel)
    }

    #expect(peer.failure?.code == .limit(.queuedFrames))
  }

  @Test func `a header block in too many pieces is cut off, a few bytes at a time are not`() throws
  {
    let dribbling = try RawPeer()
    let pieces = plainBlock.map { [$0] }
    dribbling.send(frame(.headers, flags: 1, stream: 1, pieces[0]))
    for (index, piece) in pieces.enumerated().dropFirst() {
      let isLast = index == pieces.count - 1
      for byte in frame(.continuation, flags: isLast ? 4 : 0, stream: 1, piece) {
        dribbling.send([byte])
      }
    }
    let flooding = try RawPeer()
    flooding.send(frame(.headers, flags: 1, stream: 1, plainBlock))

    let taken = try flooding.flood(1_000) { _ in frame(.continuation, stream: 1) }

    #expect(dribbling.failure == nil && dribbling.requests == 1)
    #expect(taken < 100)
    #expect(flooding.failure?.code == .limit(.continuations))
    #expect(flooding.goAways == ["ENHANCE_YOUR_CALM too_many_continuations"])
  }
}

@Suite struct `a client's pings` {
  private static let ping = frame(.ping, [1, 2, 3, 4, 5, 6, 7, 8])

  @Test func `the third that comes too early ends the connection`() throws {
    let peer = try RawPeer()

    let taken = try peer.flood(100) { _ in Self.ping }

    #expect(taken == 3)
    #expect(peer.failure?.code == .limit(.pings))
    #expect(peer.goAways == ["ENHANCE_YOUR_CALM too_many_pings"])
  }

  @Test func `five minutes apart are fine with a call, and too early without`() throws {
    let busy = try RawPeer()
    busy.send(open(1, ends: false))
    let idle = try RawPeer()

    let taken = try [busy, idle].map { peer in
      try peer.flood(100) { _ in
        peer.clock.advance(.seconds(300))
        return Self.ping
      }
    }

    #expect(taken == [100, 3])
  }

  @Test func `count anew once the server has sent headers or data`() throws {
    let peer = try RawPeer()

    let taken = try peer.flood(100) { number in
      peer.send(open(2 * number + 1))
      try? peer.server.submitResponse(Int32(2 * number + 1), response, source: nil)
      _ = try? peer.drain()
      return Self.ping + Self.ping + Self.ping
    }

    #expect(taken == 100)
  }
}

@Suite struct `stream numbers` {
  @Test func `a request on a stream that was passed over ends the connection`() throws {
    let peer = try RawPeer()

    peer.send(open(5) + open(3))
    _ = try peer.drain()

    #expect(peer.failure?.code == .connectionBroken)
    #expect(peer.goAways == ["PROTOCOL_ERROR stream 3 was passed over"])
  }

  @Test func `the highest stream there is may be the first`() throws {
    let peer = try RawPeer()

    peer.send(open(Int(Int32.max)))

    #expect(peer.failure == nil)
  }

  @Test func `late trailers of a stream that was used are ignored`() throws {
    let peer = try RawPeer()
    peer.send(open(1, ends: false) + open(3) + open(9))
    peer.server.reset(1, .cancel)
    _ = try peer.drain()

    peer.send(open(1, block: [0, 1, 0x61, 1, 0x62]) + open(11))

    #expect(peer.failure == nil)
    #expect(peer.requests == 4)
  }
}

@Suite struct `the last GOAWAY` {
  @Test func `nothing follows it`() throws {
    let pair = try SessionPair()
    let stream = try pair.client.submitRequest(request, source: nil)
    try pair.exchange()
    let body = BytesSource([UInt8](repeating: 1, count: 100_000))
    try pair.server.submitResponse(stream, response, source: body)

    pair.server.terminate(.enhanceYourCalm, message: "stop")
    try pair.exchange()

    #expect(pair.clientSaw.contains(.goAway(stream, .enhanceYourCalm)))
    #expect(pair.body(pair.clientSaw, stream).isEmpty)
    #expect(!pair.server.wantsRead && !pair.server.wantsWrite)
  }
}
