internal import ArgumentParser
internal import Glibc
internal import TallyMessages

/// `tally-bench generate`
struct Generate: AsyncParsableCommand {
  static let configuration = CommandConfiguration(
    abstract: "Writes a data set as an event file.",
    discussion: "Such a file is what `tally ingest` reads.")

  /// What an event file holds.
  enum Format: String, CaseIterable, ExpressibleByArgument {
    /// Length-delimited protobuf.
    case protobuf
    /// A line of JSON an event.
    case json
  }

  @OptionGroup var dataSet: DataSetOptions

  @Option(help: "protobuf (length-delimited) or json (a line an event).")
  var format = Format.protobuf

  @Option(
    name: [.short, .long], help: "The file to write; - is standard output.", completion: .file())
  var output = "-"

  func run() async throws {
    let descriptor =
      output == "-" ? STDOUT_FILENO : open(output, O_CREAT | O_TRUNC | O_WRONLY | O_CLOEXEC, 0o666)
    guard descriptor >= 0 else { throw failure() }
    let events = DataSet(dataSet)
    var bytes: [UInt8] = []
    for number in 0..<events.count {
      let event = events.event(number)
      switch format {
      case .protobuf: append(event.encoded(), to: &bytes)
      case .json:
        bytes += try event.json()
        bytes.append(UInt8(ascii: "\n"))
      }
      if bytes.count > 1 << 20 { try write(&bytes, to: descriptor) }
    }
    try write(&bytes, to: descriptor)
    if close(descriptor) != 0 { throw failure() }
  }

  private func append(_ event: [UInt8], to bytes: inout [UInt8]) {
    var length = event.count
    while length >= 0x80 {
      bytes.append(UInt8(length & 0x7F) | 0x80)
      length >>= 7
    }
    bytes.append(UInt8(length))
    bytes += event
  }

  private func write(_ bytes: inout [UInt8], to descriptor: Int32) throws {
    var rest = bytes[...]
    while !rest.isEmpty {
      let count = rest.withUnsafeBytes { Glibc.write(descriptor, $0.baseAddress, $0.count) }
      if count < 0 { throw failure() }
      rest = rest.dropFirst(count)
    }
    bytes.removeAll(keepingCapacity: true)
  }

  private func failure() -> any Error {
    ValidationError("cannot write '\(output)': \(String(cString: strerror(errno)))")
  }
}
