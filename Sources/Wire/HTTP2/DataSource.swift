/// What a stream's body comes from: asked for bytes when the peer's windows allow to send them.
package protocol DataSource: AnyObject {
  /// Writes the next bytes to `out`, which is never empty. Called inside
  /// ``Session/serialize(into:)`` and must not call the session.
  func fill(_ out: UnsafeMutableRawBufferPointer) -> DataFill
}

/// What a ``DataSource`` did with the memory it was given.
package enum DataFill {
  /// This many bytes were written, at least one.
  case bytes(Int)
  /// Nothing now: ``Session/resume(_:)`` asks again.
  case deferred
  /// This many bytes were written and they are the last; trailers end the stream, if there are any.
  case end(Int, trailers: HeaderBlock?)
  /// The body cannot go on: the stream is reset.
  case reset(ErrorCode)
}
