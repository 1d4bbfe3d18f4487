internal import Synchronization

/// Who waits until the store has applied something.
///
/// Once ended, every wait there is and comes is answered with the error at once, until it resumes.
final class AppliedWaits: Sendable {
  typealias OnOutcome = @Sendable (Result<BatchOutcome, StoreError>) -> Void
  typealias OnApplied = @Sendable (Result<UInt64, StoreError>) -> Void

  private struct Wait {
    let position: UInt64
    let body: OnApplied
  }

  private struct State {
    var applied: UInt64
    var end: StoreError?
    var outcomes: [UInt64: OnOutcome] = [:]
    var waits: [UInt64: Wait] = [:]
    var nextWait: UInt64 = 0
  }

  private let state: Mutex<State>

  init(applied: UInt64) {
    state = Mutex(State(applied: applied))
  }

  /// Registers before the record can be read, so that no fold can pass it unnoticed.
  func awaitOutcome(of position: UInt64, _ body: @escaping OnOutcome) {
    let end = state.withLock { state -> StoreError? in
      if state.end == nil { state.outcomes[position] = body }
      return state.end
    }
    if let end { body(.failure(end)) }
  }

  /// - Returns: a number to cancel by; nil if `body` was called.
  func await(atLeast position: UInt64, _ body: @escaping OnApplied) -> UInt64? {
    let (number, answer) = state.withLock { state -> (UInt64?, Result<UInt64, StoreError>?) in
      if state.applied >= position { return (nil, .success(state.applied)) }
      if let end = state.end { return (nil, .failure(end)) }
      state.nextWait += 1
      state.waits[state.nextWait] = Wait(position: position, body: body)
      return (state.nextWait, nil)
    }
    if let answer { body(answer) }
    return number
  }

  func cancel(_ number: UInt64) {
    _ = state.withLock { $0.waits.removeValue(forKey: number) }
  }

  /// Whether anybody waits for a position up to this one.
  func isAwaited(upTo position: UInt64) -> Bool {
    state.withLock { state in
      state.outcomes.keys.contains { $0 <= position }
        || state.waits.values.contains { $0.position <= position }
    }
  }

  /// Tells a fold's outcomes and that its position is applied.
  func publish(_ result: FoldResult) {
    let (outcomes, waits) = state.withLock { state -> ([(FoldedBatch, OnOutcome)], [Wait]) in
      state.applied = result.position
      var outcomes: [(FoldedBatch, OnOutcome)] = []
      if !state.outcomes.isEmpty {
        for batch in result.batches {
          guard let body = state.outcomes.removeValue(forKey: batch.position) else { continue }
          outcomes.append((batch, body))
        }
      }
      let done = state.waits.filter { $0.value.position <= result.position }
      for number in done.keys { state.waits[number] = nil }
      return (outcomes, Array(done.values))
    }
    for (batch, body) in outcomes { body(.success(BatchOutcome(batch, of: result))) }
    for wait in waits { wait.body(.success(result.position)) }
  }

  /// What is applied is told again after `end`.
  func resume() { state.withLock { $0.end = nil } }

  /// Nothing more will be applied, until `resume`.
  func end(with error: StoreError) {
    let (outcomes, waits) = state.withLock { state -> ([OnOutcome], [Wait]) in
      state.end = error
      defer {
        state.outcomes = [:]
        state.waits = [:]
      }
      return (Array(state.outcomes.values), Array(state.waits.values))
    }
    for body in outcomes { body(.failure(error)) }
    for wait in waits { wait.body(.failure(error)) }
  }
}

extension BatchOutcome {
  init(_ batch: FoldedBatch, of result: FoldResult) {
    self.init(
      position: batch.position, applied: batch.applied, duplicates: batch.duplicates,
      superseded: batch.superseded,
      verdicts: result.verdicts[batch.events].map { EventVerdict(rawValue: $0) ?? .applied })
  }
}
