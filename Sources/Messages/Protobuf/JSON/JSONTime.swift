/// Times and durations as strings: RFC 3339, and seconds with an `s`.
///
/// Source: google/protobuf/timestamp.proto and duration.proto, "JSON Mapping".
struct JSONTime: Equatable {
  var seconds: Int64
  var nanos: Int32

  /// From 0001-01-01 to 9999-12-31.
  private static let timestamps: ClosedRange<Int64> = -62_135_596_800...253_402_300_799
  /// Ten thousand years.
  private static let durations: ClosedRange<Int64> = -315_576_000_000...315_576_000_000

  // MARK: Reading

  /// `2024-03-01T10:00:00.5+01:00`: 0 to 9 digits of a second, `Z` or an offset.
  static func timestamp(_ text: UnsafeRawBufferPointer) -> JSONTime? {
    var scanner = Scanner(text: text)
    guard let year = scanner.number(digits: 4), year >= 1, scanner.take("-"),
      let month = scanner.number(digits: 2), (1...12).contains(month), scanner.take("-"),
      let day = scanner.number(digits: 2), day >= 1, day <= days(inMonth: month, of: year),
      scanner.take("T"),
      let hour = scanner.number(digits: 2), hour < 24, scanner.take(":"),
      let minute = scanner.number(digits: 2), minute < 60, scanner.take(":"),
      let second = scanner.number(digits: 2), second < 60,
      let nanos = scanner.fraction(), let offset = scanner.offset(), scanner.isAtEnd
    else { return nil }
    let clock = Int64(hour * 3600 + minute * 60 + second - offset * 60)
    let seconds = daysSince1970(year: year, month: month, day: day) * 86_400 + clock
    return timestamps.contains(seconds) ? JSONTime(seconds: seconds, nanos: nanos) : nil
  }

  /// `-1.5s`: the sign holds for seconds and nanoseconds.
  static func duration(_ text: UnsafeRawBufferPointer) -> JSONTime? {
    var scanner = Scanner(text: text)
    let sign: Int64 = scanner.take("-") ? -1 : 1
    guard let whole = scanner.number(), let nanos = scanner.fraction(), scanner.take("s"),
      scanner.isAtEnd, durations.contains(whole)
    else { return nil }
    return JSONTime(seconds: sign * whole, nanos: Int32(sign) * nanos)
  }

  private static func days(inMonth month: Int, of year: Int) -> Int {
    let isLeap = year % 4 == 0 && (year % 100 != 0 || year % 400 == 0)
    return switch month {
    case 2: isLeap ? 29 : 28
    case 4, 6, 9, 11: 30
    default: 31
    }
  }

  /// Howard Hinnant's days_from_civil: years begin in March, in eras of 400 years.
  private static func daysSince1970(year: Int, month: Int, day: Int) -> Int64 {
    let year = month <= 2 ? year - 1 : year
    let era = (year >= 0 ? year : year - 399) / 400
    let yearOfEra = year - era * 400
    let dayOfYear = (153 * (month > 2 ? month - 3 : month + 9) + 2) / 5 + day - 1
    let dayOfEra = yearOfEra * 365 + yearOfEra / 4 - yearOfEra / 100 + dayOfYear
    return Int64(era * 146_097 + dayOfEra - 719_468)
  }

  private struct Scanner {
    let text: UnsafeRawBufferPointer
    var position = 0

    var isAtEnd: Bool { position == text.count }

    mutating func take(_ scalar: Unicode.Scalar) -> Bool {
      guard position < text.count, text[position] == UInt8(ascii: scalar) else { return false }
      position += 1
      return true
    }

    mutating func digit() -> Int? {
      guard position < text.count, (0x30...0x39).contains(text[position]) else { return nil }
      position += 1
      return Int(text[position - 1] - 0x30)
    }

    mutating func number(digits: Int) -> Int? {
      var value = 0
      for _ in 0..<digits {
        guard let digit = digit() else { return nil }
        value = value * 10 + digit
      }
      return value
    }

    /// A number of up to 12 digits.
    mutating func number() -> Int64? {
      guard var value = digit() else { return nil }
      for _ in 1..<12 {
        guard let digit = digit() else { break }
        value = value * 10 + digit
      }
      return Int64(value)
    }

