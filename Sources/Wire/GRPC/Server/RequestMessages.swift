/// The messages of one streaming request, in order; one consumer.
///
/// Taking messages is what lets the client send more: a handler that waits makes the client wait.
/// The sequence throws when the call is over before the client finished.
package struct RequestMessages: AsyncSequence, Sendable {
  package typealias Element = MessageBytes
  package typealias Failure = RPCError

  let queue: InboundQueue

  package func makeAsyncIterator() -> Iterator { Iterator(queue: queue) }

  /// All messages that are there, at least one; waits for the first. `nil` is the end.
  package func take() async throws(RPCError) -> [MessageBytes]? { try await queue.take() }

  package struct Iterator: AsyncIteratorProtocol {
    let queue: InboundQueue
    private var taken: ArraySlice<MessageBytes> = []

    init(queue: InboundQueue) {
      self.queue = queue
    }

    package mutating func next() async throws(RPCError) -> MessageBytes? {
      try await next(isolation: nil)
    }

    package mutating func next(
      isolation actor: isolated (any Actor)?
    ) async throws(RPCError) -> MessageBytes? {
      if let message = taken.popFirst() { return message }
      guard let more = try await queue.take() else { return nil }
      taken = more[...]
      return taken.popFirst()
    }
  }
}
