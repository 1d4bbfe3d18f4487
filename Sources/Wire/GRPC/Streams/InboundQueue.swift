internal import Synchronization

/// Messages that came from the peer and wait for their one consumer.
///
/// The event loop adds, the consumer takes all there are at once. What was taken is reported to
/// `onTake`, which gives the peer that much window again: the queue never holds more than a window.
final class InboundQueue: Sendable {
  private let state = Mutex(State())
  private let onTake: @Sendable (_ count: Int, _ bytes: Int) -> Void
  private let onAbandon: @Sendable () -> Void

  private struct State {
    var messages: [MessageBytes] = []
    var bytes = 0
    var end: End?
    var waiter: UnsafeContinuation<Void, Never>?
  }

  private enum End {
    case finished
    case failed(RPCError)
  }

  private enum OnTake {
    case deliver([MessageBytes], bytes: Int)
    case end
    case fail(RPCError)
    case wait
  }

  /// - Parameters:
  ///   - onTake: told how many messages and payload bytes were taken; from the consumer's thread.
  ///   - onAbandon: told that the consumer's task was cancelled while it waited.
  init(
    onTake: @escaping @Sendable (_ count: Int, _ bytes: Int) -> Void,
    onAbandon: @escaping @Sendable () -> Void = {}
  ) {
    self.onTake = onTake
    self.onAbandon = onAbandon
  }

  /// Adds messages and wakes the consumer once.
  func add(_ messages: [MessageBytes]) {
    let waiter = state.withLock { state -> UnsafeContinuation<Void, Never>? in
      guard state.end == nil else { return nil }
      if state.messages.isEmpty {
        state.messages = messages
      } else {
        state.messages.append(contentsOf: messages)
      }
      for message in messages { state.bytes += message.count }
      return state.waiter.take()
    }
    waiter?.resume()
  }

  /// Ends the queue behind what it holds, well or with `error`. Only the first end counts.
  func finish(_ error: RPCError?) {
    let waiter = state.withLock { state -> UnsafeContinuation<Void, Never>? in
      guard state.end == nil else { return nil }
      if let error {
        state.end = .failed(error)
      } else {
        state.end = .finished
      }
      return state.waiter.take()
    }
    waiter?.resume()
  }

  /// All messages there are, at least one; waits for the first. `nil` is the end.
  func take() async throws(RPCError) -> [MessageBytes]? {
    while true {
      switch next() {
      case .deliver(let messages, let bytes):
        onTake(messages.count, bytes)
        return messages
      case .end: return nil
      case .fail(let error): throw error
      case .wait: await wait()
      }
    }
  }

  private func next() -> OnTake {
    state.withLock { state in
      if !state.messages.isEmpty {
        let taken = OnTake.deliver(state.messages, bytes: state.bytes)
        state.messages = []
        state.bytes = 0
        return taken
      }
      switch state.end {
      case nil: return .wait
      case .finished: return .end
      case .failed(let error): return .fail(error)
      }
    }
  }

  private func wait() async {
    await withTaskCancellationHandler {
      await withUnsafeContinuation { (continuation: UnsafeContinuation<Void, Never>) in
        let isReady = state.withLock { state in
          if state.end != nil || !state.messages.isEmpty { return true }
          precondition(state.waiter == nil, "messages have one consumer at a time")
          state.waiter = continuation
          return false
        }
        if isReady { continuation.resume() }
      }
    } onCancel: {
      finish(RPCError(.cancelled, "the task that waited for a message was cancelled"))
      onAbandon()
    }
  }
}
