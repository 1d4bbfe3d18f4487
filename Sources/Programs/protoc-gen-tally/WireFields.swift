/// The fields of one encoded protobuf message, in the order in which they lie there.
///
/// Just enough of the wire format to read descriptors: no groups, no 32 or 64 bit fields.
struct WireFields: Sequence, IteratorProtocol {
  enum Value {
    case varint(UInt64)
    case bytes(ArraySlice<UInt8>)
  }

  /// One field, and all its bytes with the tag.
  struct Field {
    var number: Int
    var value: Value
    var raw: ArraySlice<UInt8>

    var bytes: ArraySlice<UInt8> {
      guard case .bytes(let bytes) = value else { fail("field \(number) holds a number") }
      return bytes
    }
    var text: String { String(decoding: bytes, as: UTF8.self) }
    var number64: Int {
      guard case .varint(let number) = value else { fail("field \(self.number) is no number") }
      return Int(truncatingIfNeeded: number)
    }
  }

  private let bytes: ArraySlice<UInt8>
  private var position: Int

  init(_ bytes: ArraySlice<UInt8>) {
    self.bytes = bytes
    position = bytes.startIndex
  }

  mutating func next() -> Field? {
    guard position < bytes.endIndex else { return nil }
    let start = position
    let tag = varint()
    let number = Int(tag >> 3)
    switch tag & 7 {
    case 0:
      let value = varint()
      return Field(number: number, value: .varint(value), raw: bytes[start..<position])
    case 2:
      let count = Int(varint())
      guard count <= bytes.endIndex - position else { fail("a field ends behind its message") }
      position += count
      return Field(
        number: number, value: .bytes(bytes[(position - count)..<position]),
        raw: bytes[start..<position])
    default:
      fail("wire type \(tag & 7) does not occur in descriptors")
    }
  }

  private mutating func varint() -> UInt64 {
    var value: UInt64 = 0
    for shift in stride(from: UInt64(0), to: 70, by: 7) {
      guard position < bytes.endIndex else { fail("a number ends behind its message") }
      let byte = bytes[position]
      position += 1
      value |= UInt64(byte & 0x7f) << shift
      if byte < 0x80 { return value }
    }
    fail("a number has more than 10 bytes")
  }
}

/// Numbers of a packed field.
func packedNumbers(_ bytes: ArraySlice<UInt8>) -> [Int] {
  var numbers: [Int] = []
  var value = 0
  var shift = 0
  for byte in bytes {
    value |= Int(byte & 0x7f) << shift
    shift += 7
    if byte < 0x80 {
      numbers.append(value)
      value = 0
      shift = 0
    }
  }
  return numbers
}

/// Writes one encoded message.
struct WireOutput {
  private(set) var bytes: [UInt8] = []

  mutating func varint(_ value: UInt64) {
    var rest = value
    while rest >= 0x80 {
      bytes.append(UInt8(truncatingIfNeeded: rest) | 0x80)
      rest >>= 7
    }
    bytes.append(UInt8(rest))
  }

  mutating func number(_ field: Int, _ value: UInt64) {
    varint(UInt64(field) << 3)
    varint(value)
  }

  mutating func bytes(_ field: Int, _ value: some Collection<UInt8>) {
    varint(UInt64(field) << 3 | 2)
    varint(UInt64(value.count))
    bytes.append(contentsOf: value)
  }

  mutating func raw(_ field: ArraySlice<UInt8>) { bytes.append(contentsOf: field) }
}
