internal import Synchronization

/// What a server has open now, and how often its limits struck, for whoever reports it.
package final class ServerLoad: Sendable {
  private let connectionCount = Atomic(0)
  private let callCount = Atomic(0)
  private let strikes = Mutex<[ServerLimit: Int]>([:])

  package init() {}

  /// Connections that are not closed yet.
  package var connections: Int { connectionCount.load(ordering: .relaxed) }

  /// Calls that have not come to their end, on all connections.
  package var calls: Int { callCount.load(ordering: .relaxed) }

  /// How often a limit struck since the server started.
  package func count(of limit: ServerLimit) -> Int { strikes.withLock { $0[limit] ?? 0 } }

  func addConnections(_ count: Int) { connectionCount.add(count, ordering: .relaxed) }

  func addCalls(_ count: Int) { callCount.add(count, ordering: .relaxed) }

  func strike(_ limit: ServerLimit, times: Int = 1) {
    guard times > 0 else { return }
    strikes.withLock { $0[limit, default: 0] += times }
  }
}
