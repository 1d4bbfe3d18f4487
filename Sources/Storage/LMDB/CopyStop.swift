internal import Glibc
internal import Synchronization

/// Ends copies of an environment early: those under way, and all that begin later.
///
/// liblmdb has no way to ask for that, but ends a copy at the first write that fails: its
/// descriptor is made to lead to `/dev/full`.
package final class CopyStop: Sendable {
  private struct State {
    var files: [Int32] = []
    var isStopped = false
  }

  private let state = Mutex(State())

  package init() {}

  /// Ends them. They throw `stopped`, unless they had written all.
  package func stop() {
    state.withLock { state in
      state.isStopped = true
      for file in state.files { Self.fill(file) }
    }
  }

  /// A copy into `file` begins.
  func begin(_ file: Int32) {
    state.withLock { state in
      state.files.append(file)
      if state.isStopped { Self.fill(file) }
    }
  }

  /// It has ended, and its file may be closed.
  ///
  /// - Returns: whether it was stopped.
  func end(_ file: Int32) -> Bool {
    state.withLock { state in
      state.files.removeAll { $0 == file }
      return state.isStopped
    }
  }

  private static func fill(_ file: Int32) {
    let full = open("/dev/full", O_WRONLY | O_CLOEXEC)
    guard full >= 0 else { return }
    // One step: at no moment does the number lead nowhere, or to another file.
    dup2(full, file)
    close(full)
  }
}
