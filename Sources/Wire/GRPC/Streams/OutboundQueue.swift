internal import Synchronization

/// Messages on their way to the peer: a writer adds them, the connection pulls them out framed.
///
/// A writer that waits suspends while more than `limit` bytes are queued, so that a peer that does
/// not read stops it. On a client the queue keeps what was pulled, up to a bound, until the call is
/// committed: another attempt pulls it again.
final class OutboundQueue: Sendable {
  /// What one stream may hold before its writer waits: grpc-go's write quota.
  static let limit = 64 * 1024

  private let state: Mutex<State>
  private let keepBytes: Int

  fileprivate struct State {
    var messages: [MessageBytes] = []
    var next = 0
    /// Bytes of `messages[next]` already pulled, its prefix included.
    var offset = 0
    var queuedBytes = 0
    /// Bytes of all that was added, as long as it is kept for another attempt.
    var keptBytes = 0
    var isKeeping: Bool
    /// Something was pulled that is not kept.
    var wasPulled = false
    var isFinished = false
    var failure: RPCError?
    var gone: RPCError?
    var isAsked = true
    var wake: (@Sendable () -> Void)?
    var waiters: [UnsafeContinuation<Void, Never>] = []

    /// What must be called after the lock is released, if the connection waits for news.
    mutating func news() -> (@Sendable () -> Void)? {
      guard isAsked, let wake else { return nil }
      isAsked = false
      return wake
    }
  }

  /// - Parameter keepBytes: how much is kept for another attempt; beyond it there will be none.
  init(keepBytes: Int = 0) {
    self.keepBytes = keepBytes
    state = Mutex(State(isKeeping: keepBytes > 0))
  }

  /// Sets what to call when there is something to pull.
  ///
  /// - Parameter pullsNow: the connection asks by itself the first time; else it is called for what
  ///   is there already.
  func start(pullsNow: Bool, wake: @escaping @Sendable () -> Void) {
    let call = state.withLock { state -> (@Sendable () -> Void)? in
      state.wake = wake
      guard !pullsNow else {
        state.isAsked = false
        return nil
      }
      guard state.next < state.messages.count || state.isFinished else { return nil }
      return state.news()
    }
    call?()
  }

  /// Adds a message without waiting; `false` if the stream is gone or was finished.
  func enqueue(_ message: MessageBytes) -> Bool {
    let (isTaken, wake) = state.withLock { state -> (Bool, (@Sendable () -> Void)?) in
      guard state.gone == nil, !state.isFinished else { return (false, nil) }
      state.messages.append(message)
      let bytes = FramedMessage.prefixLength + message.count
      state.queuedBytes += bytes
      if state.isKeeping {
        state.keptBytes += bytes
        if state.keptBytes > keepBytes { state.forget() }
      }
      return (true, state.news())
    }
    wake?()
    return isTaken
  }

  /// Adds a message, and waits while the queue is over its limit.
  func write(_ message: MessageBytes) async throws(RPCError) {
    guard enqueue(message) else { throw reason }
    while let isOver = isOverLimit(), isOver { await waitForRoom() }
    if isOverLimit() == nil { throw reason }
  }

  /// No message follows; `nil` is the good end.
  func finish(_ failure: RPCError?) {
    let (wake, waiters) = state.withLock {
      state -> ((@Sendable () -> Void)?, [UnsafeContinuation<Void, Never>]) in
      guard !state.isFinished, state.gone == nil else { return (nil, []) }
      state.isFinished = true
      state.failure = failure
      defer { state.waiters = [] }
      return (state.news(), state.waiters)
    }
    for waiter in waiters { waiter.resume() }
    wake?()
  }

  /// The stream is gone: drops what is queued and fails the writers.
  func abandon(_ error: RPCError) {
    let waiters = state.withLock { state -> [UnsafeContinuation<Void, Never>] in
      guard state.gone == nil else { return [] }
      state.gone = error
      state.isKeeping = false
      state.messages = []
      state.next = 0
      state.offset = 0
      state.queuedBytes = 0
      state.wake = nil
      defer { state.waiters = [] }
      return state.waiters
    }
    for waiter in waiters { waiter.resume() }
  }

