internal import Testing

@testable internal import GRPC

private struct Waiter: WaitingCall, Equatable {
  let number: Int
  var waitsForReady = false
  var isEnded = false

  init(_ number: Int, waits: Bool = false, isEnded: Bool = false) {
    self.number = number
    waitsForReady = waits
    self.isEnded = isEnded
  }
}

private final class Connection {}

private typealias Machine = ChannelState<Waiter, Connection>

extension Machine.OnCall {
  /// For comparisons: `connect 1 after 0.0 seconds`.
  fileprivate var text: String {
    switch self {
    case .connect(let attempt, let pause): "connect \(attempt) after \(pause)"
    case .begin: "begin"
    case .wait: "wait"
    case .fail(let error): "fail \(error.code.name)"
    case .refuse: "refuse"
    }
  }
}

@Suite struct `channel state` {
  private let start = ContinuousClock.now
  private let reason = RPCError(.unavailable, "connection refused")

  /// Pauses of 1, 1.6, 2.56… seconds without jitter.
  private func machine(maxWaiting: Int = 10) -> Machine {
    Machine(
      backoff: Backoff(first: .seconds(1), max: .seconds(120), jitter: 0), maxWaiting: maxWaiting)
  }

  private func at(_ seconds: Double) -> ContinuousClock.Instant { start + .seconds(seconds) }

  /// What a call gets in each state.
  @Test func `a call connects, waits, begins or fails as the state says`() {
    var state = machine()
    let connection = Connection()
    let fast = Waiter(1)
    let patient = Waiter(2, waits: true)

    #expect(state.dispatch(fast, now: start).text == "connect 1 after 0.0 seconds")
    #expect(state.dispatch(fast, now: start).text == "wait")
    _ = state.failed(attempt: 1, reason, now: start)
    #expect(state.dispatch(fast, now: start).text == "fail UNAVAILABLE")
    #expect(state.dispatch(patient, now: start).text == "wait")
    #expect(state.pauseEnded(attempt: 1, now: at(1))?.text == "connect 2 after 0.0 seconds")
    #expect(state.dispatch(fast, now: at(1)).text == "wait")
    #expect(state.ready(connection, attempt: 2) == [patient, fast])
    #expect(state.dispatch(fast, now: at(1)).text == "begin")
    state.lost(connection, wasUseful: true)
    #expect(state.dispatch(fast, now: at(1)).text == "connect 3 after 0.0 seconds")
    #expect(state.close() == [fast])
    #expect(state.dispatch(patient, now: at(1)).text == "fail CANCELLED")
  }

  @Test func `only calls that do not wait for ready fail with an attempt`() {
    var state = machine()
    _ = state.dispatch(Waiter(1), now: start)
    _ = state.dispatch(Waiter(2, waits: true), now: start)
    _ = state.dispatch(Waiter(3), now: start)

    let failed = state.failed(attempt: 1, reason, now: start)

    #expect(failed?.calls.map(\.number) == [1, 3])
    #expect(state.lastFailure == reason)
    #expect(state.pauseEnded(attempt: 1, now: at(1))?.text == "connect 2 after 0.0 seconds")
    #expect(state.ready(Connection(), attempt: 2)?.map(\.number) == [2])
    #expect(state.lastFailure == nil)
  }

  @Test func `a failure that waiting does not mend ends all calls`() {
    var state = machine()
    let refused = RPCError(.unauthenticated, "the certificate expired")
    _ = state.dispatch(Waiter(1, waits: true), now: start)

    #expect(state.failed(attempt: 1, refused, now: start)?.calls.map(\.number) == [1])
    let second = state.dispatch(Waiter(2, waits: true), now: start).text
    #expect(second == "fail UNAUTHENTICATED")
  }

  @Test func `the pause grows with each failure and starts anew with SETTINGS`() {
    var state = machine()
    var pauses: [Duration] = []
    for attempt in 1...14 {
      _ = state.dispatch(Waiter(1), now: start)
      if let failed = state.failed(attempt: attempt, reason, now: start) {
        pauses.append(failed.pause)
      }
      _ = state.pauseEnded(attempt: attempt, now: start)
    }
    #expect(pauses.prefix(3) == [.seconds(1), .seconds(1) * 1.6, .seconds(1) * 1.6 * 1.6])
    #expect(pauses.suffix(3) == [.seconds(120), .seconds(120), .seconds(120)])

    let connection = Connection()
    _ = state.dispatch(Waiter(1), now: start)
    _ = state.ready(connection, attempt: 15)
    state.lost(connection, wasUseful: true)
    _ = state.dispatch(Waiter(1), now: start)
    #expect(state.failed(attempt: 16, reason, now: start)?.pause == .seconds(1))
  }

