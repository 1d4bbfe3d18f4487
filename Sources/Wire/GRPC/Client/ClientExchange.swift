internal import NIOCore
internal import Synchronization

/// One call between the task that makes it and the connection that carries it.
final class ClientExchange: Sendable {
  let path: String
  let metadata: Metadata
  let compression: Compression
  let deadline: ContinuousClock.Instant?
  let outbound = OutboundQueue()
  let inbound: InboundQueue
  private let link: ClientLink
  private let state = Mutex(State())

  private struct State {
    var initial: Metadata?
    var trailing = Metadata()
    var isEnded = false
    var failure: RPCError?
    var waiters: [UnsafeContinuation<Void, Never>] = []
    var timer: Scheduled<Void>?
  }

  init(_ path: String, _ options: CallOptions, maxMessageBytes: Int) {
    self.path = path
    metadata = options.metadata
    compression = options.compression
    deadline = options.timeout.map { ContinuousClock.now.advanced(by: $0) }
    let link = ClientLink()
    self.link = link
    inbound = InboundQueue(
      maxMessageBytes: maxMessageBytes,
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

  /// The call is carried by this stream from here on.
  func attach(to connection: ClientConnection, stream: Int32) {
    link.attach(connection, stream)
  }

  func setTimer(_ timer: Scheduled<Void>) {
    let isLate = state.withLock { state in
      if !state.isEnded { state.timer = timer }
      return state.isEnded
    }
    if isLate { timer.cancel() }
  }

  func receiveInitial(_ metadata: Metadata) {
    let waiters = state.withLock { state in
      state.initial = metadata
      defer { state.waiters = [] }
      return state.waiters
    }
    for waiter in waiters { waiter.resume() }
  }

  /// Ends the call with its status; only the first end counts.
  func finish(_ failure: RPCError?, trailing: Metadata = Metadata()) {
    let ended = state.withLock { state -> (Scheduled<Void>?, [UnsafeContinuation<Void, Never>])? in
      guard !state.isEnded else { return nil }
      state.isEnded = true
      state.failure = failure
      state.trailing = trailing
      defer { state.waiters = [] }
      return (state.timer.take(), state.waiters)
    }
    guard let (timer, waiters) = ended else { return }
    timer?.cancel()
    // Who learns of the end by a response must find that nothing can be sent any more.
    outbound.abandon(failure ?? RPCError(.cancelled, "the server has ended the call"))
    inbound.finish(failure)
    for waiter in waiters { waiter.resume() }
  }

  /// Ends the call on this side with `reason` and resets its stream.
  func cancel(_ reason: RPCError) {
    guard !isEnded else { return }
    finish(reason)
    link.cancel()
  }
}

/// How a call reaches its stream from other threads; before it has one, the wish is kept.
final class ClientLink: Sendable {
  private let state = Mutex(State())

  private struct State {
    var connection: ClientConnection?
    var stream: Int32 = 0
    var isCancelled = false
    var taken = 0
    var hasCreditQueued = false
  }

  func attach(_ connection: ClientConnection, _ stream: Int32) {
    let isCancelled = state.withLock { state in
      state.connection = connection
      state.stream = stream
      return state.isCancelled
    }
    if isCancelled { connection.later { $0.cancel(stream) } }
  }

  func cancel() {
    let (connection, stream) = state.withLock { state in
      state.isCancelled = true
      return (state.connection, state.stream)
    }
    connection?.later { $0.cancel(stream) }
  }

  /// Credits what was taken, once for all that is taken before the event loop comes to it.
  func take(_ bytes: Int) {
    let (connection, stream) = state.withLock { state -> (ClientConnection?, Int32) in
      state.taken += bytes
      guard !state.hasCreditQueued, let connection = state.connection else { return (nil, 0) }
      state.hasCreditQueued = true
      return (connection, state.stream)
    }
    connection?.later { [self] in $0.credit(stream, collect()) }
  }

  private func collect() -> Int {
    state.withLock { state in
      defer { state.taken = 0 }
      state.hasCreditQueued = false
      return state.taken
    }
  }
}
