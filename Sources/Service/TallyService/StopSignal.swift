internal import Synchronization

/// Tells streams that would go on for ever that the server stops.
final class StopSignal: Sendable {
  private struct State {
    var isStopping = false
    var next = 0
    var handlers: [Int: @Sendable () -> Void] = [:]
  }

  private let state = Mutex(State())

  var isStopping: Bool { state.withLock { $0.isStopping } }

  func stop() {
    let handlers = state.withLock { state in
      state.isStopping = true
      defer { state.handlers = [:] }
      return Array(state.handlers.values)
    }
    for handler in handlers { handler() }
  }

  /// Calls `handler` once when the server stops, at once if it does already.
  ///
  /// - Returns: a number to forget it by.
  func onStop(_ handler: @escaping @Sendable () -> Void) -> Int {
    let number = state.withLock { state -> Int? in
      if state.isStopping { return nil }
      state.next += 1
      state.handlers[state.next] = handler
      return state.next
    }
    if number == nil { handler() }
    return number ?? 0
  }

  func forget(_ number: Int) {
    state.withLock { state in _ = state.handlers.removeValue(forKey: number) }
  }
}
