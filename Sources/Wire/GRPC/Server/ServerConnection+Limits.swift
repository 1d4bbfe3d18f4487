internal import HTTP2
internal import NIOCore

/// How a connection ends that cannot go on.
extension ServerConnection {
  /// What a session refused by itself.
  struct Refusals {
    var streams = 0
    var blocks = 0
    var pings = 0
    var idlePings = 0
  }

  /// Ends the connection for what the client sent, with GOAWAY where HTTP/2 was spoken.
  func breakOff(_ error: HTTP2Error, _ bytes: UnsafeRawBufferPointer) {
    switch error.code {
    case .limit(let limit):
      routes.strike(ServerLimit(limit), peer: peer)
      // Calls of the same read are not begun: they would only be stopped.
      while session.nextEvent() != nil {}
    case .notHTTP2 where !hasGreeted && Self.isHTTP1(bytes):
      isHTTP1 = true
      channel.writeAndFlush(ByteBuffer(string: Self.badRequest), promise: nil)
      return end()
    case .connectionBroken, .notHTTP2, .notSent:
      handleEvents()
    }
    flush()
    end()
  }

  /// Drops what comes behind the end; a client that sends on and on is not listened to.
  func drop(_ count: Int) {
    droppedBytes += count
    if droppedBytes > Self.maxDroppedBytes { close() }
  }

  /// Counts what the session refused during the last read.
  func countRefusals() {
    while refusals.streams < session.refusedStreams {
      refusals.streams += 1
      routes.strike(.maxStreams, peer: peer)
    }
    while refusals.blocks < session.refusedBlocks {
      refusals.blocks += 1
      routes.strike(.maxMetadataBytes, peer: peer)
    }
    // Counted without a line in the log: only too many of them are worth one.
    let early = session.earlyPings
    routes.options.load.strike(.minPingInterval, times: early.busy - refusals.pings)
    routes.options.load.strike(.minIdlePingInterval, times: early.idle - refusals.idlePings)
    (refusals.pings, refusals.idlePings) = early
  }

  func stopAll(_ reason: RPCError) {
    let open = streams.values
    streams = [:]
    for stream in open { stream.stop(reason) }
  }

  /// A request line: a method's name first, the version last. What only looks a little like it
  /// gets HTTP/2's GOAWAY.
  private static func isHTTP1(_ bytes: UnsafeRawBufferPointer) -> Bool {
    guard let first = bytes.first, UInt8(ascii: "A")...UInt8(ascii: "Z") ~= first else {
      return false
    }
    let line = bytes.prefix { $0 != UInt8(ascii: "\r") && $0 != UInt8(ascii: "\n") }
    // One digit follows.
    return line.dropLast().suffix(8).elementsEqual(" HTTP/1.".utf8)
  }

  private static let badRequest = """
    HTTP/1.1 400 Bad Request\r
    connection: close\r
    content-type: text/plain\r
    content-length: 32\r
    \r
    gRPC is spoken here, by HTTP/2.

    """

  /// More than a client may have under way that does not know yet.
  private static let maxDroppedBytes = 8 * 1024 * 1024
}
