public import TallyMessages

/// A report that can be watched.
public protocol WatchableRequest: ReportRequest {
  /// The report in a request of Watch.
  var watched: WatchRequest.Report { get }
  /// The rows of this report that an answer has.
  static func rows(of response: WatchResponse) -> [Part.Row]
}

extension CoursesRequest: WatchableRequest {
  public var watched: WatchRequest.Report { .courses(self) }
  public static func rows(of response: WatchResponse) -> [CourseRow] { response.courses }
}

extension CourseActivitiesRequest: WatchableRequest {
  public var watched: WatchRequest.Report { .courseActivities(self) }
  public static func rows(of response: WatchResponse) -> [CourseActivityRow] {
    response.courseActivities
  }
}

extension GroupUsersRequest: WatchableRequest {
  public var watched: WatchRequest.Report { .groupUsers(self) }
  public static func rows(of response: WatchResponse) -> [GroupUserRow] { response.groupUsers }
}

/// What a watch tells, in the order in which it is to be applied.
public enum WatchEvent<Row: Message>: Sendable, Equatable {
  /// A row that is new, changed, or as it was.
  case row(Row)
  /// The row with this id left the report, if it was in it.
  case gone(id: String)
  /// All rows, as they are now, are the report of the mark's revision.
  case mark(WatchMark)
  /// All rows are to be dropped: the whole report follows.
  case startOver(StartOver)
}

/// Why a watch starts over.
public enum StartOver: Sendable, Equatable {
  /// A user was erased since.
  case erasure
  /// The path that selects the courses changed since, or may have.
  case selection
  /// The server now has another store, or one that was restored from a backup.
  case otherStore
  /// The connection was lost before the first mark.
  case interrupted
  /// A reason that this client does not know yet.
  case unknown
}

/// A report kept up to date: its rows that changed, then those that change. It ends only by an
/// error, or when its task is cancelled.
///
/// A connection that is lost is made again, and the watch goes on from the last mark, so that rows
/// may come twice; between two marks rows and ids can be applied as they come. It can be iterated
/// once; leaving it ends the call.
///
/// ```swift
/// for try await event in client.watch(CoursesRequest()) {
///   switch event {
///   case .row(let row): rows[row.courseId] = row
///   case .gone(let id): rows[id] = nil
///   case .mark(let mark): keep(rows, mark.revision)
///   case .startOver: rows = [:]
///   }
/// }
/// ```
public struct Watch<Request: WatchableRequest>: AsyncSequence {
  public typealias Element = WatchEvent<Request.Part.Row>
  public typealias Failure = TallyError

  let stream: WatchStream<Request>

  public func makeAsyncIterator() -> Iterator { Iterator(stream: stream) }

  /// One event after the other.
  public struct Iterator: AsyncIteratorProtocol {
    let stream: WatchStream<Request>

    /// - Throws: `notFound` for what the directory does not know, or no longer; `wrongStore` and
    ///   `outOfRange` for a first revision that is not of this store; `unavailable` if the server
    ///   cannot be reached again within `retryFor`.
    public mutating func next() async throws(TallyError) -> WatchEvent<Request.Part.Row>? {
      try await stream.next()
    }
  }
}

extension TallyClient {
  /// Watches a report.
  ///
  /// - Parameters:
  ///   - request: its tenant, if empty, becomes the client's; its options must be left out.
  ///   - since: the revision of the rows at hand: a mark's, or that of a report's header. `nil`:
  ///     there are none, and all rows come first.
  ///   - timeout: how long to watch; then it throws `deadlineExceeded`. `nil`: as long as it goes.
  public func watch<Request: WatchableRequest>(
    _ request: Request, since: Revision? = nil, timeout: Duration? = nil
  ) -> Watch<Request> {
    var request = request
    if request.tenant.isEmpty { request.tenant = tenant }
    let end = timeout.map { ContinuousClock.now + $0 }
    return Watch(stream: WatchStream(request, since: since, until: end, client: self))
  }
}
