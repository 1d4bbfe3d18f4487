internal import Glibc

/// A protoc plugin: reads a CodeGeneratorRequest from stdin, writes the Swift layer to stdout.
/// With the argument `for-c` it turns one descriptor set into another; see DescriptorsForC.
@main struct Program {
  static func main() {
    let input = readInput()
    switch CommandLine.arguments.dropFirst().first {
    case "for-c": write(DescriptorsForC.rewrite(set: input))
    case let argument?: fail("'\(argument)' is not known; the one argument there is is for-c")
    case nil: write(respond(to: input))
    }
  }

  private static func respond(to request: [UInt8]) -> [UInt8] {
    var wanted: Set<String> = []
    var files: [File] = []
    var options = Options()
    for field in WireFields(request[...]) {
      switch field.number {
      case 1: wanted.insert(field.text)
      case 2: options = Options(parameter: field.text)
      case 15: files.append(DescriptorReader.file(field.bytes))
      default: break
      }
    }
    let types = Types(files)
    var out = WireOutput()
    // FEATURE_PROTO3_OPTIONAL
    out.number(2, 1)
    let generated = files.filter { wanted.contains($0.name) }
    for file in generated.map({
      FileGenerator(file: $0, types: types, options: options).generate()
    })
      + [namespaces(of: generated, options)]
    {
      var entry = WireOutput()
      entry.bytes(1, file.name.utf8)
      entry.bytes(15, file.content.utf8)
      out.bytes(15, entry.bytes)
    }
    return out.bytes
  }

  private static func readInput() -> [UInt8] {
    var input: [UInt8] = []
    var chunk = [UInt8](repeating: 0, count: 65536)
    while true {
      let count = read(0, &chunk, chunk.count)
      if count < 0 { fail("stdin cannot be read: \(errno)") }
      if count == 0 { return input }
      input += chunk[..<count]
    }
  }

  private static func write(_ bytes: [UInt8]) {
    var rest = bytes[...]
    while !rest.isEmpty {
      let count = rest.withUnsafeBytes { Glibc.write(1, $0.baseAddress, $0.count) }
      if count < 0 { fail("stdout cannot be written: \(errno)") }
      rest = rest.dropFirst(count)
    }
  }
}

/// Says what is wrong and ends the program; protoc then fails.
func fail(_ message: String) -> Never {
  let line = Array("protoc-gen-tally: \(message)\n".utf8)
  _ = line.withUnsafeBytes { write(2, $0.baseAddress, $0.count) }
  exit(1)
}
