/// A count for people: `1,234,567`.
func grouped(_ number: some BinaryInteger) -> String {
  let digits = String(number.magnitude)
  var text = number < 0 ? "-" : ""
  for (index, digit) in digits.enumerated() {
    if index > 0, (digits.count - index).isMultiple(of: 3) { text.append(",") }
    text.append(digit)
  }
  return text
}

/// Bytes for people: `512 B`, `1.5 MiB`.
func sizeText(_ bytes: UInt64) -> String {
  if bytes < 1024 { return "\(bytes) B" }
  var value = Double(bytes)
  var unit = ""
  for next in ["KiB", "MiB", "GiB", "TiB", "PiB"] where value >= 1024 {
    value /= 1024
    unit = next
  }
  let tenths = Int((value * 10).rounded())
  return "\(grouped(tenths / 10)).\(tenths % 10) \(unit)"
}

/// A length of time for people: `850 ms`, `12.3 s`, `4 min 05 s`, `3 h 20 min`, `2 d 4 h`.
func durationText(_ duration: Duration) -> String {
  let milliseconds =
    duration.components.seconds * 1_000 + duration.components.attoseconds / 1_000_000_000_000_000
  if milliseconds < 1_000 { return "\(milliseconds) ms" }
  if milliseconds < 60_000 { return "\(milliseconds / 1_000).\(milliseconds % 1_000 / 100) s" }
  let seconds = milliseconds / 1_000
  if seconds < 3_600 {
    return "\(seconds / 60) min \(seconds % 60 < 10 ? "0" : "")\(seconds % 60) s"
  }
  if seconds < 86_400 { return "\(seconds / 3_600) h \(seconds / 60 % 60) min" }
  return "\(seconds / 86_400) d \(seconds / 3_600 % 24) h"
}
