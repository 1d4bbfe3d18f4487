internal import ArgumentParser
internal import GRPC
internal import Logging
internal import ServiceLifecycle
internal import TLS
internal import TallyService
internal import TallyStore
internal import UnixSignals

/// `tallyd serve`, which is also what `tallyd` does when no subcommand is named.
struct Serve: AsyncParsableCommand {
  static let configuration = CommandConfiguration(
    abstract: "Serves a store until it is told to stop.",
    discussion: """
      Prints 'listening on HOST:PORT' when it is ready. SIGTERM and SIGINT stop it: it finishes \
      what is under way, and all that was answered is kept.

      \(limitList)
      """)

  @Option(help: "The directory of the store; made if there is none.")
  var data: String

  @Option(help: "Where to listen. Only loopback addresses; port 0 picks a free one.")
  var listen = "127.0.0.1:7431"

  @OptionGroup var encryption: TLSOptions

  @Option(
    help: """
      The largest that the data file may become, such as 200G. Default: 40 % of its disk, and when \
      the disk has more room a compaction lets it grow.
      """)
  var mapSize: ByteCount?

  @OptionGroup var room: RoomOptions

  @OptionGroup var log: LogSettings

  @Option(help: "How many seconds calls under way have to end when the server stops.")
  var drain = 10

  @Option(help: "NAME=VALUE: a bound that clients are kept within. Repeatable; see the list above.")
  var limit: [String] = []

  @Option(help: "The least level that is logged.")
  var logLevel = LogLevel.notice

  func run() async throws {
    do {
      try await serve()
    } catch let error as StoreError {
      throw Tallyd.failure(error.message)
    } catch let error as RPCError {
      throw Tallyd.failure(error.message)
    } catch let error as ListenAddress.Refusal {
      throw Tallyd.failure(error.message)
    } catch let error as ServerLimitError {
      throw Tallyd.failure("--limit: \(error.message)")
    } catch let error as TLSOptions.Refusal {
      throw Tallyd.failure(error.message)
    } catch let error as TLSError {
      throw Tallyd.failure(error.message)
    }
  }

  private func serve() async throws {
    let endpoint = try ListenAddress.parse(listen)
    var limits = ServerLimits()
    var serverOptions = TallyServer.Options()
    for text in limit { try Self.set(text, &limits, &serverOptions.reading) }
    let logger = makeLogger()
    if let wanted = OpenFiles.fit(&limits) {
      logger.warning(
        "fewer connections than asked for: the process may not open more files",
        metadata: ["limit.wanted": "\(wanted)", "limit.used": "\(limits.maxConnections)"])
    }
    let tls = try encryption.make(logger)
    var options = StoreOptions()
    if let mapSize { options.mapSizeBytes = mapSize.bytes }
    room.set(&options)
    log.set(&options)
    let store = try Store(data, options: options)
    let server = ServerTask(
      store: store, tally: TallyServer(store: store, options: serverOptions, logger: logger),
      endpoint: endpoint, tls: tls, drain: .seconds(drain), limits: limits,
      logger: logger)
    var services = [
      ServiceGroupConfiguration.ServiceConfiguration(
        service: server, successTerminationBehavior: .gracefullyShutdownGroup,
        failureTerminationBehavior: .cancelGroup)
    ]
    if let tls { services.append(.init(service: ReloadTask(tls: tls))) }
    let group = ServiceGroup(
      configuration: .init(
        services: services, gracefulShutdownSignals: [.sigterm, .sigint], logger: logger))
    try await group.run()
  }

  /// Sets a limit of the connections and calls, or one of the reports.
  private static func set(
    _ text: String, _ limits: inout ServerLimits, _ reading: inout ReadingOptions
  ) throws(ServerLimitError) {
    let setting = try LimitSetting(text)
    if let limit = ServerLimit(rawValue: setting.name) {
      try limit.set(setting.value, in: &limits)
    } else if let limit = ReadingLimit(rawValue: setting.name) {
      try limit.set(setting.value, in: &reading)
    } else {
      throw setting.unknown(
        ServerLimit.allCases.map(\.rawValue) + ReadingLimit.allCases.map(\.rawValue))
    }
  }

  /// Every limit with its default and what it does, for the help.
  private static var limitList: String {
    let lines = Self.lines(of: ServerLimit.self, ServerLimits())
    let reading = Self.lines(of: ReadingLimit.self, ReadingOptions())
    return
      (["Limits, with their defaults (a time may be off):"] + lines
      + ["", "Limits of reports (a time may not be off):"] + reading).joined(separator: "\n")
  }

  private static func lines<Limit: SettableLimit>(
    of type: Limit.Type, _ defaults: Limit.Settings
  ) -> [String] {
    Limit.allCases.map { "  \($0.rawValue)=\($0.text(in: defaults)): \($0.effect)" }
  }

  private func makeLogger() -> Logger {
    var logger = Logger(label: "tallyd") { StreamLogHandler.standardError(label: $0) }
    logger.logLevel = logLevel.level
    return logger
  }
}

/// A level as the command line names it.
enum LogLevel: String, ExpressibleByArgument, CaseIterable {
  case trace, debug, info, notice, warning, error

  var level: Logger.Level {
    switch self {
    case .trace: .trace
    case .debug: .debug
    case .info: .info
    case .notice: .notice
    case .warning: .warning
    case .error: .error
    }
  }
}
