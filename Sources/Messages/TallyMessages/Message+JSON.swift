public import Protobuf

extension Message {
  /// Reads canonical protobuf JSON: one object, and nothing but blanks around it.
  ///
  /// - Throws: What is wrong, at which line and column: also a field that the message does not
  ///   have, or has twice.
  /// - Source: protobuf.dev/programming-guides/json.
  public init(json text: UnsafeRawBufferPointer) throws(JSONError) {
    let wire = try Descriptors.schema.wire(ofJSON: text, as: Self.schema)
    do throws(DecodeError) {
      try self.init(decoding: wire)
    } catch {
      // The reader checks text and fits numbers, so this is a message beyond the memory limit.
      throw JSONError(error.message)
    }
  }

  /// Reads canonical protobuf JSON.
  public init(json text: some Sequence<UInt8>) throws(JSONError) {
    let outcome = Array(text).withUnsafeBytes { text in
      Result { () throws(JSONError) in try Self(json: text) }
    }
    self = try outcome.get()
  }

  /// Canonical protobuf JSON, without blanks: fields in ascending number, defaults left out.
  ///
  /// - Throws: For a time out of the range that JSON has a form for, 0001 to 9999.
  public func json() throws(JSONError) -> [UInt8] {
    let outcome = encoded().withUnsafeBytes { wire in
      Result { () throws(JSONError) in try Descriptors.schema.json(ofWire: wire, as: Self.schema) }
    }
    return try outcome.get()
  }

  private static var schema: MessageSchema {
    guard let schema = Descriptors.schema.message(fullName) else {
      preconditionFailure("\(fullName) is in no descriptor")
    }
    return schema
  }
}
