/// Longer and longer pauses, each a random bit shorter or longer than its nominal length, so that
/// clients that failed together do not come back together.
///
/// Source: grpc/doc/connection-backoff.md (connecting); grpc/proposal A6 (retry).
struct Backoff: Sendable {
  let first: Duration
  let max: Duration
  let multiplier: Double
  /// A part of the pause, either way.
  let jitter: Double
  private var pause: Duration

  init(first: Duration, max: Duration, multiplier: Double = 1.6, jitter: Double = 0.2) {
    self.first = first
    self.max = max
    self.multiplier = multiplier
    self.jitter = jitter
    pause = min(first, max)
  }

  /// The next pause.
  mutating func next() -> Duration {
    defer { pause = min(pause * multiplier, max) }
    return pause * Double.random(in: 1 - jitter...1 + jitter)
  }

  /// The next pause is the first again.
  mutating func reset() {
    pause = min(first, max)
  }
}
