/// The `grpc-timeout` header: one to eight digits and a unit.
///
/// Source: grpc/doc/PROTOCOL-HTTP2.md, Timeout.
enum Timeout {
  private static let maxDigits = 8

  /// `nil` if the text is malformed. No value overflows: 99999999H is 11,400 years.
  static func parse(_ text: UnsafeRawBufferPointer) -> Duration? {
    guard let unit = text.last, text.count >= 2, text.count <= maxDigits + 1 else { return nil }
    var amount: Int64 = 0
    for digit in text.dropLast() {
      guard digit >= UInt8(ascii: "0"), digit <= UInt8(ascii: "9") else { return nil }
      amount = amount * 10 + Int64(digit - UInt8(ascii: "0"))
    }
    switch unit {
    case UInt8(ascii: "H"): return .seconds(amount * 3600)
    case UInt8(ascii: "M"): return .seconds(amount * 60)
    case UInt8(ascii: "S"): return .seconds(amount)
    case UInt8(ascii: "m"): return .milliseconds(amount)
    case UInt8(ascii: "u"): return .microseconds(amount)
    case UInt8(ascii: "n"): return .nanoseconds(amount)
    default: return nil
    }
  }

  /// The finest unit in which the time has at most eight digits; rounded down.
  static func text(_ timeout: Duration) -> String {
    let limit: Int64 = 99_999_999
    let (seconds, attoseconds) = timeout.components
    guard seconds >= 0, attoseconds >= 0 else { return "0n" }
    let nanoseconds = attoseconds / 1_000_000_000
    if seconds == 0, nanoseconds <= limit { return "\(nanoseconds)n" }
    if seconds < 99 { return "\(seconds * 1_000_000 + nanoseconds / 1000)u" }
    if seconds < 99_999 { return "\(seconds * 1000 + nanoseconds / 1_000_000)m" }
    if seconds <= limit { return "\(seconds)S" }
    if seconds / 60 <= limit { return "\(seconds / 60)M" }
    return "\(min(seconds / 3600, limit))H"
  }
}
