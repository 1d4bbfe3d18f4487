/// Judges a call by the clock, at the looks of its connection.
struct CallWatch {
  /// A call as it is at a look.
  struct Facts {
    var request = Request.complete
    /// Messages that came, and those that the handler took.
    var movedMessages = 0
    /// Bytes of the response that went out.
    var sentBytes = 0
    /// Whether there is a response for which the client grants no window.
    var isBlocked = false

    enum Request {
      /// The one message of the call, or its end, is still to come.
      case awaited
      /// A stream of messages, of which the next has begun to come.
      case begun
      /// A stream of messages, of which the next is awaited.
      case streaming
      case complete
    }
  }

  private var request = Since<Int>()
  private var stream = Since<[Int]>()
  private var stall = Since<Int>()

  /// - Returns: the limit that the call has overstepped.
  mutating func look(
    _ facts: Facts, _ limits: ServerLimits, at now: ContinuousClock.Instant
  ) -> ServerLimit? {
    let awaited: Int? =
      switch facts.request {
      case .awaited: -1
      case .begun: facts.movedMessages
      case .streaming, .complete: nil
      }
    let awaitedSince = request.note(awaited, now)
    if over(limits.messageTimeout, awaitedSince, now) { return .messageTimeout }
    let movement = [facts.movedMessages, facts.sentBytes]
    let stillSince = stream.note(facts.request == .streaming ? movement : nil, now)
    if over(limits.streamIdleTimeout, stillSince, now) { return .streamIdleTimeout }
    let blockedSince = stall.note(facts.isBlocked ? facts.sentBytes : nil, now)
    if over(limits.streamStallTimeout, blockedSince, now) { return .streamStallTimeout }
    return nil
  }

  private func over(
    _ limit: Duration, _ since: ContinuousClock.Instant?, _ now: ContinuousClock.Instant
  ) -> Bool {
    guard limit > .zero, let since else { return false }
    return now - since >= limit
  }
}
