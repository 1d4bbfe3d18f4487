internal import Synchronization

/// What a server has open now, for whoever reports it.
package final class ServerLoad: Sendable {
  private let connectionCount = Atomic(0)
  private let callCount = Atomic(0)

  package init() {}

  /// Connections that are not closed yet.
  package var connections: Int { connectionCount.load(ordering: .relaxed) }

  /// Calls that have not come to their end, on all connections.
  package var calls: Int { callCount.load(ordering: .relaxed) }

  func addConnections(_ count: Int) { connectionCount.add(count, ordering: .relaxed) }

  func addCalls(_ count: Int) { callCount.add(count, ordering: .relaxed) }
}
