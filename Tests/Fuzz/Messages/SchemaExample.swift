@testable internal import Protobuf

/// A message with every field set, in JSON, made from its descriptor.
enum SchemaExample {
  static func json(of message: MessageSchema, in schema: Schema) -> [UInt8] {
    Array(text(of: message, in: schema, depth: 0).utf8)
  }

  private static func text(of message: MessageSchema, in schema: Schema, depth: Int) -> String {
    switch message.form {
    case .timestamp: return "\"2024-03-01T10:00:00.5Z\""
    case .duration: return "\"1.5s\""
    case .object: break
    }
    var oneofs: Set<Int> = []
    var fields: [String] = []
    for field in message.fields {
      if let oneof = field.oneof, !oneofs.insert(oneof).inserted { continue }
      if depth > 3, field.kind == .message { continue }
      let value = text(of: field, in: schema, depth: depth)
      fields.append("\"\(field.jsonName)\":" + (field.isRepeated ? "[\(value),\(value)]" : value))
    }
    return "{\(fields.joined(separator: ","))}"
  }

  private static func text(of field: FieldSchema, in schema: Schema, depth: Int) -> String {
    switch field.kind {
    case .string: "\"é\\n\(field.number)\""
    case .bytes: "\"AQID\""
    case .bool: "true"
    case .message: text(of: schema.messages[field.type], in: schema, depth: depth + 1)
    case .enum: "1"
    case .int64, .uint64, .fixed64, .sfixed64, .sint64: "\"\(field.number + 300)\""
    default: "\(field.number + 1)"
    }
  }
}
