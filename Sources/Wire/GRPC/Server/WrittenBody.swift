internal import Synchronization

/// Where a handler writes its replies; usable from any thread.
package struct ResponseWriter: Sendable {
  let queue: OutboundQueue

  /// Queues a message and waits while the client is more than 64 KiB behind.
  ///
  /// - Throws: the call's end, if it is over: stop working then.
  package func write(_ message: MessageBytes) async throws(RPCError) {
    try await queue.write(message)
  }

  /// Queues a message without waiting: the caller bounds what it queues.
  ///
  /// - Returns: `false` if the call is over and nobody will read the message.
  package func enqueue(_ message: MessageBytes) -> Bool {
    queue.enqueue(message)
  }
}

/// A response that a task writes, message by message: for streams that wait for news, and for a
/// single reply that takes time. The task is cancelled when the stream is gone.
package final class WrittenBody: ResponseBody {
  private let queue = OutboundQueue()
  private let run: @Sendable (ResponseWriter) async throws(RPCError) -> Void
  private let task = Mutex<Task<Void, Never>?>(nil)

  /// - Parameter run: writes the response; its return is status OK, its error the status otherwise.
  package init(_ run: @escaping @Sendable (ResponseWriter) async throws(RPCError) -> Void) {
    self.run = run
  }

  package func start(wake: @escaping @Sendable () -> Void) {
    queue.start(pullsNow: false, wake: wake)
    let (run, queue) = (run, queue)
    let task = Task {
      do throws(RPCError) {
        try await run(ResponseWriter(queue: queue))
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
