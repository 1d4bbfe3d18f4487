/// One call as its client sees it. Dropping it before its end cancels it.
///
/// Requests and responses are independent: one task may send while another reads.
package final class ClientCall: Sendable {
  private let outbound = OutboundQueue()
  private let inbound = InboundQueue(onTake: { _, _ in })

  init() {}

  /// Queues a request message and waits while the server is more than 64 KiB behind.
  ///
  /// - Throws: the call's status, if it is over.
  package func send(_ message: MessageBytes) async throws(RPCError) {
    try await outbound.write(message)
  }

  /// No request follows: the half-close.
  package func finishSending() {
    outbound.finish(nil)
  }

  /// The responses in order; one consumer. It ends with status OK and throws any other status.
  package var responses: ResponseMessages { ResponseMessages(call: self) }

  /// All responses that are there, at least one; waits for the first. `nil` is status OK.
  package func take() async throws(RPCError) -> [MessageBytes]? {
    try await inbound.take()
  }

  /// Metadata of the response's headers; waits for them. Empty for a trailers-only response.
  package var initialMetadata: Metadata {
    get async throws(RPCError) { Metadata() }
  }

  /// Metadata of the response's trailers; empty before the end.
  package var trailingMetadata: Metadata { Metadata() }

  /// Ends the call with CANCELLED on this side, and stops the work on the other.
  package func cancel() {}
}

/// The responses of one call.
package struct ResponseMessages: AsyncSequence, Sendable {
  package typealias Element = MessageBytes
  package typealias Failure = RPCError

  let call: ClientCall

  package func makeAsyncIterator() -> Iterator { Iterator(call: call) }

  package struct Iterator: AsyncIteratorProtocol {
    let call: ClientCall
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
