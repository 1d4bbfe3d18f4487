/// Turns canonical protobuf JSON into the wire form, by descriptors.
///
/// Takes both names of a field, numbers as numbers or strings, enums by name or number, bytes in
/// either base64 alphabet, `null` as unset. A name that the message does not have, a field that
/// comes twice and two members of a oneof are errors.
/// Source: protobuf.dev/programming-guides/json.
struct JSONReader {
  private let schema: Schema
  private var scanner: JSONScanner
  private var out: [UInt8] = []

  /// - Returns: The wire form; fields stand in the order of the text.
  static func wire(
    of text: UnsafeRawBufferPointer, as message: MessageSchema, schema: Schema
  ) throws(JSONError) -> [UInt8] {
    var reader = JSONReader(schema: schema, scanner: JSONScanner(text))
    reader.out.reserveCapacity(text.count)
    try reader.message(message)
    guard reader.scanner.peek() == 0 else {
      throw reader.scanner.error("expected the end, found \(reader.scanner.found())")
    }
    return reader.out
  }

  private init(schema: Schema, scanner: JSONScanner) {
    self.schema = schema
    self.scanner = scanner
  }

  private mutating func message(_ message: borrowing MessageSchema) throws(JSONError) {
    switch message.form {
    case .object: try object(message)
    case .timestamp: try instant(JSONTime.timestamp)
    case .duration: try instant(JSONTime.duration)
    }
  }

  private mutating func object(_ message: borrowing MessageSchema) throws(JSONError) {
    guard scanner.take(UInt8(ascii: "{")) else {
      throw scanner.error("expected an object, found \(scanner.found())")
    }
    if scanner.take(UInt8(ascii: "}")) { return }
    var seen = Set64()
    var oneofs = Set64()
    repeat {
      _ = scanner.peek()
      let start = scanner.position
      let key = try scanner.string { String(decoding: $0, as: UTF8.self) }
      guard let index = message.fieldIndexes[key] else {
        throw scanner.error("\(message.fullName) has no field '\(key)'", at: start)
      }
      guard seen.insert(index) else {
        throw scanner.error("the field '\(key)' stands here twice", at: start)
      }
      try scanner.require(UInt8(ascii: ":"))
      if scanner.take(word: "null") { continue }
      if let oneof = message.fields[index].oneof, !oneofs.insert(oneof) {
        throw scanner.error("'\(key)' excludes a field that stands before it", at: start)
      }
      if message.fields[index].isRepeated {
        try list(message.fields[index])
      } else {
        try value(message.fields[index])
      }
    } while scanner.take(UInt8(ascii: ","))
    try scanner.require(UInt8(ascii: "}"))
  }

  private mutating func list(_ field: borrowing FieldSchema) throws(JSONError) {
    guard scanner.take(UInt8(ascii: "[")) else {
      throw scanner.error("expected a list, found \(scanner.found())")
    }
    if scanner.take(UInt8(ascii: "]")) { return }
    repeat {
      if scanner.take(word: "null") {
        throw scanner.error("null cannot stand in a list", at: scanner.position - 4)
      }
      try value(field)
    } while scanner.take(UInt8(ascii: ","))
    try scanner.require(UInt8(ascii: "]"))
  }

  private mutating func value(_ field: borrowing FieldSchema) throws(JSONError) {
    let number = UInt64(field.number)
    switch field.kind {
    case .string:
      varint(number << 3 | 2)
      try scanner.string(into: &out)
    case .message:
      varint(number << 3 | 2)
      try delimited(from: out.count) { reader throws(JSONError) in
        try reader.message(reader.schema.messages[field.type])
      }
    case .bytes:
      let bytes = try base64()
      varint(number << 3 | 2)
      varint(UInt64(bytes.count))
      out.append(contentsOf: bytes)
    case .enum:
      varint(number << 3)
      varint(UInt64(bitPattern: Int64(try enumeration(schema.enums[field.type]))))
    case .bool:
      varint(number << 3)
      if scanner.take(word: "true") { return out.append(1) }
      guard scanner.take(word: "false") else {
        throw scanner.error("expected true or false, found \(scanner.found())")
      }
      out.append(0)
    default: try integer(field)
    }
  }

  /// Writes what `body` writes with its length in front. Most need one byte for that.
  private mutating func delimited(
    from start: Int, _ body: (inout JSONReader) throws(JSONError) -> Void
  ) throws(JSONError) {
    out.append(0)
    try body(&self)
    var count = UInt64(out.count - start - 1)
    guard count >= 0x80 else { return out[start] = UInt8(count) }
    out[start] = UInt8(truncatingIfNeeded: count) | 0x80
    var rest: [UInt8] = []
    count >>= 7
    while count >= 0x80 {
      rest.append(UInt8(truncatingIfNeeded: count) | 0x80)
      count >>= 7
    }
    rest.append(UInt8(count))
    out.insert(contentsOf: rest, at: start + 1)
  }

  private mutating func varint(_ value: UInt64) { out.append(varint: value) }

  // MARK: Scalars

