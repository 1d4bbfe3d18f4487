internal import ArgumentParser
internal import TallyClient
internal import TallyMessages

/// `tally-bench courses`
struct CoursesBench: AsyncParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "courses",
    abstract: "Streams the report of all courses and says how fast it came.",
    discussion: """
      Without --decode rows are counted, added up and digested as bytes; with it each becomes a \
      value, as for any user of TallyClient.
      """)

  @Flag(help: "Make a value of every row.")
  var decode = false

  @Flag(help: "Only count rows: no sums, no digest.")
  var count = false

  @Option(help: ArgumentHelp("How often; the fastest and the median count.", valueName: "times"))
  var runs = 5

  @OptionGroup var server: ServerOptions

  func validate() throws {
    if runs < 1 { throw ValidationError("--runs is at least 1.") }
    if count && decode { throw ValidationError("--count and --decode exclude each other.") }
  }

  func run() async throws {
    let client = try server.connect()
    var times: [Double] = []
    var rows = 0
    for _ in 0..<runs {
      let start = ContinuousClock.now
      rows = try await readReport(client)
      times.append((ContinuousClock.now - start).seconds)
    }
    await client.close()
    times.sort()
    let median = times[times.count / 2]
    var figures = Figures()
    figures.add("rows", rows)
    figures.add("median", median, "s")
    figures.add("fastest", times[0], "s")
    figures.add("median rate", (Double(rows) / median).rounded(), "rows/s")
    figures.add("best rate", (Double(rows) / times[0]).rounded(), "rows/s")
    print(figures.text(json: server.json))
  }

  private func readReport(_ client: TallyClient) async throws -> Int {
    if count { return try await client.countRows(CoursesRequest()) }
    let report = try await client.courses()
    var rows = 0
    if decode {
      for try await part in report.parts { rows += part.count }
    } else {
      while let part = try await report.nextPartCount() { rows += part }
    }
    return rows
  }
}
