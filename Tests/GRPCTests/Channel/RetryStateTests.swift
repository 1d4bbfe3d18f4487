internal import Testing

@testable internal import GRPC

@Suite struct `retry state` {
  private let policy = RetryPolicy(
    maxAttempts: 4, firstBackoff: .milliseconds(100), maxBackoff: .milliseconds(150),
    codes: [.unavailable, .aborted])

  private func end(
    _ replay: AttemptEnd.Replay = .byPolicy, _ pushback: Pushback? = nil
  ) -> AttemptEnd {
    AttemptEnd(failure: RPCError(.unavailable, ""), replay: replay, pushback: pushback)
  }

  private func isRetry(_ action: RetryState.OnFailure, after pause: Duration) -> Bool {
    guard case .retry(let found) = action else { return false }
    return found >= pause * 0.8 && found <= pause * 1.2
  }

  @Test func `without a policy nothing is retried that the server saw`() {
    var throttle = RetryThrottle(tokens: 10, ratio: 0.1)
    var state = RetryState(nil, maxAttempts: 5)

    #expect(state.failed(.unavailable, end(), canReplay: true, &throttle) == .finish)
  }

  @Test func `a retryable status is retried with growing pauses up to the bound of attempts`() {
    var throttle = RetryThrottle(tokens: 100, ratio: 0.1)
    var state = RetryState(policy, maxAttempts: 5)

    for pause in [100, 150, 150] {
      let action = state.failed(.aborted, end(), canReplay: true, &throttle)
      #expect(isRetry(action, after: .milliseconds(pause)))
    }
    #expect(state.previousAttempts == 3)
    #expect(state.failed(.aborted, end(), canReplay: true, &throttle) == .finish)
  }

  @Test func `the channel's bound of attempts is above the policy's`() {
    var throttle = RetryThrottle(tokens: 100, ratio: 0.1)
    var state = RetryState(policy, maxAttempts: 2)

    #expect(
      isRetry(
        state.failed(.aborted, end(), canReplay: true, &throttle), after: .milliseconds(100)))
    #expect(state.failed(.aborted, end(), canReplay: true, &throttle) == .finish)
  }

  @Test func `another status, and a call that is committed, are not retried`() {
    var throttle = RetryThrottle(tokens: 10, ratio: 0.1)
    var state = RetryState(policy, maxAttempts: 5)

    #expect(state.failed(.internal, end(), canReplay: true, &throttle) == .finish)
    #expect(state.failed(.unavailable, end(), canReplay: false, &throttle) == .finish)
    #expect(state.failed(.unavailable, end(.always), canReplay: false, &throttle) == .finish)
  }

  @Test func `what the server did not see is repeated without count or token`() {
    var throttle = RetryThrottle(tokens: 1, ratio: 0.1)
    var state = RetryState(policy, maxAttempts: 5)

    for _ in 0..<20 {
      #expect(
        state.failed(.unavailable, end(.always), canReplay: true, &throttle) == .repeatAtOnce)
    }
    #expect(state.failed(.unavailable, end(.once), canReplay: true, &throttle) == .repeatAtOnce)
    #expect(state.previousAttempts == 0)
    #expect(throttle.allowsRetry)
  }

  @Test func `a second refusal is the policy's matter`() {
    var throttle = RetryThrottle(tokens: 10, ratio: 0.1)
    var with = RetryState(policy, maxAttempts: 5)
    var without = RetryState(nil, maxAttempts: 5)
    _ = with.failed(.unavailable, end(.once), canReplay: true, &throttle)
    _ = without.failed(.unavailable, end(.once), canReplay: true, &throttle)

    #expect(
      isRetry(
        with.failed(.unavailable, end(.once), canReplay: true, &throttle),
        after: .milliseconds(100)))
    #expect(without.failed(.unavailable, end(.once), canReplay: true, &throttle) == .finish)
  }

  @Test func `pushback sets the pause once, then the pauses begin anew`() {
    var throttle = RetryThrottle(tokens: 100, ratio: 0.1)
    var state = RetryState(policy, maxAttempts: 5)
    _ = state.failed(.unavailable, end(), canReplay: true, &throttle)

    let pushed = state.failed(
      .unavailable, end(.byPolicy, .wait(.seconds(7))), canReplay: true, &throttle)
    let next = state.failed(.unavailable, end(), canReplay: true, &throttle)

    #expect(pushed == .retry(after: .seconds(7)))
    #expect(isRetry(next, after: .milliseconds(100)))
  }

  @Test func `details may ask for a retry, and for a longer pause`() {
    var throttle = RetryThrottle(tokens: 10, ratio: 0.1)
    var state = RetryState(policy, maxAttempts: 5)
    var long = end()
    long.requestedPause = .seconds(9)
    var short = end()
    short.requestedPause = .zero

    #expect(
      state.failed(.resourceExhausted, long, canReplay: true, &throttle)
        == .retry(after: .seconds(9)))
    #expect(
      isRetry(
        state.failed(.resourceExhausted, short, canReplay: true, &throttle),
        after: .milliseconds(150)))
  }

  @Test func `pushback stops a retry, and does not make one`() {
    var throttle = RetryThrottle(tokens: 10, ratio: 0.1)
    var state = RetryState(policy, maxAttempts: 5)
    let wait = end(.byPolicy, .wait(.zero))

    #expect(
      state.failed(.unavailable, end(.byPolicy, .stop), canReplay: true, &throttle) == .finish)
    #expect(state.failed(.internal, wait, canReplay: true, &throttle) == .finish)
  }

  @Test(arguments: [
    ("0", Pushback.wait(.zero)), ("1500", .wait(.milliseconds(1500))),
    ("2147483647", .wait(.milliseconds(2_147_483_647))), ("-1", .stop), ("2147483648", .stop),
    ("", .stop), ("1.5", .stop), ("+1", .stop), ("007", .stop), ("soon", .stop),
  ])
  func `pushback is a signed 32-bit number; any other text stops`(text: String, is: Pushback) {
    #expect(Pushback(text) == `is`)
  }
}

