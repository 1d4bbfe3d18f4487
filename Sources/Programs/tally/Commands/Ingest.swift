internal import ArgumentParser
internal import TallyClient
internal import TallyMessages

/// `tally ingest`
struct Ingest: AsyncParsableCommand {
  static let configuration = CommandConfiguration(
    abstract: "Sends event files to the server.",
    discussion: """
      A file holds one event a line in protobuf's JSON, or length-delimited protobuf; either may \
      be gzip. What a file is shows in its first bytes, not in its name; - is standard input. The \
      order of events means nothing, and sending them again is harmless.

      A bad line is named and does not stop the rest. Exit code: 0 if every event was taken, 1 if \
      one was refused or could not be read or sent.
      """)

  /// When a batch is answered.
  enum AnswerName: String, CaseIterable, ExpressibleByArgument {
    case durable, applied
  }

  @Argument(help: "Event files.", completion: .file())
  var files: [String]

  @Option(help: ArgumentHelp("Events sent together, 1 to 10000.", valueName: "events"))
  var batchSize = 1_000

  @Option(
    help: ArgumentHelp(
      "applied: in the reports, with counts of what changed; durable: on disk, which is sooner.",
      valueName: "when"))
  var answer = AnswerName.applied

  @Flag(help: "Let the server judge every event, and change nothing.")
  var dryRun = false

  @Option(help: ArgumentHelp("Refused events shown one by one.", valueName: "count"))
  var show = 20

  @Flag(name: [.short, .long], help: "No progress.")
  var quiet = false

  @OptionGroup var connection: ConnectionOptions

  func validate() throws {
    if !(1...IngestBatch.mostEvents).contains(batchSize) {
      throw ValidationError("--batch-size is 1 to \(IngestBatch.mostEvents).")
    }
  }

  func run() async throws {
    let client = try connection.connect()
    var options = IngestOptions()
    options.answer = answer == .durable ? .durable : .applied
    options.isDryRun = dryRun
    if let limit = connection.timeout?.duration { options.giveUpAfter = min(limit, .seconds(60)) }
    var summary = IngestSummary(shownRefusals: show)
    let start = ContinuousClock.now
    let upload = EventUpload(files: files, batchSize: batchSize, quiet: quiet)
    await client.ingest(options) { session in
      await upload.run(session, &summary)
    }
    await client.close()
    summary.elapsed = ContinuousClock.now - start
    print(summary.lines(isDryRun: dryRun).joined(separator: "\n"))
    if !summary.isClean { throw ExitCode(1) }
  }
}
