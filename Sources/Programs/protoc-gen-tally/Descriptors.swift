/// What google/protobuf/descriptor.proto says of one .proto file, as far as the generator needs it.
struct File {
  var name = ""
  var package = ""
  var messages: [Message] = []
  var enums: [Enum] = []
  var services: [Service] = []
}

struct Message {
  var name = ""
  /// `tally.v1.Event`
  var fullName = ""
  var comment = ""
  var fields: [Field] = []
  var oneofs: [Oneof] = []
  var messages: [Message] = []
  var enums: [Enum] = []
}

struct Field {
  var name = ""
  var comment = ""
  var number = 0
  var isRepeated = false
  var type = FieldType.string
  /// The full name of the field's message or enum.
  var typeName = ""
  var oneof: Int?
  /// Written `optional`: its oneof is only a way to say so.
  var isOptional = false
}

struct Oneof {
  var name = ""
  var comment = ""
}

struct Enum {
  var name = ""
  var fullName = ""
  var comment = ""
  var values: [(name: String, number: Int32, comment: String)] = []
}

struct Service {
  var name = ""
  var fullName = ""
  var comment = ""
  var methods: [Method] = []
}

struct Method {
  var name = ""
  var comment = ""
  var input = ""
  var output = ""
  var clientStreams = false
  var serverStreams = false
}

/// The numbers are those of FieldDescriptorProto.Type; a type that is not here is refused.
enum FieldType: Int {
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

/// Reads descriptors; the comments of a file come last in it, so they are collected first.
struct DescriptorReader {
  private var comments: [[Int]: String] = [:]

  static func file(_ bytes: ArraySlice<UInt8>) -> File {
    var reader = DescriptorReader()
    reader.readComments(bytes)
    var file = File()
    for field in WireFields(bytes) {
      switch field.number {
      case 1: file.name = field.text
      case 2: file.package = field.text
      default: break
      }
    }
    for field in WireFields(bytes) {
      switch field.number {
      case 4:
        let path = [4, file.messages.count]
        file.messages.append(reader.message(field.bytes, in: file.package, path))
      case 5:
        file.enums.append(reader.enumeration(field.bytes, in: file.package, [5, file.enums.count]))
      case 6:
        let path = [6, file.services.count]
        file.services.append(reader.service(field.bytes, in: file.package, path))
      case 12 where field.text != "proto3": fail("\(file.name) is not proto3")
      default: break
      }
    }
    return file
  }

  private mutating func readComments(_ file: ArraySlice<UInt8>) {
    for info in WireFields(file) where info.number == 9 {
      for location in WireFields(info.bytes) where location.number == 1 {
        var path: [Int] = []
        var leading = ""
        var trailing = ""
        for field in WireFields(location.bytes) {
          switch field.number {
          case 1: path = packedNumbers(field.bytes)
          case 3: leading = field.text
          case 4: trailing = field.text
          default: break
          }
        }
        comments[path] = leading.isEmpty ? trailing : leading
      }
    }
  }

  private func message(_ bytes: ArraySlice<UInt8>, in scope: String, _ path: [Int]) -> Message {
    var message = Message(comment: comments[path] ?? "")
    for field in WireFields(bytes) where field.number == 1 { message.name = field.text }
    message.fullName = scope + "." + message.name
    // google.protobuf.Any: Swift keeps that name for itself.
    if message.name == "Any" { message.name = "AnyMessage" }
    for field in WireFields(bytes) {
      switch field.number {
      case 2:
        message.fields.append(self.field(field.bytes, path + [2, message.fields.count]))
      case 3:
        let nested = path + [3, message.messages.count]
        message.messages.append(self.message(field.bytes, in: message.fullName, nested))
      case 4:
        let nested = path + [4, message.enums.count]
        message.enums.append(enumeration(field.bytes, in: message.fullName, nested))
      case 8:
        var oneof = Oneof(comment: comments[path + [8, message.oneofs.count]] ?? "")
        for part in WireFields(field.bytes) where part.number == 1 { oneof.name = part.text }
        message.oneofs.append(oneof)
      default: break
      }
    }
    return message
  }

  private func field(_ bytes: ArraySlice<UInt8>, _ path: [Int]) -> Field {
    var result = Field(comment: comments[path] ?? "")
    for field in WireFields(bytes) {
      switch field.number {
      case 1: result.name = field.text
      case 3: result.number = field.number64
      case 4: result.isRepeated = field.number64 == 3
      case 5:
        guard let type = FieldType(rawValue: field.number64) else {
          fail("\(result.name): type \(field.number64) is not supported; teach it to the generator")
        }
        result.type = type
      case 6: result.typeName = String(field.text.dropFirst())
      case 9: result.oneof = field.number64
      case 17: result.isOptional = field.number64 != 0
      default: break
      }
    }
    return result
  }

  private func enumeration(_ bytes: ArraySlice<UInt8>, in scope: String, _ path: [Int]) -> Enum {
    var result = Enum(comment: comments[path] ?? "")
    for field in WireFields(bytes) {
      switch field.number {
      case 1: result.name = field.text
      case 2:
        let comment = comments[path + [2, result.values.count]] ?? ""
        var value = (name: "", number: Int32(0), comment: comment)
        for part in WireFields(field.bytes) {
          if part.number == 1 { value.name = part.text }
          if part.number == 2 { value.number = Int32(truncatingIfNeeded: part.number64) }
        }
        result.values.append(value)
      default: break
      }
    }
    result.fullName = scope + "." + result.name
    return result
  }

  private func service(_ bytes: ArraySlice<UInt8>, in scope: String, _ path: [Int]) -> Service {
    var service = Service(comment: comments[path] ?? "")
    for field in WireFields(bytes) {
      switch field.number {
      case 1: service.name = field.text
      case 2:
        var method = Method(comment: comments[path + [2, service.methods.count]] ?? "")
        for part in WireFields(field.bytes) {
          switch part.number {
          case 1: method.name = part.text
          case 2: method.input = String(part.text.dropFirst())
          case 3: method.output = String(part.text.dropFirst())
          case 5: method.clientStreams = part.number64 != 0
          case 6: method.serverStreams = part.number64 != 0
          default: break
          }
        }
        service.methods.append(method)
      default: break
      }
    }
    service.fullName = scope + "." + service.name
    return service
  }
}
