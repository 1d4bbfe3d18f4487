internal import ArgumentParser
internal import TallyClient
internal import TallyMessages

/// `tally compact`
struct Compact: AsyncParsableCommand {
  static let configuration = CommandConfiguration(
    abstract: "Lets the server compact its data file.",
    discussion: """
      The server copies the file without its free pages and goes on with the copy; it serves reads \
      and takes events meanwhile. The disk needs room for the copy. If the file's largest size \
      comes from the disk, it is set anew.

      It does so by itself, too, when more of the file is free than used, or when it is nearly as \
      large as it may become.
      """)

  @Flag(help: "Print one line of JSON.")
  var json = false

  @Flag(help: "Show no progress.")
  var quiet = false

  @OptionGroup var connection: ConnectionOptions

  func run() async throws {
    let client = try connection.connect()
    let result = await compact(with: client)
    await client.close()
    let summary = try result.get()
    print(json ? String(decoding: try summary.jsonLine(), as: UTF8.self) : Self.line(summary))
  }

  private func compact(with client: TallyClient) async -> Result<CompactSummary, CommandError> {
    let look = Progress.fitting(quiet: quiet)
    var progress = Progress(look: look, things: "bytes copied")
    var step = CompactStep.copying
    defer { progress.clear() }
    do throws(TallyError) {
      return .success(
        try await client.compact { news in
          if news.step != step {
            progress.clear()
            step = news.step
            progress = Progress(look: look, things: "batches replayed")
          }
          progress.update(
            Progress.State(done: news.done, total: news.total, count: news.done))
        })
    } catch {
      return .failure(error.forPeople)
    }
  }

  /// What changed, for a person.
  static func line(_ summary: CompactSummary) -> String {
    "\(sizeText(summary.fileSizeBefore)) before, \(sizeText(summary.fileSizeAfter)) after; "
      + "at most \(sizeText(summary.mapSizeAfter)); took \(text(summary.duration)), "
      + "reports stood still for \(text(summary.pause))"
  }

  private static func text(_ duration: Google.Protobuf.Duration?) -> String {
    guard let duration else { return durationText(.zero) }
    return durationText(.seconds(duration.seconds) + .nanoseconds(Int64(duration.nanos)))
  }
}
