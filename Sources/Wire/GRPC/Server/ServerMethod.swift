/// One method that a server offers: its path and what answers it.
package struct ServerMethod: Sendable {
  /// `/tally.v1.AdminService/Status`, as it stands in `:path`.
  package let path: String
  package let handler: Handler

  package init(_ path: String, _ handler: Handler) {
    self.path = path
    self.handler = handler
  }
}

/// What answers a method, by the shape of its calls.
package enum Handler: Sendable {
  /// One request, one reply, made at once. Runs on the connection's event loop: it must not block
  /// and must not take long.
  case unary(Unary)
  /// One request, a body of any length (or of one reply that takes time, by a ``WrittenBody``).
  /// The function runs on the connection's event loop and must not block; it says what is wrong
  /// with the request by throwing and gives the body otherwise.
  case serverStreaming(ServerStreaming)
  /// Any number of requests, any number of replies (client streaming and bidirectional). Runs as a
  /// task of its own, off the event loop; the task is cancelled when the call is over.
  case streaming(Streaming)

  package typealias Unary =
    @Sendable (MessageBytes, ServerCall) throws(RPCError) -> MessageBytes
  package typealias ServerStreaming =
    @Sendable (MessageBytes, ServerCall) throws(RPCError) -> any ResponseBody
  package typealias Streaming =
    @Sendable (RequestMessages, ResponseWriter, ServerCall) async throws(RPCError) -> Void
}
