/// Judges a connection by the clock. It is looked at every so often and says what is overdue, so
/// that no call and no frame pays for a timer; a time-out is late by a look at most, never early.
///
/// ```
/// greeting ─ SETTINGS → open ─ max_idle, max_age, shutdown → draining ─ pong or time-out → leaving
/// ```
struct ConnectionWatch {
  /// A connection as it is at a look.
  struct Facts {
    /// Whether the client's preface and SETTINGS are there.
    var isGreeted = false
    /// The header block that is arriving.
    var arrivingBlock: UInt64?
    /// Bytes that came in all.
    var receivedBytes = 0
    var openCalls = 0
    /// Calls that began in all.
    var begunCalls = 0
    /// Bytes that were given to the channel in all, and how many it still holds.
    var writtenBytes = 0
    var unsentBytes = 0
    /// GOAWAY is out, with or without its last stream.
    var isDraining = false
  }

  enum Action: Hashable {
    /// Close at once: the peer takes no farewell.
    case close(ServerLimit)
    /// End with GOAWAY and this text.
    case end(ServerLimit, String)
    /// Drain: no new calls, with this text.
    case drain(ServerLimit, String)
    /// The second half of a drain, although no ping was answered.
    case leave
    case ping
  }

  private let limits: ServerLimits
  private let openedAt: ContinuousClock.Instant
  private let idleTimeout: Duration
  private let maxAge: Duration
  private var block = Since<UInt64>()
  private var silence: Since<Int>
  private var idle: Since<Int>
  private var stall = Since<[Int]>()
  private var drain = Since<Bool>()
  private var pingedAt: ContinuousClock.Instant?
  /// Whether old age made it drain, so that its calls have the grace.
  private var isOld = false
  private var hasLeft = false

  /// - Parameter jitter: in 0.9...1.1, for the times at which many connections would drain at once.
  init(_ limits: ServerLimits, openedAt: ContinuousClock.Instant, jitter: Double) {
    self.limits = limits
    self.openedAt = openedAt
    idleTimeout = limits.idleTimeout * jitter
    maxAge = limits.maxAge * jitter
    silence = Since(0, openedAt)
    idle = Since(0, openedAt)
  }

  /// How far apart looks are: a quarter of the shortest time-out, a second at most.
  static func period(_ limits: ServerLimits) -> Duration {
    let shortest = ServerLimit.allCases.compactMap { limit -> Duration? in
      guard case .time(let path) = limit.place else { return nil }
      let time = limits[keyPath: path]
      return time > .zero ? time : nil
    }.min()
    return min(max((shortest ?? .seconds(4)) / 4, .milliseconds(5)), .seconds(1))
  }

  /// What is overdue; the more urgent first.
  mutating func look(_ facts: Facts, at now: ContinuousClock.Instant) -> [Action] {
    if let action = judgePeer(facts, now) { return [action] }
    var actions: [Action] = []
    if judgeSilence(facts, now) { actions.append(.ping) }
    if let action = judgeAge(facts, now) { actions.append(action) }
    return actions
  }

  /// A client that hangs.
  private mutating func judgePeer(
    _ facts: Facts, _ now: ContinuousClock.Instant
  ) -> Action? {
    if !facts.isGreeted, over(limits.prefaceTimeout, openedAt, now) {
      return .close(.prefaceTimeout)
    }
    if over(limits.headerTimeout, block.note(facts.arrivingBlock, now), now) {
      return .end(.headerTimeout, "header_timeout")
    }
    let unsent = facts.unsentBytes > 0 ? [facts.unsentBytes, facts.writtenBytes] : nil
    if over(limits.writeStallTimeout, stall.note(unsent, now), now) {
      return .close(.writeStallTimeout)
    }
    let silentSince = silence.note(facts.receivedBytes, now)
    if let pingedAt {
      if let silentSince, silentSince > pingedAt {
        self.pingedAt = nil
      } else if over(limits.keepaliveTimeout, pingedAt, now) {
        return .close(.keepaliveTimeout)
      }
    }
    return nil
  }

  /// - Returns: whether a ping is due. Source: gRPC proposal A9.
  private mutating func judgeSilence(_ facts: Facts, _ now: ContinuousClock.Instant) -> Bool {
    guard pingedAt == nil, facts.isGreeted,
      over(limits.keepaliveTime, silence.start, now)
    else { return false }
    pingedAt = now
    return true
  }

  private mutating func judgeAge(_ facts: Facts, _ now: ContinuousClock.Instant) -> Action? {
    if facts.isDraining {
      let drainingSince = drain.note(true, now)
      if isOld, over(limits.ageGrace, drainingSince, now) { return .close(.ageGrace) }
      if !hasLeft, over(limits.drainTimeout, drainingSince, now) {
        hasLeft = true
        return .leave
      }
      return nil
    }
    if over(maxAge, openedAt, now) {
      isOld = true
      return .drain(.maxAge, "max_age")
    }
    let idleSince = idle.note(facts.openCalls == 0 ? facts.begunCalls : nil, now)
    if facts.isGreeted, over(idleTimeout, idleSince, now) {
      return .drain(.idleTimeout, "max_idle")
    }
    return nil
  }

  private func over(
    _ limit: Duration, _ since: ContinuousClock.Instant?, _ now: ContinuousClock.Instant
  ) -> Bool {
    guard limit > .zero, let since else { return false }
    return now - since >= limit
  }
}

/// How long something has been as it is.
struct Since<Value: Equatable> {
  private var value: Value?
  private(set) var start: ContinuousClock.Instant?

  init() {}

  init(_ value: Value, _ start: ContinuousClock.Instant) {
    self.value = value
    self.start = start
  }

  /// - Returns: since when it is `value`; `nil` if there is none.
  @discardableResult
  mutating func note(
    _ value: Value?, _ now: ContinuousClock.Instant
  ) -> ContinuousClock.Instant? {
    guard let value else {
      self = Since()
      return nil
    }
    if value != self.value { self = Since(value, now) }
    return start
  }
}
