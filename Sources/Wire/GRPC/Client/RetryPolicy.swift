/// Which failures of a call are tried again, and how often. For what may be done twice.
///
/// The pause before attempt n + 1 is `firstBackoff` times `multiplier` to the power of n - 1, at
/// most `maxBackoff`, a fifth shorter or longer by chance; a server may set it by
/// `grpc-retry-pushback-ms`. Source: grpc/proposal A6.
package struct RetryPolicy: Sendable {
  /// Attempts in all, the first included; the channel's
  /// ``GRPCChannel/Options-swift.struct/maxAttempts`` is the upper bound.
  package var maxAttempts: Int
  package var firstBackoff: Duration
  package var maxBackoff: Duration
  package var multiplier: Double
  /// Statuses behind which a call is tried again.
  package var codes: Set<StatusCode>
  /// The pause that the details of a failure ask for, if they do: such a failure is tried again
  /// whatever its status, no earlier. This module reads no messages, so its user does.
  package var requestedPause: (@Sendable (RPCError) -> Duration?)?

  package init(
    maxAttempts: Int = 5, firstBackoff: Duration = .milliseconds(100),
    maxBackoff: Duration = .seconds(3), multiplier: Double = 2,
    codes: Set<StatusCode> = [.unavailable]
  ) {
    self.maxAttempts = maxAttempts
    self.firstBackoff = firstBackoff
    self.maxBackoff = maxBackoff
    self.multiplier = multiplier
    self.codes = codes
  }
}

/// Stops retries while too many calls fail: each failure takes a token, each success gives a part
/// of one back, and a retry needs more than half of the tokens.
///
/// Source: grpc/proposal A6, Throttling Retry Attempts and Hedged RPCs.
struct RetryThrottle: Sendable {
  private let max: Int
  private let gain: Int
  /// In thousandths, so that ten successes at 0.1 are exactly one token.
  private var level: Int

  init(tokens: Int, ratio: Double) {
    max = tokens * 1000
    gain = Int((ratio * 1000).rounded())
    level = max
  }

  var allowsRetry: Bool { level > max / 2 }

  mutating func succeeded() {
    level = min(level + gain, max)
  }

  mutating func failed() {
    level = Swift.max(level - 1000, 0)
  }
}
