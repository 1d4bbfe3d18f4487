internal import HTTP2
internal import Testing

/// Frames that are wrong by where they stand; each is a case of h2spec in its strict mode.
@Suite struct `a frame on the wrong stream` {
  private static let selfish: [UInt8] = [0, 0, 0, 1, 0]

  private static let cases: [(String, [UInt8], String)] = [
    ("PRIORITY on stream 0", frame(.priority, selfish), "PROTOCOL_ERROR"),
    (
      "PRIORITY that depends on itself",
      open(1, ends: false) + frame(.priority, stream: 1, selfish), "PROTOCOL_ERROR"
    ),
    (
      "HEADERS behind the client's reset",
      open(1, ends: false) + frame(.reset, stream: 1, [0, 0, 0, 8]) + open(1), "STREAM_CLOSED"
    ),
    (
      "DATA behind the client's reset",
      open(1, ends: false) + frame(.reset, stream: 1, [0, 0, 0, 8])
        + frame(.data, stream: 1, [1]), "STREAM_CLOSED"
    ),
  ]

  @Test(arguments: 0..<4)
  func `ends the connection`(number: Int) throws {
    let peer = try RawPeer()
    let (name, bytes, code) = Self.cases[number]

    peer.send(bytes)
    _ = try peer.drain()

    #expect(
      peer.goAways.map { $0.split(separator: " ").first.map(String.init) } == [code], "\(name)")
  }

  @Test(arguments: [open(1), frame(.data, stream: 1, [1])])
  func `ends the connection behind a response that is complete too`(late: [UInt8]) throws {
    let peer = try RawPeer()
    peer.send(open(1))
    try peer.server.submitResponse(1, [":status": "200"], source: nil)
    _ = try peer.drain()

    peer.send(late)
    _ = try peer.drain()

    #expect(peer.goAways.count == 1)
    #expect(peer.goAways.first?.hasPrefix("STREAM_CLOSED") == true)
  }

  @Test func `is nothing wrong when the server was the one that ended it`() throws {
    let peer = try RawPeer()
    peer.send(open(1, ends: false))
    peer.server.reset(1, .cancel)
    _ = try peer.drain()

    // What the client sent before it knew.
    peer.send(frame(.data, stream: 1, [1]) + open(1) + open(3))
    _ = try peer.drain()

    #expect(peer.goAways == [])
    #expect(peer.requests == 2)
  }
}
