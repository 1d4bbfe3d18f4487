/// When a client asks whether its server is still there. No I/O: each step says what to do, and
/// when to look again.
///
/// ```
/// resting ─ call → watching ─ silence for `time` → asking ─ bytes → watching
///                  watching ─ no calls → resting   asking ─ silence for `timeout` → dead
/// ```
///
/// Silence counts from the last byte read, never from the last ping: a server that limits pings
/// limits them by the same clock. Source: grpc/proposal A8.
struct ClientKeepalive {
  typealias Instant = ContinuousClock.Instant

  enum OnLook: Equatable {
    case look(at: Instant)
    /// Sends a ping and looks again.
    case ping(lookAt: Instant)
    /// The server is gone.
    case dead
    /// Nothing to watch until a call begins.
    case rest
  }

  private enum State: Equatable {
    case resting
    case watching
    case asking(since: Instant)
  }

  private let time: Duration
  private let timeout: Duration
  private let withoutCalls: Bool
  private var state = State.watching
  private var lastRead: Instant

  init(time: Duration, timeout: Duration, withoutCalls: Bool, now: Instant) {
    self.time = time
    self.timeout = timeout
    self.withoutCalls = withoutCalls
    lastRead = now
  }

  /// Bytes of any kind arrived.
  ///
  /// - Returns: what to do, if a ping was under way.
  mutating func receive(now: Instant) -> OnLook? {
    lastRead = now
    guard case .asking = state else { return nil }
    state = .watching
    return .look(at: now + time)
  }

  /// A call is about to begin.
  ///
  /// - Returns: what to do; `nil` if the next look is due already.
  mutating func callBegins(now: Instant) -> OnLook? {
    guard state == .resting else { return nil }
    state = .watching
    return look(hasCalls: true, now: now)
  }

  /// The time to look has come.
  mutating func look(hasCalls: Bool, now: Instant) -> OnLook {
    if case .asking(let since) = state {
      return now >= since + timeout ? .dead : .look(at: since + timeout)
    }
    guard hasCalls || withoutCalls else {
      state = .resting
      return .rest
    }
    guard now >= lastRead + time else { return .look(at: lastRead + time) }
    state = .asking(since: now)
    return .ping(lookAt: now + timeout)
  }
}
