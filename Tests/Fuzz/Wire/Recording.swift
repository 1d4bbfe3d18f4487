@testable internal import HTTP2

/// What ordinary peers send: our own sessions in memory, and frames that exercise the rest.
enum Recording {
  /// What clients sent, each without the preface.
  static var ofClients: [[UInt8]] { conversations().map(\.client) + odd }

  /// What servers sent.
  static var ofServers: [[UInt8]] { conversations().map(\.server) + odd }

  private static func conversations() -> [(client: [UInt8], server: [UInt8])] {
    [[40], [0], [5, 70, 1, 3], [20_000, 300]].map { sizes in
      let client = SessionPeer(.client)
      let server = SessionPeer(.server)
      for (index, size) in sizes.enumerated() {
        let steps: [PatternSource.Step] = size == 0 ? [] : [.bytes(size)]
        client.request(PatternSource(salt: UInt8(index), steps: steps, trailers: nil))
      }
      for round in 0..<6 {
        client.carry(.max, to: server)
        server.consumeAll()
        while let stream = server.unanswered.first {
          let source = PatternSource(
            salt: 9, steps: [.bytes(30), .bytes(7)], trailers: ["grpc-status": "0"])
          server.answer(stream, round % 2 == 0 ? source : nil)
        }
        if round == 2 { client.session.ping(7) }
        if round == 3 { server.session.announceGoAway() }
        server.carry(.max, to: client)
        client.consumeAll()
      }
      let sent = Array(client.sent.dropFirst(Frame.preface.count))
      return (sent, server.sent)
    }
  }

  /// One frame of each kind that our sessions do not send, and some that nobody should.
  private static var odd: [[UInt8]] {
    // `:method: POST`, `:scheme: http`, `:path: /`, `:authority: a`, all but the last indexed.
    let block: [UInt8] = [0x83, 0x86, 0x84, 0x41, 0x01, 0x61]
    let open = Frame(kind: Frame.headers, flags: 4, stream: 1, payload: block).bytes
    let pieces =
      Frame(kind: Frame.headers, flags: 1, stream: 3, payload: Array(block[..<2])).bytes
      + Frame(kind: Frame.continuation, stream: 3, payload: Array(block[2..<4])).bytes
      + Frame(kind: Frame.continuation, flags: 4, stream: 3, payload: Array(block[4...])).bytes
    let padded = Frame(kind: Frame.data, flags: 9, stream: 1, payload: [3, 1, 2, 3, 0, 0, 0]).bytes
    let settings = Frame(
      kind: Frame.settings, payload: [0, 4, 0, 0, 0, 9, 0, 1, 0, 0, 0, 0, 0, 5, 0, 0, 64, 0]
    ).bytes
    return [
      open + padded, pieces, settings + open,
      open + Frame(kind: Frame.reset, stream: 1, payload: [0, 0, 0, 8]).bytes,
      open + Frame(kind: Frame.windowUpdate, stream: 1, payload: [0, 0, 255, 0]).bytes,
      open + Frame(kind: 2, stream: 1, payload: [0, 0, 0, 0, 16]).bytes,
      Frame(kind: Frame.ping, payload: [1, 2, 3, 4, 5, 6, 7, 8]).bytes,
      Frame(kind: Frame.goAway, payload: [0, 0, 0, 0, 0, 0, 0, 2, 111, 104]).bytes,
      Frame(kind: 99, flags: 255, stream: 5, payload: [1, 2, 3]).bytes,
      Frame(kind: 5, flags: 4, stream: 1, payload: [0, 0, 0, 2] + block).bytes,
      // A response's headers: `:status: 200`.
      Frame(kind: Frame.headers, flags: 4, stream: 1, payload: [0x88]).bytes
        + Frame(kind: Frame.data, stream: 1, payload: [0, 0, 0, 0, 2, 8, 1]).bytes
        + Frame(kind: Frame.headers, flags: 5, stream: 1, payload: [0x88]).bytes,
    ]
  }
}
