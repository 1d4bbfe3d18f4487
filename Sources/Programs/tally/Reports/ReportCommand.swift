internal import ArgumentParser
internal import TallyClient
internal import TallyMessages

/// A subcommand that writes one report: what to ask, and the columns.
protocol ReportCommand: AsyncParsableCommand {
  associatedtype Request: ReportRequest
  var connection: ConnectionOptions { get }
  var output: OutputOptions { get }
  var request: Request { get }
  var columns: [Column<Request.Part.Row>] { get }
}

extension ReportCommand {
  /// Asks, writes every row, and leaves no file behind if anything fails.
  func run() async throws {
    let client = try connection.connect()
    let result = await writeReport(from: client)
    await client.close()
    switch result {
    case .success: return
    // Whoever read our output has seen enough, as with any filter in a pipe.
    case .failure(let error) where error.code == .outputClosed: throw ExitCode(141)
    case .failure(let error): throw error
    }
  }

  private func writeReport(from client: TallyClient) async -> Result<Void, CommandError> {
    do throws(CommandError) {
      let file = try FileOutput(path: output.output)
      var writer = ReportWriter<Request.Part>(
        columns: columns, format: output.chosenFormat,
        csv: CSVWriter(neutralisesFormulas: output.neutraliseFormulas), output: file)
      let trailer = try await copyRows(from: client, to: &writer, quiet: file.isTerminal)
      try writer.end(trailer)
      return .success(())
    } catch {
      return .failure(error)
    }
  }

  private func copyRows(
    from client: TallyClient, to writer: inout ReportWriter<Request.Part>, quiet: Bool
  ) async throws(CommandError) -> ReportTrailer? {
    // Plain lines would only stand between those of other programs: a bar or nothing.
    var look = Progress.fitting(quiet: quiet)
    if look == .lines { look = .none }
    var progress = Progress(look: look, things: "rows")
    defer { progress.clear() }
    do {
      let report = try await client.report(
        request, consistency: output.mixRevisions ? .newest : .oneSnapshot)
      writer.begin()
      var count: UInt64 = 0
      for try await step in report.steps {
        switch step {
        case .rows(let rows):
          try writer.write(rows)
          count += UInt64(rows.count)
          progress.update(
            Progress.State(done: count, total: report.header.rowCount, count: count))
        case .wentOn(let event):
          progress.clear()
          standardError("tally: \(event.forPeople)\n")
          if event.outcome == .startedAgain {
            try writer.startAgain()
            count = 0
          }
        }
      }
      return report.trailer
    } catch let error as CommandError {
      throw error
    } catch let error as TallyError {
      throw error.forPeople
    } catch {
      throw CommandError(code: .server, message: "\(error)")
    }
  }
}

extension ReportBreak {
  /// One line about it.
  var forPeople: String {
    let lost = "the connection broke after \(grouped(rowsBefore)) rows"
    return switch outcome {
    case .sameRevision: "\(lost); went on in the same snapshot"
    case .newerRevision: "\(lost); went on at a newer revision: the rows are of several"
    case .startedAgain: "\(lost) and the store has moved on; started again for one snapshot"
    }
  }
}
