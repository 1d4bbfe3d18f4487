internal import Glibc

/// The chosen target. Written once by `LLVMFuzzerInitialize`, before the first input is run, and
/// libFuzzer runs all inputs on the thread that called it.
nonisolated(unsafe) private var target: any FuzzTarget.Type = fuzzTargets[0]

/// Reads our own arguments: libFuzzer ignores those that start with two dashes.
///
/// ```
/// --target=NAME      what is fuzzed
/// --seeds=FOLDER     writes the inputs to begin with to the folder and ends
/// --list             prints the names of all targets and ends
/// ```
@_cdecl("LLVMFuzzerInitialize")
public func initialize(
  _ count: UnsafePointer<Int32>,
  _ arguments: UnsafePointer<UnsafePointer<UnsafePointer<CChar>?>?>
) -> Int32 {
  guard let all = arguments.pointee else { return 0 }
  var folder: String?
  for index in 0..<Int(count.pointee) {
    guard let pointer = all[index] else { continue }
    let argument = String(cString: pointer)
    if argument == "--list" {
      for target in fuzzTargets { print(target.name) }
      exit(0)
    } else if argument.hasPrefix("--seeds=") {
      folder = String(argument.dropFirst("--seeds=".count))
    } else if argument.hasPrefix("--target=") {
      choose(String(argument.dropFirst("--target=".count)))
    }
  }
  if let folder {
    writeSeeds(to: folder)
    exit(0)
  }
  return 0
}

/// Runs one input.
@_cdecl("LLVMFuzzerTestOneInput")
public func testOneInput(_ start: UnsafeRawPointer?, _ count: Int) -> Int32 {
  target.run(UnsafeRawBufferPointer(start: count > 0 ? start : nil, count: count))
  return 0
}

private func choose(_ name: String) {
  for found in fuzzTargets where found.name == name {
    target = found
    return
  }
  fatalError("no fuzz target is called '\(name)': --list names them")
}

private func writeSeeds(to folder: String) {
  for (index, seed) in target.seeds().enumerated() {
    let path = "\(folder)/seed-\(index)"
    guard let file = fopen(path, "w") else { fatalError("cannot write '\(path)'") }
    let written = fwrite(seed, 1, seed.count, file)
    guard fclose(file) == 0, written == seed.count else { fatalError("cannot write '\(path)'") }
  }
}
