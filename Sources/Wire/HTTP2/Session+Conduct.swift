internal import CNGHTTP2

/// How a connection ends because of its peer.
extension Session {
  /// Whether ``terminate(_:message:)`` was called: what the peer sends counts no more.
  package var isTerminated: Bool { lastGoAway != nil }

  /// Whether the last GOAWAY is out.
  var isOver: Bool { lastGoAway?.isSent ?? false }

  /// The number of the header block that has begun and is not complete; `nil` between blocks.
  package var arrivingBlock: UInt64? { block.isArriving ? block.number : nil }

  /// Pings of the peer that came too early, with streams open and without.
  package var earlyPings: (busy: Int, idle: Int) { (conduct.pings.early, conduct.pings.earlyIdle) }

  /// Whether the peer grants no window for a stream's body, its own or the connection's.
  package func isBlocked(_ stream: Int32) -> Bool {
    nghttp2_session_get_stream_remote_window_size(handle, stream) <= 0
      || nghttp2_session_get_remote_window_size(handle) <= 0
  }

  /// What nghttp2's refusal of the peer's bytes means; the peer learns it by GOAWAY.
  ///
  /// Codes: BAD_CLIENT_MAGIC, FLOODED (1,000 answers to PING and SETTINGS wait),
  /// TOO_MANY_CONTINUATIONS; all else is bytes that make no sense.
  func failure(_ code: Int32) -> HTTP2Error {
    switch code {
    case Int32(NGHTTP2_ERR_BAD_CLIENT_MAGIC.rawValue):
      terminate(.protocolError)
      return HTTP2Error(code: .notHTTP2, message: "the peer's first bytes are not HTTP/2")
    case Int32(NGHTTP2_ERR_FLOODED.rawValue):
      return sentence(.limit(.queuedFrames))
    case Int32(NGHTTP2_ERR_TOO_MANY_CONTINUATIONS.rawValue):
      return sentence(.limit(.continuations))
    default:
      terminate(.protocolError)
      return HTTP2Error(
        code: .connectionBroken,
        message: "the peer's bytes are not HTTP/2: \(NGHTTP2.message(code))")
    }
  }

  /// Ends the connection for what its peer did.
  func sentence(_ offence: PeerConduct.Offence) -> HTTP2Error {
    switch offence {
    case .limit(let limit):
      terminate(.enhanceYourCalm, message: limit.debugText)
      return HTTP2Error(code: .limit(limit), message: "the peer overdid it: \(limit.debugText)")
    case .skippedStream(let stream):
      terminate(.protocolError, message: "stream \(stream) was passed over")
      return HTTP2Error(
        code: .connectionBroken,
        message: "the peer opened stream \(stream) after a later one")
    }
  }
}

/// The GOAWAY that ends a connection, until it is sent.
struct LastGoAway {
  let code: ErrorCode
  let messageCount: Int
  private(set) var isSent = false

  init(code: ErrorCode, messageCount: Int) {
    self.code = code
    self.messageCount = messageCount
  }

  /// A GOAWAY went out, this or an earlier one.
  mutating func sent(_ code: ErrorCode, messageCount: Int) {
    if code == self.code, messageCount == self.messageCount { isSent = true }
  }
}
