/// The Swift value of one message: its declaration, and its code to and from the wire.
struct MessageGenerator {
  var message: Message
  var types: Types

  /// A stored property: a field, or a oneof that stands where its first member does.
  private enum Property {
    case field(Field)
    case oneof(Oneof, members: [Field])
  }

  private var properties: [Property] {
    var seen: Set<Int> = []
    return message.fields.compactMap { field in
      guard let index = field.oneof, !field.isOptional else { return .field(field) }
      guard seen.insert(index).inserted else { return nil }
      let members = message.fields.filter { $0.oneof == index }
      return .oneof(message.oneofs[index], members: members)
    }
  }

  // MARK: Declaration

  func declare(in source: inout Source) {
    source.doc(message.comment, else: "`\(message.fullName)`")
    source.block("public struct \(message.name): Message {") { source in
      source.line("public static let fullName = \"\(message.fullName)\"")
      for property in properties {
        source.line()
        switch property {
        case .field(let field):
          source.doc(field.comment, else: "Field \(field.number), `\(field.name)`.")
        case .oneof(let oneof, _): source.doc(oneof.comment, else: "One of `\(oneof.name)`.")
        }
        source.line("public var \(Names.declared(name(property))): \(type(property))")
      }
      declareOneofs(in: &source)
      for enumeration in message.enums {
        source.line()
        EnumGenerator(enumeration: enumeration).declare(in: &source)
      }
      for nested in message.messages {
        source.line()
        MessageGenerator(message: nested, types: types).declare(in: &source)
      }
      declareInit(in: &source)
    }
  }

  private func declareOneofs(in source: inout Source) {
    for case .oneof(let oneof, let members) in properties {
      source.line()
      source.doc(oneof.comment, else: "One of `\(oneof.name)`.")
      source.block("public enum \(Names.upperCamel(oneof.name)): Sendable, Equatable {") { source in
        for member in members {
          source.doc(member.comment, else: "Field \(member.number), `\(member.name)`.")
          let name = Names.declared(Names.lowerCamel(member.name))
          source.line("case \(name)(\(elementType(member)))")
        }
      }
    }
  }

  private func declareInit(in source: inout Source) {
    source.line()
    source.line("/// What is left out is unset, empty or 0.")
    if properties.isEmpty { return source.line("public init() {}") }
    source.line("public init(")
    for (index, property) in properties.enumerated() {
      let comma = index + 1 < properties.count ? "," : ""
      let name = Names.declared(name(property))
      source.line("  \(name): \(type(property)) = \(unset(property))\(comma)")
    }
    source.block(") {") { source in
      for property in properties {
        let name = Names.declared(name(property))
        source.line("self.\(name) = \(name)")
      }
    }
  }

  private func name(_ property: Property) -> String {
    switch property {
    case .field(let field): Names.lowerCamel(field.name)
    case .oneof(let oneof, _): Names.lowerCamel(oneof.name)
    }
  }

  private func type(_ property: Property) -> String {
    switch property {
    case .oneof(let oneof, _): Names.upperCamel(oneof.name) + "?"
    case .field(let field) where field.isRepeated: "[\(elementType(field))]"
    case .field(let field) where field.isOptional || field.type == .message:
      elementType(field) + "?"
    case .field(let field): elementType(field)
    }
  }

  private func elementType(_ field: Field) -> String {
    switch field.type {
    case .string: "String"
    case .bytes: "[UInt8]"
    case .bool: "Bool"
    case .int32, .sint32, .sfixed32: "Int32"
    case .int64, .sint64, .sfixed64: "Int64"
    case .uint32, .fixed32: "UInt32"
    case .uint64, .fixed64: "UInt64"
    case .message, .enum: types.swiftName(field.typeName)
    }
  }

  private func unset(_ property: Property) -> String {
    switch property {
    case .oneof: "nil"
    case .field(let field) where field.isRepeated: "[]"
    case .field(let field) where field.isOptional || field.type == .message: "nil"
    case .field(let field):
      switch field.type {
      case .string: "\"\""
      case .bytes: "[]"
      case .bool: "false"
      case .enum: "\(elementType(field))(rawValue: 0)"
      default: "0"
      }
    }
  }

  // MARK: Code

  func code(in source: inout Source) {
    source.line()
    source.block("extension \(types.swiftName(message.fullName)) {") { source in
      decodingCode(in: &source)
      source.line()
      source.line("public var encodedSize: Int {")
      source.line("  var size = SizeCount()")
      source.line("  encode(to: &size)")
      source.line("  return size.count")
      source.line("}")
      source.line()
      source.line("public func encode(into out: inout WireWriter) { encode(to: &out) }")
      source.line()
      source.block("private func encode(to out: inout some FieldSink) {") { source in
        encodingCode(in: &source)
      }
    }
  }

