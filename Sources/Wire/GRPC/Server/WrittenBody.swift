internal import Synchronization

/// Where a handler writes its replies; usable from any thread.
package struct ResponseWriter: Sendable {
  let queue: OutboundQueue
  /// Says how replies are compressed; without it they are not.
  let call: ServerCall?

  /// Queues a message and waits while the client is more than 64 KiB behind.
  ///
  /// - Parameter compress: whether the message may be compressed if the call is. Not when it holds
  ///   a secret beside text of the client's choice: its length would tell (CRIME, BREACH).
  /// - Throws: the call's end, if it is over: stop working then.
  package func write(_ message: MessageBytes, compress: Bool = true) async throws(RPCError) {
    try await queue.write(encoded(message, compress))
  }

  /// Queues a message without waiting: the caller bounds what it queues.
  ///
  /// - Parameter compress: as in ``write(_:compress:)``.
  /// - Returns: `false` if the call is over and nobody will read the message.
  package func enqueue(_ message: MessageBytes, compress: Bool = true) -> Bool {
    queue.enqueue(encoded(message, compress))
  }

  private func encoded(_ message: MessageBytes, _ compress: Bool) -> MessageBytes {
    guard compress, let call else { return message }
    return call.encoded(message)
  }
}

/// A response that a task writes, message by message: for streams that wait for news, and for a
/// single reply that takes time. The task is cancelled when the stream is gone.
package final class WrittenBody: ResponseBody {
  private let queue = OutboundQueue()
  private let call: ServerCall?
  private let run: @Sendable (ResponseWriter) async throws(RPCError) -> Void
  private let task = Mutex<Task<Void, Never>?>(nil)
  private let onEnd = Mutex<(@Sendable () -> Void)?>(nil)

  /// - Parameters:
  ///   - call: whose replies these are; without it they are never compressed.
  ///   - run: writes the response; its return is status OK, its error the status otherwise.
  package init(
    for call: ServerCall? = nil,
    _ run: @escaping @Sendable (ResponseWriter) async throws(RPCError) -> Void
  ) {
    self.call = call
    self.run = run
  }

  /// Sets what is called when the task has come to its end, which may be long after the call's.
  /// Before `start`.
  func onEnd(_ ended: @escaping @Sendable () -> Void) {
    onEnd.withLock { $0 = ended }
  }

  package func start(wake: @escaping @Sendable () -> Void) {
    queue.start(pullsNow: false, wake: wake)
    let (run, queue, writer) = (run, queue, ResponseWriter(queue: queue, call: call))
    let ended = onEnd.withLock { $0.take() }
    let task = Task {
      defer { ended?() }
      do throws(RPCError) {
        try await run(writer)
        queue.finish(nil)
      } catch {
        queue.finish(error)
      }
    }
    self.task.withLock { $0 = task }
  }

  package func fill(_ out: UnsafeMutableRawBufferPointer) -> Fill {
    let pull = queue.pull(into: out)
    if pull.count > 0 { return .bytes(pull.count) }
    return pull.isLast ? .finished(pull.failure) : .deferred
  }

  package func cancel() {
    queue.abandon(RPCError(.cancelled, "the call is over for the client"))
    task.withLock { $0.take() }?.cancel()
  }
}
