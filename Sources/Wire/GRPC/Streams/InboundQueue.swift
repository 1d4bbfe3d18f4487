internal import Synchronization

/// Messages that came from the peer and wait for their one consumer.
///
/// The event loop adds, the consumer takes all there are at once. What was taken is reported to
/// `onTake`, which gives the peer that much window again: the queue never holds more than a window.
/// Compressed messages are inflated as they are taken, one at a time and on the consumer's thread:
/// a window of them may come to a thousand times its size.
final class InboundQueue: Sendable {
  private let state = Mutex(State())
  private let maxMessageBytes: Int
  private let onTake: @Sendable (_ count: Int, _ bytes: Int) -> Void
  private let onAbandon: @Sendable () -> Void
  private let onDamage: @Sendable (RPCError) -> Void

  fileprivate struct State {
    /// Those before `next` are taken.
    var messages: [MessageBytes] = []
    var next = 0
    var compressed = 0
    /// Of the messages that are not taken, as they travel.
    var bytes = 0
    var end: End?
    var waiter: UnsafeContinuation<Void, Never>?
  }

  fileprivate enum End {
    case finished
    case failed(RPCError)
  }

  fileprivate enum OnTake {
    case deliver([MessageBytes], bytes: Int)
    case inflate(MessageBytes)
    case end
    case fail(RPCError)
    case wait
  }

  /// - Parameters:
  ///   - maxMessageBytes: of a message that came compressed, once inflated.
  ///   - onTake: told how many messages and payload bytes were taken; from the consumer's thread.
  ///   - onAbandon: told that the consumer's task was cancelled while it waited.
  ///   - onDamage: told that a message could not be inflated; the consumer learns it too.
  init(
    maxMessageBytes: Int,
    onTake: @escaping @Sendable (_ count: Int, _ bytes: Int) -> Void,
    onAbandon: @escaping @Sendable () -> Void = {},
    onDamage: @escaping @Sendable (RPCError) -> Void
  ) {
    self.maxMessageBytes = maxMessageBytes
    self.onTake = onTake
    self.onAbandon = onAbandon
    self.onDamage = onDamage
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
      for message in messages {
        state.bytes += message.count
        if message.isCompressed { state.compressed += 1 }
      }
      return state.waiter.take()
    }
    waiter?.resume()
  }

  /// The messages in memory, those included that were taken and are not let go.
  var heldMessages: Int { state.withLock { $0.messages.count } }

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
      case .inflate(let message):
        onTake(1, message.count)
        return [try inflated(message)]
      case .end: return nil
      case .fail(let error): throw error
      case .wait: await wait()
      }
    }
  }

  private func next() -> OnTake {
    state.withLock { state in
      if !state.messages.isEmpty { return state.take() }
      switch state.end {
      case nil: return .wait
      case .finished: return .end
      case .failed(let error): return .fail(error)
      }
    }
  }

  private func inflated(_ message: MessageBytes) throws(RPCError) -> MessageBytes {
    do throws(RPCError) {
      return try message.inflated(limit: maxMessageBytes)
    } catch {
      abandon(error)
      onDamage(error)
      throw error
    }
  }

  /// Drops what waits: nothing follows a message that cannot be read.
  private func abandon(_ error: RPCError) {
    state.withLock { state in
      let end = End.failed(error)
      state = State()
      state.end = end
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

extension InboundQueue.State {
  /// Takes all messages; if some are compressed, the first, or the plain ones before it.
  fileprivate mutating func take() -> InboundQueue.OnTake {
    if compressed == 0, next == 0 {
      let all = InboundQueue.OnTake.deliver(messages, bytes: bytes)
      messages = []
      bytes = 0
      return all
    }
    let first = messages[next]
    guard !first.isCompressed else {
      messages[next] = MessageBytes()
      leave(behind: next + 1, bytes: first.count)
      compressed -= 1
      return .inflate(first)
    }
    let plain = Array(messages[next...].prefix { !$0.isCompressed })
    let count = plain.reduce(0) { $0 + $1.count }
    leave(behind: next + plain.count, bytes: count)
    return .deliver(plain, bytes: count)
  }

  private mutating func leave(behind index: Int, bytes count: Int) {
    next = index
    bytes -= count
    // Not only when all are taken, which may never be the case. Half of the memory at most is for
    // messages that left.
    guard next > messages.count / 2 else { return }
    messages.removeFirst(next)
    next = 0
  }
}
