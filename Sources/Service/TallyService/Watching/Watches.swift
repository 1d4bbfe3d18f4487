internal import GRPC
internal import Synchronization
internal import TallyStore

/// All watches, by the report that they watch.
final class Watches: Sendable {
  private struct Entry {
    let report: WatchedReport
    var watches = 0
  }

  private struct State {
    var reports: [WatchedRows: Entry] = [:]
    var bodies: [ObjectIdentifier: WatchBody] = [:]
    var isStopping = false
    var stallCheckDue = ContinuousClock.now
  }

  private let store: Store
  private let readers: Readers
  private let failures: Failures
  private let state = Mutex(State())

  init(store: Store, readers: Readers, failures: Failures, stop: StopSignal) {
    self.store = store
    self.readers = readers
    self.failures = failures
    _ = stop.onStop { [weak self] in self?.stop() }
    readers.repeat(every: readers.options.watchLookInterval) { [weak self] in self?.look() }
  }

  /// Open watches.
  var openCount: Int { state.withLock { $0.bodies.count } }

  /// A response that is this watch.
  func body(_ rows: WatchedRows, since: UInt64, for call: ServerCall) -> WatchBody {
    WatchBody(
      rows, since: since, call: call, watches: self,
      queueBytes: readers.options.watchQueueBytes)
  }

  // MARK: For bodies

  func add(_ body: WatchBody) {
    let limit = readers.options.watches
    let refusal = state.withLock { state -> RPCError? in
      if state.isStopping { return Self.stopping }
      guard state.bodies.count < limit else {
        readers.strike(.watches)
        return RPCError(
          .resourceExhausted, .tooManyWatches,
          "\(limit) watches are open, which is the most there may be: call again later")
      }
      var entry =
        state.reports[body.rows]
        ?? Entry(
          report: WatchedReport(body.rows, store: store, readers: readers, failures: failures))
      entry.watches += 1
      state.reports[body.rows] = entry
      state.bodies[ObjectIdentifier(body)] = body
      // Under the lock, so that it comes before any removal.
      entry.report.add(body)
      return nil
    }
    if let refusal { body.fail(refusal) }
  }

  func remove(_ body: WatchBody) {
    // What may be the last reference leaves the lock with the value.
    let removed = state.withLock { state -> (WatchBody, WatchedReport?)? in
      guard let known = state.bodies.removeValue(forKey: ObjectIdentifier(body)) else { return nil }
      guard var entry = state.reports[body.rows] else { return (known, nil) }
      entry.watches -= 1
      state.reports[body.rows] = entry.watches > 0 ? entry : nil
      return (known, entry.report)
    }
    removed?.1?.remove(body)
  }

  // MARK: -

  private func look() {
    let applied = store.appliedPosition
    let now = ContinuousClock.now
    let (reports, bodies) = state.withLock { state -> ([WatchedReport], [WatchBody]) in
      let reports = state.reports.values.map(\.report)
      guard now >= state.stallCheckDue else { return (reports, []) }
      state.stallCheckDue = now + min(.seconds(1), readers.options.stallLimit / 4)
      return (reports, Array(state.bodies.values))
    }
    for report in reports { report.look(applied: applied, at: now) }
    for body in bodies { body.endIfStalled(for: readers.options.stallLimit, at: now) }
  }

  private func stop() {
    let bodies = state.withLock { state in
      state.isStopping = true
      return Array(state.bodies.values)
    }
    for body in bodies { body.fail(Self.stopping) }
  }

  private static let stopping = RPCError(
    .unavailable, .serverStopping, "the server stops: watch on from the last mark")
}
