internal import Synchronization

/// How a call reaches its stream from other threads; before it has one, the wish is kept.
final class ClientLink: Sendable {
  private let state = Mutex(State())

  private struct State {
    var connection: ClientConnection?
    var stream: Int32 = 0
    var isCancelled = false
    var taken = 0
    var hasCreditQueued = false
  }

  func attach(_ connection: ClientConnection, _ stream: Int32) {
    let isCancelled = state.withLock { state in
      state.connection = connection
      state.stream = stream
      return state.isCancelled
    }
    if isCancelled { connection.later { $0.cancel(stream) } }
  }

  /// The attempt is over: nothing on this side concerns its stream any more.
  func detach() {
    state.withLock { $0.connection = nil }
  }

  func cancel() {
    let (connection, stream) = state.withLock { state in
      state.isCancelled = true
      return (state.connection, state.stream)
    }
    connection?.later { $0.cancel(stream) }
  }

  /// Credits what was taken, once for all that is taken before the event loop comes to it.
  func take(_ bytes: Int) {
    let (connection, stream) = state.withLock { state -> (ClientConnection?, Int32) in
      state.taken += bytes
      guard !state.hasCreditQueued, let connection = state.connection else { return (nil, 0) }
      state.hasCreditQueued = true
      return (connection, state.stream)
    }
    connection?.later { [self] in $0.credit(stream, collect()) }
  }

  private func collect() -> Int {
    state.withLock { state in
      defer { state.taken = 0 }
      state.hasCreditQueued = false
      return state.taken
    }
  }
}
