/// Where a channel stands with its server, and which calls wait for a connection. No I/O: each step
/// takes what happened and returns what to do.
///
/// ```
/// idle ─ call → connecting ─ SETTINGS → ready ─ GOAWAY or lost → idle
///               connecting ─ failed → transient failure ─ pause over, calls wait → connecting
///                                     transient failure ─ pause over, nobody waits → idle
/// each ─ close → closed
/// ```
///
/// Calls that do not wait for ready fail in transient failure, and with the attempt that they
/// waited for; so do all when the attempt failed for another reason than UNAVAILABLE. Source:
/// grpc/doc connectivity-semantics-and-api.md, wait-for-ready.md, connection-backoff.md.
struct ChannelState<Call: WaitingCall, Connection: AnyObject> {
  typealias Instant = ContinuousClock.Instant

  enum Phase {
    case idle
    case connecting(attempt: Int, since: Instant)
    case ready(Connection, since: Instant)
    case transientFailure(attempt: Int, RPCError)
    case closed
  }

  enum OnCall {
    /// The call waits for an attempt that is to begin now, or after a pause.
    case connect(attempt: Int, after: Duration)
    case begin(Connection)
    case wait
    case fail(RPCError)
    /// More calls wait than the bound allows.
    case refuse
  }

  struct OnFailed {
    /// Calls that do not wait any longer.
    var calls: [Call]
    /// After it, ``ChannelState/pauseEnded(attempt:now:)``.
    var pause: Duration
  }

  private(set) var phase = Phase.idle
  /// Why the last attempt to connect failed; `nil` after one that did not.
  private(set) var lastFailure: RPCError?
  private var waiting: CallQueue<Call>
  private var backoff: Backoff
  private var attempts = 0
  /// The next attempt begins no earlier.
  private var notBefore: Instant?

  init(backoff: Backoff, maxWaiting: Int) {
    self.backoff = backoff
    waiting = CallQueue(limit: maxWaiting)
  }

  /// A call wants a stream.
  mutating func dispatch(_ call: Call, now: Instant) -> OnCall {
    switch phase {
    case .idle:
      guard waiting.add(call) else { return .refuse }
      return connect(now)
    case .connecting:
      return waiting.add(call) ? .wait : .refuse
    case .ready(let connection, _):
      return .begin(connection)
    case .transientFailure(_, let error):
      guard call.waitsForReady, error.code == .unavailable else { return .fail(error) }
      return waiting.add(call) ? .wait : .refuse
    case .closed:
      return .fail(RPCError(.cancelled, "the channel was closed"))
    }
  }

  /// The server has sent its SETTINGS: it takes calls, and the next pause is the first again.
  ///
  /// - Returns: the calls that waited; `nil` if nobody waits for this attempt any more.
  mutating func ready(_ connection: Connection, attempt: Int) -> [Call]? {
    guard case .connecting(attempt, let since) = phase else { return nil }
    phase = .ready(connection, since: since)
    lastFailure = nil
    backoff.reset()
    return waiting.removeAll()
  }

  /// Whether no call is taken any more.
  var isClosed: Bool {
    if case .closed = phase { true } else { false }
  }

  /// Whether this attempt is under way and was not given up.
  func isConnecting(attempt: Int) -> Bool {
    if case .connecting(attempt, _) = phase { true } else { false }
  }

  /// An attempt to connect has failed.
  ///
  /// - Returns: `nil` if it was given up before.
  mutating func failed(attempt: Int, _ error: RPCError, now: Instant) -> OnFailed? {
    guard case .connecting(attempt, let since) = phase else { return nil }
    phase = .transientFailure(attempt: attempt, error)
    lastFailure = error
    // The pause counts from the start of the attempt: one that took long was pause enough.
    let pause = max(.zero, since + backoff.next() - now)
    // A wrong certificate does not get right by waiting.
    let isFinal = error.code != .unavailable
    return OnFailed(calls: waiting.remove { isFinal || !$0.waitsForReady }, pause: pause)
  }

  /// The pause behind a failed attempt is over.
  ///
  /// - Returns: what to do for the calls that wait; `nil` if there are none.
  mutating func pauseEnded(attempt: Int, now: Instant) -> OnCall? {
    guard case .transientFailure(attempt, _) = phase else { return nil }
    guard waiting.contains(where: { !$0.isEnded }) else {
      _ = waiting.removeAll()
      phase = .idle
      return nil
    }
    return connect(now)
  }

  /// A connection takes no more calls: the server said GOAWAY, or it is lost.
  ///
  /// - Parameter wasUseful: the server has answered a call on it. If not, the next attempt keeps
  ///   the distance of the backoff: a server that accepts and hangs up must not be hammered.
  mutating func lost(_ connection: Connection, wasUseful: Bool) {
    guard case .ready(let current, let since) = phase, current === connection else { return }
    phase = .idle
    notBefore = wasUseful ? nil : since + backoff.next()
  }

  /// A call stops waiting for a connection; `false` if it did not wait for one.
  mutating func remove(where isMeant: (Call) -> Bool) -> Bool {
    !waiting.remove(where: isMeant).isEmpty
  }

  /// A call waits no longer than for the attempt that is under way.
  ///
  /// - Returns: why it ends; `nil` if there is such an attempt, or it did not wait.
  mutating func giveUp(where isMeant: (Call) -> Bool) -> RPCError? {
    guard case .transientFailure(_, let error) = phase, remove(where: isMeant) else { return nil }
    return error
  }

  /// No call is taken any more.
  ///
  /// - Returns: the calls that waited.
  mutating func close() -> [Call] {
    phase = .closed
    return waiting.removeAll()
  }

  private mutating func connect(_ now: Instant) -> OnCall {
    attempts += 1
    let start = max(now, notBefore ?? now)
    notBefore = nil
    phase = .connecting(attempt: attempts, since: start)
    return .connect(attempt: attempts, after: start - now)
  }
}
