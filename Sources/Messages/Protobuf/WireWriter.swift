/// Writes messages to a buffer that has room for them; to write behind its end is our own mistake
/// and ends the program.
public struct WireWriter: FieldSink {
  @usableFromInline let buffer: UnsafeMutableRawBufferPointer
  /// The bytes written.
  public var count = 0

  @inlinable public init(_ buffer: UnsafeMutableRawBufferPointer) { self.buffer = buffer }

  @inlinable public mutating func varint(_ field: Int, _ value: UInt64) {
    raw(UInt64(field) << 3)
    raw(value)
  }

  @inlinable public mutating func fixed32(_ field: Int, _ value: UInt32) {
    raw(UInt64(field) << 3 | 5)
    room(4)
    buffer.storeBytes(of: value.littleEndian, toByteOffset: count, as: UInt32.self)
    count += 4
  }

  @inlinable public mutating func fixed64(_ field: Int, _ value: UInt64) {
    raw(UInt64(field) << 3 | 1)
    room(8)
    buffer.storeBytes(of: value.littleEndian, toByteOffset: count, as: UInt64.self)
    count += 8
  }

  @inlinable public mutating func text(_ field: Int, _ value: String) {
    delimited(field, value.utf8.count)
    var value = value
    value.withUTF8 { append(UnsafeRawBufferPointer($0)) }
  }

  @inlinable public mutating func blob(_ field: Int, _ value: [UInt8]) {
    delimited(field, value.count)
    value.withUnsafeBytes { append($0) }
  }

  @inlinable public mutating func message(_ field: Int, _ value: some Message) {
    delimited(field, value.encodedSize)
    value.encode(into: &self)
  }

  @inlinable public mutating func packed<T>(
    _ field: Int, _ values: [T], _ number: (T) -> UInt64
  ) {
    guard !values.isEmpty else { return }
    delimited(field, packedSize(values, number))
    for value in values { raw(number(value)) }
  }

  @inlinable mutating func delimited(_ field: Int, _ size: Int) {
    raw(UInt64(field) << 3 | 2)
    raw(UInt64(size))
  }

  @inlinable mutating func raw(_ value: UInt64) {
    room(value < 0x80 ? 1 : varintSize(value))
    var rest = value
    while rest >= 0x80 {
      buffer[count] = UInt8(truncatingIfNeeded: rest) | 0x80
      rest >>= 7
      count += 1
    }
    buffer[count] = UInt8(truncatingIfNeeded: rest)
    count += 1
  }

  @inlinable mutating func append(_ bytes: UnsafeRawBufferPointer) {
    room(bytes.count)
    guard let source = bytes.baseAddress, let start = buffer.baseAddress else { return }
    (start + count).copyMemory(from: source, byteCount: bytes.count)
    count += bytes.count
  }

  @inlinable func room(_ size: Int) {
    precondition(size <= buffer.count - count, "a message is larger than the room made for it")
  }
}
