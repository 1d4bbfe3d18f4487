internal import Synchronization
internal import TallyStore

/// What a verification has told and its client has not heard yet.
///
/// Progress is only the newest; differences are as many as a check keeps at most.
final class VerifyNews: Sendable {
  private struct State {
    var progress: Verification.Event?
    var rest: [Verification.Event] = []
    var isStopped = false
    var reader: CheckedContinuation<Void, Never>?

    var isReady: Bool { progress != nil || !rest.isEmpty || isStopped }
  }

  private let state = Mutex(State())

  func add(_ event: Verification.Event) {
    let reader = state.withLock { state in
      if case .progress = event {
        state.progress = event
      } else {
        state.rest.append(event)
      }
      return state.reader.take()
    }
    reader?.resume()
  }

  /// Nothing more is wanted.
  func stop() {
    let reader = state.withLock { state in
      state.isStopped = true
      return state.reader.take()
    }
    reader?.resume()
  }

  /// What came since, at least one; waits for it. Nil once stopped.
  func take() async -> [Verification.Event]? {
    await withTaskCancellationHandler {
      await withCheckedContinuation { continuation in
        let isReady = state.withLock { state in
          if state.isReady { return true }
          state.reader = continuation
          return false
        }
        if isReady { continuation.resume() }
      }
    } onCancel: {
      stop()
    }
    return state.withLock { state in
      if state.isStopped { return nil }
      defer {
        state.progress = nil
        state.rest = []
      }
      return (state.progress.map { [$0] } ?? []) + state.rest
    }
  }
}
