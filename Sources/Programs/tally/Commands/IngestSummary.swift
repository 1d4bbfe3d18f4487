internal import TallyMessages

/// What became of the events of an ingest.
struct IngestSummary {
  /// Where an event came from.
  struct Place: Equatable, CustomStringConvertible {
    let file: String
    let line: Int

    var description: String { "\(file):\(line)" }
  }

  /// Refusals beyond this many are counted and not shown.
  let shownRefusals: Int
  var elapsed = Duration.zero
  private(set) var fileCount = 0
  private(set) var sent = 0
  private(set) var taken: UInt64 = 0
  private var applied: UInt64?
  private var duplicate: UInt64 = 0
  private var superseded: UInt64 = 0
  private var unreadable = 0
  private var refusedByReason: [(reason: String, count: Int)] = []
  private var refusalCount = 0
  /// Events that were sent and of which nobody knows what became.
  private var lost = 0
  private var failures: [String] = []

  init(shownRefusals: Int) {
    self.shownRefusals = shownRefusals
  }

  /// Whether every event was read and taken.
  var isClean: Bool { unreadable == 0 && refusalCount == 0 && lost == 0 && failures.isEmpty }

  mutating func addFile() {
    fileCount += 1
  }

  /// A line that is no event.
  ///
  /// - Returns: the line to show, unless too many were shown.
  mutating func addUnreadable(at place: Place, _ why: String) -> String? {
    unreadable += 1
    return shown("\(place): cannot be read: \(why)")
  }

  /// The answer to one batch.
  ///
  /// - Returns: the lines to show.
  mutating func add(_ answer: IngestResponse, places: [Place]) -> [String] {
    sent += places.count
    taken += answer.taken
    if let count = answer.applied { applied = (applied ?? 0) + count }
    duplicate += answer.duplicate ?? 0
    superseded += answer.superseded ?? 0
    var lines: [String] = []
    for verdict in answer.verdicts {
      if verdict.reason == .duplicate || verdict.reason == .superseded { continue }
      count(Self.name(of: verdict.reason))
      let index = Int(verdict.index)
      let place = places.indices.contains(index) ? "\(places[index])" : "event \(index)"
      let field = verdict.field.isEmpty ? "" : "\(verdict.field): "
      if let line = shown("\(place): refused: \(field)\(verdict.message)") { lines.append(line) }
    }
    return lines
  }

  /// A file, or the connection, that failed.
  mutating func addFailure(_ message: String) {
    if !failures.contains(message) { failures.append(message) }
  }

  /// A batch without an answer.
  mutating func addLost(_ count: Int) {
    lost += count
  }

  /// The summary, line for line.
  func lines(isDryRun: Bool) -> [String] {
    let rate = elapsed.seconds > 0 ? Int(Double(sent) / elapsed.seconds) : 0
    let files = fileCount == 1 ? "1 file" : "\(grouped(fileCount)) files"
    var lines = [
      "\(grouped(sent)) events from \(files) in \(durationText(elapsed)), \(grouped(rate))/s"
    ]
    let verb = isDryRun ? "would be taken" : "taken"
    if let applied {
      lines.append(
        "\(verb): \(grouped(taken)) (\(grouped(applied)) changed something, "
          + "\(grouped(duplicate)) stored already, \(grouped(superseded)) older than stored)")
    } else {
      lines.append("\(verb): \(grouped(taken))")
    }
    for (reason, count) in refusedByReason {
      lines.append("refused: \(grouped(count)) (\(reason))")
    }
    if unreadable > 0 { lines.append("not read: \(grouped(unreadable)) lines that are no event") }
    if lost > 0 {
      lines.append(
        "not answered: \(grouped(lost)) events; send the files again, which is harmless")
    }
    let hidden = refusalCount + unreadable - shownRefusals
    if hidden > 0 {
      lines.append("not shown: \(grouped(hidden)) lines; --show \(refusalCount + unreadable)")
    }
    return lines + failures.map { "failed: \($0)" }
  }

  private mutating func count(_ reason: String) {
    refusalCount += 1
    if let index = refusedByReason.firstIndex(where: { $0.reason == reason }) {
      refusedByReason[index].count += 1
    } else {
      refusedByReason.append((reason, 1))
    }
  }

  private func shown(_ line: String) -> String? {
    refusalCount + unreadable <= shownRefusals ? line.withoutControls : nil
  }

  private static func name(of reason: VerdictReason) -> String {
    switch reason {
    case .noFact: "no fact that the server knows"
    case .missing: "a required field is missing"
    case .conflict: "fields that exclude each other"
    case .tooLong: "too long, or too many"
    case .invalidText: "text that is not valid"
    case .invalidValue: "a value that is not allowed"
    case .timeOutOfRange: "a time outside its range"
    default: "reason \(reason.rawValue)"
    }
  }
}
