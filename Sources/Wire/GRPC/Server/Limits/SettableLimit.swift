package import HTTP2

/// A bound that a command line sets: its raw value is the name, as in `max-streams=100`.
package protocol SettableLimit: RawRepresentable<String>, CaseIterable, Sendable {
  /// What holds the values.
  associatedtype Settings
  /// What happens at the limit, in a few words.
  var effect: String { get }
  /// Where its value stands, and what it may be.
  var place: LimitPlace<Settings> { get }
}

/// Where the value of a limit stands, and what it may be.
package enum LimitPlace<Settings> {
  case count(WritableKeyPath<Settings, Int>, ClosedRange<Int>)
  case bytes(WritableKeyPath<Settings, Int>, ClosedRange<Int>)
  /// A time; `off` where the server can do without.
  case time(WritableKeyPath<Settings, Duration>)
  /// A time without which the server cannot do.
  case span(WritableKeyPath<Settings, Duration>)
  case rate(WritableKeyPath<Settings, TokenRate>)
  case byteRate(WritableKeyPath<Settings, TokenRate>)
}

extension SettableLimit {
  /// What a value of it looks like.
  package var allowed: String {
    switch place {
    case .count(_, let range): "a number from \(range.lowerBound) to \(range.upperBound)"
    case .bytes(_, let range):
      "bytes from \(LimitText.bytes(range.lowerBound)) to \(LimitText.bytes(range.upperBound))"
    case .time: "a time such as 500ms, 10s, 5m or 2h, or off"
    case .span: "a time such as 500ms, 10s, 5m or 2h"
    case .rate: "a burst and a rate a second, such as 100/10"
    case .byteRate: "bytes at once and a second, such as 16M/1M"
    }
  }

  /// The value as a command line takes it.
  package func text(in settings: Settings) -> String {
    switch place {
    case .count(let path, _): "\(settings[keyPath: path])"
    case .bytes(let path, _): LimitText.bytes(settings[keyPath: path])
    case .time(let path), .span(let path): LimitText.time(settings[keyPath: path])
    case .rate(let path): "\(settings[keyPath: path].burst)/\(settings[keyPath: path].perSecond)"
    case .byteRate(let path):
      LimitText.bytes(settings[keyPath: path].burst) + "/"
        + LimitText.bytes(settings[keyPath: path].perSecond)
    }
  }

  /// Sets the value as it stands on a command line.
  ///
  /// - Throws: if it is not allowed; says what is.
  package func set(_ text: String, in settings: inout Settings) throws(ServerLimitError) {
    guard take(text, &settings) else {
      throw ServerLimitError(message: "\(rawValue) is \(allowed), not '\(text)'")
    }
  }

  private func take(_ text: String, _ settings: inout Settings) -> Bool {
    switch place {
    case .count(let path, let range):
      guard let value = Int(text), range.contains(value) else { return false }
      settings[keyPath: path] = value
    case .bytes(let path, let range):
      guard let value = LimitText.parseBytes(text), range.contains(value) else { return false }
      settings[keyPath: path] = value
    case .time(let path):
      guard let value = LimitText.parseTime(text) else { return false }
      settings[keyPath: path] = value
    case .span(let path):
      guard let value = LimitText.parseTime(text), value > .zero else { return false }
      settings[keyPath: path] = value
    case .rate(let path):
      guard let rate = Self.rate(text, { Int($0) }) else { return false }
      settings[keyPath: path] = rate
    case .byteRate(let path):
      guard let rate = Self.rate(text, LimitText.parseBytes) else { return false }
      settings[keyPath: path] = rate
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

/// Name and value as they stand on a command line: `max-streams=100`.
package struct LimitSetting {
  package let name: String
  package let value: String

  /// - Throws: for text without `=`.
  package init(_ text: String) throws(ServerLimitError) {
    guard let equals = text.firstIndex(of: "=") else {
      throw ServerLimitError(message: "'\(text)' is not NAME=VALUE")
    }
    name = String(text[..<equals])
    value = String(text[text.index(after: equals)...])
  }

  /// The refusal of a name that none of `names` is.
  package func unknown(_ names: [String]) -> ServerLimitError {
    ServerLimitError(
      message: "there is no limit '\(name)': the limits are " + names.joined(separator: ", "))
  }
}
