/// Allows so much at once and so much a second from then on.
struct TokenBucket {
  private let rate: TokenRate
  private var tokens: Int
  private var refilledAt: ContinuousClock.Instant

  /// A full bucket.
  init(_ rate: TokenRate, at now: ContinuousClock.Instant) {
    self.rate = rate
    tokens = rate.burst
    refilledAt = now
  }

  /// Takes tokens. The clock is read only when there are too few, which for honest use is never.
  ///
  /// - Returns: `false` if it was too much; what is owed is kept.
  mutating func take(_ count: Int = 1, now: () -> ContinuousClock.Instant) -> Bool {
    tokens -= count
    if tokens >= 0 { return true }
    refill(now())
    return tokens >= 0
  }

  /// Gives tokens back for traffic that shows good use, up to a full bucket.
  mutating func credit(_ count: Int) {
    tokens = min(rate.burst, tokens + count)
  }

  private mutating func refill(_ now: ContinuousClock.Instant) {
    guard rate.perSecond > 0, now > refilledAt else { return }
    // A day is more than any bucket needs to be full, and keeps the product in bounds.
    let seconds = min((now - refilledAt) / .seconds(1), 86_400)
    let earned = Int(seconds * Double(rate.perSecond))
    guard earned > 0 else { return }
    credit(earned)
    // What is left of a token counts for the next one.
    refilledAt += .seconds(1) * (Double(earned) / Double(rate.perSecond))
  }
}

/// How much of something is allowed: a burst, and how much a second makes it whole again.
package struct TokenRate: Hashable, Sendable {
  package var burst: Int
  package var perSecond: Int

  package init(burst: Int, perSecond: Int) {
    self.burst = burst
    self.perSecond = perSecond
  }
}
