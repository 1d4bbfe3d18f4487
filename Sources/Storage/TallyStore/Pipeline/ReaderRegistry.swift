internal import EventLog
internal import Synchronization

/// The read transactions that are open, with the time each began: an old one makes the data file
/// grow by all that is written meanwhile.
final class ReaderRegistry: Sendable {
  private struct State {
    var next: UInt64 = 0
    var started: [UInt64: Int64] = [:]
  }

  private let state = Mutex(State())

  func enter() -> ReaderTicket {
    let now = Clocks.monotonic()
    let number = state.withLock { state -> UInt64 in
      state.next += 1
      state.started[state.next] = now
      return state.next
    }
    return ReaderTicket(registry: self, number: number)
  }

  fileprivate func leave(_ number: UInt64) {
    _ = state.withLock { $0.started.removeValue(forKey: number) }
  }

  /// How many there are, and the age of the oldest in nanoseconds.
  var open: (count: Int, oldest: Int64) {
    let (count, first) = state.withLock { ($0.started.count, $0.started.values.min()) }
    return (count, first.map { Clocks.monotonic() - $0 } ?? 0)
  }
}

/// Held as long as a read transaction is open.
final class ReaderTicket: Sendable {
  private let registry: ReaderRegistry
  private let number: UInt64

  init(registry: ReaderRegistry, number: UInt64) {
    self.registry = registry
    self.number = number
  }

  deinit { registry.leave(number) }
}
