/// The words of JSON (RFC 8259): blanks, strings, numbers, names.
struct JSONScanner {
  let text: UnsafeRawBufferPointer
  var position = 0

  init(_ text: UnsafeRawBufferPointer) { self.text = text }

  func error(_ message: String, at offset: Int? = nil) -> JSONError {
    JSONError(message, at: offset ?? position, in: text)
  }

  /// The next byte behind blanks, which stays; 0 at the end.
  mutating func peek() -> UInt8 {
    while position < text.count {
      let byte = text[position]
      switch byte {
      case 0x20, 0x09, 0x0a, 0x0d: position += 1
      // NUL is in no JSON text; 1 stands for it, as 0 is the end.
      default: return byte == 0 ? 1 : byte
      }
    }
    return 0
  }

  /// Takes the byte if it is next.
  mutating func take(_ byte: UInt8) -> Bool {
    guard peek() == byte else { return false }
    position += 1
    return true
  }

  mutating func require(_ byte: UInt8) throws(JSONError) {
    guard take(byte) else {
      throw error("expected '\(Character(Unicode.Scalar(byte)))', found \(found())")
    }
  }

  /// Takes a name such as `true` if it is next.
  mutating func take(word: StaticString) -> Bool {
    _ = peek()
    let count = word.utf8CodeUnitCount
    guard text.count - position >= count else { return false }
    for index in 0..<count where text[position + index] != word.utf8Start[index] { return false }
    position += count
    return true
  }

  /// What stands here, for an error.
  mutating func found() -> String {
    switch peek() {
    case 0: return "the end"
    case UInt8(ascii: "\""): return "a string"
    case UInt8(ascii: "{"): return "an object"
    case UInt8(ascii: "["): return "a list"
    case UInt8(ascii: "-"), UInt8(ascii: "0")...UInt8(ascii: "9"): return "a number"
    case let byte where (0x21..<0x7f).contains(byte): return "'\(Character(Unicode.Scalar(byte)))'"
    default: return "a byte that is no JSON"
    }
  }

  // MARK: Strings

  /// A string; its bytes are lent, without quotes and with escapes resolved.
  mutating func string<Result>(
    _ body: (UnsafeRawBufferPointer) throws(JSONError) -> Result
  ) throws(JSONError) -> Result {
    guard peek() == UInt8(ascii: "\"") else { throw error("expected a string, found \(found())") }
    let opening = position
    var end = opening + 1
    var isASCII = true
    while end < text.count {
      let byte = text[end]
      if byte == UInt8(ascii: "\"") || byte == UInt8(ascii: "\\") || byte < 0x20 { break }
      if byte >= 0x80 { isASCII = false }
      end += 1
    }
    guard end < text.count else { throw error("the string has no end", at: opening) }
    guard text[end] == UInt8(ascii: "\"") else { return try escaped(from: opening, body) }
    let part = UnsafeRawBufferPointer(rebasing: text[(opening + 1)..<end])
    if !isASCII { try checkUTF8(part, at: opening) }
    position = end + 1
    return try body(part)
  }

  private func checkUTF8(_ part: UnsafeRawBufferPointer, at offset: Int) throws(JSONError) {
    guard String(validating: part, as: UTF8.self) != nil else {
      throw error("the string is not valid UTF-8", at: offset)
    }
  }

  private mutating func escaped<Result>(
    from opening: Int, _ body: (UnsafeRawBufferPointer) throws(JSONError) -> Result
  ) throws(JSONError) -> Result {
    var bytes: [UInt8] = []
    position = opening + 1
    scan: while true {
      guard position < text.count else { throw error("the string has no end", at: opening) }
      let byte = text[position]
      switch byte {
      case UInt8(ascii: "\""): break scan
      case UInt8(ascii: "\\"): try escape(into: &bytes)
      case ..<0x20: throw error("a control character in a string must be escaped")
      default:
        bytes.append(byte)
        position += 1
      }
    }
    position += 1
    let outcome = bytes.withUnsafeBytes { bytes in
      Swift.Result { () throws(JSONError) in
        try checkUTF8(bytes, at: opening)
        return try body(bytes)
      }
    }
    return try outcome.get()
  }

  private mutating func escape(into bytes: inout [UInt8]) throws(JSONError) {
    let start = position
    position += 2
    guard start + 1 < text.count else { throw error("the string has no end", at: start) }
    switch text[start + 1] {
    case UInt8(ascii: "\""): bytes.append(UInt8(ascii: "\""))
    case UInt8(ascii: "\\"): bytes.append(UInt8(ascii: "\\"))
    case UInt8(ascii: "/"): bytes.append(UInt8(ascii: "/"))
    case UInt8(ascii: "b"): bytes.append(0x08)
    case UInt8(ascii: "f"): bytes.append(0x0c)
    case UInt8(ascii: "n"): bytes.append(0x0a)
    case UInt8(ascii: "r"): bytes.append(0x0d)
    case UInt8(ascii: "t"): bytes.append(0x09)
    case UInt8(ascii: "u"):
      var value = try hex()
      if (0xd800..<0xdc00).contains(value), position + 1 < text.count,
        text[position] == UInt8(ascii: "\\"), text[position + 1] == UInt8(ascii: "u")
      {
        position += 2
        let low = try hex()
        guard (0xdc00..<0xe000).contains(low) else {
          throw error("half of a surrogate pair stands alone", at: start)
        }
        value = 0x10000 + (value - 0xd800) << 10 + (low - 0xdc00)
      }
      guard let scalar = Unicode.Scalar(value) else {
        throw error("half of a surrogate pair stands alone", at: start)
      }
      bytes.append(contentsOf: UTF8.encode(scalar).map(Array.init) ?? [])
    default: throw error("this escape is not known", at: start)
    }
  }

  private mutating func hex() throws(JSONError) -> UInt32 {
    var value: UInt32 = 0
    for _ in 0..<4 {
      let byte = position < text.count ? text[position] : 0
      guard let digit = Character(Unicode.Scalar(byte)).hexDigitValue, byte < 0x80 else {
        throw error("\\u needs four hexadecimal digits")
      }
      value = value << 4 | UInt32(digit)
      position += 1
    }
    return value
  }

  // MARK: Numbers

  /// The bytes of a number, by JSON's grammar.
  mutating func number() throws(JSONError) -> UnsafeRawBufferPointer {
    _ = peek()
    let start = position
    if position < text.count, text[position] == UInt8(ascii: "-") { position += 1 }
    let whole = digits()
    let isZeroLed = whole > 1 && text[position - whole] == UInt8(ascii: "0")
    guard whole > 0, !isZeroLed else {
      position = start
      throw error("expected a number, found \(found())", at: start)
    }
    if position < text.count, text[position] == UInt8(ascii: ".") {
      position += 1
      guard digits() > 0 else { throw error("a number needs digits behind its point") }
    }
    if position < text.count, text[position] | 0x20 == UInt8(ascii: "e") {
      position += 1
      if position < text.count, [UInt8(ascii: "+"), UInt8(ascii: "-")].contains(text[position]) {
        position += 1
      }
      guard digits() > 0 else { throw error("a number needs digits in its exponent") }
    }
    return UnsafeRawBufferPointer(rebasing: text[start..<position])
  }

  /// Takes digits and counts them.
  private mutating func digits() -> Int {
    let start = position
    while position < text.count, (0x30...0x39).contains(text[position]) { position += 1 }
    return position - start
  }
}
