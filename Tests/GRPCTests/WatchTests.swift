internal import Testing

@testable internal import GRPC

/// A watch that is looked at a second apart, on a clock of its own.
private struct Watched {
  var watch: ConnectionWatch
  var facts = ConnectionWatch.Facts()
  var now = ContinuousClock.now

  init(_ settings: [String], jitter: Double = 1) throws {
    var limits = ServerLimits()
    for setting in settings { try limits.set(setting) }
    watch = ConnectionWatch(limits, openedAt: now, jitter: jitter)
    facts.isGreeted = true
  }

  /// Looks for `seconds` seconds, `change` before each look.
  ///
  /// - Returns: what was overdue, and after how many seconds.
  mutating func pass(
    _ seconds: Int, _ change: (inout ConnectionWatch.Facts, Int) -> Void = { _, _ in }
  ) -> [String] {
    var overdue: [String] = []
    for second in 1...seconds {
      now += .seconds(1)
      change(&facts, second)
      overdue += watch.look(facts, at: now).map { "\(second): \($0.text)" }
    }
    return overdue
  }
}

extension ConnectionWatch.Action {
  fileprivate var text: String {
    switch self {
    case .close(let limit): "close \(limit.rawValue)"
    case .end(let limit, let text): "end \(limit.rawValue) \(text)"
    case .drain(let limit, let text): "drain \(limit.rawValue) \(text)"
    case .leave: "leave"
    case .ping: "ping"
    }
  }
}

@Suite struct `a connection's watch` {
  @Test func `closes a connection without preface after ten seconds`() throws {
    var silent = try Watched([])
    silent.facts.isGreeted = false
    var late = try Watched([])
    late.facts.isGreeted = false

    #expect(silent.pass(10) == ["10: close preface-timeout"])
    #expect(late.pass(60) { facts, second in facts.isGreeted = second >= 9 } == [])
  }

  @Test func `ends a connection whose header block stays incomplete, not one of many blocks`()
    throws
  {
    var stuck = try Watched([])
    stuck.facts.arrivingBlock = 7
    var busy = try Watched([])

    #expect(stuck.pass(11) == ["11: end header-timeout header_timeout"])
    #expect(busy.pass(60) { facts, second in facts.arrivingBlock = UInt64(second / 9) } == [])
  }

  @Test func `closes a connection that takes no byte, not one that takes some`() throws {
    var stalled = try Watched([])
    stalled.facts.unsentBytes = 5_000
    stalled.facts.writtenBytes = 9_000
    var slow = try Watched([])
    slow.facts.writtenBytes = 9_000

    #expect(stalled.pass(31) == ["31: close write-stall-timeout"])
    #expect(slow.pass(100) { facts, second in facts.unsentBytes = 5_000 - second / 25 } == [])
  }

  @Test func `pings a silent client and closes when nothing comes`() throws {
    var dead = try Watched(["keepalive-time=30s"])
    var alive = try Watched(["keepalive-time=30s"])

    #expect(dead.pass(50) == ["30: ping", "50: close keepalive-timeout"])
    #expect(
      alive.pass(100) { facts, second in
        if [31, 70].contains(second) { facts.receivedBytes += 17 }
      } == ["30: ping", "61: ping", "100: ping"])
  }

  @Test func `drains a connection without calls, counting anew after each`() throws {
    var idle = try Watched(["idle-timeout=60s"])
    var used = try Watched(["idle-timeout=60s"])
    var calling = try Watched(["idle-timeout=60s"])
    calling.facts.openCalls = 1

    #expect(idle.pass(60) == ["60: drain idle-timeout max_idle"])
    // A call that begins and ends between two looks counts too.
    #expect(used.pass(150) { facts, second in facts.begunCalls = second / 50 } == [])
    #expect(calling.pass(1_000) == [])
  }

  @Test(arguments: [(0.9, 54), (1.25, 75)])
  func `old age comes with jitter, and its calls have the grace`(
    jitter: Double, second: Int
  ) throws {
    var old = try Watched(["max-age=60s", "age-grace=10s", "drain-timeout=5s"], jitter: jitter)
    old.facts.openCalls = 1

    #expect(old.pass(second) == ["\(second): drain max-age max_age"])
    old.facts.isDraining = true
    #expect(old.pass(11) == ["6: leave", "11: close age-grace"])
  }

  @Test func `looks at a quarter of the shortest time, a second apart at most`() throws {
    var limits = ServerLimits()
    #expect(ConnectionWatch.period(limits) == .seconds(1))

    try limits.set("idle-timeout=100ms")

    #expect(ConnectionWatch.period(limits) == .milliseconds(25))
  }
}

@Suite struct `a call's watch` {
  private func seconds(
    of limit: Int, _ change: (inout CallWatch.Facts, Int) -> Void
  ) -> [String] {
    var watch = CallWatch()
    var facts = CallWatch.Facts()
    let begin = ContinuousClock.now
    for second in 1...limit {
      change(&facts, second)
      if let limit = watch.look(facts, ServerLimits(), at: begin + .seconds(second)) {
        return ["\(second): \(limit.rawValue)"]
      }
    }
    return []
  }

  @Test func `a request that never ends is cut, however it dribbles`() {
    let stuck = seconds(of: 100) { facts, second in
      facts.request = .awaited
      facts.movedMessages = second
    }
    let slow = seconds(of: 1_000) { facts, second in
      facts.request = second < 60 ? .awaited : .complete
    }

    #expect(stuck == ["61: message-timeout"])
    #expect(slow == [])
  }

  @Test func `a stream without messages is cut, one with an answer now and then is not`() {
    let still = seconds(of: 5_000) { facts, _ in facts.request = .streaming }
    let answered = seconds(of: 10_000) { facts, second in
      facts.request = .streaming
      facts.sentBytes = second / 3_000
    }
    let busy = seconds(of: 10_000) { facts, second in
      facts.request = second % 3_000 == 0 ? .complete : .streaming
    }

    #expect(still == ["3601: stream-idle-timeout"])
    #expect(answered == [])
    #expect(busy == [])
  }

  @Test func `a message of a stream that never ends is cut, one behind the other is not`() {
    let stuck = seconds(of: 100) { facts, _ in
      facts.request = .begun
      facts.movedMessages = 7
    }
    let busy = seconds(of: 1_000) { facts, second in
      facts.request = .begun
      facts.movedMessages = second / 50
    }

    #expect(stuck == ["61: message-timeout"])
    #expect(busy == [])
  }

  @Test func `a response that nobody takes is cut, one that creeps is not`() {
    let stalled = seconds(of: 2_000) { facts, _ in facts.isBlocked = true }
    let creeping = seconds(of: 2_000) { facts, second in
      facts.isBlocked = true
      facts.sentBytes = second / 500
    }

    #expect(stalled == ["601: stream-stall-timeout"])
    #expect(creeping == [])
  }
}
