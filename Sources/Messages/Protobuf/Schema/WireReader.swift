/// Reads the wire form field by field. What it hands out points into the bytes it was given.
struct WireReader {
  private let bytes: UnsafeRawBufferPointer
  private var position = 0

  init(_ bytes: UnsafeRawBufferPointer) { self.bytes = bytes }

  /// One field's value as it lies on the wire.
  enum Value {
    case number(UInt64)
    case bytes(UnsafeRawBufferPointer)
  }

  var isAtEnd: Bool { position == bytes.count }

  /// The next field and its value; `nil` at the end.
  mutating func next() throws(DecodeError) -> (field: Int, value: Value)? {
    guard position < bytes.count else { return nil }
    let tag = try varint()
    let field = Int(truncatingIfNeeded: tag >> 3)
    switch tag & 7 {
    case 0: return (field, .number(try varint()))
    case 1: return (field, .number(try fixed(8)))
    case 2:
      let count = try varint()
      guard count <= UInt64(bytes.count - position) else { throw cutOff() }
      let part = bytes[position..<(position + Int(count))]
      position += Int(count)
      return (field, .bytes(UnsafeRawBufferPointer(rebasing: part)))
    case 5: return (field, .number(try fixed(4)))
    default: throw DecodeError(.malformed, "wire type \(tag & 7) at byte \(position) is not known")
    }
  }

  mutating func varint() throws(DecodeError) -> UInt64 {
    var value: UInt64 = 0
    var shift: UInt64 = 0
    while shift < 70 {
      guard position < bytes.count else { throw cutOff() }
      let byte = bytes[position]
      position += 1
      value |= UInt64(byte & 0x7f) << shift
      if byte < 0x80 { return value }
      shift += 7
    }
    throw DecodeError(.malformed, "the number at byte \(position) has more than 10 bytes")
  }

  mutating func fixed(_ count: Int) throws(DecodeError) -> UInt64 {
    guard count <= bytes.count - position else { throw cutOff() }
    var value: UInt64 = 0
    for index in 0..<count { value |= UInt64(bytes[position + index]) << UInt64(8 * index) }
    position += count
    return value
  }

  private func cutOff() -> DecodeError {
    DecodeError(.malformed, "\(bytes.count) bytes end within a field")
  }
}
