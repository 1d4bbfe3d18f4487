/// How often a report may break, and how long to wait then. No I/O.
struct ReportRecovery {
  /// Attempts without a new row.
  static let maxAttempts = 6
  /// Times that all rows come anew.
  static let maxStarts = 5

  private var attempts = 0
  private var starts = 0
  private var rows: UInt64?
  private var backoff = Backoff()

  /// How long to wait before the next attempt; `nil` if there have been enough.
  ///
  /// - Parameters:
  ///   - rows: that have come so far: with one more the attempts begin anew.
  ///   - asked: what the server asks to wait.
  mutating func nextPause(rows: UInt64, asked: Duration?) -> Duration? {
    if self.rows != rows {
      attempts = 0
      backoff.reset()
    }
    self.rows = rows
    guard attempts < Self.maxAttempts else { return nil }
    attempts += 1
    return max(backoff.next(), asked ?? .zero)
  }

  /// Whether the report may start once more from its first row.
  mutating func mayStartAgain() -> Bool {
    guard starts < Self.maxStarts else { return false }
    starts += 1
    return true
  }
}
