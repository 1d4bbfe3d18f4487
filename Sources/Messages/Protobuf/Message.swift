/// A protobuf message as an owned Swift value. Scripts/generate writes the types.
/// `==` compares text as Swift does, by Unicode's equivalence; compare `encoded()` for bytes.
///
/// Decoding follows proto3: unknown fields are dropped, unknown numbers of enums are kept, of a
/// field that comes twice the last stands, and text is checked to be UTF-8 (it may hold NUL: that
/// is for the checks of fields to refuse). Unlike Google's parsers, a known field with another
/// wire type fails the message, and so do a group and a single message that comes in two parts.
public protocol Message: Sendable, Equatable {
  /// The name in protobuf, such as `tally.v1.Event`.
  static var fullName: String { get }

  /// Decodes one message from all of `bytes`.
  init(decoding bytes: UnsafeRawBufferPointer) throws(DecodeError)

  /// The count of bytes that `encode(into:)` writes.
  var encodedSize: Int { get }

  /// Writes the wire form: fields in ascending number, defaults left out. The same value always
  /// gives the same bytes.
  func encode(into out: inout WireWriter)
}

extension Message {
  /// Decodes one message from all of `bytes`.
  public init(decoding bytes: [UInt8]) throws(DecodeError) {
    let result = bytes.withUnsafeBytes { bytes in
      Result { () throws(DecodeError) in try Self(decoding: bytes) }
    }
    self = try result.get()
  }

  /// The wire form.
  public func encoded() -> [UInt8] {
    let size = encodedSize
    return [UInt8](unsafeUninitializedCapacity: size) { buffer, count in
      count = encode(to: UnsafeMutableRawBufferPointer(buffer))
    }
  }

  /// Writes the wire form at the start of `buffer`, which has room for `encodedSize` bytes.
  ///
  /// - Returns: The count of bytes written.
  @discardableResult
  public func encode(to buffer: UnsafeMutableRawBufferPointer) -> Int {
    var writer = WireWriter(buffer)
    encode(into: &writer)
    return writer.count
  }
}

/// An enum of protobuf: any number is a value, whether it has a name yet or not.
public protocol OpenEnum: RawRepresentable, Hashable, Sendable where RawValue == Int32 {
  init(rawValue: Int32)
}
