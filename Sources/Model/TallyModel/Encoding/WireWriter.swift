/// Writes protobuf fields into memory that the caller owns.
///
/// The memory must have room: check `count` against a bound such as `Fact.fixedFormBound` before,
/// or let `append(to:bound:)` make it.
/// - Source: protobuf's encoding guide.
@safe
package struct WireWriter {
  @usableFromInline let start: UnsafeMutableRawPointer
  package let capacity: Int
  /// Bytes written so far.
  package private(set) var count: Int {
    @inlinable get { written }
    set { written = newValue }
  }
  @usableFromInline var written = 0

  @inlinable
  package init(_ memory: UnsafeMutableRawBufferPointer) {
    unsafe start = memory.baseAddress ?? UnsafeMutableRawPointer(bitPattern: 1)!
    capacity = memory.count
  }

  /// Writes at the end of `bytes`, at most `bound` of them.
  package static func append(
    to bytes: inout [UInt8], bound: Int, _ body: (inout WireWriter) -> Void
  ) {
    let before = bytes.count
    bytes.append(contentsOf: repeatElement(0, count: bound))
    let count = unsafe bytes.withUnsafeMutableBytes { all in
      var writer = unsafe WireWriter(UnsafeMutableRawBufferPointer(rebasing: all[before...]))
      body(&writer)
      return writer.count
    }
    bytes.removeLast(bound - count)
  }
}

extension WireWriter {
  @inlinable
  package mutating func byte(_ value: UInt8) {
    precondition(written < capacity, "WireWriter: the memory is full; give it the bound's size")
    unsafe start.storeBytes(of: value, toByteOffset: written, as: UInt8.self)
    written += 1
  }

  @inlinable
  package mutating func varint(_ value: UInt64) {
    var rest = value
    while rest >= 0x80 {
      byte(UInt8(truncatingIfNeeded: rest) | 0x80)
      rest >>= 7
    }
    byte(UInt8(truncatingIfNeeded: rest))
  }

  @inlinable
  package mutating func tag(_ field: Int, _ type: WireType) {
    varint(UInt64(field) << 3 | UInt64(type.rawValue))
  }

  @inlinable
  package mutating func raw(_ bytes: UnsafeRawBufferPointer) {
    precondition(
      written + bytes.count <= capacity, "WireWriter: the memory is full; give it the bound's size")
    guard let source = bytes.baseAddress else { return }
    unsafe (start + written).copyMemory(from: source, byteCount: bytes.count)
    written += bytes.count
  }

  /// A number, left out when it is 0.
  @inlinable
  package mutating func number(_ field: Int, _ value: UInt64) {
    guard value != 0 else { return }
    tag(field, .varint)
    varint(value)
  }

  /// An enum's number, left out when it is 0; a negative one takes ten bytes, as protobuf has it.
  @inlinable
  package mutating func enumeration(_ field: Int, _ value: Int32) {
    number(field, UInt64(bitPattern: Int64(value)))
  }

  /// A flag, left out when it is false.
  @inlinable
  package mutating func flag(_ field: Int, _ value: Bool) {
    number(field, value ? 1 : 0)
  }

  /// Bytes or text, written even when empty: an element of a list.
  @inlinable
  package mutating func element(_ field: Int, _ bytes: UnsafeRawBufferPointer) {
    tag(field, .bytes)
    varint(UInt64(bytes.count))
    unsafe raw(bytes)
  }

  /// Bytes, left out when empty.
  @inlinable
  package mutating func bytes(_ field: Int, _ bytes: UnsafeRawBufferPointer) {
    guard bytes.count > 0 else { return }
    unsafe element(field, bytes)
  }

  /// Text, written even when empty: an element of a list.
  package mutating func element(_ field: Int, _ text: String) {
    var text = text
    text.withUTF8 { unsafe element(field, UnsafeRawBufferPointer($0)) }
  }

  /// Text, left out when empty.
  package mutating func text(_ field: Int, _ text: String) {
    guard !text.utf8.isEmpty else { return }
    element(field, text)
  }

  /// A time as the message that protobuf has for it; one that is set is written even at the epoch.
  package mutating func time(_ field: Int, _ time: Timestamp?) {
    guard let time, time != .unset else { return }
    let seconds = UInt64(bitPattern: time.seconds)
    let nanos = UInt64(bitPattern: Int64(time.nanos))
    tag(field, .bytes)
    varint(
      UInt64(
        (seconds == 0 ? 0 : 1 + Self.varintSize(seconds))
          + (nanos == 0 ? 0 : 1 + Self.varintSize(nanos))))
    number(1, seconds)
    number(2, nanos)
  }

  /// How many bytes a varint takes: 1 to 10.
  @inlinable
  package static func varintSize(_ value: UInt64) -> Int {
    (70 - (value | 1).leadingZeroBitCount) / 7
  }
}

/// How a field's value lies in the bytes.
package enum WireType: UInt8, Sendable {
  case varint = 0
  case fixed64 = 1
  case bytes = 2
  case fixed32 = 5
}
