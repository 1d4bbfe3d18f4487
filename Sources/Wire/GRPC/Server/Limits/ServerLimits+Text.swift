/// A limit that was set wrongly on the command line.
package struct ServerLimitError: Error, CustomStringConvertible {
  /// Names the limit and says what is allowed.
  package let message: String

  package var description: String { message }
}

extension ServerLimit: SettableLimit {
  package var place: LimitPlace<ServerLimits> {
    switch self {
    case .maxConnections: .count(\.maxConnections, 1...1_000_000)
    case .maxConnectionsPerPeer: .count(\.maxConnectionsPerPeer, 1...1_000_000)
    case .tlsHandshakeTimeout: .time(\.tlsHandshakeTimeout)
    case .prefaceTimeout: .time(\.prefaceTimeout)
    case .idleTimeout: .time(\.idleTimeout)
    case .maxAge: .time(\.maxAge)
    case .ageGrace: .time(\.ageGrace)
    case .drainTimeout: .time(\.drainTimeout)
    case .keepaliveTime: .time(\.keepaliveTime)
    case .keepaliveTimeout: .time(\.keepaliveTimeout)
    case .writeStallTimeout: .time(\.writeStallTimeout)
    case .maxStreams: .count(\.maxStreams, 1...100_000)
    case .maxRunningHandlers: .count(\.maxRunningHandlers, 1...1_000_000)
    case .maxMetadataBytes: .bytes(\.maxMetadataBytes, 256...1 << 20)
    case .maxMessageBytes: .bytes(\.maxMessageBytes, 1...1 << 30)
    case .maxUnfinishedBytesPerConnection:
      .bytes(\.maxUnfinishedBytesPerConnection, 1...1 << 40)
    case .maxUnfinishedBytes: .bytes(\.maxUnfinishedBytes, 1...1 << 40)
    case .headerTimeout: .time(\.headerTimeout)
    case .messageTimeout: .time(\.messageTimeout)
    case .streamIdleTimeout: .time(\.streamIdleTimeout)
    case .streamStallTimeout: .time(\.streamStallTimeout)
    case .maxContinuations: .count(\.maxContinuations, 1...100_000)
    case .queuedFrames: .count(\.queuedFrames, 100...1_000_000)
    case .invalidFrames: .rate(\.invalidFrames)
    case .cheapFrames: .rate(\.cheapFrames)
    case .ignoredBytes: .byteRate(\.ignoredBytes)
    case .resetRate: .rate(\.resetRate)
    case .minPingInterval: .time(\.minPingInterval)
    case .minIdlePingInterval: .time(\.minIdlePingInterval)
    case .pingStrikes: .count(\.pingStrikes, 0...1_000_000)
    }
  }
}

extension ServerLimits {
  /// Sets a limit as it stands on a command line: `max-streams=100`.
  ///
  /// - Throws: for a name that is unknown and for a value that is not allowed; says what is.
  package mutating func set(_ text: String) throws(ServerLimitError) {
    let setting = try LimitSetting(text)
    guard let limit = ServerLimit(rawValue: setting.name) else {
      throw setting.unknown(ServerLimit.allCases.map(\.rawValue))
    }
    try limit.set(setting.value, in: &self)
  }

  /// The value of a limit as a command line takes it.
  package func text(of limit: ServerLimit) -> String { limit.text(in: self) }
}

/// Sizes and times as limits are written.
enum LimitText {
  private static let units: [(String, Int)] = [("T", 40), ("G", 30), ("M", 20), ("K", 10)]
  private static let times: [(String, Duration)] = [
    ("d", .seconds(86_400)), ("h", .seconds(3_600)), ("m", .seconds(60)), ("s", .seconds(1)),
    ("ms", .milliseconds(1)),
  ]

  static func bytes(_ count: Int) -> String {
    for (unit, shift) in units where count > 0 && count & (1 << shift - 1) == 0 {
      return "\(count >> shift)\(unit)"
    }
    return "\(count)"
  }

  static func parseBytes(_ text: String) -> Int? {
    let unit = units.first { text.hasSuffix($0.0) }
    guard let number = Int(text.dropLast(unit == nil ? 0 : 1)), number >= 0,
      number <= Int.max >> (unit?.1 ?? 0)
    else { return nil }
    return number << (unit?.1 ?? 0)
  }

  static func time(_ duration: Duration) -> String {
    if duration == .zero { return "off" }
    for (unit, length) in times {
      let count = Int(duration / length)
      if count > 0, length * count == duration { return "\(count)\(unit)" }
    }
    return "\(duration)"
  }

  /// At most ten years: what is longer is `off`.
  static func parseTime(_ text: String) -> Duration? {
    if text == "off" { return .zero }
    let digits = text.prefix { $0.isASCII && $0.isNumber }
    guard let length = times.first(where: { $0.0 == text.dropFirst(digits.count) })?.1,
      let count = Int(digits), count > 0, count <= 315_360_000_000
    else { return nil }
    let duration = length * count
    return duration <= .seconds(315_360_000) ? duration : nil
  }
}
