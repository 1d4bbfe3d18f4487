internal import Glibc

/// Writes numbers and bytes one behind the other into memory that the caller keeps.
struct ByteWriter {
  let start: UnsafeMutableRawPointer
  let capacity: Int
  private(set) var count = 0

  init(_ memory: UnsafeMutableRawBufferPointer) {
    guard let start = memory.baseAddress else { preconditionFailure("a writer needs memory") }
    self.start = start
    self.capacity = memory.count
  }

  /// What is written so far, valid until the next write.
  var bytes: UnsafeRawBufferPointer { UnsafeRawBufferPointer(start: start, count: count) }

  /// A number in the byte order of values.
  @inline(__always)
  mutating func little<Number: FixedWidthInteger>(_ number: Number) {
    let size = MemoryLayout<Number>.size
    precondition(count + size <= capacity, "a record is larger than its memory")
    start.storeBytes(of: number.littleEndian, toByteOffset: count, as: Number.self)
    count += size
  }

  /// A number in the byte order of keys.
  @inline(__always)
  mutating func big<Number: FixedWidthInteger>(_ number: Number) {
    little(number.byteSwapped.littleEndian)
  }

  @inline(__always)
  mutating func raw(_ bytes: UnsafeRawBufferPointer) {
    precondition(count + bytes.count <= capacity, "a record is larger than its memory")
    guard let source = bytes.baseAddress else { return }
    (start + count).copyMemory(from: source, byteCount: bytes.count)
    count += bytes.count
  }

  mutating func raw(_ text: String) {
    var text = text
    text.withUTF8 { raw(UnsafeRawBufferPointer($0)) }
  }

  /// At most 255 bytes behind their number.
  mutating func short(_ bytes: UnsafeRawBufferPointer) {
    precondition(bytes.count <= 255, "an id has at most 128 bytes")
    little(UInt8(bytes.count))
    raw(bytes)
  }

  mutating func reset() { count = 0 }

  /// Goes back to an earlier `count`.
  mutating func cut(to earlier: Int) { count = earlier }
}

extension UnsafeRawBufferPointer {
  /// The number of a value's byte order at `offset`. The record's length was checked before.
  @inline(__always)
  func little<Number: FixedWidthInteger>(_ offset: Int, as type: Number.Type = Number.self)
    -> Number
  {
    Number(littleEndian: loadUnaligned(fromByteOffset: offset, as: type))
  }

  /// The number of a key's byte order at `offset`.
  @inline(__always)
  func big<Number: FixedWidthInteger>(_ offset: Int, as type: Number.Type = Number.self) -> Number {
    Number(bigEndian: loadUnaligned(fromByteOffset: offset, as: type))
  }

  /// The bytes from `offset` on.
  @inline(__always)
  func tail(from offset: Int) -> UnsafeRawBufferPointer {
    UnsafeRawBufferPointer(rebasing: self[offset...])
  }

  @inline(__always)
  func part(_ offset: Int, _ count: Int) -> UnsafeRawBufferPointer {
    UnsafeRawBufferPointer(rebasing: self[offset..<offset + count])
  }

  /// Bytewise: below 0, 0 or above 0.
  @inline(__always)
  func order(_ other: UnsafeRawBufferPointer) -> Int {
    guard let start = baseAddress, let otherStart = other.baseAddress else {
      return count - other.count
    }
    let order = memcmp(start, otherStart, Swift.min(count, other.count))
    return order == 0 ? count - other.count : Int(order)
  }

  static var none: UnsafeRawBufferPointer { UnsafeRawBufferPointer(start: nil, count: 0) }

  /// A copy, for the paths that are not hot.
  var array: [UInt8] { [UInt8](self) }

  /// The bytes as text, for the paths that are not hot.
  var text: String { String(decoding: self, as: UTF8.self) }
}

/// Memory for one key and one value in the making, kept by whoever reads or writes records.
final class Scratch {
  /// A course row is the largest record: 500 tags of 64 bytes, 128 languages, a name.
  static let capacity = 128 << 10

  private let memory: UnsafeMutableRawBufferPointer

  init(bytes: Int = Scratch.capacity) {
    memory = .allocate(byteCount: bytes, alignment: 16)
  }

  deinit { memory.deallocate() }

  /// An empty writer on the memory: what the one before wrote is gone.
  var writer: ByteWriter { ByteWriter(memory) }
}
