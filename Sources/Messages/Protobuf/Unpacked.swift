public import CProtobufC

/// Swift values from the fields of protobuf-c's structs. Only generated code calls it.
public enum Unpacked {
  /// Text, checked to be UTF-8. NUL is a letter like any other.
  @inlinable public static func text(
    _ bytes: ProtobufCBinaryData, _ field: StaticString
  ) throws(DecodeError) -> String {
    guard bytes.len > 0 else { return "" }
    let buffer = UnsafeBufferPointer(start: bytes.data, count: bytes.len)
    // `String(validating:as:)` is generic and looks up metadata at each call: a third slower.
    do { return String(copying: try UTF8Span(validating: buffer.span)) } catch {
      throw invalidText(field)
    }
  }

  @inlinable public static func texts(
    _ count: Int, _ list: UnsafeMutablePointer<ProtobufCBinaryData>?, _ field: StaticString
  ) throws(DecodeError) -> [String] {
    guard let list, count > 0 else { return [] }
    var values: [String] = []
    values.reserveCapacity(count)
    for index in 0..<count { values.append(try text(list[index], field)) }
    return values
  }

  @inlinable public static func blob(_ bytes: ProtobufCBinaryData) -> [UInt8] {
    [UInt8](UnsafeBufferPointer(start: bytes.data, count: bytes.len))
  }

  @inlinable public static func blobs(
    _ count: Int, _ list: UnsafeMutablePointer<ProtobufCBinaryData>?
  ) -> [[UInt8]] {
    UnsafeBufferPointer(start: list, count: count).map { blob($0) }
  }

  @inlinable public static func numbers<C, Value>(
    _ count: Int, _ list: UnsafeMutablePointer<C>?, _ make: (C) -> Value
  ) -> [Value] {
    guard count > 0 else { return [] }
    return UnsafeBufferPointer(start: list, count: count).map(make)
  }

  @inlinable public static func message<C, Value>(
    _ pointer: UnsafeMutablePointer<C>?, _ make: (UnsafePointer<C>) throws(DecodeError) -> Value
  ) throws(DecodeError) -> Value? {
    guard let pointer else { return nil }
    return try make(UnsafePointer(pointer))
  }

  @inlinable public static func messages<C, Value>(
    _ count: Int, _ list: UnsafeMutablePointer<UnsafeMutablePointer<C>?>?,
    _ make: (UnsafePointer<C>) throws(DecodeError) -> Value
  ) throws(DecodeError) -> [Value] {
    guard let list, count > 0 else { return [] }
    var values: [Value] = []
    values.reserveCapacity(count)
    for index in 0..<count {
      if let pointer = list[index] { values.append(try make(UnsafePointer(pointer))) }
    }
    return values
  }

  @usableFromInline static func invalidText(_ field: StaticString) -> DecodeError {
    DecodeError(.invalidText, "\(field) is not valid UTF-8")
  }
}
