/// How one attempt of a call ended.
struct AttemptEnd {
  /// `nil` is status OK.
  var failure: RPCError?
  var trailing = Metadata()
  var replay = Replay.byPolicy
  /// What the server said about another attempt.
  var pushback: Pushback?
  /// The least pause that the failure's details ask for.
  var requestedPause: Duration?

  /// What is known of the attempt, beyond its status.
  enum Replay: Equatable {
    /// The request never left: nothing is lost by sending it.
    case always
    /// The server says that it has not acted: REFUSED_STREAM, or a GOAWAY below the stream.
    case once
    /// The server may have acted, or cannot be reached.
    case byPolicy
  }
}

/// `grpc-retry-pushback-ms`: a signed 32-bit number.
enum Pushback: Equatable {
  case wait(Duration)
  /// A negative number, or none.
  case stop

  init(_ text: String) {
    guard let milliseconds = Int32(text), milliseconds >= 0, "\(milliseconds)" == text else {
      self = .stop
      return
    }
    self = .wait(.milliseconds(milliseconds))
  }
}

/// Decides whether a call is tried again. No I/O.
///
/// ```
/// attempt ─ headers → committed              attempt ─ failed → attempt, at once or later
///         ─ more sent than is kept → committed             └──► over
/// ```
///
/// Source: grpc/proposal A6, Summary of Retry and Hedging Logic, Transparent Retries.
struct RetryState {
  private let policy: RetryPolicy?
  private let maxAttempts: Int
  private var backoff: Backoff
  /// Attempts that failed before the one under way, without those that no server saw.
  private(set) var previousAttempts = 0
  private var wasRefused = false

  enum OnFailure: Equatable {
    case finish
    /// As if the attempt had not been.
    case repeatAtOnce
    case retry(after: Duration)
    /// It would be tried again, were there not so many failures.
    case throttled
  }

  init(_ policy: RetryPolicy?, maxAttempts limit: Int) {
    self.policy = policy
    maxAttempts = min(policy?.maxAttempts ?? 1, limit)
    backoff = Backoff(
      first: policy?.firstBackoff ?? .zero, max: policy?.maxBackoff ?? .zero,
      multiplier: policy?.multiplier ?? 1)
  }

  /// An attempt has failed, and no part of an answer was seen.
  ///
  /// - Parameter canReplay: all that was sent can be sent again.
  mutating func failed(
    _ code: StatusCode, _ end: AttemptEnd, canReplay: Bool, _ throttle: inout RetryThrottle
  ) -> OnFailure {
    switch end.replay {
    case .always where canReplay: return .repeatAtOnce
    case .once where canReplay && !wasRefused:
      wasRefused = true
      return .repeatAtOnce
    case .always, .once, .byPolicy: break
    }
    let isRetryable = policy?.codes.contains(code) ?? false || end.requestedPause != nil
    if isRetryable || end.pushback == .stop { throttle.failed() }
    guard isRetryable, canReplay, end.pushback != .stop, previousAttempts + 1 < maxAttempts
    else { return .finish }
    guard throttle.allowsRetry else { return .throttled }
    previousAttempts += 1
    if case .wait(let pause) = end.pushback {
      // What the server asks for stands once; behind it the pauses begin anew.
      backoff.reset()
      return .retry(after: pause)
    }
    return .retry(after: max(backoff.next(), end.requestedPause ?? .zero))
  }
}
