package import GRPC
internal import Glibc
package import Logging
internal import TallyMessages
package import TallyModel
package import TallyStore

/// Everything that Tally offers over gRPC, on one store.
package final class TallyServer: Sendable {
  /// Settings with defaults that suit a server of its own.
  package struct Options: Sendable {
    /// Shown by Status.
    package var version = "0.1.0"
    package var limits = Limits()
    package var reading = ReadingOptions()
    /// How often health and alarms follow the store.
    package var lookInterval = Duration.seconds(1)
    /// The clock against which `occurred_at` is checked.
    package var clock: @Sendable () -> Timestamp = TallyServer.now

    /// What Verify runs to read a store in another process, and its first arguments: this program
    /// itself, if that is `tallyd`.
    package var checker = ["/proc/self/exe", "check"]

    package init() {}
  }

  private static let ingestService = "tally.v1.IngestService"

  /// For a `GRPCServer`.
  package let methods: [ServerMethod]
  /// For the options of that server: Status tells what it has open.
  package let load = ServerLoad()
  private let store: Store
  private let readers: Readers
  private let health: Health
  private let stop: StopSignal
  private let verify: VerifyService

  /// - Parameter store: open; whoever opened it closes it, after `shutDown`.
  package init(store: Store, options: Options = Options(), logger: Logger) {
    let failures = Failures(logger)
    let stop = StopSignal()
    let readers = Readers(
      options: options.reading, spoolDirectory: store.spoolPath,
      hasDisk: { [disk = store.disk] in !disk.status.isShort })
    let offered = ["tally.v1.ReportService", Self.ingestService, "tally.v1.AdminService"]
    let health = Health(services: offered)
    let reflection = Reflection(
      services: offered + [
        "grpc.health.v1.Health", "grpc.reflection.v1.ServerReflection",
        "grpc.reflection.v1alpha.ServerReflection",
      ])
    let ingest = IngestService(
      store: store, limits: options.limits,
      judge: BatchJudge(store: store, readers: readers, failures: failures), failures: failures,
      stop: stop, clock: options.clock)
    let watches = Watches(store: store, readers: readers, failures: failures, stop: stop)
    let reports = ReportService(
      store: store, readers: readers, watches: watches, failures: failures)
    let status = StatusService(
      store: store, readers: readers, watches: watches, failures: failures, load: load,
      version: options.version)
    let compact = CompactService(store: store, failures: failures)
    let verify = VerifyService(
      store: store, program: options.checker, failures: failures, stop: stop)
    let backups = BackupService(store: store, readers: readers, failures: failures)
    methods =
      ingest.methods + reports.methods
      + [status.method, compact.method, verify.method, backups.method]
      + health.methods
      + reflection.methods
    self.store = store
    self.readers = readers
    self.health = health
    self.stop = stop
    self.verify = verify
    let storeHealth = StoreHealth(health, service: Self.ingestService, logger: logger)
    readers.repeat(every: options.lookInterval) { storeHealth.look(at: store.status()) }
  }

  /// Says NOT_SERVING from now on and ends ingest streams behind their last answer; other calls
  /// under way go on.
  package func stopServing() {
    health.stopServing()
    stop.stop()
  }

  /// Ends the reader loops. No call may be open any more.
  package func shutDown() async {
    await readers.shutDown()
    verify.shutDown()
  }

  /// The system's clock.
  package static let now: @Sendable () -> Timestamp = {
    var time = timespec()
    clock_gettime(CLOCK_REALTIME, &time)
    return Timestamp(seconds: Int64(time.tv_sec), nanos: Int32(time.tv_nsec))
  }
}
