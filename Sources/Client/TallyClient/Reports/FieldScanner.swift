/// The fields of one encoded message in the order in which they lie there, without decoding them.
///
/// Source: protobuf's encoding guide; groups do not occur in `tally.v1`.
struct FieldScanner {
  /// One field.
  struct Field {
    let number: Int
    /// Of a varint; else 0.
    let value: UInt64
    /// The content of a length-delimited field; else empty.
    let content: UnsafeRawBufferPointer
  }

  private let bytes: UnsafeRawBufferPointer
  private var place = 0
  /// Whether the bytes ended in the middle of a field, or held what is no field.
  private(set) var isMalformed = false

  init(_ bytes: UnsafeRawBufferPointer) {
    self.bytes = bytes
  }

  mutating func next() -> Field? {
    guard place < bytes.count else { return nil }
    let tag = varint()
    let number = Int(tag >> 3)
    switch tag & 7 {
    case 0: return field(number, value: varint())
    case 1: return field(number, skipping: 8)
    case 2:
      let length = varint()
      guard !isMalformed, length <= UInt64(bytes.count - place) else { return malformed() }
      let start = place
      place += Int(length)
      return Field(
        number: number, value: 0,
        content: UnsafeRawBufferPointer(rebasing: bytes[start..<place]))
    case 5: return field(number, skipping: 4)
    default: return malformed()
    }
  }

  private mutating func field(_ number: Int, value: UInt64) -> Field? {
    if isMalformed { return malformed() }
    return Field(
      number: number, value: value, content: UnsafeRawBufferPointer(start: nil, count: 0))
  }

  private mutating func field(_ number: Int, skipping count: Int) -> Field? {
    guard !isMalformed, count <= bytes.count - place else { return malformed() }
    place += count
    return field(number, value: 0)
  }

  private mutating func malformed() -> Field? {
    isMalformed = true
    place = bytes.count
    return nil
  }

  private mutating func varint() -> UInt64 {
    var value: UInt64 = 0
    var shift: UInt64 = 0
    while place < bytes.count, shift < 64 {
      let byte = bytes[place]
      place += 1
      value |= UInt64(byte & 0x7F) << shift
      if byte < 0x80 { return value }
      shift += 7
    }
    isMalformed = true
    return 0
  }
}
