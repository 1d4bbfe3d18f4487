internal import CChecksum

/// Packs rows into one message, by hand: copied where the store has them encoded, counts as
/// varints.
///
/// A row is written between `begin` and `end` in ascending field order, defaults left out. No check
/// of bounds but one a row: `hasRoom` asks for the most that the row can take.
struct RowWriter {
  /// The field `rows` of every report's response: number 2, a message.
  private static let reportRowTag: UInt8 = 0x12

  private let start: UnsafeMutableRawPointer
  private let rowTag: UInt8
  private let capacity: Int
  /// A message ends behind so many bytes, or so many rows.
  private let targetBytes: Int
  private let maxRows: Int
  /// Bytes and rows written to this message.
  private(set) var count = 0
  private(set) var rows = 0
  /// CRC32C over all rows of the report so far.
  private(set) var digest: UInt32
  /// What the next row asked for when it found no room; 0 if it only was the next message's.
  private(set) var wantedBytes = 0
  private var rowStart = 0
  /// Most rows of a report are alike: the length of the last one is the guess for the next.
  private var lengthBytes: Int

  init(
    _ memory: UnsafeMutableRawBufferPointer, targetBytes: Int, maxRows: Int, digest: UInt32,
    lengthBytes: Int
  ) {
    guard let start = memory.baseAddress else { preconditionFailure("rows need memory") }
    self.start = start
    rowTag = Self.reportRowTag
    capacity = memory.count
    self.targetBytes = targetBytes
    self.maxRows = maxRows
    self.digest = digest
    self.lengthBytes = lengthBytes
  }

  /// For one row alone, in a field of its own below 16: `tag` is number × 8 + 2.
  init(oneRowWithTag tag: UInt8, in memory: UnsafeMutableRawBufferPointer) {
    guard let start = memory.baseAddress else { preconditionFailure("rows need memory") }
    self.start = start
    rowTag = tag
    capacity = memory.count
    targetBytes = .max
    maxRows = 1
    digest = 0
    lengthBytes = 2
  }

  /// The guess to go on with in the next message.
  var usualLengthBytes: Int { lengthBytes }

  /// Whether a row of at most `bytes` fits into this message. If not, the source stops before it.
  @inline(__always)
  mutating func hasRoom(for bytes: Int) -> Bool {
    // Tag and length take at most 6 bytes.
    let needed = bytes + 8
    if rows > 0 && (rows == maxRows || count + needed > targetBytes) { return false }
    if count + needed > capacity {
      wantedBytes = needed
      return false
    }
    return true
  }

  @inline(__always)
  mutating func begin() {
    start.storeBytes(of: rowTag, toByteOffset: count, as: UInt8.self)
    count += 1 + lengthBytes
    rowStart = count
  }

  @inline(__always)
  mutating func end() {
    let size = count - rowStart
    let needed = Self.varintSize(UInt64(size))
    if needed != lengthBytes { moveRow(size: size, lengthBytes: needed) }
    var rest = size
    var offset = rowStart - needed
    while rest >= 0x80 {
      start.storeBytes(
        of: UInt8(truncatingIfNeeded: rest) | 0x80, toByteOffset: offset, as: UInt8.self)
      rest >>= 7
      offset += 1
    }
    start.storeBytes(of: UInt8(truncatingIfNeeded: rest), toByteOffset: offset, as: UInt8.self)
    digest = tally_crc32c(digest, start + rowStart, size)
    rows += 1
  }

  private mutating func moveRow(size: Int, lengthBytes needed: Int) {
    let target = rowStart - lengthBytes + needed
    (start + target).copyMemory(from: start + rowStart, byteCount: size)
    rowStart = target
    count = target + size
    lengthBytes = needed
  }
}

/// Fields of a row.
extension RowWriter {
  /// Fields that are encoded already.
  @inline(__always)
  mutating func encoded(_ fields: UnsafeRawBufferPointer) {
    guard let source = fields.baseAddress else { return }
    (start + count).copyMemory(from: source, byteCount: fields.count)
    count += fields.count
  }

  /// A count, left out when it is 0.
  @inline(__always)
  mutating func number(_ field: Int, _ value: UInt64) {
    if value != 0 { present(field, value) }
  }

  /// A number that is written even when it is 0.
  @inline(__always)
  mutating func present(_ field: Int, _ value: UInt64) {
    varint(UInt64(field) << 3)
    varint(value)
  }

  /// Text, left out when it is empty.
  @inline(__always)
  mutating func text(_ field: Int, _ bytes: UnsafeRawBufferPointer) {
    if !bytes.isEmpty { element(field, bytes) }
  }

  /// Text of a list, written even when it is empty.
  @inline(__always)
  mutating func element(_ field: Int, _ bytes: UnsafeRawBufferPointer) {
    varint(UInt64(field) << 3 | 2)
    varint(UInt64(bytes.count))
    encoded(bytes)
  }

  @inline(__always)
  private mutating func varint(_ value: UInt64) {
    var rest = value
    while rest >= 0x80 {
      start.storeBytes(
        of: UInt8(truncatingIfNeeded: rest) | 0x80, toByteOffset: count, as: UInt8.self)
      rest >>= 7
      count += 1
    }
    start.storeBytes(of: UInt8(truncatingIfNeeded: rest), toByteOffset: count, as: UInt8.self)
    count += 1
  }

  @inline(__always)
  private static func varintSize(_ value: UInt64) -> Int {
    (70 - (value | 1).leadingZeroBitCount) / 7
  }
}
