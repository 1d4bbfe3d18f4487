internal import HTTP2
internal import Testing

@Suite struct `a stream's window` {
  @Test func `is as large as announced, and resets the stream that gets more`() throws {
    let peer = try RawPeer { $0.streamWindowBytes = 100_000 }
    peer.send(open(1, ends: false))

    for _ in 0..<10 { peer.send(frame(.data, stream: 1, .init(repeating: 0, count: 10_000))) }
    let whenFull = try peer.drain()
    peer.send(frame(.data, stream: 1, [0]))
    let beyond = try peer.drain()

    #expect(!whenFull.contains(frame(.reset, stream: 1, [0, 0, 0, 3])))
    #expect(beyond == frame(.reset, stream: 1, [0, 0, 0, 3]))
    #expect(peer.goAways == [])
  }
}
