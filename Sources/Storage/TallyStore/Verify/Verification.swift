internal import EventLog
internal import Glibc
internal import LMDB
internal import Synchronization

/// One check of an open store under way, and its repair if asked.
///
/// ```
/// copy, read, compare ─► again in a newer copy ─► repair, between folds ─► summary
///    └── in a process of its own; if that dies: once more, and then its death is the finding
/// ```
package final class Verification: Sendable {
  /// What is told, in order; the last is `ended`.
  package enum Event: Sendable {
    case progress(CheckProgress, again: Bool)
    case repairing(tenant: String)
    case difference(Difference)
    case mended(Difference)
    case ended(Result<Summary, StoreError>)
  }

  /// What it came to.
  package struct Summary: Sendable, Equatable {
    package var revision: UInt64 = 0
    package var records: UInt64 = 0
    package var events: UInt64 = 0
    package var differences: UInt64 = 0
    package var mended: UInt64 = 0
    package var remaining: UInt64 = 0
  }

  private struct State {
    var process: CheckProcess?
    var isCancelled = false
  }

  private let store: Store
  private let command: [String]
  private let tenant: String?
  private let repairs: Bool
  private let tell: @Sendable (Event) -> Void
  private let state = Mutex(State())
  private let thread = Mutex<WorkerThread?>(nil)

  /// Begins. One at a time: the caller sees to it.
  ///
  /// - Parameters:
  ///   - program: the executable and its first arguments; `tallyd check` is one.
  ///   - tell: called on a thread of its own, where it may wait.
  package init(
    _ store: Store, program: [String], tenant: String?, repairs: Bool,
    tell: @escaping @Sendable (Event) -> Void
  ) throws(StoreError) {
    self.store = store
    self.tenant = tenant
    self.repairs = repairs
    self.tell = tell
    command =
      program + [
        "--tables", try store.database.environment.path, "--log", store.logPath,
        "--copy", store.verifyPath,
      ] + (tenant.map { ["--tenant", $0] } ?? [])
    let worker = WorkerThread(name: "tally-verify") { self.run() }
    thread.withLock { $0 = worker }
  }

  /// Ends it soon; a repair that has begun ends first. `ended` is told all the same.
  package func cancel() {
    let process = state.withLock { state in
      state.isCancelled = true
      return state.process
    }
    process?.kill()
  }

  /// Waits until it has ended. Once, and not on its thread.
  package func join() { thread.withLock { $0.take() }?.join() }

  private var isCancelled: Bool { state.withLock { $0.isCancelled } }

  // MARK: On the thread

  private func run() {
    do throws(StoreError) {
      var (summary, mendable) = try check()
      if repairs { try mend(mendable, &summary) }
      tell(.ended(.success(summary)))
    } catch {
      tell(.ended(.failure(error)))
    }
  }

  private func check() throws(StoreError) -> (Summary, [String]) {
    var place = ""
    for attempt in 1...2 {
      var summary = Summary()
      var found: [Difference] = []
      var failure: StoreError?
      let end = try spawn { frame in
        switch frame {
        case .progress(let progress, let again):
          place = progress.step == .copying ? "the data file" : "table '\(progress.table)'"
          tell(.progress(progress, again: again))
        case .difference(let difference): found.append(difference)
        case .done(let records, let events, let more, let revision):
          (summary.records, summary.events, summary.revision) = (records, events, revision)
          summary.differences = UInt64(found.count) + more
        case .failed(let isNoRoom, let message):
          failure = StoreError(code: isNoRoom ? .noRoom : .failed, message: message)
        }
      }
      if isCancelled { throw Self.cancelled }
      if let failure { throw failure }
      if case .died(let signal, let code) = end {
        // A page may have been replaced under it, or somebody ended it: once is no finding.
        if attempt == 1 { continue }
        if signal == 0 || signal == SIGKILL {
          throw StoreError(
            code: .failed,
            message: "the checking process ended early (signal \(signal), exit code \(code)):"
              + " see the server's standard error")
        }
        found = [Self.crash(signal, place)]
        summary.differences = 1
      }
      for difference in found { tell(.difference(difference)) }
      summary.remaining = summary.differences
      let mendable = Set(found.filter(\.isMendable).map(\.tenant)).sorted()
      return (summary, mendable)
    }
    preconditionFailure("the second attempt returns")
  }

  private func spawn(_ show: (CheckFrame) -> Void) throws(StoreError) -> CheckProcess.End {
    try store.makeVerifyDirectory()
    defer { store.removeVerifyDirectory() }
    let process = try CheckProcess(command)
    let isCancelled = state.withLock { state in
      state.process = process
      return state.isCancelled
    }
    if isCancelled { process.kill() }
    defer {
      state.withLock { $0.process = nil }
      // Its slot is still taken if it was killed while it copied.
      _ = try? store.database.checkReaders()
    }
    return process.read(show)
  }

  private func mend(_ tenants: [String], _ summary: inout Summary) throws(StoreError) {
    for tenant in tenants {
      if isCancelled { throw Self.cancelled }
      tell(.repairing(tenant: tenant))
      let report = try store.mend(tenant: tenant)
      for difference in report.mended { tell(.mended(difference)) }
      summary.mended += UInt64(report.mended.count)
    }
    guard summary.mended > 0 else { return }
    // What remains is counted, not reckoned: one repair may be of several differences.
    summary.remaining = try recount()
  }

  /// Checks once more: how many differences there are still.
  private func recount() throws(StoreError) -> UInt64 {
    var count: UInt64 = 0
    var isDone = false
    let end = try spawn { frame in
      switch frame {
      case .progress(let progress, _): tell(.progress(progress, again: true))
      case .difference: count += 1
      case .done(_, _, let more, _):
        count += more
        isDone = true
      case .failed: break
      }
    }
    if isCancelled { throw Self.cancelled }
    guard end == .done, isDone else {
      throw StoreError(
        code: .failed, message: "the check after the repair did not end: run verify again")
    }
    return count
  }

  private static let cancelled = StoreError(code: .closed, message: "the check was cancelled")

  private static func crash(_ signal: Int32, _ place: String) -> Difference {
    Difference(
      kind: .crash, table: "", name: place,
      stored: "bytes of which the checking process died (signal \(signal))",
      expected: "pages that can be read: restore a backup")
  }
}

extension Store {
  /// Bytes that a check needs on the disk for its copy, beside the reserve below which no events
  /// are taken, and that are free there.
  package func verifyRoom() throws(StoreError) -> (needed: Int, free: Int) {
    let needed = try database.usage().usedBytes + (16 << 20) + status().disk.reserveBytes
    var volume = statvfs()
    guard statvfs(path, &volume) == 0 else { throw .system("cannot ask for room in '\(path)'") }
    return (needed, Int(volume.f_bavail) * Int(volume.f_frsize))
  }

  var verifyPath: String { path + "/verify" }

  func makeVerifyDirectory() throws(StoreError) {
    removeVerifyDirectory()
    guard mkdir(verifyPath, 0o700) == 0 else {
      throw .system("cannot make the directory '\(verifyPath)'")
    }
  }

  /// What a check left, also one whose server was killed.
  package func removeVerifyDirectory() {
    for file in ["/data.mdb", "/lock.mdb"] { unlink(verifyPath + file) }
    rmdir(verifyPath)
  }

  /// Makes the derived records of a tenant what its facts say, between two folds.
  ///
  /// - Throws: what the data file answers; `closed`; `compacting` while a compaction runs.
  package func mend(tenant: String) throws(StoreError) -> MendReport {
    try withoutCompaction { (database) throws(StoreError) in try database.mend(tenant: tenant) }
  }
}
