internal import GRPC
internal import NIOCore
internal import NIOPosix
internal import Synchronization

/// The reader loops, and the bounds that all reports share.
///
/// Source: storage.md, section 4.
final class Readers: Sendable {
  /// What Status says of the reports under way.
  struct Load: Sendable {
    /// Places taken: a read transaction each.
    var openTransactions = 0
    var runningReports = 0
    var waitingReports = 0
    var spoolBytes = 0
  }

  private struct State {
    var places: Places<any PlaceTaker>
    var bodies: [ObjectIdentifier: ReportBody] = [:]
    var strikes: [ReadingLimit: Int] = [:]
  }

  let options: ReadingOptions
  let spool: Spool
  private let group: MultiThreadedEventLoopGroup
  private let lanes: [ObjectIdentifier: ReaderLane]
  private let state: Mutex<State>
  private let watch: RepeatedTask

  /// - Parameters:
  ///   - spoolDirectory: where slow reports wait; it must exist.
  ///   - hasDisk: whether its disk has more room than its reserve.
  init(
    options: ReadingOptions, spoolDirectory: String,
    hasDisk: @escaping @Sendable () -> Bool = { true }
  ) {
    self.options = options
    spool = Spool(directory: spoolDirectory, options: options, hasDisk: hasDisk)
    group = MultiThreadedEventLoopGroup(numberOfThreads: options.readerThreads)
    let loops = group.makeIterator().map { (ObjectIdentifier($0), ReaderLane($0)) }
    lanes = Dictionary(uniqueKeysWithValues: loops)
    state = Mutex(State(places: Places(options)))
    let watched = Watched()
    let interval = TimeAmount(min(.seconds(1), options.stallLimit / 4))
    watch = group.next().scheduleRepeatedTask(initialDelay: interval, delay: interval) { _ in
      watched.readers.withLock { $0.readers }?.endStalledCalls()
    }
    watched.readers.withLock { $0.readers = self }
  }

  /// Breaks the circle between the repeated task and what it watches.
  private final class Watched: Sendable {
    struct Reference {
      weak var readers: Readers?
    }
    let readers = Mutex(Reference())
  }

  /// Ends the loops; every report must be over.
  func shutDown() async {
    watch.cancel()
    do {
      try await group.shutdownGracefully()
    } catch {
      preconditionFailure("reader loops are shut down once: \(error)")
    }
  }

  /// The loop of the next report, and what the loop keeps.
  func nextLoop() -> (any EventLoop, ReaderLane) {
    let loop = group.next()
    guard let lane = lanes[ObjectIdentifier(loop)] else {
      preconditionFailure("every reader loop has its lane")
    }
    return (loop, lane)
  }

  /// Runs `body` on a reader loop, once.
  func run(_ body: @escaping @Sendable () -> Void) {
    group.next().execute(body)
  }

  /// Runs `body` on a reader loop again and again until the loops end.
  func `repeat`(every interval: Duration, _ body: @escaping @Sendable () -> Void) {
    let interval = TimeAmount(interval)
    group.next().scheduleRepeatedTask(initialDelay: .zero, delay: interval) { _ in body() }
  }

  /// A response that is this report.
  func body(_ opening: ReportOpening, for call: ServerCall) -> ReportBody {
    ReportBody(opening: opening, call: call, readers: self)
  }

  /// How much is under way.
  var load: Load {
    var load = state.withLock { state in
      var load = Load()
      load.openTransactions = state.places.open
      load.waitingReports = state.places.waitingCount
      // A body that was cancelled is gone at once, its job leaves the line a moment later: a crowd
      // of them can make the line longer than what there is.
      load.runningReports = max(0, state.bodies.count - load.waitingReports)
      return load
    }
    load.spoolBytes = spool.sizeBytes
    return load
  }

  /// How often a limit struck since the server started.
  func count(of limit: ReadingLimit) -> Int { state.withLock { $0.strikes[limit] ?? 0 } }

  func strike(_ limit: ReadingLimit) {
    state.withLock { $0.strikes[limit, default: 0] += 1 }
  }

  // MARK: For bodies

  func add(_ body: ReportBody) {
    state.withLock { $0.bodies[ObjectIdentifier(body)] = body }
  }

  func remove(_ body: ReportBody) {
    let removed = state.withLock { $0.bodies.removeValue(forKey: ObjectIdentifier(body)) }
    withExtendedLifetime(removed) {}
  }

  private func endStalledCalls() {
    let bodies = state.withLock { Array($0.bodies.values) }
    let now = ContinuousClock.now
    for body in bodies { body.endIfStalled(for: options.stallLimit, at: now) }
  }

  // MARK: For jobs

  func enter(_ job: any PlaceTaker, asLarge: Bool) -> Places<any PlaceTaker>.OnEnter {
    state.withLock { $0.places.enter(job, id: ObjectIdentifier(job), asLarge: asLarge) }
  }

  func becomeLarge() -> Bool {
    state.withLock { $0.places.becomeLarge() }
  }

  func leave(asLarge: Bool) {
    let next = state.withLock { $0.places.leave(asLarge: asLarge) }
    for place in next { place.report.takePlace(asLarge: place.asLarge) }
  }

  func forget(_ job: any PlaceTaker) {
    state.withLock { $0.places.forget(id: ObjectIdentifier(job)) }
  }
}
