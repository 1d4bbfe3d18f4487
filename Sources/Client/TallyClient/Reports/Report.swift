public import TallyMessages

/// The rows of one report, in the server's order, from one snapshot.
///
/// Iterating ends normally only if every row arrived as it was sent: the trailer must be there, say
/// `complete`, and agree with the number, the sums and the digest of the rows. Else it throws, and
/// what came before is not a report. It can be iterated once; leaving it early cancels the call.
///
/// A report whose connection is lost goes on by itself, behind the last row that came; what it
/// shows then is the caller's choice (``ReportConsistency``), and ``breaks`` tells of it.
public struct Report<Part: ReportPart>: AsyncSequence {
  /// What the report has rows of.
  public typealias Row = Part.Row
  public typealias Element = Row
  public typealias Failure = TallyError

  let stream: ReportStream<Part>

  /// The snapshot, and how many rows there are in all: enough for a progress bar. Another one after
  /// a break that did not end at the same revision.
  public var header: ReportHeader { stream.header }

  /// Sums and digest; `nil` until the last row was read. Of a report that broke and went on: of all
  /// its rows.
  public var trailer: ReportTrailer? { stream.trailer }

  /// How often the connection was lost, and how the report went on.
  public var breaks: [ReportBreak] { stream.breaks }

  /// Whether the rows that came are of different revisions: only with `.newest`.
  public var mixesRevisions: Bool { stream.mixesRevisions }

  /// The rows as they came, some hundreds at a time: faster than one by one.
  public var parts: Parts { Parts(stream: stream) }

  /// The rows as they came, and each break: for who can begin again.
  public var steps: Steps { Steps(stream: stream) }

  public func makeAsyncIterator() -> Iterator { Iterator(stream: stream) }

  /// One row after the other.
  public struct Iterator: AsyncIteratorProtocol {
    let stream: ReportStream<Part>
    private var part: [Row] = []
    private var next = 0

    init(stream: ReportStream<Part>) {
      self.stream = stream
    }

    public mutating func next() async throws(TallyError) -> Row? {
      if next == part.count {
        guard let more = try await stream.nextPart() else { return nil }
        part = more
        next = 0
      }
      defer { next += 1 }
      return part[next]
    }
  }

  /// Rows in parts.
  public struct Parts: AsyncSequence, AsyncIteratorProtocol {
    public typealias Element = [Row]
    public typealias Failure = TallyError

    let stream: ReportStream<Part>

    public func makeAsyncIterator() -> Parts { self }

    /// The next rows, at least one; `nil` after the last.
    public mutating func next() async throws(TallyError) -> [Row]? {
      try await stream.nextPart()
    }
  }

  /// Rows in parts, and breaks.
  public struct Steps: AsyncSequence, AsyncIteratorProtocol {
    public typealias Element = ReportStep<Row>
    public typealias Failure = TallyError

    let stream: ReportStream<Part>

    public func makeAsyncIterator() -> Steps { self }

    /// The next step; `nil` after the last row.
    public mutating func next() async throws(TallyError) -> ReportStep<Row>? {
      try await stream.nextStep()
    }
  }

  /// How many rows the next part has, checked like any other but not decoded; `nil` after the last.
  package func nextPartCount() async throws(TallyError) -> Int? {
    try await stream.nextPartCount()
  }
}