    /// Nothing, or a point and 1 to 9 digits; in nanoseconds.
    mutating func fraction() -> Int32? {
      guard take(".") else { return 0 }
      var value = 0
      var count = 0
      while count < 9, let digit = digit() {
        value = value * 10 + digit
        count += 1
      }
      guard count > 0 else { return nil }
      for _ in count..<9 { value *= 10 }
      return Int32(value)
    }

    /// `Z`, or hours and minutes east of it; in minutes.
    mutating func offset() -> Int? {
      if take("Z") { return 0 }
      let sign = take("+") ? 1 : take("-") ? -1 : 0
      guard sign != 0, let hours = number(digits: 2), hours < 24, take(":"),
        let minutes = number(digits: 2), minutes < 60
      else { return nil }
      return sign * (hours * 60 + minutes)
    }
  }

  // MARK: Writing

  /// `2024-03-01T10:00:00.500Z`: 0, 3, 6 or 9 digits; `nil` if the time is out of range.
  func writeTimestamp(into out: inout [UInt8]) -> Bool {
    guard Self.timestamps.contains(seconds), (0..<1_000_000_000).contains(nanos) else {
      return false
    }
    let day = seconds >= 0 ? seconds / 86_400 : (seconds - 86_399) / 86_400
    let clock = Int(seconds - day * 86_400)
    let (year, month, dayOfMonth) = Self.civil(daysSince1970: Int(day))
    Self.write(year, digits: 4, into: &out)
    out.append(UInt8(ascii: "-"))
    Self.write(month, digits: 2, into: &out)
    out.append(UInt8(ascii: "-"))
    Self.write(dayOfMonth, digits: 2, into: &out)
    out.append(UInt8(ascii: "T"))
    Self.write(clock / 3600, digits: 2, into: &out)
    out.append(UInt8(ascii: ":"))
    Self.write(clock / 60 % 60, digits: 2, into: &out)
    out.append(UInt8(ascii: ":"))
    Self.write(clock % 60, digits: 2, into: &out)
    writeFraction(into: &out)
    out.append(UInt8(ascii: "Z"))
    return true
  }

  /// `-1.500s`; `nil` if the duration is out of range or its parts have different signs.
  func writeDuration(into out: inout [UInt8]) -> Bool {
    let isNegative = seconds < 0 || nanos < 0
    guard Self.durations.contains(seconds), nanos.magnitude < 1_000_000_000,
      !isNegative || (seconds <= 0 && nanos <= 0)
    else { return false }
    if isNegative { out.append(UInt8(ascii: "-")) }
    out.append(contentsOf: String(seconds.magnitude).utf8)
    writeFraction(into: &out)
    out.append(UInt8(ascii: "s"))
    return true
  }

  private func writeFraction(into out: inout [UInt8]) {
    let value = Int(nanos.magnitude)
    if value == 0 { return }
    out.append(UInt8(ascii: "."))
    if value % 1_000_000 == 0 {
      Self.write(value / 1_000_000, digits: 3, into: &out)
    } else if value % 1_000 == 0 {
      Self.write(value / 1_000, digits: 6, into: &out)
    } else {
      Self.write(value, digits: 9, into: &out)
    }
  }

  private static func write(_ value: Int, digits: Int, into out: inout [UInt8]) {
    var divisor = 1
    for _ in 1..<digits { divisor *= 10 }
    while divisor > 0 {
      out.append(UInt8(ascii: "0") + UInt8(value / divisor % 10))
      divisor /= 10
    }
  }

  /// Howard Hinnant's civil_from_days.
  private static func civil(daysSince1970 days: Int) -> (year: Int, month: Int, day: Int) {
    let shifted = days + 719_468
    let era = (shifted >= 0 ? shifted : shifted - 146_096) / 146_097
    let dayOfEra = shifted - era * 146_097
    let yearOfEra = (dayOfEra - dayOfEra / 1460 + dayOfEra / 36_524 - dayOfEra / 146_096) / 365
    let dayOfYear = dayOfEra - (365 * yearOfEra + yearOfEra / 4 - yearOfEra / 100)
    let shiftedMonth = (5 * dayOfYear + 2) / 153
    let month = shiftedMonth < 10 ? shiftedMonth + 3 : shiftedMonth - 9
    let year = yearOfEra + era * 400 + (month <= 2 ? 1 : 0)
    return (year, month, dayOfYear - (153 * shiftedMonth + 2) / 5 + 1)
  }
}
