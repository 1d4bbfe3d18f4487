/// Comma-separated lines as rules.md section 7 has them: CRLF, UTF-8, a field quoted only when it
/// holds a comma, a quote, CR or LF, unset as nothing, lists joined with "|".
struct CSVWriter {
  /// What was written and not taken yet.
  private(set) var bytes: [UInt8] = []
  /// Puts an apostrophe before text that a spreadsheet would take for a formula.
  let neutralisesFormulas: Bool
  private var isFirst = true

  init(neutralisesFormulas: Bool = false) {
    self.neutralisesFormulas = neutralisesFormulas
  }

  /// Writes one line.
  mutating func write(line cells: some Sequence<Cell>) {
    for cell in cells { write(cell) }
    endLine()
  }

  /// Writes one cell, after a comma if it is not the first of its line.
  mutating func write(_ cell: Cell) {
    if !isFirst { bytes.append(UInt8(ascii: ",")) }
    isFirst = false
    switch cell {
    case .text(let text): write(text: text)
    case .count(let count): write(digits: count)
    case .number(let number):
      if number < 0 { bytes.append(UInt8(ascii: "-")) }
      write(digits: UInt64(number.magnitude))
    case .list(let elements): write(list: elements)
    case .unset: break
    }
  }

  mutating func endLine() {
    bytes.append(UInt8(ascii: "\r"))
    bytes.append(UInt8(ascii: "\n"))
    isFirst = true
  }

  /// Forgets what was written, and keeps the room.
  mutating func clear() {
    bytes.removeAll(keepingCapacity: true)
  }

  private mutating func write(list elements: [String]) {
    if elements.count <= 1 { return write(text: elements.first ?? "") }
    write(text: elements.joined(separator: "|"))
  }

  private mutating func write(text: String) {
    var text = text
    // Contiguous UTF-8 is what the scan below needs; strings from the wire are that already.
    text.withUTF8 { utf8 in
      if neutralisesFormulas, let first = utf8.first, Self.startsFormula(first) {
        return write(field: [UInt8(ascii: "'")] + utf8)
      }
      write(field: utf8)
    }
  }

  private mutating func write(field: some Collection<UInt8>) {
    guard field.contains(where: Self.needsQuotes) else {
      bytes.append(contentsOf: field)
      return
    }
    let quote = UInt8(ascii: "\"")
    bytes.append(quote)
    for byte in field {
      if byte == quote { bytes.append(quote) }
      bytes.append(byte)
    }
    bytes.append(quote)
  }

  private mutating func write(digits number: UInt64) {
    if number < 10 {
      bytes.append(UInt8(ascii: "0") + UInt8(number))
      return
    }
    let start = bytes.count
    var rest = number
    while rest > 0 {
      bytes.append(UInt8(ascii: "0") + UInt8(rest % 10))
      rest /= 10
    }
    bytes[start...].reverse()
  }

  private static func needsQuotes(_ byte: UInt8) -> Bool {
    switch byte {
    case UInt8(ascii: ","), UInt8(ascii: "\""), UInt8(ascii: "\r"), UInt8(ascii: "\n"): true
    default: false
    }
  }

  private static func startsFormula(_ byte: UInt8) -> Bool {
    switch byte {
    case UInt8(ascii: "="), UInt8(ascii: "+"), UInt8(ascii: "-"), UInt8(ascii: "@"),
      UInt8(ascii: "\t"), UInt8(ascii: "\r"):
      true
    default: false
    }
  }
}