  @Test func `a slow attempt counts as pause`() {
    var state = machine()
    _ = state.dispatch(Waiter(1), now: start)
    #expect(state.failed(attempt: 1, reason, now: at(0.4))?.pause == .seconds(0.6))
    _ = state.pauseEnded(attempt: 1, now: at(1))
    _ = state.dispatch(Waiter(1), now: at(1))
    #expect(state.failed(attempt: 2, reason, now: at(21))?.pause == .zero)
  }

  @Test func `nobody waits: the pause ends in idle`() {
    var state = machine()
    _ = state.dispatch(Waiter(1, waits: true, isEnded: true), now: start)
    _ = state.failed(attempt: 1, reason, now: start)

    #expect(state.pauseEnded(attempt: 1, now: at(1)) == nil)
    #expect(state.dispatch(Waiter(2), now: at(1)).text == "connect 2 after 0.0 seconds")
  }

  @Test func `what comes late from an old attempt changes nothing`() {
    var state = machine()
    _ = state.dispatch(Waiter(1), now: start)
    _ = state.failed(attempt: 1, reason, now: start)

    #expect(state.ready(Connection(), attempt: 1) == nil)
    #expect(state.failed(attempt: 1, reason, now: start) == nil)
    _ = state.pauseEnded(attempt: 1, now: at(1))
    #expect(state.pauseEnded(attempt: 1, now: at(1)) == nil)
    let current = Connection()
    _ = state.dispatch(Waiter(1), now: at(2))
    _ = state.ready(current, attempt: 2)
    state.lost(Connection(), wasUseful: true)
    #expect(state.dispatch(Waiter(1), now: at(2)).text == "begin")
  }

  @Test func `a server that hangs up before any answer is not hammered, and no call fails for it`()
  {
    var state = machine()
    let connection = Connection()
    _ = state.dispatch(Waiter(1), now: start)
    _ = state.ready(connection, attempt: 1)

    state.lost(connection, wasUseful: false)

    let text = state.dispatch(Waiter(1), now: at(0.25)).text
    #expect(text == "connect 2 after 0.75 seconds")
    #expect(state.dispatch(Waiter(2), now: at(0.25)).text == "wait")
  }

  @Test func `a call that waits no longer ends in a pause, not during an attempt`() {
    var state = machine()
    _ = state.dispatch(Waiter(1, waits: true), now: start)
    #expect(state.giveUp(where: { $0.number == 1 }) == nil)
    _ = state.failed(attempt: 1, reason, now: start)
    #expect(state.giveUp(where: { $0.number == 2 }) == nil)

    #expect(state.giveUp(where: { $0.number == 1 }) == reason)

    #expect(state.pauseEnded(attempt: 1, now: at(1)) == nil)
  }

  @Test func `one call more than may wait is refused, ended ones take no place`() {
    var state = machine(maxWaiting: 2)
    _ = state.dispatch(Waiter(1), now: start)
    _ = state.dispatch(Waiter(2, isEnded: true), now: start)
    #expect(state.dispatch(Waiter(3), now: start).text == "wait")
    #expect(state.dispatch(Waiter(4), now: start).text == "refuse")

    #expect(state.remove { $0.number == 3 })
    #expect(!state.remove { $0.number == 3 })
    #expect(state.dispatch(Waiter(5), now: start).text == "wait")
    #expect(state.ready(Connection(), attempt: 1)?.map(\.number) == [1, 5])
  }
}

@Suite struct `call queue` {
  @Test func `calls come in order, ended ones not at all`() {
    var queue = CallQueue<Waiter>(limit: 100)
    for number in 0..<10 { _ = queue.add(Waiter(number, isEnded: number % 3 == 0)) }
    var numbers: [Int] = []

    while let call = queue.next() {
      numbers.append(call.number)
      if call.number == 5 { _ = queue.add(Waiter(10)) }
    }

    #expect(numbers == [1, 2, 4, 5, 7, 8, 10])
    #expect(queue.isEmpty)
  }
}

@Suite struct `backoff` {
  @Test func `a pause is at most a fifth shorter or longer`() {
    var seen: Set<Duration> = []
    for _ in 0..<100 {
      var backoff = Backoff(first: .seconds(1), max: .seconds(120))
      let first = backoff.next()
      let second = backoff.next()
      #expect(first >= .milliseconds(800) && first <= .milliseconds(1200))
      #expect(second >= .milliseconds(1280) && second <= .milliseconds(1920))
      seen.insert(first)
    }
    #expect(seen.count > 50)
  }
}
