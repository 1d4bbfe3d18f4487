/// One call as its client sees it. Dropping it before its end cancels it.
///
/// Requests and responses are independent: one task may send while another reads. Cancelling the
/// task that waits for a response cancels the call.
package final class ClientCall: Sendable {
  private let exchange: ClientExchange

  init(_ exchange: ClientExchange) {
    self.exchange = exchange
  }

  deinit {
    cancel()
  }

  /// Queues a request message and waits while the server is more than 64 KiB behind.
  ///
  /// - Parameter compress: whether the message may be compressed if the call is. Not when it holds
  ///   a secret beside text of somebody else's choice: its length would tell (CRIME, BREACH).
  /// - Throws: the call's status, if it is over; CANCELLED if it ended well without this message.
  package func send(_ message: MessageBytes, compress: Bool = true) async throws(RPCError) {
    try await exchange.outbound.write(exchange.encoded(message, compress: compress))
  }

  /// Queues a request message without waiting: the caller bounds what it queues.
  ///
  /// - Parameter compress: as in ``send(_:compress:)``.
  /// - Returns: `false` if the call is over and nobody will read the message.
  package func enqueue(_ message: MessageBytes, compress: Bool = true) -> Bool {
    exchange.outbound.enqueue(exchange.encoded(message, compress: compress))
  }

  /// No request follows: the half-close.
  package func finishSending() {
    exchange.outbound.finish(nil)
  }

  /// The responses in order; one consumer. It ends with status OK and throws any other status.
  package var responses: ResponseMessages { ResponseMessages(call: self) }

  /// All responses that are there, at least one; waits for the first. `nil` is status OK.
  ///
  /// - Throws: any other status, behind the responses that came before it.
  package func take() async throws(RPCError) -> [MessageBytes]? {
    try await exchange.inbound.take()
  }

  /// The reply of a call that has one; waits for the call's end.
  ///
  /// - Throws: the call's status; UNIMPLEMENTED if status OK came with no reply or with several.
  package func reply() async throws(RPCError) -> MessageBytes {
    var reply: MessageBytes?
    while let messages = try await take() {
      guard reply == nil, messages.count == 1 else {
        cancel()
        throw RPCError(.unimplemented, "the server sent more than one reply to '\(exchange.path)'")
      }
      reply = messages.first
    }
    guard let reply else {
      throw RPCError(
        .unimplemented, "the server sent status OK but no reply to '\(exchange.path)'")
    }
    return reply
  }

  /// Metadata of the response's headers; waits for them. Empty for a trailers-only response.
  package var initialMetadata: Metadata {
    get async throws(RPCError) { try await exchange.initialMetadata }
  }

  /// Metadata of the response's trailers; empty before the end.
  package var trailingMetadata: Metadata { exchange.trailingMetadata }

  /// Ends the call with CANCELLED on this side, and stops the work on the other.
  package func cancel() {
    exchange.cancel(RPCError(.cancelled, "the client cancelled the call"))
  }
}

/// The responses of one call.
package struct ResponseMessages: AsyncSequence, Sendable {
  package typealias Element = MessageBytes
  package typealias Failure = RPCError

  let call: ClientCall

  package func makeAsyncIterator() -> Iterator { Iterator(call: call) }

  package struct Iterator: AsyncIteratorProtocol {
    private let call: ClientCall
    private var taken: ArraySlice<MessageBytes> = []

    init(call: ClientCall) {
      self.call = call
    }

    package mutating func next() async throws(RPCError) -> MessageBytes? {
      try await next(isolation: nil)
    }

    package mutating func next(
      isolation actor: isolated (any Actor)?
    ) async throws(RPCError) -> MessageBytes? {
      if let message = taken.popFirst() { return message }
      guard let more = try await call.take() else { return nil }
      taken = more[...]
      return taken.popFirst()
    }
  }
}
