internal import Synchronization

/// The tables as long as the store is open. Closing lets go of them: the data file itself closes
/// with the last snapshot.
final class OpenDatabase: Sendable {
  private let database: Mutex<Database?>

  init(_ database: Database) {
    self.database = Mutex(database)
  }

  /// - Throws: `closed`.
  func get() throws(StoreError) -> Database {
    guard let open = database.withLock({ $0 }) else {
      throw StoreError(code: .closed, message: "the store is closed")
    }
    return open
  }

  func close() { database.withLock { $0 = nil } }
}
