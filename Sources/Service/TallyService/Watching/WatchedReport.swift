internal import GRPC
internal import NIOCore
internal import Synchronization
internal import TallyMessages
internal import TallyStore

/// A report that is watched, and who watches it: looks through it for changes, once for all.
///
/// ```
/// resting ─ something was applied ─► waiting ─ place ─► scanning ─ last row, marks ─► resting
/// ```
/// A scan holds its snapshot no longer than it takes to walk over the rows: it never waits for a
/// client. A watch whose client has not taken everything sits out, and goes on later from where it
/// is.
actor WatchedReport: PlaceTaker {
  private struct Watcher {
    let body: WatchBody
    /// The revision up to which everything was pushed.
    var since: UInt64
    /// When that revision was stored.
    var time: Int64 = 0
    /// Which selection of rows it knows.
    var selection: Int?
    var hasBegun = false
    var lastMark = ContinuousClock.now

    /// The revision at which there is something to look at.
    var wanted: UInt64 { hasBegun ? since + 1 : since }
  }

  /// What decides, from any thread, whether there is something to do.
  private struct Schedule {
    var isBusy = false
    var due = ContinuousClock.now
    var wanted = UInt64.max
    var markDue = ContinuousClock.now
  }

  private let rows: WatchedRows
  private let store: Store
  private let readers: Readers
  private let failures: Failures
  private let loop: any EventLoop
  private let lane: ReaderLane
  private let schedule = Mutex(Schedule())

  private var watchers: [Watcher] = []
  private var parts: [ChangeScan.Part] = []
  private var scan: ChangeScan?
  private var startedAt = ContinuousClock.now
  private var selection: [[UInt8]]?
  private var selectionNumber = 0

  nonisolated var unownedExecutor: UnownedSerialExecutor {
    loop.executor.asUnownedSerialExecutor()
  }

  init(_ rows: WatchedRows, store: Store, readers: Readers, failures: Failures) {
    self.rows = rows
    self.store = store
    self.readers = readers
    self.failures = failures
    (loop, lane) = readers.nextLoop()
  }

  // MARK: From any thread

  nonisolated func add(_ body: WatchBody) {
    onLoop { report in
      report.watchers.append(Watcher(body: body, since: body.since))
      report.reschedule()
    }
  }

  nonisolated func remove(_ body: WatchBody) {
    onLoop { $0.forget { $0 === body } }
  }

  /// Begins a scan if it is time for one and there may be something new.
  nonisolated func look(applied: UInt64, at now: ContinuousClock.Instant) {
    let begins = schedule.withLock { schedule in
      guard !schedule.isBusy, now >= schedule.due,
        applied >= schedule.wanted || now >= schedule.markDue
      else { return false }
      schedule.isBusy = true
      return true
    }
    if begins { onLoop { $0.begin() } }
  }

  /// The place that a scan asked for.
  nonisolated func takePlace(asLarge: Bool) {
    onLoop { $0.open() }
  }

  private nonisolated func onLoop(_ body: @escaping @Sendable (isolated WatchedReport) -> Void) {
    loop.execute {
      self.assumeIsolated { body($0) }
    }
  }

  // MARK: A scan

  private func begin() {
    startedAt = .now
    guard hasReadyWatchers else {
      for index in watchers.indices where watchers[index].hasBegun && isMarkDue(watchers[index]) {
        pushMark(to: index)
      }
      return rest()
    }
    switch readers.enter(self, asLarge: false) {
    case .go: open()
    case .wait: break
    // So many reports wait that there is no room in the line: at the next look again.
    case .refuse: rest()
    }
  }

  private var hasReadyWatchers: Bool {
    let applied = store.appliedPosition
    return watchers.contains { isReady($0, at: applied) }
  }

  private func isReady(_ watcher: Watcher, at applied: UInt64) -> Bool {
    applied >= watcher.wanted && watcher.body.isDrained && !watcher.body.isOver
  }

  private func open() {
    var ready: [Watcher] = []
    do {
      let applied = store.appliedPosition
      ready = watchers.filter { isReady($0, at: applied) }
      guard !ready.isEmpty else { return leave() }
      let frame = try ReportFrame(store, tenant: rows.tenant, lane: lane)
      let (revision, time) = (frame.snapshot.revision, frame.snapshot.time)
      let erased = frame.tenant.eraseChange
      let source = try rows.open(frame)
      note(source.selection)
      parts = ready.map { watcher in
        ChangeScan.Part(
          body: watcher.body, since: watcher.since, restart: restart(of: watcher, erased))
      }
      scan = ChangeScan(source, revision: revision, time: time, parts: parts, readers: readers)
      turn()
    } catch {
      fail(ready.map(\.body), error)
    }
  }

  private func note(_ selection: [[UInt8]]?) {
    guard selectionNumber == 0 || selection != self.selection else { return }
    self.selection = selection
    selectionNumber += 1
  }

  /// Why a watcher cannot go on with changes alone.
  private func restart(of watcher: Watcher, _ erased: UInt64) -> WatchRestart? {
    if watcher.since == 0 { return nil }
    if watcher.since < erased { return .erasure }
    return selection != nil && watcher.selection != selectionNumber ? .selection : nil
  }

  private func turn() {
    guard let scan else { return }
    guard scan.isWanted else { return leave() }
    do {
      if try scan.turn() {
        onLoop { $0.turn() }
      } else {
        finish(scan)
      }
    } catch {
      fail(parts.map(\.body), error)
    }
  }

  private func finish(_ scan: ChangeScan) {
    let reached = Set(parts.map { ObjectIdentifier($0.body) })
    for index in watchers.indices where reached.contains(ObjectIdentifier(watchers[index].body)) {
      watchers[index].since = scan.revision
      watchers[index].time = scan.time
      watchers[index].selection = selectionNumber
      watchers[index].hasBegun = true
      pushMark(to: index)
    }
    leave()
  }

  private func isMarkDue(_ watcher: Watcher) -> Bool {
    startedAt - watcher.lastMark >= readers.options.watchMarkInterval && watcher.body.isDrained
  }

  private func pushMark(to index: Int) {
    let mark = WatchMark(
      revision: store.revision(watchers[index].since),
      time: .init(nanoseconds: watchers[index].time))
    watchers[index].body.push(WatchResponse(mark: mark).framed(), spool: readers.spool)
    watchers[index].lastMark = .now
  }

  private func fail(_ bodies: [WatchBody], _ error: any Error) {
    let status = failures.status(of: error)
    for body in bodies { body.fail(status) }
    forget { body in bodies.contains { $0 === body } }
    leave()
  }

  /// Ends the snapshot and gives the place back.
  private func leave() {
    scan = nil
    for part in parts { part.body.endScan() }
    parts = []
    readers.leave(asLarge: false)
    rest()
  }

  /// A scan that takes long makes the next one wait longer: it is to take a fifth of the time.
  private func rest() {
    let now = ContinuousClock.now
    schedule.withLock { schedule in
      schedule.isBusy = false
      schedule.due = max(
        startedAt + readers.options.watchInterval, now + (now - startedAt) * 4)
    }
    reschedule()
  }

  private func reschedule() {
    let wanted = watchers.map(\.wanted).min() ?? .max
    let interval = readers.options.watchMarkInterval
    let markDue = watchers.map { $0.lastMark + interval }.min() ?? .now + .seconds(3600)
    schedule.withLock { schedule in
      schedule.wanted = wanted
      schedule.markDue = markDue
    }
  }

  private func forget(_ isGone: (WatchBody) -> Bool) {
    watchers.removeAll { isGone($0.body) }
    reschedule()
  }
}
