package import GRPC
package import Protobuf

/// A streaming call as its client sees it, with typed messages. Dropping it before its end
/// cancels it.
package struct TypedCall<Request: Message, Response: Message>: Sendable {
  /// The same call with messages as bytes.
  package let encoded: ClientCall

  package init(_ encoded: ClientCall) { self.encoded = encoded }

  /// Queues a request and waits while the server is more than 64 KiB behind.
  ///
  /// - Throws: the call's status, if it is over.
  package func send(_ request: Request) async throws(RPCError) {
    try await encoded.send(request.messageBytes())
  }

  /// No request follows: the half-close.
  package func finishSending() { encoded.finishSending() }

  /// The responses in order; one consumer. It ends with status OK and throws any other status.
  package var responses: Responses<Response> { Responses(encoded) }

  /// Ends the call with CANCELLED on this side, and stops the work on the other.
  package func cancel() { encoded.cancel() }
}

/// The typed responses of one call, in order; one consumer. It ends with status OK and throws any
/// other status.
package struct Responses<Response: Message>: AsyncSequence, Sendable {
  package typealias Element = Response
  package typealias Failure = RPCError

  /// The call that they belong to.
  package let call: ClientCall

  package init(_ call: ClientCall) { self.call = call }

  package func makeAsyncIterator() -> Iterator {
    Iterator(encoded: call.responses.makeAsyncIterator())
  }

  /// All responses that are there, at least one; waits for the first. `nil` is status OK.
  package func take() async throws(RPCError) -> [Response]? {
    guard let messages = try await call.take() else { return nil }
    var responses: [Response] = []
    responses.reserveCapacity(messages.count)
    for message in messages { responses.append(try Response(response: message)) }
    return responses
  }

  package struct Iterator: AsyncIteratorProtocol {
    var encoded: ResponseMessages.Iterator

    package mutating func next() async throws(RPCError) -> Response? {
      try await next(isolation: nil)
    }

    package mutating func next(
      isolation actor: isolated (any Actor)?
    ) async throws(RPCError) -> Response? {
      guard let message = try await encoded.next(isolation: actor) else { return nil }
      return try Response(response: message)
    }
  }
}
