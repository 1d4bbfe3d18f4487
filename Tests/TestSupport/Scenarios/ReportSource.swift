package import TallyModel

/// A question that a report answers.
package enum ReportQuery: Hashable, Sendable {
  case groupUsers(GroupID, role: Role? = nil)
  case groups(includeSubgroups: Bool = false)
  case courseActivities(CourseID)
  case courses(ids: [CourseID] = [], path: PathID? = nil)
  case behindActivity(ActivityID, Action)
  case behindCourse(CourseID, Action)
}

/// Which number of a row, as `tally.v1.Action` has them.
package enum Action: Int32, CaseIterable, Hashable, Sendable {
  case view = 1
  case like
  case learnedSomething
  case outdated
  case haveAQuestion
  case useful
  case irrelevant
  case comment
  case download

  /// As `behind.csv` and the command line write it.
  package var name: String {
    switch self {
    case .view: "VIEW"
    case .like: "LIKE"
    case .learnedSomething: "LEARNED_SOMETHING"
    case .outdated: "OUTDATED"
    case .haveAQuestion: "HAVE_A_QUESTION"
    case .useful: "USEFUL"
    case .irrelevant: "IRRELEVANT"
    case .comment: "COMMENT"
    case .download: "DOWNLOAD"
    }
  }
}

/// One row as text.
///
/// The columns are named as the fields of the row's message in `reports.proto`, but for the id.
/// Numbers are decimal; what is unset is empty; lists are joined with `|`; times are written
/// `2024-03-01T10:00:00.000Z`, types and states as in the files (`Cheat Sheet`, `Archived`), bands
/// as `RED`, `ORANGE`, `GREEN`, flags as `true` and `false`.
package struct ReportRow: Equatable, Sendable, CustomStringConvertible {
  package var id: String
  package var cells: [String: String]

  package init(id: String, cells: [String: String]) {
    self.id = id
    self.cells = cells
  }

  /// Equal to the byte: Swift's strings call é and e + accent the same.
  package static func == (left: ReportRow, right: ReportRow) -> Bool {
    left.bytes == right.bytes
  }

  private var bytes: [[UInt8]] {
    let columns = cells.keys.sorted()
    return [Array(id.utf8)] + columns.flatMap { [Array($0.utf8), Array(cells[$0]!.utf8)] }
  }

  package var description: String {
    let cells = cells.sorted { $0.key < $1.key }.map { "\($0.key): \($0.value)" }
    return "\(id)(\(cells.joined(separator: ", ")))"
  }
}

/// Why there is no report.
package enum QueryRefusal: Error, Equatable, Sendable {
  case notFound
  case invalidArgument
}

/// What answers reports over some history: the naive recount, or a real store however reached.
package protocol ReportSource: Sendable {
  /// The rows in byte order of their ids.
  ///
  /// - Throws: `QueryRefusal` where there is no such report.
  func rows(of query: ReportQuery) async throws -> [ReportRow]
}
