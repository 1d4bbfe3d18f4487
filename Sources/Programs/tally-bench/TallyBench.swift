internal import ArgumentParser

/// Load and latency: makes data sets, sends them, reads them back, and says how fast.
@main
struct TallyBench: AsyncParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "tally-bench",
    abstract: "Makes data sets, and measures a Tally server with them.",
    discussion: """
      The same options always make the same events.

        tally-bench generate --events 1000000 --ids random -o events.pb
        tally-bench ingest --events 1000000 --batch 100 --answer durable --ids time
        tally-bench ingest --events 4000000 --courses 1000000 --batch 1000
        tally-bench courses
        tally-bench courses --decode
      """,
    subcommands: [Generate.self, IngestBench.self, CoursesBench.self])
}
