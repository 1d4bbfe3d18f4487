/// What a message's fields are given to, one after the other: generated code names each field
/// once, for its size and for its bytes.
public protocol FieldSink {
  mutating func varint(_ field: Int, _ value: UInt64)
  mutating func fixed32(_ field: Int, _ value: UInt32)
  mutating func fixed64(_ field: Int, _ value: UInt64)
  mutating func text(_ field: Int, _ value: String)
  mutating func blob(_ field: Int, _ value: [UInt8])
  mutating func message(_ field: Int, _ value: some Message)
  /// A list of numbers in one field; nothing if it is empty.
  mutating func packed<T>(_ field: Int, _ values: [T], _ number: (T) -> UInt64)
}

/// Counts the bytes of a message.
public struct SizeCount: FieldSink {
  public var count = 0

  @inlinable public init() {}

  @inlinable public mutating func varint(_ field: Int, _ value: UInt64) {
    add(varintSize(UInt64(field) << 3) + varintSize(value))
  }

  @inlinable public mutating func fixed32(_ field: Int, _ value: UInt32) {
    add(varintSize(UInt64(field) << 3) + 4)
  }

  @inlinable public mutating func fixed64(_ field: Int, _ value: UInt64) {
    add(varintSize(UInt64(field) << 3) + 8)
  }

  @inlinable public mutating func text(_ field: Int, _ value: String) {
    delimited(field, value.utf8.count)
  }

  @inlinable public mutating func blob(_ field: Int, _ value: [UInt8]) {
    delimited(field, value.count)
  }

  @inlinable public mutating func message(_ field: Int, _ value: some Message) {
    delimited(field, value.encodedSize)
  }

  @inlinable public mutating func packed<T>(
    _ field: Int, _ values: [T], _ number: (T) -> UInt64
  ) {
    if !values.isEmpty { delimited(field, packedSize(values, number)) }
  }

  @inlinable mutating func delimited(_ field: Int, _ size: Int) {
    add(varintSize(UInt64(field) << 3) + varintSize(UInt64(size)) + size)
  }

  @inlinable mutating func add(_ size: Int) { count += size }
}

/// The bytes of a number on the wire.
@inlinable func varintSize(_ value: UInt64) -> Int {
  // 7 bits a byte; the 1 makes a byte of 0.
  (70 - (value | 1).leadingZeroBitCount) / 7
}

@inlinable func packedSize<T>(_ values: [T], _ number: (T) -> UInt64) -> Int {
  values.reduce(0) { $0 + varintSize(number($1)) }
}

/// Signed numbers with small ones short: 0, -1, 1, -2 are 0, 1, 2, 3.
@inlinable public func zigzag(_ value: Int64) -> UInt64 {
  UInt64(bitPattern: (value << 1) ^ (value >> 63))
}