  private mutating func integer(_ field: borrowing FieldSchema) throws(JSONError) {
    let isSigned: Bool
    let bits: Int
    switch field.kind {
    case .int32, .sint32, .sfixed32: (isSigned, bits) = (true, 32)
    case .int64, .sint64, .sfixed64: (isSigned, bits) = (true, 64)
    case .uint32, .fixed32: (isSigned, bits) = (false, 32)
    default: (isSigned, bits) = (false, 64)
    }
    let value = try integer(isSigned: isSigned, bits: bits)
    let number = UInt64(field.number)
    switch field.kind {
    case .sint32, .sint64:
      varint(number << 3)
      varint(zigzag(Int64(bitPattern: value)))
    case .fixed32, .sfixed32:
      varint(number << 3 | 5)
      for shift in stride(from: UInt64(0), to: 32, by: 8) {
        out.append(UInt8(truncatingIfNeeded: value >> shift))
      }
    case .fixed64, .sfixed64:
      varint(number << 3 | 1)
      for shift in stride(from: UInt64(0), to: 64, by: 8) {
        out.append(UInt8(truncatingIfNeeded: value >> shift))
      }
    default:
      varint(number << 3)
      varint(value)
    }
  }

  /// A whole number, as a number or in quotes; negative ones as the bits of an Int64.
  private mutating func integer(isSigned: Bool, bits: Int) throws(JSONError) -> UInt64 {
    let isQuoted = scanner.peek() == UInt8(ascii: "\"")
    let start = scanner.position
    if isQuoted { scanner.position += 1 }
    if isQuoted, scanner.peek() == UInt8(ascii: "\"") || scanner.position != start + 1 {
      throw scanner.error("expected a number in quotes", at: start)
    }
    let digits = try scanner.number()
    if isQuoted {
      guard scanner.position < scanner.text.count,
        scanner.text[scanner.position] == UInt8(ascii: "\"")
      else { throw scanner.error("expected a number in quotes", at: start) }
      scanner.position += 1
    }
    guard let number = JSONNumber.integer(digits) else {
      throw scanner.error("expected a whole number of at most 64 bits", at: start)
    }
    let largest: UInt64 = isSigned ? 1 << UInt64(bits - 1) - 1 : .max >> UInt64(64 - bits)
    let limit = number.isNegative ? (isSigned ? largest + 1 : 0) : largest
    guard number.magnitude <= limit else {
      throw scanner.error("the number does not fit into \(bits) bits", at: start)
    }
    return number.isNegative ? 0 &- number.magnitude : number.magnitude
  }

  private mutating func enumeration(_ type: borrowing EnumSchema) throws(JSONError) -> Int32 {
    guard scanner.peek() == UInt8(ascii: "\"") else {
      return Int32(truncatingIfNeeded: try integer(isSigned: true, bits: 32))
    }
    let start = scanner.position
    let name = try scanner.string { String(decoding: $0, as: UTF8.self) }
    guard let number = type.numbers[name] else {
      throw scanner.error("\(type.fullName) has no value '\(name)'", at: start)
    }
    return number
  }

  private mutating func base64() throws(JSONError) -> [UInt8] {
    _ = scanner.peek()
    let start = scanner.position
    guard let bytes = try scanner.string({ Base64.decode($0) }) else {
      throw scanner.error("the string is not base64", at: start)
    }
    return bytes
  }

  /// A time or a span of time: a string that becomes a message of seconds and nanoseconds.
  private mutating func instant(
    _ parse: (UnsafeRawBufferPointer) -> JSONTime?
  ) throws(JSONError) {
    _ = scanner.peek()
    let start = scanner.position
    guard let time = try scanner.string({ parse($0) }) else {
      throw scanner.error(
        "expected a time such as 2024-03-01T10:00:00.5Z, or a duration such as 1.5s", at: start)
    }
    if time.seconds != 0 {
      varint(1 << 3)
      varint(UInt64(bitPattern: time.seconds))
    }
    if time.nanos != 0 {
      varint(2 << 3)
      varint(UInt64(bitPattern: Int64(time.nanos)))
    }
  }
}

extension JSONScanner {
  /// Takes a string and writes its count and its bytes.
  fileprivate mutating func string(into out: inout [UInt8]) throws(JSONError) {
    try string { bytes in
      out.append(varint: UInt64(bytes.count))
      out.append(contentsOf: bytes)
    }
  }
}

extension [UInt8] {
  fileprivate mutating func append(varint value: UInt64) {
    var rest = value
    while rest >= 0x80 {
      append(UInt8(truncatingIfNeeded: rest) | 0x80)
      rest >>= 7
    }
    append(UInt8(truncatingIfNeeded: rest))
  }
}

/// A set of numbers below 64: a message's fields, or its oneofs. The schema refuses more.
struct Set64 {
  static let capacity = 64

  private var bits: UInt64 = 0

  /// Whether the number is new.
  mutating func insert(_ number: Int) -> Bool {
    precondition(number < Self.capacity, "the schema let a message of more than 64 fields in")
    let bit: UInt64 = 1 << UInt64(number)
    defer { bits |= bit }
    return bits & bit == 0
  }
}
