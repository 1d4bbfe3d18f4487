public import TallyMessages

/// The rows of one report, in the server's order, from one snapshot.
///
/// Iterating ends normally only if every row arrived as it was sent: the trailer must be there, say
/// `complete`, and agree with the number, the sums and the digest of the rows. Else it throws, and
/// what came before is not a report. It can be iterated once; leaving it early cancels the call.
public struct Report<Part: ReportPart>: AsyncSequence {
  /// What the report has rows of.
  public typealias Row = Part.Row
  public typealias Element = Row
  public typealias Failure = TallyError

  let stream: ReportStream<Part>

  /// The snapshot, and how many rows will come: enough for a progress bar.
  public var header: ReportHeader { stream.header }

  /// Sums and digest; `nil` until the last row was read.
  public var trailer: ReportTrailer? { stream.trailer }

  /// The rows as they came, some hundreds at a time: faster than one by one.
  public var parts: Parts { Parts(stream: stream) }

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

  /// How many rows the next part has, checked like any other but not decoded; `nil` after the last.
  package func nextPartCount() async throws(TallyError) -> Int? {
    try await stream.nextPartCount()
  }
}