  /// What one pull gave.
  struct Pull {
    var count = 0
    /// Nothing follows the `count` bytes.
    var isLast = false
    /// Why not, if the end is not a good one.
    var failure: RPCError?
  }

  /// Copies framed bytes out; on the event loop. Neither bytes nor the end: `wake` will be called.
  func pull(into out: UnsafeMutableRawBufferPointer) -> Pull {
    let (pull, waiters) = state.withLock {
      state -> (Pull, [UnsafeContinuation<Void, Never>]) in
      var pull = Pull(count: state.copy(into: out))
      if state.next == state.messages.count, state.isFinished || state.gone != nil {
        pull.isLast = true
        pull.failure = state.failure ?? state.gone
      } else if pull.count == 0 {
        state.isAsked = true
      }
      guard state.queuedBytes <= Self.limit else { return (pull, []) }
      defer { state.waiters = [] }
      return (pull, state.waiters)
    }
    for waiter in waiters { waiter.resume() }
    return pull
  }

  // MARK: Another attempt

  /// Whether all that was added can be pulled from the start.
  var canRewind: Bool { state.withLock { $0.canRewind } }

  /// The attempt is over and nothing wakes it any more; the next one pulls from the start.
  ///
  /// - Returns: `false` if a part of what was pulled is not there any more.
  func rewind() -> Bool {
    state.withLock { state in
      guard state.canRewind else { return false }
      state.wake = nil
      state.isAsked = true
      guard state.isKeeping else { return true }
      state.next = 0
      state.offset = 0
      state.queuedBytes = state.keptBytes
      return true
    }
  }

  /// There will be no other attempt: what was pulled is let go.
  func commit() {
    state.withLock { $0.forget() }
  }

  /// `nil` when the stream is gone.
  private func isOverLimit() -> Bool? {
    state.withLock { $0.gone != nil ? nil : $0.queuedBytes > Self.limit && !$0.isFinished }
  }

  private var reason: RPCError {
    state.withLock { $0.gone } ?? RPCError(.failedPrecondition, "the stream was already finished")
  }

  private func waitForRoom() async {
    await withUnsafeContinuation { (continuation: UnsafeContinuation<Void, Never>) in
      let hasRoom = state.withLock { state in
        if state.gone != nil || state.isFinished || state.queuedBytes <= Self.limit { return true }
        state.waiters.append(continuation)
        return false
      }
      if hasRoom { continuation.resume() }
    }
  }
}

extension OutboundQueue.State {
  fileprivate var canRewind: Bool {
    gone == nil && (isKeeping || !wasPulled)
  }

  fileprivate mutating func forget() {
    guard isKeeping else { return }
    isKeeping = false
    for index in 0..<next { messages[index] = MessageBytes() }
    dropPulled()
  }

  private mutating func dropPulled() {
    guard next == messages.count, next > 0 else { return }
    messages.removeAll(keepingCapacity: true)
    next = 0
  }

  /// Copies framed bytes to `out` until it is full or the queue is empty.
  fileprivate mutating func copy(into out: UnsafeMutableRawBufferPointer) -> Int {
    var written = 0
    while next < messages.count, written < out.count {
      let room = UnsafeMutableRawBufferPointer(rebasing: out[written...])
      let copied = FramedMessage.copy(messages[next], from: offset, into: room)
      written += copied
      offset += copied
      if offset == FramedMessage.prefixLength + messages[next].count {
        if !isKeeping { messages[next] = MessageBytes() }
        next += 1
        offset = 0
      }
    }
    if !isKeeping { dropPulled() }
    if written > 0 { wasPulled = true }
    queuedBytes -= written
    return written
  }
}
