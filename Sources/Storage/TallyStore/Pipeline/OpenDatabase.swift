internal import LMDB
internal import Synchronization

/// The tables as long as the store is open: the newest file, and those it replaced that somebody
/// reads still. Closing lets go of them: a data file itself closes with its last snapshot.
final class OpenDatabase: Sendable {
  private struct Replaced {
    weak var environment: Environment?
    let fileBytes: Int
  }

  private struct State {
    var current: Database?
    var replaced: [Replaced] = []
  }

  private let state: Mutex<State>

  init(_ database: Database) {
    state = Mutex(State(current: database))
  }

  /// - Throws: `closed`.
  func get() throws(StoreError) -> Database {
    guard let open = state.withLock({ $0.current }) else {
      throw StoreError(code: .closed, message: "the store is closed")
    }
    return open
  }

  /// Readers from now on see `next`; those under way stay with what they have.
  func replace(with next: Database, fileBytes: Int) {
    let old = state.withLock { state -> Database? in
      defer { state.current = next }
      state.replaced.removeAll { $0.environment == nil }
      if let current = state.current {
        state.replaced.append(Replaced(environment: current.environment, fileBytes: fileBytes))
      }
      return state.current
    }
    // Its last reference may close the file, which is not done within the lock.
    withExtendedLifetime(old) {}
  }

  /// The files that were replaced and are read still, and their bytes on disk.
  var replaced: (files: Int, bytes: Int) {
    // Held until after the lock: the last reference closes the file.
    let open = state.withLock { $0.replaced.map { ($0.environment, $0.fileBytes) } }
    return open.reduce(into: (files: 0, bytes: 0)) { sum, file in
      if file.0 != nil { sum = (sum.files + 1, sum.bytes + file.1) }
    }
  }

  /// The read transactions that are open, in whichever file.
  var openReads: OpenReadsStatus {
    let open = state.withLock { state in
      state.replaced.map(\.environment) + [state.current?.environment]
    }
    return open.reduce(OpenReadsStatus(count: 0, oldestNanoseconds: 0)) { sum, environment in
      guard let reads = environment?.openReads else { return sum }
      return OpenReadsStatus(
        count: sum.count + reads.count,
        oldestNanoseconds: max(sum.oldestNanoseconds, reads.oldestNanoseconds))
    }
  }

  func close() {
    let old = state.withLock { state -> Database? in
      defer { state.current = nil }
      return state.current
    }
    withExtendedLifetime(old) {}
  }
}
