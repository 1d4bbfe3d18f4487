/// Turns the wire form of a message into canonical protobuf JSON, by descriptors.
///
/// Fields stand in ascending number, defaults are left out, 64-bit numbers are strings, bytes are
/// base64, unknown numbers of enums are numbers. There are no blanks.
/// Source: protobuf.dev/programming-guides/json.
struct JSONWriter {
  private let schema: Schema
  private var out: [UInt8] = []

  /// - Parameter wire: As `Message.encode(into:)` writes it: the elements of a list together.
  static func json(
    of wire: UnsafeRawBufferPointer, as message: MessageSchema, schema: Schema
  ) throws(JSONError) -> [UInt8] {
    var writer = JSONWriter(schema: schema)
    writer.out.reserveCapacity(2 * wire.count)
    do throws(DecodeError) {
      try writer.message(wire, message)
    } catch {
      throw JSONError(error.message)
    }
    return writer.out
  }

  private init(schema: Schema) { self.schema = schema }

  private mutating func message(
    _ wire: UnsafeRawBufferPointer, _ message: borrowing MessageSchema
  ) throws(DecodeError) {
    switch message.form {
    case .object: try object(wire, message)
    case .timestamp:
      let time = try time(wire)
      out.append(UInt8(ascii: "\""))
      guard time.writeTimestamp(into: &out) else { throw outOfRange(message, time) }
      out.append(UInt8(ascii: "\""))
    case .duration:
      let time = try time(wire)
      out.append(UInt8(ascii: "\""))
      guard time.writeDuration(into: &out) else { throw outOfRange(message, time) }
      out.append(UInt8(ascii: "\""))
    }
  }

  private func outOfRange(_ message: borrowing MessageSchema, _ time: JSONTime) -> DecodeError {
    DecodeError(
      .malformed,
      "\(message.fullName) of \(time.seconds) s and \(time.nanos) ns has no form in JSON")
  }

  private func time(_ wire: UnsafeRawBufferPointer) throws(DecodeError) -> JSONTime {
    var time = JSONTime(seconds: 0, nanos: 0)
    var reader = WireReader(wire)
    while let part = try reader.next() {
      guard case .number(let number) = part.value else { continue }
      if part.field == 1 { time.seconds = Int64(bitPattern: number) }
      if part.field == 2 { time.nanos = Int32(truncatingIfNeeded: number) }
    }
    return time
  }

  private mutating func object(
    _ wire: UnsafeRawBufferPointer, _ message: borrowing MessageSchema
  ) throws(DecodeError) {
    out.append(UInt8(ascii: "{"))
    var reader = WireReader(wire)
    var openList: Int?
    var isFirst = true
    while let part = try reader.next() {
      guard let field = message.field(number: part.field) else { continue }
      let goesOn = openList == field.number
      if openList != nil, !goesOn {
        out.append(UInt8(ascii: "]"))
        openList = nil
      }
      if !isFirst { out.append(UInt8(ascii: ",")) }
      isFirst = false
      if !goesOn {
        out.append(UInt8(ascii: "\""))
        out.append(contentsOf: field.jsonName.utf8)
        out.append(UInt8(ascii: "\""))
        out.append(UInt8(ascii: ":"))
      }
      if field.isRepeated, !goesOn {
        out.append(UInt8(ascii: "["))
        openList = field.number
      }
      try value(part.value, field)
    }
    if openList != nil { out.append(UInt8(ascii: "]")) }
    out.append(UInt8(ascii: "}"))
  }

  private mutating func value(
    _ value: WireReader.Value, _ field: borrowing FieldSchema
  ) throws(DecodeError) {
    switch (value, field.kind) {
    case (.bytes(let bytes), .string): string(bytes)
    case (.bytes(let bytes), .message): try message(bytes, schema.messages[field.type])
    case (.bytes(let bytes), .bytes):
      out.append(UInt8(ascii: "\""))
      Base64.encode(bytes, into: &out)
      out.append(UInt8(ascii: "\""))
    case (.bytes(let bytes), _):
      // Numbers of a list together.
      var numbers = WireReader(bytes)
      var isFirst = true
      while !numbers.isAtEnd {
        if !isFirst { out.append(UInt8(ascii: ",")) }
        isFirst = false
        switch field.kind {
        case .fixed32, .sfixed32: number(try numbers.fixed(4), field)
        case .fixed64, .sfixed64: number(try numbers.fixed(8), field)
        default: number(try numbers.varint(), field)
        }
      }
    case (.number(let value), _): number(value, field)
    }
  }

  private mutating func number(_ value: UInt64, _ field: borrowing FieldSchema) {
    switch field.kind {
    case .bool: out.append(contentsOf: (value == 0 ? "false" : "true").utf8)
    case .enum:
      let number = Int32(truncatingIfNeeded: value)
      if let name = schema.enums[field.type].names[number] {
        quoted(name)
      } else {
        out.append(contentsOf: String(number).utf8)
      }
    case .int32, .sfixed32: out.append(contentsOf: String(Int32(truncatingIfNeeded: value)).utf8)
    case .uint32, .fixed32: out.append(contentsOf: String(UInt32(truncatingIfNeeded: value)).utf8)
    case .sint32: out.append(contentsOf: String(Self.unzigzag(value)).utf8)
    case .int64, .sfixed64: quoted(String(Int64(bitPattern: value)))
    case .sint64: quoted(String(Self.unzigzag(value)))
    default: quoted(String(value))
    }
  }

  private static func unzigzag(_ value: UInt64) -> Int64 {
    Int64(bitPattern: (value >> 1) ^ (0 &- (value & 1)))
  }

  private mutating func quoted(_ text: String) {
    out.append(UInt8(ascii: "\""))
    out.append(contentsOf: text.utf8)
    out.append(UInt8(ascii: "\""))
  }

  private mutating func string(_ bytes: UnsafeRawBufferPointer) {
    out.append(UInt8(ascii: "\""))
    var start = 0
    for position in 0..<bytes.count {
      let byte = bytes[position]
      guard byte < 0x20 || byte == UInt8(ascii: "\"") || byte == UInt8(ascii: "\\") else {
        continue
      }
      out.append(contentsOf: bytes[start..<position])
      start = position + 1
      out.append(UInt8(ascii: "\\"))
      switch byte {
      case 0x08: out.append(UInt8(ascii: "b"))
      case 0x09: out.append(UInt8(ascii: "t"))
      case 0x0a: out.append(UInt8(ascii: "n"))
      case 0x0c: out.append(UInt8(ascii: "f"))
      case 0x0d: out.append(UInt8(ascii: "r"))
      case ..<0x20:
        let digits = Array("0123456789abcdef".utf8)
        out.append(contentsOf: "u00".utf8)
        out.append(digits[Int(byte >> 4)])
        out.append(digits[Int(byte & 15)])
      default: out.append(byte)
      }
    }
    out.append(contentsOf: bytes[start...])
    out.append(UInt8(ascii: "\""))
  }
}

extension Schema {
  /// The wire form of the message whose canonical JSON `text` is.
  package func wire(
    ofJSON text: UnsafeRawBufferPointer, as message: MessageSchema
  ) throws(JSONError) -> [UInt8] {
    try JSONReader.wire(of: text, as: message, schema: self)
  }

  /// The canonical JSON of a message in the wire form that `Message.encode(into:)` writes.
  package func json(
    ofWire wire: UnsafeRawBufferPointer, as message: MessageSchema
  ) throws(JSONError) -> [UInt8] {
    try JSONWriter.json(of: wire, as: message, schema: self)
  }
}
