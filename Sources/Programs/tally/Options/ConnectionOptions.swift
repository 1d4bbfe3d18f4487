internal import ArgumentParser
internal import TallyClient

/// Which server, whose tenant, and how long.
struct ConnectionOptions: ParsableArguments {
  @Option(
    help: ArgumentHelp(
      "The server's address (TALLY_SERVER; else 127.0.0.1:7431).", valueName: "host:port"))
  var server: ServerAddress?

  @Option(help: ArgumentHelp("The tenant (TALLY_TENANT; else default).", valueName: "name"))
  var tenant: String?

  @Option(
    help: ArgumentHelp(
      "How long to wait in all, such as 30s; 0: no limit. (default: 5m; verify, backup: none)",
      valueName: "time"))
  var timeout: TimeLimit?

  @OptionGroup var encryption: TLSOptions

  @Flag(help: "Compress what travels (gzip): for slow networks.")
  var compress = false

  @Option(
    help: ArgumentHelp(
      "How long to try a server that cannot be reached, such as 1m, or 0 for once.",
      valueName: "time"))
  var wait = TimeLimit(duration: .seconds(10))

  @Option(
    help: ArgumentHelp(
      "Ask a silent server after so long whether it is there; 5m at least, as tallyd is set.",
      valueName: "time"))
  var keepalive: TimeLimit?

  /// A client as the options and the environment say.
  ///
  /// - Parameter usually: how long to wait in all if the options do not say.
  func connect(usually: Duration? = .seconds(300)) throws -> TallyClient {
    var options = TallyClient.Options()
    options.timeout = timeout.map(\.duration) ?? usually
    options.compression = compress ? .gzip : .none
    options.retryFor = wait.duration ?? .zero
    options.keepalive = keepalive?.duration
    let address = try address()
    let tenant = tenant ?? Environment["TALLY_TENANT"] ?? "default"
    guard let tls = try encryption.settings() else {
      return TallyClient.connect(
        host: address.host, port: address.port, tenant: tenant, options: options)
    }
    do throws(TallyError) {
      return try TallyClient.connect(
        host: address.host, port: address.port, tenant: tenant, tls: tls, options: options)
    } catch {
      throw error.forPeople
    }
  }

  private func address() throws -> ServerAddress {
    if let server { return server }
    guard let text = Environment["TALLY_SERVER"] else { return .standard }
    guard let address = ServerAddress(argument: text) else {
      throw ValidationError("TALLY_SERVER is '\(text)', which is no HOST:PORT.")
    }
    return address
  }
}

/// `HOST:PORT`, `[IPv6]:PORT`, or either without a port.
struct ServerAddress: ExpressibleByArgument, Equatable, Sendable {
  static let standard = ServerAddress(host: "127.0.0.1", port: standardPort)
  private static let standardPort = 7431

  let host: String
  let port: Int

  init(host: String, port: Int) {
    self.host = host
    self.port = port
  }

  init?(argument: String) {
    var host = argument[...]
    var port = Self.standardPort
    let colon = argument.lastIndex(of: ":")
    let isBare = argument.filter { $0 == ":" }.count > 1 && !argument.hasPrefix("[")
    if let colon, !isBare, !argument.hasSuffix("]") {
      guard let number = Int(argument[argument.index(after: colon)...]), 1...65_535 ~= number else {
        return nil
      }
      host = argument[..<colon]
      port = number
    }
    if host.hasPrefix("["), host.hasSuffix("]") { host = host.dropFirst().dropLast() }
    if host.isEmpty { return nil }
    self.init(host: String(host), port: port)
  }
}

/// A length of time: seconds, or a number with ms, s, m or h. 0 is no limit.
struct TimeLimit: ExpressibleByArgument, Equatable, Sendable, CustomStringConvertible {
  /// `nil` for no limit.
  let duration: Duration?

  init(duration: Duration?) {
    self.duration = duration
  }

  init?(argument: String) {
    let unit = argument.drop { $0.isNumber || $0 == "." }
    guard let number = Double(argument.dropLast(unit.count)), number.isFinite, number >= 0 else {
      return nil
    }
    let seconds: Double
    switch unit {
    case "ms": seconds = number / 1_000
    case "", "s": seconds = number
    case "m", "min": seconds = number * 60
    case "h": seconds = number * 3_600
    default: return nil
    }
    duration = seconds == 0 ? nil : .seconds(min(seconds, 1e9))
  }

  var description: String { duration.map { "\(Int($0.seconds))s" } ?? "0" }
  var defaultValueDescription: String { description }
}

extension TallyError {
  /// The error for somebody who sits before this program.
  var forPeople: CommandError {
    switch code {
    case .unavailable where message.contains("wants TLS"):
      CommandError(code: .server, message: "\(message). Encrypt: --tls, or --ca FILE.")
    case .unavailable:
      CommandError(
        code: .server, message: "\(message). Another address: --server HOST:PORT or TALLY_SERVER.")
    case .deadlineExceeded:
      CommandError(code: .server, message: "\(message). More time: --timeout.")
    case .invalidSettings: CommandError(code: .usage, message: message)
    default:
      if let delay = details.retryDelay {
        CommandError(
          code: .server, message: "\(message). The server asks to wait \(Int(delay.seconds)) s.")
      } else {
        CommandError(code: .server, message: message)
      }
    }
  }
}
