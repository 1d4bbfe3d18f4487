internal import NIOCore
internal import Synchronization

/// One call between the task that makes it and the connections that carry its attempts.
///
/// Until its attempt sees the headers of a response the call may move to another stream; the task
/// notices nothing of it.
final class ClientExchange: Sendable, WaitingCall {
  let path: String
  let metadata: Metadata
  let compression: Compression
  let deadline: ContinuousClock.Instant?
  private let waitForReady: Bool
  private let requestedPause: (@Sendable (RPCError) -> Duration?)?
  /// After it no other attempt begins, to connect neither.
  let lastBegin: ContinuousClock.Instant?
  let outbound: OutboundQueue
  let inbound: InboundQueue
  private let channel: GRPCChannel
  private let link: ClientLink
  private let state: Mutex<State>

  private struct State {
    var retry: RetryState
    var initial: Metadata?
    var trailing = Metadata()
    var isEnded = false
    var failure: RPCError?
    var waiters: [UnsafeContinuation<Void, Never>] = []
    var deadlineTimer: Scheduled<Void>?
    /// Ends the wait for a connection, or the pause before the next attempt.
    var waitTimer: Scheduled<Void>?
  }

  init(_ path: String, _ options: CallOptions, _ channel: GRPCChannel) {
    self.path = path
    self.channel = channel
    metadata = options.metadata
    compression = options.compression
    waitForReady = options.waitForReady
    requestedPause = options.retry?.requestedPause
    let now = ContinuousClock.now
    deadline = options.timeout.map { now + $0 }
    lastBegin = options.retryFor.map { now + $0 }
    outbound = OutboundQueue(keepBytes: channel.options.retryBufferBytes)
    state = Mutex(
      State(retry: RetryState(options.retry, maxAttempts: channel.options.maxAttempts)))
    let link = ClientLink()
    self.link = link
    inbound = InboundQueue(
      maxMessageBytes: channel.options.maxMessageBytes,
      onTake: { count, bytes in
        link.take(bytes + count * FramedMessage.prefixLength)
      },
      onAbandon: { link.cancel() },
      onDamage: { _ in link.cancel() })
  }

  /// A request as it travels.
  func encoded(_ message: MessageBytes, compress: Bool) -> MessageBytes {
    compress ? compression.encoded(message) : message
  }

  var waitsForReady: Bool {
    guard waitForReady, let lastBegin else { return waitForReady }
    return ContinuousClock.now < lastBegin
  }

  var isEnded: Bool { state.withLock { $0.isEnded } }

  /// Metadata of the response's headers, once they or the end are there.
  var initialMetadata: Metadata {
    get async throws(RPCError) {
      await withUnsafeContinuation { (continuation: UnsafeContinuation<Void, Never>) in
        let isKnown = state.withLock { state in
          if state.initial != nil || state.isEnded { return true }
          state.waiters.append(continuation)
          return false
        }
        if isKnown { continuation.resume() }
      }
      let (initial, failure) = state.withLock { ($0.initial, $0.failure) }
      if let failure, initial == nil { throw failure }
      return initial ?? Metadata()
    }
  }

  var trailingMetadata: Metadata { state.withLock { $0.trailing } }

  /// Attempts that a server saw before the one under way.
  var previousAttempts: Int { state.withLock { $0.retry.previousAttempts } }

  /// The call is carried by this stream from here on.
  func attach(to connection: ClientConnection, stream: Int32) {
    link.attach(connection, stream)
  }

  func setDeadlineTimer(_ timer: Scheduled<Void>) {
    let isLate = state.withLock { state in
      if !state.isEnded { state.deadlineTimer = timer }
      return state.isEnded
    }
    if isLate { timer.cancel() }
  }

  /// Sets the timer of a wait, or none, in place of the one there is.
  func setWaitTimer(_ timer: Scheduled<Void>?) {
    let old = state.withLock { state in
      guard !state.isEnded else { return timer }
      defer { state.waitTimer = timer }
      return state.waitTimer
    }
    old?.cancel()
  }

  /// One attempt is over: another one begins, or the call ends as it did.
  func attemptEnded(_ end: AttemptEnd) {
    guard let failure = end.failure else {
      channel.throttle.withLock { $0.succeeded() }
      return finish(nil, trailing: end.trailing)
    }
    var end = end
    end.requestedPause = requestedPause?(failure)
    let canReplay = outbound.canRewind
    let action = state.withLock { state in
      channel.throttle.withLock { [end] throttle in
        state.retry.failed(
          failure.code, end, canReplay: canReplay && state.initial == nil && !state.isEnded,
          &throttle)
      }
    }
    switch action {
    case .repeatAtOnce where mayBegin(after: .zero) && outbound.rewind():
      channel.count(\.transparentRetries)
      link.detach()
      channel.dispatch(self)
    case .retry(let pause) where mayBegin(after: pause) && outbound.rewind():
      channel.count(\.retries)
      link.detach()
      channel.dispatch(self, after: pause)
    case .throttled:
      channel.count(\.throttledRetries)
      finish(failure, trailing: end.trailing)
    case .finish, .repeatAtOnce, .retry:
      finish(failure, trailing: end.trailing)
    }
  }

  /// Whether a pause ends before the time for it does: else the failure is told at once.
  private func mayBegin(after pause: Duration) -> Bool {
    let begin = ContinuousClock.now + pause
    return begin <= lastBegin ?? begin && begin <= deadline ?? begin
  }

  /// The headers of the response: from here on the call stays on its stream.
  func receiveInitial(_ metadata: Metadata) {
    let waiters = state.withLock { state in
      state.initial = metadata
      defer { state.waiters = [] }
      return state.waiters
    }
    outbound.commit()
    for waiter in waiters { waiter.resume() }
  }

  private typealias Waiters = [UnsafeContinuation<Void, Never>]

  /// Ends the call with its status; only the first end counts.
  func finish(_ failure: RPCError?, trailing: Metadata = Metadata()) {
    let ended = state.withLock { state -> (Scheduled<Void>?, Scheduled<Void>?, Waiters)? in
      guard !state.isEnded else { return nil }
      state.isEnded = true
      state.failure = failure
      state.trailing = trailing
      defer { state.waiters = [] }
      return (state.deadlineTimer.take(), state.waitTimer.take(), state.waiters)
    }
    guard let (deadlineTimer, waitTimer, waiters) = ended else { return }
    deadlineTimer?.cancel()
    waitTimer?.cancel()
    // Who learns of the end by a response must find that nothing can be sent any more.
    outbound.abandon(failure ?? RPCError(.cancelled, "the server has ended the call"))
    inbound.finish(failure)
    for waiter in waiters { waiter.resume() }
  }

  /// Ends the call because its time is over; if it still waits, with the reason for that.
  func meetDeadline() {
    let reason = channel.reasonToWait(self).map { "; \($0.message)" } ?? ""
    cancel(RPCError(.deadlineExceeded, "the call's deadline passed" + reason))
  }

  /// Ends the call on this side with `reason` and resets its stream.
  func cancel(_ reason: RPCError) {
    guard !isEnded else { return }
    finish(reason)
    link.cancel()
  }
}
