/// The Swift file of one .proto file: `tally/v1/events.proto` becomes `tally.v1.events.swift`.
struct FileGenerator {
  var file: File
  var types: Types
  var options = Options()

  func generate() -> (name: String, content: String) {
    var source = Source()
    source.header()
    source.line()
    let scope = Types.namespace(of: file.package)
    imports(in: &source, scope: scope)
    if scope.isEmpty {
      declare(in: &source)
    } else {
      source.line()
      source.block("extension \(scope) {") { declare(in: &$0) }
    }
    for service in file.services {
      ServiceGenerator(service: service, types: types)
        .declareMethods(in: &source, namespace: scope)
    }
    for message in file.messages { code(message, in: &source) }
    let parts = file.name.dropLast(".proto".count).split(separator: "/")
    return (parts.joined(separator: ".") + ".swift", source.text)
  }

  private func imports(in source: inout Source, scope: String) {
    let hasMessages = !file.messages.isEmpty
    if hasMessages {
      source.line("package import CProtobufC")
      source.line("internal import \(options.cModule)")
    }
    if !file.services.isEmpty { source.line("package import GRPC") }
    if hasMessages { source.line("public import Protobuf") }
    guard let beside = options.beside else { return }
    let isExtended = options.declared.contains { scope.hasPrefix($0 + ".") }
    if isExtended, hasMessages {
      source.line("public import \(beside)")
    } else if isExtended || !file.services.isEmpty {
      source.line("package import \(beside)")
    }
  }

  private func declare(in source: inout Source) {
    for enumeration in file.enums {
      source.line()
      EnumGenerator(enumeration: enumeration).declare(in: &source)
    }
    for message in file.messages {
      source.line()
      MessageGenerator(message: message, types: types).declare(in: &source)
    }
    for service in file.services {
      ServiceGenerator(service: service, types: types).declare(in: &source)
    }
  }

  private func code(_ message: Message, in source: inout Source) {
    MessageGenerator(message: message, types: types).code(in: &source)
    for nested in message.messages { code(nested, in: &source) }
  }
}

/// An open enum: a struct around the number, so that a number nobody knows yet stays what it is.
struct EnumGenerator {
  var enumeration: Enum

  func declare(in source: inout Source) {
    source.doc(enumeration.comment, else: "An enum of \(enumeration.fullName).")
    source.block("public struct \(enumeration.name): OpenEnum {") { source in
      source.line("public var rawValue: Int32")
      source.line("public init(rawValue: Int32) { self.rawValue = rawValue }")
      for value in enumeration.values {
        source.line()
        source.doc(value.comment, else: "`\(value.name)`")
        let name = Names.declared(Names.value(value.name, of: enumeration.name))
        source.line("public static let \(name) = Self(rawValue: \(value.number))")
      }
    }
  }
}
