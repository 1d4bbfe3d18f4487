/// Where each message and enum of all files is found in Swift.
///
/// `tally.v1` has plain names; every other package is a namespace: `Google.Protobuf.Timestamp`.
struct Types {
  static let plainPackage = "tally.v1"

  private var names: [String: String] = [:]
  private var messages: [String: Message] = [:]

  init(_ files: [File]) {
    for file in files {
      for message in file.messages { add(message, in: Self.namespace(of: file.package)) }
      for enumeration in file.enums { add(enumeration, in: Self.namespace(of: file.package)) }
    }
    for name in messages.keys { refuseRecursion(name, within: []) }
  }

  static func namespace(of package: String) -> String {
    if package == plainPackage { return "" }
    return package.split(separator: ".").map { Names.upperCamel(String($0)) }.joined(separator: ".")
  }

  func swiftName(_ fullName: String) -> String {
    guard let name = names[fullName] else { fail("\(fullName) is in no file") }
    return name
  }

  private mutating func add(_ message: Message, in scope: String) {
    let name = scope.isEmpty ? message.name : scope + "." + message.name
    names[message.fullName] = name
    messages[message.fullName] = message
    for nested in message.messages { add(nested, in: name) }
    for nested in message.enums { add(nested, in: name) }
  }

  private mutating func add(_ enumeration: Enum, in scope: String) {
    names[enumeration.fullName] =
      scope.isEmpty ? enumeration.name : scope + "." + enumeration.name
  }

  /// protobuf-c unpacks by recursion and bounds it nowhere: what cannot nest cannot be abused.
  private func refuseRecursion(_ name: String, within outer: [String]) {
    if outer.contains(name) { fail("\(name) contains itself; recursive messages are not used") }
    for field in messages[name]?.fields ?? [] where field.type == .message {
      refuseRecursion(field.typeName, within: outer + [name])
    }
  }
}

/// The enums that hold the packages' types.
func namespaces(of files: [File], _ options: Options) -> (name: String, content: String) {
  var names: Set<String> = []
  for file in files {
    let parts = Types.namespace(of: file.package).split(separator: ".")
    for count in parts.indices { names.insert(parts[...count].joined(separator: ".")) }
  }
  var source = Source()
  source.header()
  if let beside = options.beside {
    source.line()
    source.line("public import \(beside)")
  }
  for name in names.subtracting(options.declared).sorted() {
    let parts = name.split(separator: ".")
    let scope = parts.dropLast().joined(separator: ".")
    source.line()
    if scope.isEmpty {
      source.line("/// The packages of \(name.lowercased()).")
      source.line("public enum \(name) {}")
    } else {
      source.block("extension \(scope) {") {
        $0.line("/// The types of \(name.lowercased()).")
        $0.line("public enum \(parts.last ?? "") {}")
      }
    }
  }
  return ("Namespaces.swift", source.text)
}
