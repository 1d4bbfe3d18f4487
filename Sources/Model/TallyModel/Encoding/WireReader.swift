/// Walks the fields of a protobuf message in memory that outlives the walk.
///
/// ```swift
/// var reader = WireReader(bytes)
/// while let field = try reader.next() { switch field.number { … } }
/// ```
/// - Source: protobuf's encoding guide.
@safe
package struct WireReader {
  @usableFromInline let bytes: UnsafeRawBufferPointer
  @usableFromInline let count: Int
  /// Bytes taken so far.
  package var position = 0

  @inlinable
  package init(_ bytes: UnsafeRawBufferPointer) {
    unsafe self.bytes = unsafe bytes
    count = bytes.count
  }

  /// One field: a number and its value, which is `bytes` for wire type 2, else `value`.
  @safe
  package struct Field {
    package let number: Int
    package let type: WireType
    package let value: UInt64
    package let bytes: UnsafeRawBufferPointer

    @usableFromInline
    init(number: Int, type: WireType, value: UInt64, bytes: UnsafeRawBufferPointer) {
      self.number = number
      self.type = type
      self.value = value
      unsafe self.bytes = unsafe bytes
    }
  }

  package var isAtEnd: Bool { position == count }

  /// The next field, `nil` at the end.
  ///
  /// - Throws: `ModelError` for bytes that end early or are no field; the reader is then useless.
  @inlinable
  package mutating func next() throws(ModelError) -> Field? {
    guard position < count else { return nil }
    let tag = try varint()
    guard let type = WireType(rawValue: UInt8(tag & 7)), tag >> 3 != 0, tag >> 3 < 1 << 29 else {
      throw malformed("tag \(tag)")
    }
    let number = Int(tag >> 3)
    switch type {
    case .varint:
      return unsafe Field(number: number, type: type, value: try varint(), bytes: Self.nothing)
    case .bytes:
      let length = try varint()
      guard length <= UInt64(count - position) else { throw truncated() }
      let end = position + Int(length)
      defer { position = end }
      return unsafe Field(
        number: number, type: type, value: 0,
        bytes: UnsafeRawBufferPointer(rebasing: bytes[position..<end]))
    case .fixed32:
      return unsafe Field(
        number: number, type: type, value: try fixed(4), bytes: Self.nothing)
    case .fixed64:
      return unsafe Field(
        number: number, type: type, value: try fixed(8), bytes: Self.nothing)
    }
  }

  /// A bare varint, as packed lists hold them.
  @inlinable
  package mutating func varint() throws(ModelError) -> UInt64 {
    var value: UInt64 = 0
    var shift: UInt64 = 0
    while position < count {
      let byte = unsafe bytes[position]
      position += 1
      if shift == 63, byte > 1 { throw malformed("a varint above 64 bits") }
      value |= UInt64(byte & 0x7F) << shift
      if byte < 0x80 { return value }
      shift += 7
    }
    throw truncated()
  }

  @usableFromInline
  mutating func fixed(_ size: Int) throws(ModelError) -> UInt64 {
    guard count - position >= size else { throw truncated() }
    var value: UInt64 = 0
    for index in 0..<size {
      value |= unsafe UInt64(bytes[position + index]) << UInt64(8 * index)
    }
    position += size
    return value
  }

  @usableFromInline
  static var nothing: UnsafeRawBufferPointer { unsafe UnsafeRawBufferPointer(start: nil, count: 0) }

  @usableFromInline
  func truncated() -> ModelError {
    ModelError(
      code: .truncated, message: "the message of \(count) bytes ends inside a field")
  }

  @usableFromInline
  func malformed(_ what: String) -> ModelError {
    ModelError(code: .malformed, message: "\(what) before byte \(position) is no protobuf")
  }
}