  private func decodingCode(in source: inout Source) {
    let c = Names.cType(message.fullName)
    source.line("/// What protobuf-c knows of the message.")
    source.line("package static var cDescriptor: UnsafePointer<ProtobufCMessageDescriptor> {")
    source.line("  var c = \(c)()")
    source.line("  \(Names.cFunctions(message.fullName))__init(&c)")
    source.line("  return c.base.descriptor")
    source.line("}")
    source.line()
    source.line("public init(decoding bytes: UnsafeRawBufferPointer) throws(DecodeError) {")
    source.line("  self = try Arena(unpacking: bytes, as: Self.cDescriptor).read(Self.init)")
    source.line("}")
    source.line()
    source.block("init(_ c: UnsafePointer<\(c)>) throws(DecodeError) {") { source in
      for property in properties {
        let target = "self.\(name(property))"
        switch property {
        case .field(let field): source.line("\(target) = \(decoded(field))")
        case .oneof(let oneof, let members):
          source.block("switch c.pointee.\(Names.cField(oneof.name))_case.rawValue {") { source in
            for member in members {
              let name = Names.lowerCamel(member.name)
              let value = element(member)
              if member.type == .message {
                source.line("case \(member.number): \(target) = \(value).map { .\(name)($0) }")
              } else {
                source.line("case \(member.number): \(target) = .\(name)(\(value))")
              }
            }
            source.line("default: \(target) = nil")
          }
        }
      }
    }
  }

  private func decoded(_ field: Field) -> String {
    let c = "c.pointee.\(Names.cField(field.name))"
    if field.isOptional && field.type != .message {
      return "c.pointee._\(Names.cField(field.name))_case.rawValue == \(field.number)"
        + " ? \(element(field)) : nil"
    }
    guard field.isRepeated else { return element(field) }
    let count = "c.pointee.n_\(field.name.lowercased())"
    switch field.type {
    case .string: return "try Unpacked.texts(\(count), \(c), \"\(message.fullName).\(field.name)\")"
    case .bytes: return "Unpacked.blobs(\(count), \(c))"
    case .message: return "try Unpacked.messages(\(count), \(c), \(elementType(field)).init)"
    case .bool: return "Unpacked.numbers(\(count), \(c)) { $0 != 0 }"
    case .enum:
      return
        "Unpacked.numbers(\(count), \(c)) { "
        + ".init(rawValue: Int32(truncatingIfNeeded: $0.rawValue)) }"
    default: return "Unpacked.numbers(\(count), \(c)) { $0 }"
    }
  }

  private func element(_ field: Field) -> String {
    let c = "c.pointee.\(Names.cField(field.name))"
    switch field.type {
    case .string: return "try Unpacked.text(\(c), \"\(message.fullName).\(field.name)\")"
    case .bytes: return "Unpacked.blob(\(c))"
    case .message:
      if field.isOptional {
        return "c.pointee._\(Names.cField(field.name))_case.rawValue == \(field.number)"
          + " ? try Unpacked.message(\(c), \(elementType(field)).init) : nil"
      }
      return "try Unpacked.message(\(c), \(elementType(field)).init)"
    case .bool: return "\(c) != 0"
    case .enum: return ".init(rawValue: Int32(truncatingIfNeeded: \(c).rawValue))"
    default: return c
    }
  }

  /// Fields in ascending number; a oneof whose numbers stand together is one switch.
  private func encodingCode(in source: inout Source) {
    let fields = message.fields.sorted { $0.number < $1.number }
    var index = 0
    while index < fields.count {
      let field = fields[index]
      guard let oneof = field.oneof, !field.isOptional else {
        encodingCode(field, in: &source)
        index += 1
        continue
      }
      let members = fields[index...].prefix { $0.oneof == oneof && !$0.isOptional }
      let name = Names.lowerCamel(message.oneofs[oneof].name)
      let isWhole = message.fields.filter { $0.oneof == oneof }.count == members.count
      source.block("switch \(Names.declared(name)) {") { source in
        for member in members {
          let write = "\(encoder(member))(\(member.number), \(wire(member, "value")))"
          source.line("case .\(Names.lowerCamel(member.name))(let value)?: out.\(write)")
        }
        source.line(isWhole ? "case nil: break" : "default: break")
      }
      index += members.count
    }
  }

  private func encodingCode(_ field: Field, in source: inout Source) {
    let name = Names.declared(Names.lowerCamel(field.name))
    let write = "out.\(encoder(field))(\(field.number), "
    if field.isRepeated {
      switch field.type {
      case .string, .bytes, .message: source.line("for value in \(name) { \(write)value) }")
      default: source.line("out.packed(\(field.number), \(name)) { \(wire(field, "$0")) }")
      }
    } else if field.isOptional || field.type == .message {
      source.line("if let value = \(name) { \(write)\(wire(field, "value"))) }")
    } else {
      let isSet =
        switch field.type {
        case .string, .bytes: "!\(name).isEmpty"
        case .bool: name
        case .enum: "\(name).rawValue != 0"
        default: "\(name) != 0"
        }
      source.line("if \(isSet) { \(write)\(wire(field, name))) }")
    }
  }

  private func encoder(_ field: Field) -> String {
    switch field.type {
    case .string: "text"
    case .bytes: "blob"
    case .message: "message"
    case .fixed32, .sfixed32: "fixed32"
    case .fixed64, .sfixed64: "fixed64"
    default: "varint"
    }
  }

  /// The field's value as the number that the wire holds.
  private func wire(_ field: Field, _ value: String) -> String {
    switch field.type {
    case .bool: "\(value) ? 1 : 0"
    case .int32: "UInt64(bitPattern: Int64(\(value)))"
    case .int64: "UInt64(bitPattern: \(value))"
    case .uint32: "UInt64(\(value))"
    case .enum: "UInt64(bitPattern: Int64(\(value).rawValue))"
    case .sint32, .sint64: "zigzag(Int64(\(value)))"
    case .sfixed32: "UInt32(bitPattern: \(value))"
    case .sfixed64: "UInt64(bitPattern: \(value))"
    default: value
    }
  }
}
