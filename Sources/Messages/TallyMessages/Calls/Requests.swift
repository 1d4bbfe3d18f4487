package import GRPC
package import Protobuf

/// The typed messages of a streaming request, in order; one consumer.
///
/// Taking messages is what lets the client send more. A message that cannot be decoded ends the
/// call with INTERNAL, as gRPC's statuscodes.md has it.
package struct Requests<Request: Message>: AsyncSequence, Sendable {
  package typealias Element = Request
  package typealias Failure = RPCError

  /// The same messages as bytes.
  package let encoded: RequestMessages

  package init(_ encoded: RequestMessages) { self.encoded = encoded }

  package func makeAsyncIterator() -> Iterator { Iterator(encoded: encoded.makeAsyncIterator()) }

  /// All messages that are there, at least one; waits for the first. `nil` is the end.
  package func take() async throws(RPCError) -> [Request]? {
    guard let messages = try await encoded.take() else { return nil }
    var requests: [Request] = []
    requests.reserveCapacity(messages.count)
    for message in messages { requests.append(try Request(request: message)) }
    return requests
  }

  package struct Iterator: AsyncIteratorProtocol {
    var encoded: RequestMessages.Iterator

    package mutating func next() async throws(RPCError) -> Request? {
      try await next(isolation: nil)
    }

    package mutating func next(
      isolation actor: isolated (any Actor)?
    ) async throws(RPCError) -> Request? {
      guard let message = try await encoded.next(isolation: actor) else { return nil }
      return try Request(request: message)
    }
  }
}

/// Where a handler writes its typed replies; usable from any thread.
package struct Replies<Reply: Message>: Sendable {
  /// The same writer for replies that are bytes already.
  package let encoded: ResponseWriter

  package init(_ encoded: ResponseWriter) { self.encoded = encoded }

  /// Queues a reply and waits while the client is more than 64 KiB behind.
  ///
  /// - Throws: the call's end, if it is over: stop working then.
  package func write(_ reply: Reply) async throws(RPCError) {
    try await encoded.write(reply.messageBytes())
  }

  /// Queues a reply without waiting: the caller bounds what it queues.
  ///
  /// - Returns: `false` if the call is over and nobody will read the reply.
  package func enqueue(_ reply: Reply) -> Bool { encoded.enqueue(reply.messageBytes()) }
}

extension Message {
  /// Decodes a request, on the server.
  package init(request bytes: MessageBytes) throws(RPCError) {
    do throws(DecodeError) {
      try self.init(decoding: bytes)
    } catch {
      throw RPCError(.internal, "the request cannot be decoded: \(error.message)")
    }
  }

  /// Decodes a response, on the client.
  package init(response bytes: MessageBytes) throws(RPCError) {
    do throws(DecodeError) {
      try self.init(decoding: bytes)
    } catch {
      throw RPCError(.internal, "the response cannot be decoded: \(error.message)")
    }
  }
}
