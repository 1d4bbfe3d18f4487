/// What happened on a connection, in the order of the peer's bytes.
package enum Event {
  /// A header block is complete. On a server the first one opens the stream; on a client the first
  /// is the response and a later one the trailers.
  case headers(stream: Int32, HeaderBlock, kind: HeadersKind, endsStream: Bool)
  /// Bytes of a body. They lie in the memory given to ``Session/receive(_:)`` and are gone with it.
  case data(stream: Int32, UnsafeRawBufferPointer)
  /// The peer's half of the stream ended with a DATA frame.
  case dataEnd(stream: Int32)
  /// The stream is gone: both halves ended, or one side reset it.
  case closed(stream: Int32, ErrorCode)
  /// The peer's settings took effect.
  case settings
  /// The peer answered a ping with these bytes.
  case pong(UInt64)
  /// The peer takes no stream above `lastStream`.
  case goAway(lastStream: Int32, ErrorCode, message: String)
}

/// Which block of a stream a header block is.
package enum HeadersKind: Hashable, Sendable {
  /// The first block of a request.
  case request
  /// A block of a response that is not the last: 1xx, or the response's own headers.
  case response
  /// The block that ends a stream after its body.
  case trailers
  /// The fields were larger than the announced limit, so none of them is kept.
  case oversized
}
