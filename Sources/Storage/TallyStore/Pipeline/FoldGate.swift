internal import EventLog

/// Where the fold's thread waits between two folds while somebody else brings a copy of the tables
/// up to its position and lets it go on with that.
///
/// ```
///        ask                    the fold's thread comes by          release
/// open ───────► asked ─────────────────────────────────────► parked ───────► open
/// ```
///
/// - Invariant: a `Fold` that goes through it is used by its giver no more; hence it may cross
///   threads.
final class FoldGate: Sendable {
  /// What the fold's thread goes on with.
  enum Answer {
    case same
    case other(Fold)
  }

  private enum Phase {
    case open
    case asked
    case parked
    case released(Answer)
  }

  private struct State {
    var phase = Phase.open
    var isClosed = false
    var isWoken = false
  }

  private let state = Monitor(State())

  /// Waits until the fold's thread is parked. `release` has to follow.
  ///
  /// - Returns: false if there is no such thread any more.
  func park(wake: () -> Void) -> Bool {
    state.change { if !$0.isClosed { $0.phase = .asked } }
    wake()
    return state.wait { state -> Bool? in
      if state.isClosed { return false }
      if case .parked = state.phase { return true }
      return nil
    } ?? false
  }

  /// Lets the parked thread go on.
  func release(_ answer: Answer) { state.change { $0.phase = .released(answer) } }

  /// Nobody comes by any more.
  func close() { state.change { $0.isClosed = true } }

  /// Ends one `pause`: the one there is, or the next.
  func wake() { state.change { $0.isWoken = true } }

  /// On the fold's thread, between two folds: waits if somebody asked it to.
  ///
  /// - Returns: nil if nobody did.
  func pass() -> Answer? {
    let isParked = state.change { state -> Bool in
      guard case .asked = state.phase else { return false }
      state.phase = .parked
      return true
    }
    guard isParked else { return nil }
    return state.wait { state -> Answer? in
      guard case .released(let answer) = state.phase else { return nil }
      state.phase = .open
      return answer
    }
  }

  /// On the fold's thread, when it has nothing to do: waits until somebody asks or wakes it.
  func pause(until deadline: Int64) {
    _ = state.wait(until: deadline) { state -> Bool? in
      if case .asked = state.phase { return true }
      guard state.isWoken else { return nil }
      state.isWoken = false
      return true
    }
  }
}
