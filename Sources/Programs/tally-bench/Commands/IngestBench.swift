internal import ArgumentParser
internal import TallyClient
internal import TallyMessages

/// `tally-bench ingest`
struct IngestBench: AsyncParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "ingest",
    abstract: "Sends a data set and says how fast it was taken.",
    discussion: """
      The events are made and encoded before the clock starts. Afterwards it waits until the \
      reports contain them all, and gives that rate, too.
      """)

  /// When a batch is answered.
  enum Answer: String, CaseIterable, ExpressibleByArgument {
    case durable, applied
  }

  @OptionGroup var dataSet: DataSetOptions

  @Option(help: ArgumentHelp("Events sent together.", valueName: "events"))
  var batch = 1_000

  @Option(help: ArgumentHelp("Batches under way at once.", valueName: "count"))
  var underWay = 64

  @Option(help: "durable or applied.")
  var answer = Answer.durable

  @Flag(help: "Make events while sending: less memory, and slower.")
  var stream = false

  @Option(help: ArgumentHelp("Begins behind so many events of the set.", valueName: "count"))
  var from = 0

  @Option(help: ArgumentHelp("Ends behind so many (else all).", valueName: "count"))
  var to: Int?

  @OptionGroup var server: ServerOptions

  func validate() throws {
    if from < 0 || from >= (to ?? dataSet.events) || to ?? 0 > dataSet.events {
      throw ValidationError("--from is less than --to, which is at most --events.")
    }
    if !(1...IngestBatch.mostEvents).contains(batch) {
      throw ValidationError("--batch is 1 to \(IngestBatch.mostEvents).")
    }
    if underWay < 1 { throw ValidationError("--under-way is at least 1.") }
  }

  func run() async throws {
    let events = DataSet(dataSet)
    let numbers = stride(from: from, to: to ?? events.count, by: batch)
    let made = try stream ? [] : numbers.map { try makeBatch(events, from: $0) }
    let client = try server.connect()
    let clock = ContinuousClock()
    let start = clock.now
    let outcome = try await send(client) { index in
      if !stream { return index < made.count ? made[index] : nil }
      let first = from + index * batch
      return first < to ?? events.count ? try makeBatch(events, from: first) : nil
    }
    let answered = clock.now - start
    try await waitUntilApplied(outcome.position, client)
    let applied = clock.now - start
    await client.close()
    print(figures(outcome, answered, applied).text(json: server.json))
    if outcome.refused > 0 { throw ExitCode(1) }
  }

  private func makeBatch(_ events: DataSet, from first: Int) throws -> IngestBatch {
    try IngestBatch((first..<min(first + batch, to ?? events.count)).map { events.event($0) })
  }

  // MARK: Sending

  private struct Outcome {
    var sent = 0
    var refused = 0
    var position: UInt64 = 0
    var latencies: [Double] = []
  }

  private struct Reply: Sendable {
    let count: Int
    let response: IngestResponse
    let latency: Duration
  }

  private func send(
    _ client: TallyClient, batch: (Int) throws -> IngestBatch?
  ) async throws -> Outcome {
    var options = IngestOptions()
    options.answer = answer == .durable ? .durable : .applied
    options.mostUnderWay = underWay
    let limit = underWay
    return try await client.ingest(options) { session in
      try await withThrowingTaskGroup(of: Reply.self) { group in
        var outcome = Outcome()
        var running = 0
        var index = 0
        while let next = try batch(index) {
          if running == limit, let reply = try await group.next() {
            note(reply, &outcome)
            running -= 1
          }
          group.addTask {
            let start = ContinuousClock.now
            let response = try await session.send(next)
            return Reply(
              count: next.count, response: response, latency: ContinuousClock.now - start)
          }
          running += 1
          index += 1
        }
        while let reply = try await group.next() { note(reply, &outcome) }
        return outcome
      }
    }
  }

  private func note(_ reply: Reply, _ outcome: inout Outcome) {
    outcome.sent += reply.count
    outcome.refused += reply.count - Int(reply.response.taken)
    outcome.position = max(outcome.position, reply.response.revision?.position ?? 0)
    outcome.latencies.append(reply.latency.seconds * 1_000)
  }

  private func waitUntilApplied(_ position: UInt64, _ client: TallyClient) async throws {
    while try await client.status().applied?.position ?? 0 < position {
      try await Task.sleep(for: .milliseconds(10))
    }
  }

  private func figures(_ outcome: Outcome, _ answered: Duration, _ applied: Duration) -> Figures {
    let latencies = outcome.latencies.sorted()
    var figures = Figures()
    figures.add("events", outcome.sent)
    figures.add("refused", outcome.refused)
    figures.add("batch size", batch)
    figures.add("answered in", answered.seconds, "s")
    figures.add("answered", (Double(outcome.sent) / answered.seconds).rounded(), "events/s")
    figures.add("applied in", applied.seconds, "s")
    figures.add("applied", (Double(outcome.sent) / applied.seconds).rounded(), "events/s")
    if !latencies.isEmpty {
      figures.add("batch p50", percentile(0.5, of: latencies), "ms")
      figures.add("batch p99", percentile(0.99, of: latencies), "ms")
    }
    return figures
  }
}
