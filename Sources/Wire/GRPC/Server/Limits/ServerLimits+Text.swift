internal import HTTP2

/// A limit that was set wrongly on the command line.
package struct ServerLimitError: Error, CustomStringConvertible {
  /// Names the limit and says what is allowed.
  package let message: String

  package var description: String { message }
}

/// Where the value of a limit stands, and what it may be.
enum LimitPlace {
  case count(WritableKeyPath<ServerLimits, Int>, ClosedRange<Int>)
  case bytes(WritableKeyPath<ServerLimits, Int>, ClosedRange<Int>)
  /// A time; `off` where the server can do without.
  case time(WritableKeyPath<ServerLimits, Duration>)
  case rate(WritableKeyPath<ServerLimits, TokenRate>)
  case byteRate(WritableKeyPath<ServerLimits, TokenRate>)
}

extension ServerLimit {
  var place: LimitPlace {
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

  /// What a value of it looks like.
  package var allowed: String {
    switch place {
    case .count(_, let range): "a number from \(range.lowerBound) to \(range.upperBound)"
    case .bytes(_, let range):
      "bytes from \(LimitText.bytes(range.lowerBound)) to \(LimitText.bytes(range.upperBound))"
    case .time: "a time such as 500ms, 10s, 5m or 2h, or off"
    case .rate: "a burst and a rate a second, such as 100/10"
    case .byteRate: "bytes at once and a second, such as 16M/1M"
    }
  }
}

extension ServerLimits {
  /// Sets a limit as it stands on a command line: `max-streams=100`.
  ///
  /// - Throws: for a name that is unknown and for a value that is not allowed; says what is.
  package mutating func set(_ text: String) throws(ServerLimitError) {
    guard let equals = text.firstIndex(of: "=") else {
      throw ServerLimitError(message: "'\(text)' is not NAME=VALUE")
    }
    let name = String(text[..<equals])
    guard let limit = ServerLimit(rawValue: name) else {
      throw ServerLimitError(
        message: "there is no limit '\(name)': the limits are "
          + ServerLimit.allCases.map(\.rawValue).joined(separator: ", "))
    }
    let value = String(text[text.index(after: equals)...])
    guard set(limit, value) else {
      throw ServerLimitError(message: "\(name) is \(limit.allowed), not '\(value)'")
    }
  }

  /// The value of a limit as a command line takes it.
  package func text(of limit: ServerLimit) -> String {
    switch limit.place {
    case .count(let path, _): "\(self[keyPath: path])"
    case .bytes(let path, _): LimitText.bytes(self[keyPath: path])
    case .time(let path): LimitText.time(self[keyPath: path])
    case .rate(let path): "\(self[keyPath: path].burst)/\(self[keyPath: path].perSecond)"
    case .byteRate(let path):
      LimitText.bytes(self[keyPath: path].burst) + "/"
        + LimitText.bytes(self[keyPath: path].perSecond)
    }
  }

  private mutating func set(_ limit: ServerLimit, _ text: String) -> Bool {
    switch limit.place {
    case .count(let path, let range):
      guard let value = Int(text), range.contains(value) else { return false }
      self[keyPath: path] = value
    case .bytes(let path, let range):
      guard let value = LimitText.parseBytes(text), range.contains(value) else { return false }
      self[keyPath: path] = value
    case .time(let path):
      guard let value = LimitText.parseTime(text) else { return false }
      self[keyPath: path] = value
    case .rate(let path):
      guard let rate = Self.rate(text, { Int($0) }) else { return false }
      self[keyPath: path] = rate
    case .byteRate(let path):
      guard let rate = Self.rate(text, LimitText.parseBytes) else { return false }
      self[keyPath: path] = rate
    }
    return true
  }

  /// The largest number keeps the arithmetic of a bucket far from overflow.
  private static func rate(_ text: String, _ number: (String) -> Int?) -> TokenRate? {
    let parts = text.split(separator: "/", omittingEmptySubsequences: false).map(String.init)
    let range = 0...1 << 40
    guard parts.count == 2, let burst = number(parts[0]), let perSecond = number(parts[1]),
      range.contains(burst), range.contains(perSecond)
    else { return nil }
    return TokenRate(burst: burst, perSecond: perSecond)
  }
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
