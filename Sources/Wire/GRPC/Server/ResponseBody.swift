/// A response that is pulled: bytes already framed for gRPC, five-byte prefixes included.
///
/// All three functions are called on the connection's event loop only, never at the same time, and
/// must not block. `start` comes first, once; `cancel` or the end comes last, once.
package protocol ResponseBody: AnyObject, Sendable {
  /// Hands over the way to say "ask me again" after a ``Fill/deferred``; it may be called from any
  /// thread, at any time, any number of times, also after the end.
  func start(wake: @escaping @Sendable () -> Void)

  /// Writes the next bytes to `out` (never empty, at most 16 KiB) when the peer's windows and the
  /// connection allow them. Messages may be split over calls anywhere.
  func fill(_ out: UnsafeMutableRawBufferPointer) -> Fill

  /// The stream is gone before the end: the peer cancelled, the deadline passed, or the connection
  /// was lost. Not called after ``Fill/finished(_:)``.
  func cancel()
}

/// What a ``ResponseBody`` did with the memory it was given.
package enum Fill: Sendable {
  /// This many bytes were written, at least one.
  case bytes(Int)
  /// Nothing now; the body calls `wake` when it has more.
  case deferred
  /// Nothing was written and nothing follows; `nil` is status OK. Trailing metadata goes in the
  /// error's `metadata`, or by ``ServerCall/addTrailingMetadata(_:)``.
  case finished(RPCError?)
}
