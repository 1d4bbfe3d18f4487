internal import ArgumentParser
internal import TallyStore

/// The event log's settings on the command line.
struct LogSettings: ParsableArguments {
  /// What a header and some batches need, and what offsets in a record can say.
  private static let segmentBytes = 64 << 10...1 << 30

  @Option(help: "Size of a file of the log, 64K to 1G. New files only: a change harms nothing.")
  var logSegmentSize = ByteCount(bytes: StoreOptions().logSegmentBytes)

  func validate() throws {
    guard Self.segmentBytes.contains(logSegmentSize.bytes) else {
      throw ValidationError(
        "--log-segment-size is \(logSegmentSize.bytes) bytes: give 64K to 1G")
    }
  }

  func set(_ options: inout StoreOptions) {
    options.logSegmentBytes = logSegmentSize.bytes
  }
}