@Suite struct `retry throttle` {
  @Test func `retries need more than half of the tokens`() {
    var throttle = RetryThrottle(tokens: 10, ratio: 0.1)
    for _ in 0..<4 { throttle.failed() }
    #expect(throttle.allowsRetry)
    throttle.failed()
    #expect(!throttle.allowsRetry)
    throttle.succeeded()
    #expect(throttle.allowsRetry)
  }

  @Test func `tokens stay between none and all`() {
    var throttle = RetryThrottle(tokens: 10, ratio: 0.1)
    for _ in 0..<100 { throttle.failed() }
    for _ in 0..<50 { throttle.succeeded() }
    #expect(!throttle.allowsRetry)
    throttle.succeeded()
    #expect(throttle.allowsRetry)
    for _ in 0..<1000 { throttle.succeeded() }
    for _ in 0..<4 { throttle.failed() }
    #expect(throttle.allowsRetry)
    throttle.failed()
    #expect(!throttle.allowsRetry)
  }

  @Test func `a throttled call ends with its failure`() {
    var throttle = RetryThrottle(tokens: 2, ratio: 0.1)
    var state = RetryState(RetryPolicy(), maxAttempts: 5)
    let end = AttemptEnd(failure: RPCError(.unavailable, ""))

    #expect(state.failed(.unavailable, end, canReplay: true, &throttle) == .throttled)
    #expect(state.previousAttempts == 0)
  }
}

@Suite struct `requests for another attempt` {
  private func pull(_ queue: OutboundQueue, _ most: Int = 1000) -> (text: String, isLast: Bool) {
    var bytes = [UInt8](repeating: 0, count: most)
    let pull = bytes.withUnsafeMutableBytes { queue.pull(into: $0) }
    return (String(decoding: bytes[..<pull.count].filter { $0 > 32 }, as: UTF8.self), pull.isLast)
  }

  @Test func `all that was sent is sent again, the end too`() {
    let queue = OutboundQueue(keepBytes: 100)
    _ = queue.enqueue(MessageBytes(text: "one"))
    #expect(pull(queue, 6) == ("o", false))
    _ = queue.enqueue(MessageBytes(text: "two"))
    #expect(pull(queue).text == "netwo")
    queue.finish(nil)

    #expect(queue.rewind())

    #expect(pull(queue) == ("onetwo", true))
  }

  @Test func `more than the bound, and a committed call, are sent once`() {
    let large = OutboundQueue(keepBytes: 15)
    _ = large.enqueue(MessageBytes(text: "one"))
    #expect(pull(large).text == "one")
    #expect(large.canRewind)
    _ = large.enqueue(MessageBytes(text: "two"))
    #expect(!large.canRewind)
    #expect(!large.rewind())
    #expect(pull(large).text == "two")

    let committed = OutboundQueue(keepBytes: 100)
    _ = committed.enqueue(MessageBytes(text: "one"))
    _ = pull(committed, 6)
    committed.commit()
    #expect(!committed.rewind())
    #expect(pull(committed).text == "ne")
  }

  @Test func `what never left needs no bound`() {
    let queue = OutboundQueue(keepBytes: 1)
    _ = queue.enqueue(MessageBytes(text: "one"))

    #expect(queue.rewind())
    #expect(pull(queue).text == "one")
    #expect(!queue.rewind())
  }

  @Test func `an abandoned queue is not sent again`() {
    let queue = OutboundQueue(keepBytes: 100)
    _ = queue.enqueue(MessageBytes(text: "one"))
    queue.abandon(RPCError(.cancelled, ""))

    #expect(!queue.rewind())
    #expect(pull(queue) == ("", true))
  }
}
