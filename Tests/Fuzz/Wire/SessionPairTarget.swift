@testable internal import HTTP2

/// Two sessions of ours that talk, act and wait as the input says: neither may ever blame the
/// other, and every body arrives as it was made.
enum SessionPairTarget: FuzzTarget {
  static let name = "session-pair"

  static func run(_ bytes: UnsafeRawBufferPointer) {
    var choices = Choices(bytes)
    talk(&choices)
    require(PatternSource.alive == 0, "sessions that are gone have left \(PatternSource.alive)")
  }

  static func seeds() -> [[UInt8]] {
    [
      [4, 0, 9, 40, 5, 1, 200, 2, 200, 3, 9, 77, 3],
      [1, 0, 3, 255, 255, 0, 2, 1, 1, 1, 255, 2, 255, 4, 8, 8, 8, 6, 0, 7, 0, 1, 255, 2, 255],
      [2, 0, 4, 0, 9, 1, 9, 1, 100, 5, 8, 3, 12, 0, 90, 1, 8, 2, 100, 9, 10, 1, 255, 2, 255],
    ]
  }

  private static func talk(_ choices: inout Choices) {
    let client = SessionPeer(.client)
    let server = SessionPeer(.server, maxConcurrentStreams: UInt32(choices.byte() & 15) + 1)
    var steps = 0
    while !choices.isUsedUp, steps < 300 {
      steps += 1
      act(&choices, client, server)
    }
    settle(client, server)
    judge(client, server)
    judge(server, client)
  }

  private static func act(
    _ choices: inout Choices, _ client: SessionPeer, _ server: SessionPeer
  ) {
    let step = choices.byte()
    let isClient = step & 0x80 == 0
    let peer = isClient ? client : server
    switch step & 15 {
    case 0: client.request(choices.flag() ? PatternSource(&choices) : nil)
    case 1: client.carry(choices.pair(), to: server)
    case 2: server.carry(choices.pair(), to: client)
    case 3, 4:
      guard let stream = server.unanswered.first else { return }
      server.answer(stream, choices.flag() ? PatternSource(&choices) : nil)
    case 5:
      guard let stream = pick(peer, choices.byte()) else { return }
      peer.reset(stream, ErrorCode(rawValue: UInt32(choices.byte() & 15)))
    case 6, 7: peer.resumeAll()
    case 8: peer.consumeAll()
    case 9: peer.session.ping(UInt64(choices.byte()))
    case 10: if choices.byte() > 128 { server.announceGoAway() }
    case 11: if choices.byte() > 200 { server.goAway() }
    default:
      client.carry(.max, to: server)
      server.carry(.max, to: client)
    }
  }

  private static func pick(_ peer: SessionPeer, _ choice: UInt8) -> Int32? {
    let open = peer.received.filter { $0.value.code == nil }.keys.sorted()
    return open.isEmpty ? nil : open[Int(choice) % open.count]
  }

  /// Lets everything come to its end.
  private static func settle(_ client: SessionPeer, _ server: SessionPeer) {
    for _ in 0..<2_000 {
      while let stream = server.unanswered.first {
        server.answer(stream, nil)
      }
      client.consumeAll()
      server.consumeAll()
      client.resumeAll()
      server.resumeAll()
      let sent = client.carry(.max, to: server)
      let answered = server.carry(.max, to: client)
      let isOpen = client.received.values.contains { $0.code == nil }
      if sent == 0, answered == 0, !isOpen { return }
    }
    fatalError("streams never end: \(client.received.filter { $0.value.code == nil }.keys)")
  }

  /// What `peer` received is what `other` made.
  private static func judge(_ peer: SessionPeer, _ other: SessionPeer) {
    for (stream, received) in peer.received {
      require(received.code != nil, "stream \(stream) is still open")
      require(peer.session.sources[stream] == nil, "stream \(stream) keeps its source")
      guard let source = other.bodies[stream] else {
        require(received.body.isEmpty, "stream \(stream) has a body that nobody made")
        continue
      }
      let isRight = PatternSource.makes(received.body, source.salt, from: 0)
      require(isRight, "stream \(stream) brings other bytes than were made")
      require(received.body.count <= source.written, "stream \(stream) grew on the way")
      // The end of a stream is not told early.
      if received.hasEnded {
        require(source.isFinished, "stream \(stream) ended before its body")
        require(received.body.count == source.written, "stream \(stream) lost its last bytes")
      }
    }
  }
}
