/// Longer and longer pauses between attempts, each a random part of its bound, so that many clients
/// do not come back in step.
struct Backoff {
  private static let first = Duration.milliseconds(50)
  private static let longest = Duration.seconds(3)

  private var bound = first

  /// The next pause.
  mutating func next() -> Duration {
    defer { bound = min(bound * 2, Self.longest) }
    return bound * Double.random(in: 0.5...1)
  }

  /// After a success: short pauses again.
  mutating func reset() {
    bound = Self.first
  }
}
