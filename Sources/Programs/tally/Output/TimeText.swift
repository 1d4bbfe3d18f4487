/// `YYYY-MM-DDThh:mm:ss.sssZ` in UTC, milliseconds cut, never rounded.
///
/// - Parameters:
///   - seconds: since 1970, negative before; in the years 0 to 9999, as protobuf has it.
///   - nanoseconds: 0 to 999,999,999, always forward in time.
func timeText(seconds: Int64, nanoseconds: Int32) -> String {
  let date = CivilDate(daysSince1970: seconds.dividedDown(by: 86_400))
  let second = Int(seconds - seconds.dividedDown(by: 86_400) * 86_400)
  return String(unsafeUninitializedCapacity: 24) { text in
    var place = 0
    func write(_ number: Int, _ digits: Int, _ end: Unicode.Scalar) {
      var rest = number
      for digit in stride(from: place + digits - 1, through: place, by: -1) {
        text[digit] = UInt8(ascii: "0") + UInt8(rest % 10)
        rest /= 10
      }
      text[place + digits] = UInt8(ascii: end)
      place += digits + 1
    }
    write(date.year, 4, "-")
    write(date.month, 2, "-")
    write(date.day, 2, "T")
    write(second / 3_600, 2, ":")
    write(second / 60 % 60, 2, ":")
    write(second % 60, 2, ".")
    write(Int(nanoseconds) / 1_000_000, 3, "Z")
    return place
  }
}

/// A day of the Gregorian calendar.
private struct CivilDate {
  let year: Int
  let month: Int
  let day: Int

  /// Counts in years that begin on 1 March, so that the leap day is a year's last, and in eras of
  /// 400 years, which all have 146,097 days.
  init(daysSince1970 days: Int64) {
    let shifted = days + 719_468
    let era = shifted.dividedDown(by: 146_097)
    let dayOfEra = shifted - era * 146_097
    let yearOfEra =
      (dayOfEra - dayOfEra / 1_460 + dayOfEra / 36_524 - dayOfEra / 146_096) / 365
    let dayOfYear = dayOfEra - (365 * yearOfEra + yearOfEra / 4 - yearOfEra / 100)
    let marchMonth = (5 * dayOfYear + 2) / 153
    day = Int(dayOfYear - (153 * marchMonth + 2) / 5 + 1)
    month = Int(marchMonth < 10 ? marchMonth + 3 : marchMonth - 9)
    year = Int(yearOfEra + era * 400) + (month <= 2 ? 1 : 0)
  }
}

extension Int64 {
  fileprivate func dividedDown(by divisor: Int64) -> Int64 {
    let (quotient, remainder) = quotientAndRemainder(dividingBy: divisor)
    return remainder < 0 ? quotient - 1 : quotient
  }
}
