internal import EventLog

/// One compaction, under way or done.
package final class CompactionRun: Sendable {
  /// Why it was begun.
  package enum Reason: Sendable, Equatable {
    /// Somebody asked for it.
    case request
    /// More of the file is free than used.
    case freePages
    /// The map is full, or nearly, and can be larger by now, or the file smaller.
    case fullMap
  }

  /// How far it has come.
  package struct Progress: Sendable, Equatable {
    package enum Step: Sendable {
      /// Pages are copied: bytes.
      case copying
      /// What was applied since the copy was begun is applied to it too: batches.
      case replaying
      case done
    }

    package var step = Step.copying
    package var done = 0
    package var total = 0
  }

  private struct State {
    var progress = Progress()
    var outcome: Result<CompactionResult, StoreError>?
    var waits: [@Sendable (Result<CompactionResult, StoreError>) -> Void] = []
  }

  package let reason: Reason
  private let copyPath: String
  private let state: Monitor<State>

  /// - Parameter totalBytes: what is to be copied, as far as known.
  init(_ reason: Reason, copyPath: String, totalBytes: Int) {
    self.reason = reason
    self.copyPath = copyPath
    state = Monitor(State(progress: Progress(total: totalBytes)))
  }

  /// How far it is by now.
  package var progress: Progress {
    var progress = state.withLock { $0.progress }
    if progress.step == .copying {
      progress.done = min(progress.total, MapRule.fileBytes(in: copyPath))
    }
    return progress
  }

  /// What came of it; nil while it runs.
  package var outcome: Result<CompactionResult, StoreError>? { state.withLock { $0.outcome } }

  /// Calls `body` once it has ended: now, or on its thread.
  package func whenDone(
    _ body: @escaping @Sendable (Result<CompactionResult, StoreError>) -> Void
  ) {
    let outcome = state.withLock { state -> Result<CompactionResult, StoreError>? in
      if state.outcome == nil { state.waits.append(body) }
      return state.outcome
    }
    if let outcome { body(outcome) }
  }

  /// Waits until it has ended. Not on the store's threads.
  @discardableResult
  package func wait() throws(StoreError) -> CompactionResult {
    let outcome = state.wait { $0.outcome }
    guard let outcome else {
      preconditionFailure("a wait without a deadline ends with a value")
    }
    return try outcome.get()
  }

  func replays(_ done: UInt64, of total: UInt64) {
    state.withLock {
      $0.progress = Progress(step: .replaying, done: Int(done), total: Int(total))
    }
  }

  func end(with outcome: Result<CompactionResult, StoreError>) {
    let waits = state.change {
      state -> [@Sendable (Result<CompactionResult, StoreError>) -> Void] in
      state.progress.step = .done
      state.outcome = outcome
      defer { state.waits = [] }
      return state.waits
    }
    for body in waits { body(outcome) }
  }
}

/// What a compaction did.
package struct CompactionResult: Sendable, Equatable {
  /// Records up to here are in a file without free pages: nothing removed before lies in it.
  package let position: UInt64
  package let before: DatabaseUsage
  package let after: DatabaseUsage
  package let nanoseconds: Int64
  /// For how long nothing was applied.
  package let pauseNanoseconds: Int64
}

/// What the store knows of its compactions.
package struct CompactionStatus: Sendable {
  package var isRunning = false
  /// Those that ended well, since the store was opened.
  package var count = 0
  /// The newest one of them.
  package var last: CompactionResult?
  /// Why the newest one failed; nil if it did not.
  package var error: String?
  /// Files that were replaced and are read still, and their bytes on disk.
  package var replacedFiles = 0
  package var replacedBytes = 0

  package init() {}
}
