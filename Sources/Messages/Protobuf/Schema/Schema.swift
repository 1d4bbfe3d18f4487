/// What a set of descriptors says: the fields of messages, the names in enums, files and services.
///
/// Made from a `google.protobuf.FileDescriptorSet`; JSON and reflection work from it.
package struct Schema: Sendable {
  package internal(set) var files: [FileSchema] = []
  package internal(set) var messages: [MessageSchema] = []
  package internal(set) var enums: [EnumSchema] = []
  var messageIndexes: [String: Int] = [:]
  var enumIndexes: [String: Int] = [:]
  var fileIndexes: [String: Int] = [:]
  /// The file that declares a name: a message, field, enum, value, service or method.
  var symbolFiles: [String: Int] = [:]

  /// The message of this full name, such as `tally.v1.Event`.
  package func message(_ fullName: String) -> MessageSchema? {
    messageIndexes[fullName].map { messages[$0] }
  }

  /// The file of this name, such as `tally/v1/events.proto`.
  package func file(_ name: String) -> FileSchema? { fileIndexes[name].map { files[$0] } }

  /// The file that declares a full name: of a message, field, enum, value, service or method.
  package func file(declaring symbol: String) -> FileSchema? {
    symbolFiles[symbol].map { files[$0] }
  }

  /// The full names of all services, in order.
  package var services: [String] { files.flatMap(\.services).sorted() }
}

/// One .proto file.
package struct FileSchema: Sendable {
  /// Such as `tally/v1/events.proto`.
  package internal(set) var name = ""
  package internal(set) var package = ""
  /// The names of the files that it imports.
  package internal(set) var imports: [String] = []
  /// The full names of its services.
  package internal(set) var services: [String] = []
  /// The encoded `google.protobuf.FileDescriptorProto`.
  package internal(set) var descriptor: [UInt8] = []
}

/// One message.
package struct MessageSchema: Sendable {
  package internal(set) var fullName = ""
  /// In the order of the file.
  package internal(set) var fields: [FieldSchema] = []
  /// Fields by both of their names in JSON.
  var fieldIndexes: [String: Int] = [:]
  /// Fields by number; empty places are -1.
  var numberIndexes: [Int] = []
  var form = Form.object

  /// How the message looks in JSON.
  enum Form: Sendable {
    case object
    case timestamp
    case duration
  }

  func field(number: Int) -> FieldSchema? {
    guard numberIndexes.indices.contains(number), numberIndexes[number] >= 0 else { return nil }
    return fields[numberIndexes[number]]
  }
}

/// One field.
package struct FieldSchema: Sendable {
  /// As in the file: `occurred_at`.
  package internal(set) var name = ""
  /// As in JSON: `occurredAt`.
  package internal(set) var jsonName = ""
  package internal(set) var number = 0
  package internal(set) var isRepeated = false
  package internal(set) var kind = Kind.string
  /// The place of the field's message or enum in the schema.
  var type = 0
  var typeName = ""
  var oneof: Int?

  /// The numbers are those of `google.protobuf.FieldDescriptorProto.Type`.
  package enum Kind: Int, Sendable {
    case int64 = 3
    case uint64 = 4
    case int32 = 5
    case fixed64 = 6
    case fixed32 = 7
    case bool = 8
    case string = 9
    case message = 11
    case bytes = 12
    case uint32 = 13
    case `enum` = 14
    case sfixed32 = 15
    case sfixed64 = 16
    case sint32 = 17
    case sint64 = 18
  }
}

/// One enum.
package struct EnumSchema: Sendable {
  package internal(set) var fullName = ""
  package internal(set) var names: [Int32: String] = [:]
  package internal(set) var numbers: [String: Int32] = [:]
}
