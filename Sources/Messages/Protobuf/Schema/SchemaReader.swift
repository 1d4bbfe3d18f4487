/// Reads a `google.protobuf.FileDescriptorSet`, as protoc writes it.
struct SchemaReader {
  private var schema = Schema()

  static func schema(of descriptorSet: UnsafeRawBufferPointer) throws(DecodeError) -> Schema {
    var reader = SchemaReader()
    var set = WireReader(descriptorSet)
    while let part = try set.next() {
      if part.field == 1, case .bytes(let file) = part.value { try reader.file(file) }
    }
    try reader.link()
    return reader.schema
  }

  private mutating func file(_ bytes: UnsafeRawBufferPointer) throws(DecodeError) {
    let index = schema.files.count
    var file = FileSchema(descriptor: [UInt8](bytes))
    var reader = WireReader(bytes)
    while let part = try reader.next() {
      guard case .bytes(let value) = part.value else { continue }
      switch part.field {
      case 1: file.name = Self.text(value)
      case 2: file.package = Self.text(value)
      case 3: file.imports.append(Self.text(value))
      default: break
      }
    }
    reader = WireReader(bytes)
    while let part = try reader.next() {
      guard case .bytes(let value) = part.value else { continue }
      switch part.field {
      case 4: try message(value, in: file.package, file: index)
      case 5: try enumeration(value, in: file.package, file: index)
      case 6: file.services.append(try service(value, in: file.package, file: index))
      default: break
      }
    }
    schema.fileIndexes[file.name] = index
    schema.files.append(file)
  }

  private mutating func message(
    _ bytes: UnsafeRawBufferPointer, in scope: String, file: Int
  ) throws(DecodeError) {
    var message = MessageSchema(fullName: scope + "." + (try Self.name(bytes)))
    switch message.fullName {
    case "google.protobuf.Timestamp": message.form = .timestamp
    case "google.protobuf.Duration": message.form = .duration
    default: break
    }
    var reader = WireReader(bytes)
    while let part = try reader.next() {
      guard case .bytes(let value) = part.value else { continue }
      switch part.field {
      case 2: add(try Self.field(value), to: &message, file: file)
      case 3: try self.message(value, in: message.fullName, file: file)
      case 4: try enumeration(value, in: message.fullName, file: file)
      default: break
      }
    }
    guard message.fields.count <= Set64.capacity else {
      throw DecodeError(.malformed, "\(message.fullName) has more fields than JSON is read for")
    }
    schema.symbolFiles[message.fullName] = file
    schema.messageIndexes[message.fullName] = schema.messages.count
    schema.messages.append(message)
  }

  private mutating func add(_ field: FieldSchema, to message: inout MessageSchema, file: Int) {
    let index = message.fields.count
    message.fields.append(field)
    message.fieldIndexes[field.jsonName] = index
    message.fieldIndexes[field.name] = index
    while message.numberIndexes.count <= field.number { message.numberIndexes.append(-1) }
    message.numberIndexes[field.number] = index
    schema.symbolFiles[message.fullName + "." + field.name] = file
  }

  private static func field(_ bytes: UnsafeRawBufferPointer) throws(DecodeError) -> FieldSchema {
    var field = FieldSchema()
    var reader = WireReader(bytes)
    while let part = try reader.next() {
      switch (part.field, part.value) {
      case (1, .bytes(let value)): field.name = text(value)
      case (3, .number(let value)): field.number = Int(value)
      case (4, .number(let value)): field.isRepeated = value == 3
      case (5, .number(let value)):
        guard let kind = FieldSchema.Kind(rawValue: Int(value)) else {
          throw DecodeError(.malformed, "\(field.name) has type \(value), which is not used here")
        }
        field.kind = kind
      case (6, .bytes(let value)): field.typeName = String(text(value).dropFirst())
      case (9, .number(let value)): field.oneof = Int(value)
      case (10, .bytes(let value)): field.jsonName = text(value)
      default: break
      }
    }
    return field
  }

  private mutating func enumeration(
    _ bytes: UnsafeRawBufferPointer, in scope: String, file: Int
  ) throws(DecodeError) {
    var result = EnumSchema(fullName: scope + "." + (try Self.name(bytes)))
    var reader = WireReader(bytes)
    while let part = try reader.next() {
      guard part.field == 2, case .bytes(let bytes) = part.value else { continue }
      let name = try Self.name(bytes)
      var number: Int32 = 0
      var value = WireReader(bytes)
      while let part = try value.next() {
        if part.field == 2, case .number(let raw) = part.value {
          number = Int32(truncatingIfNeeded: raw)
        }
      }
      result.numbers[name] = number
      if result.names[number] == nil { result.names[number] = name }
      // The values of an enum are named in the scope around it.
      schema.symbolFiles[scope + "." + name] = file
    }
    schema.symbolFiles[result.fullName] = file
    schema.enumIndexes[result.fullName] = schema.enums.count
    schema.enums.append(result)
  }

  private mutating func service(
    _ bytes: UnsafeRawBufferPointer, in scope: String, file: Int
  ) throws(DecodeError) -> String {
    let fullName = scope + "." + (try Self.name(bytes))
    schema.symbolFiles[fullName] = file
    var reader = WireReader(bytes)
    while let part = try reader.next() {
      guard part.field == 2, case .bytes(let method) = part.value else { continue }
      schema.symbolFiles[fullName + "." + (try Self.name(method))] = file
    }
    return fullName
  }

  /// Fields name their types; from here on they know their places.
  private mutating func link() throws(DecodeError) {
    for message in schema.messages.indices {
      for index in schema.messages[message].fields.indices {
        let field = schema.messages[message].fields[index]
        let type: Int?
        switch field.kind {
        case .message: type = schema.messageIndexes[field.typeName]
        case .enum: type = schema.enumIndexes[field.typeName]
        default: type = 0
        }
        guard let type else {
          throw DecodeError(.malformed, "\(field.typeName) is in none of the descriptors")
        }
        schema.messages[message].fields[index].type = type
      }
    }
  }

  /// Field 1 is the name in every descriptor.
  private static func name(_ bytes: UnsafeRawBufferPointer) throws(DecodeError) -> String {
    var reader = WireReader(bytes)
    while let part = try reader.next() {
      if part.field == 1, case .bytes(let value) = part.value { return text(value) }
    }
    return ""
  }

  private static func text(_ bytes: UnsafeRawBufferPointer) -> String {
    String(decoding: bytes, as: UTF8.self)
  }
}

extension Schema {
  /// Reads an encoded `google.protobuf.FileDescriptorSet`.
  package init(descriptorSet: UnsafeRawBufferPointer) throws(DecodeError) {
    self = try SchemaReader.schema(of: descriptorSet)
  }
}
