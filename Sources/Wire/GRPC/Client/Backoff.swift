/// How long to wait between two attempts to connect.
///
/// Source: grpc/doc/connection-backoff.md: times 1.6, a fifth of jitter either way.
struct Backoff {
  private let first: Duration
  private let max: Duration
  private var pause: Duration

  init(first: Duration, max: Duration) {
    self.first = first
    self.max = max
    pause = first
  }

  mutating func next() -> Duration {
    defer { pause = min(pause * 16 / 10, max) }
    return pause * Int.random(in: 800...1200) / 1000
  }

  mutating func reset() {
    pause = first
  }
}
