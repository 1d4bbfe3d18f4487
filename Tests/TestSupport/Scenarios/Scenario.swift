package import TallyModel

/// A sentence of the counting rules as data: what happened, and what the reports then show.
///
/// The same scenarios run against the naive recount, the rules of TallyModel and a real store.
package struct Scenario: Sendable, CustomStringConvertible {
  /// The sentence, in its own words.
  package let sentence: String
  /// In no order that means anything.
  package let events: [Event]
  /// Where the events before them do not matter: versions of one fact at one time.
  private let tied: [Event]
  package let checks: [Check]

  /// What one report must show.
  package struct Check: Sendable {
    let query: ReportQuery
    let expectation: Expectation

    enum Expectation: Sendable {
      /// Exactly these rows in this order, with these values in one column.
      case column(String, KeyValuePairs<String, String>)
      case refused(QueryRefusal)
    }
  }

  init(_ sentence: String, _ events: [Event], tied: [Event] = [], _ checks: Check...) {
    self.sentence = sentence
    self.events = events + tied
    self.tied = tied
    self.checks = checks
  }

  package var description: String { sentence }

  /// Section by section of rules.md.
  package static let all = versions + perUser + groups + courseActivities + courses + behind

  /// Every order of the versions that tie; without such, the order as given and backwards.
  package var orders: [[Event]] {
    guard !tied.isEmpty else { return [events, events.reversed()] }
    let others = Array(events.dropLast(tied.count))
    return Self.permutations(tied).map { others + $0 }
  }

  private static func permutations(_ events: [Event]) -> [[Event]] {
    guard events.count > 1 else { return [events] }
    return events.indices.flatMap { index in
      var others = events
      let first = others.remove(at: index)
      return permutations(others).map { [first] + $0 }
    }
  }

  /// What is not as it must be; empty if the scenario holds.
  package func failures(on source: any ReportSource) async throws -> [String] {
    var failures: [String] = []
    for check in checks {
      if let failure = try await check.failure(on: source) { failures.append(failure) }
    }
    return failures
  }
}

extension Scenario.Check {
  /// The rows of a report, by id, with one column of theirs.
  static func rows(
    _ query: ReportQuery, _ column: String, _ rows: KeyValuePairs<String, String>
  ) -> Self {
    Self(query: query, expectation: .column(column, rows))
  }

  static func refused(_ query: ReportQuery, _ refusal: QueryRefusal) -> Self {
    Self(query: query, expectation: .refused(refusal))
  }

  func failure(on source: any ReportSource) async throws -> String? {
    let found: Result<[ReportRow], QueryRefusal>
    do {
      found = .success(try await source.rows(of: query))
    } catch let refusal as QueryRefusal {
      found = .failure(refusal)
    }
    switch (expectation, found) {
    case (.refused(let expected), .failure(let refusal)) where expected == refusal:
      return nil
    case (.column(let column, let expected), .success(let rows)):
      let shown = rows.map { ReportRow(id: $0.id, cells: [column: $0.cells[column] ?? "no cell"]) }
      let wanted = expected.map { ReportRow(id: $0.key, cells: [column: $0.value]) }
      return shown == wanted ? nil : "\(query) shows \(shown), expected \(wanted)"
    case (_, .success(let rows)):
      return "\(query) shows \(rows), expected \(expectation)"
    case (_, .failure(let refusal)):
      return "\(query) is refused as \(refusal), expected \(expectation)"
    }
  }
}
