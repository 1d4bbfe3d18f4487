internal import Synchronization

/// What unfinished requests hold together: those of one connection, or of all.
///
/// The bytes of a message are credited to its sender while the message arrives, for one larger than
/// the window could never arrive otherwise. So windows do not bound them: this does.
final class RequestMemory: Sendable {
  private let held = Atomic(0)
  private let limit: Int

  init(limit: Int) {
    self.limit = limit
  }

  /// Counts bytes that are held, whether they fit or not.
  ///
  /// - Returns: `false` if it is more than the limit now.
  func take(_ count: Int) -> Bool {
    held.add(count, ordering: .relaxed).newValue <= limit
  }

  func giveBack(_ count: Int) {
    held.subtract(count, ordering: .relaxed)
  }
}

/// What the unfinished request of one call holds.
struct RequestHold {
  let connection: RequestMemory
  let server: RequestMemory
  private var count = 0

  /// Less is not counted, for it needs no look at what all calls share: the number of streams
  /// bounds it.
  private static let minCount = 16 * 1024

  init(connection: RequestMemory, server: RequestMemory) {
    self.connection = connection
    self.server = server
  }

  /// Counts what is held now.
  ///
  /// - Returns: the limit that is overstepped, if it became more.
  mutating func set(_ bytes: Int) -> ServerLimit? {
    let before = count
    count = bytes < Self.minCount ? 0 : bytes
    guard count > before else {
      if count < before {
        connection.giveBack(before - count)
        server.giveBack(before - count)
      }
      return nil
    }
    let connectionHasRoom = connection.take(count - before)
    let serverHasRoom = server.take(count - before)
    if !connectionHasRoom { return .maxUnfinishedBytesPerConnection }
    return serverHasRoom ? nil : .maxUnfinishedBytes
  }
}
