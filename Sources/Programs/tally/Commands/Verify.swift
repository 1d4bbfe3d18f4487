internal import ArgumentParser
internal import TallyClient
internal import TallyMessages

/// `tally verify`
struct Verify: AsyncParsableCommand {
  static let configuration = CommandConfiguration(
    abstract: "Lets the server recount its store from the facts.",
    discussion: """
      Writes one line for each difference, and a last one with the numbers; progress goes to \
      standard error. The server goes on serving. All tenants are checked unless --tenant says one.

      Exit code 1 if differences remain.
      """)

  @Flag(help: "Put right what is derived from sound facts. Facts are never changed.")
  var repair = false

  @Flag(help: "Write each difference and the summary as a line of JSON.")
  var json = false

  @Flag(help: "Show no progress.")
  var quiet = false

  @OptionGroup var connection: ConnectionOptions

  func run() async throws {
    let client = try connection.connect(usually: nil)
    let result = await check(with: client)
    await client.close()
    if try result.get().remaining > 0 { throw ExitCode(1) }
  }

  private func check(with client: TallyClient) async -> Result<VerifySummary, CommandError> {
    var progress = Progress(look: Progress.fitting(quiet: quiet), things: "records")
    defer { progress.clear() }
    do {
      let check = client.verify(ofTenant: connection.tenant != nil, repair: repair)
      for try await part in check {
        if case .progress(let news) = part {
          show(news, &progress)
          continue
        }
        progress.clear()
        print(json ? try Self.json(part) : Self.line(part))
        if case .summary(let summary) = part { return .success(summary) }
      }
      return .failure(CommandError(code: .server, message: "the check ended without a summary"))
    } catch let error as CommandError {
      return .failure(error)
    } catch let error as TallyError {
      return .failure(error.forPeople)
    } catch {
      return .failure(CommandError(code: .server, message: "\(error)"))
    }
  }

  private func show(_ news: VerifyProgress, _ progress: inout Progress) {
    progress.things = Self.things(news)
    progress.update(
      Progress.State(
        done: news.done, total: news.total > 0 ? news.total : nil, count: news.done))
  }

  private static func things(_ news: VerifyProgress) -> String {
    let again = news.again ? " again" : ""
    return switch news.step {
    case .copying: "bytes copied\(again)"
    case .log: "bytes of the log\(again)"
    case .repairing: "repairing"
    default: "records\(again)"
    }
  }

  private static func json(_ part: VerifyResponse.Part) throws(CommandError) -> String {
    String(decoding: try VerifyResponse(part: part).jsonLine(), as: UTF8.self)
  }

  /// A line for people.
  static func line(_ part: VerifyResponse.Part) -> String {
    switch part {
    case .progress: ""
    case .difference(let difference): text(difference)
    case .repaired(let difference): "repaired: " + text(difference)
    case .summary(let summary):
      "\(grouped(summary.records)) records and \(grouped(summary.logEvents)) logged events at "
        + "revision \(grouped(summary.revision?.position ?? 0)): "
        + "\(grouped(summary.differences)) differences, \(grouped(summary.repaired)) repaired, "
        + "\(grouped(summary.remaining)) remain"
    }
  }

  private static func text(_ difference: VerifyDifference) -> String {
    let tenant = difference.tenant.isEmpty ? "" : "\(difference.tenant): "
    let table = difference.table.isEmpty ? "" : "\(difference.table) "
    return "\(name(of: difference.kind)): \(tenant)\(table)\(difference.key): "
      + "is \(difference.stored); should be \(difference.expected)"
  }

  private static func name(of kind: DifferenceKind) -> String {
    switch kind {
    case .wrong: "wrong"
    case .missing: "missing"
    case .extra: "extra"
    case .damaged: "damaged"
    case .reference: "reference"
    case .sum: "sum"
    case .stale: "stale"
    case .crash: "crash"
    default: "difference \(kind.rawValue)"
    }
  }
}
