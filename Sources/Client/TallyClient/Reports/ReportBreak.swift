/// What a report shows if it breaks, goes on, and the store has moved on meanwhile.
public enum ReportConsistency: Sendable, Equatable {
  /// All rows are of one revision: the report starts again. Only who reads `Report.steps` can be
  /// told to forget the rows so far; for others it ends with `.revisionMoved`.
  case oneSnapshot
  /// The report goes on behind the last row: what comes is newer than what came.
  case newest
}

/// A connection that was lost in the middle of a report, and what became of the report.
public struct ReportBreak: Sendable, Equatable {
  /// How the report goes on.
  public enum Outcome: Sendable, Equatable {
    /// Behind the last row, in the same snapshot: nobody would notice.
    case sameRevision
    /// Behind the last row, at a newer revision: the report mixes them.
    case newerRevision
    /// From the first row, at a newer revision: the rows so far are void.
    case startedAgain
  }

  /// What failed.
  public let cause: TallyError
  /// How the report goes on.
  public let outcome: Outcome
  /// Rows that had come.
  public let rowsBefore: UInt64
}

/// What comes next of a report.
public enum ReportStep<Row: Sendable>: Sendable {
  /// At least one row.
  case rows([Row])
  /// The connection was lost, and the report goes on. After `.startedAgain` all rows come anew.
  case wentOn(ReportBreak)
}
