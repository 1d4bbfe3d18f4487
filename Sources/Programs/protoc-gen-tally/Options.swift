/// What protoc's `--tally_out` says in front of the folder: `c=CTestMessages,declared=Grpc:folder`.
struct Options {
  /// The module of the C structs: `c`.
  var cModule = "CTallyMessages"
  /// The Swift module that generated code leans on beside GRPC and Protobuf: `beside`.
  var beside: String?
  /// Namespaces that the module beside declares, so that they are only extended: `declared`.
  var declared: Set<String> = []

  init() {}

  init(parameter: String) {
    for part in parameter.split(separator: ",") {
      let name = part.prefix { $0 != "=" }
      let value = String(part.dropFirst(name.count + 1))
      switch name {
      case "c": cModule = value
      case "beside": beside = value
      case "declared": declared.insert(value)
      default: fail("the option '\(name)' is not known; there are c, beside and declared")
      }
    }
  }
}
