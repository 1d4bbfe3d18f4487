/// A connection that cannot go on, or a frame that could not be sent.
package struct HTTP2Error: Error, Hashable, Sendable, CustomStringConvertible {
  package enum Code: Hashable, Sendable {
    /// The peer broke the protocol so that its bytes mean nothing any more: close the connection.
    case connectionBroken
    /// The peer's first bytes are no client's preface: another protocol.
    case notHTTP2
    /// The peer did too much of something. GOAWAY with ENHANCE_YOUR_CALM is queued.
    case limit(SessionLimit)
    /// The frame does not fit the state of its stream, which may be gone already.
    case notSent
  }

  package let code: Code
  /// Says what was tried and what nghttp2 answered.
  package let message: String

  package init(code: Code, message: String) {
    self.code = code
    self.message = message
  }

  package var description: String { message }
}
