package import TallyModel

/// `YYYY-MM-DDThh:mm:ss.sssZ` in UTC, milliseconds cut; empty when unset.
package func timeText(_ time: Timestamp) -> String {
  guard time.isValid else { return "" }
  let (days, second) = time.seconds.quotientAndRemainder(dividingBy: 86400)
  var (year, rest) = (1970, Int(days))
  func daysOfYear(_ year: Int) -> Int {
    year % 4 == 0 && (year % 100 != 0 || year % 400 == 0) ? 366 : 365
  }
  while rest >= daysOfYear(year) {
    rest -= daysOfYear(year)
    year += 1
  }
  let months = [31, daysOfYear(year) - 337, 31, 30, 31, 30, 31, 31, 30, 31, 30, 31]
  var month = 0
  while rest >= months[month] {
    rest -= months[month]
    month += 1
  }
  func padded(_ number: Int, _ width: Int = 2) -> String {
    String(repeating: "0", count: max(0, width - "\(number)".count)) + "\(number)"
  }
  let clock = [Int(second) / 3600, Int(second) / 60 % 60, Int(second) % 60]
    .map { padded($0) }.joined(separator: ":")
  return "\(padded(year, 4))-\(padded(month + 1))-\(padded(rest + 1))T\(clock)."
    + "\(padded(Int(time.nanos) / 1_000_000, 3))Z"
}
