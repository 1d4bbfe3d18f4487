internal import GRPC
public import TallyMessages

/// One message of a report's stream: a header, rows, or a trailer, in fields 1, 2 and 3.
public protocol ReportPart: Message {
  /// One row.
  associatedtype Row: Message
  /// The row's count columns in ascending number, whose sums stand in the trailer.
  static var countColumns: [CountColumn] { get }
  var rows: [Row] { get }
}

/// What a report is asked with; its call and its parts belong to it.
public protocol ReportRequest: Message {
  /// What comes back.
  associatedtype Part: ReportPart
  /// The name of the call in ReportService.
  static var call: String { get }
  var tenant: String { get set }
  var options: ReportOptions? { get set }
}

/// A column of counts: its name in the trailer, and its field number in the row.
public struct CountColumn: Sendable, Equatable {
  let name: String
  let number: Int

  /// As in reports.proto.
  public init(_ name: String, _ number: Int) {
    self.name = name
    self.number = number
  }
}

extension GroupUsersRequest: ReportRequest {
  public typealias Part = GroupUsersResponse
  public static var call: String { "GroupUsers" }
}

extension GroupUsersResponse: ReportPart {
  public static let countColumns = [
    CountColumn("publications", 6), CountColumn("comments", 7), CountColumn("reactions", 8),
  ]
}

extension GroupsRequest: ReportRequest {
  public typealias Part = GroupsResponse
  public static var call: String { "Groups" }
}

extension GroupsResponse: ReportPart {
  public static let countColumns = [
    CountColumn("publications", 3), CountColumn("comments", 4), CountColumn("reactions", 5),
  ]
}

extension CourseActivitiesRequest: ReportRequest {
  public typealias Part = CourseActivitiesResponse
  public static var call: String { "CourseActivities" }
}

extension CourseActivitiesResponse: ReportPart {
  public static let countColumns = [
    CountColumn("views", 4), CountColumn("likes", 5), CountColumn("learned_something", 6),
    CountColumn("outdated", 7), CountColumn("have_a_question", 8), CountColumn("comments", 9),
    CountColumn("downloads", 10),
  ]
}

extension CoursesRequest: ReportRequest {
  public typealias Part = CoursesResponse
  public static var call: String { "Courses" }
}

extension CoursesResponse: ReportPart {
  public static let countColumns = [
    CountColumn("documents", 11), CountColumn("cheat_sheets", 12), CountColumn("questions", 13),
    CountColumn("views", 17), CountColumn("likes", 18), CountColumn("learned_something", 19),
    CountColumn("outdated", 20), CountColumn("have_a_question", 21), CountColumn("useful", 22),
    CountColumn("irrelevant", 23), CountColumn("comments", 24),
  ]
}

extension UsersBehindRequest: ReportRequest {
  public typealias Part = UsersBehindResponse
  public static var call: String { "UsersBehind" }
}

extension UsersBehindResponse: ReportPart {
  public static let countColumns = [CountColumn("count", 5)]
}

extension TallyClient {
  /// Asks for a report and waits for its header.
  ///
  /// A server that cannot be reached is tried again, until it begins to answer. A report that
  /// breaks later goes on by itself.
  ///
  /// - Parameters:
  ///   - request: its tenant, if empty, becomes the client's.
  ///   - consistency: what to do if it breaks and the store has moved on meanwhile.
  public func report<Request: ReportRequest>(
    _ request: Request, consistency: ReportConsistency = .oneSnapshot
  ) async throws(TallyError) -> Report<Request.Part> {
    var request = request
    if request.tenant.isEmpty { request.tenant = tenant }
    let calls = ReportCalls(request, channel, readOptions)
    return Report(stream: try await ReportStream(calls, consistency))
  }

  /// A row for every current member of a group.
  ///
  /// - Parameter role: only members who hold it.
  public func groupUsers(
    group: String, role: Role? = nil, options: ReportOptions? = nil,
    consistency: ReportConsistency = .oneSnapshot
  ) async throws(TallyError) -> Report<GroupUsersResponse> {
    try await report(
      GroupUsersRequest(options: options, groupId: group, role: role), consistency: consistency)
  }

  /// A row for every group that is not deleted.
  ///
  /// - Parameter includeSubgroups: count the learners of all groups below, too, each once.
  public func groups(
    includeSubgroups: Bool = false, options: ReportOptions? = nil,
    consistency: ReportConsistency = .oneSnapshot
  ) async throws(TallyError) -> Report<GroupsResponse> {
    try await report(
      GroupsRequest(options: options, includeSubgroups: includeSubgroups),
      consistency: consistency)
  }

  /// A row for every activity now in a course.
  public func courseActivities(
    course: String, options: ReportOptions? = nil, consistency: ReportConsistency = .oneSnapshot
  ) async throws(TallyError) -> Report<CourseActivitiesResponse> {
    try await report(
      CourseActivitiesRequest(options: options, courseId: course), consistency: consistency)
  }

  /// A row for every course.
  ///
  /// - Parameters:
  ///   - ids: only these courses.
  ///   - path: only the courses of this path.
  public func courses(
    ids: [String] = [], path: String? = nil, options: ReportOptions? = nil,
    consistency: ReportConsistency = .oneSnapshot
  ) async throws(TallyError) -> Report<CoursesResponse> {
    try await report(
      CoursesRequest(options: options, courseIds: ids, pathId: path), consistency: consistency)
  }

  /// The users behind one number of an activity's or a course's row.
  public func usersBehind(
    _ target: UsersBehindRequest.Target, action: Action, options: ReportOptions? = nil,
    consistency: ReportConsistency = .oneSnapshot
  ) async throws(TallyError) -> Report<UsersBehindResponse> {
    try await report(
      UsersBehindRequest(options: options, target: target, action: action),
      consistency: consistency)
  }

  /// Counts the rows of a report as they come and checks nothing: what the wire alone can do.
  package func countRows(_ request: some ReportRequest) async throws(TallyError) -> Int {
    var request = request
    if request.tenant.isEmpty { request.tenant = tenant }
    let call = channel.serverStreaming(
      path(of: request), request.messageBytes(), options: readOptions)
    var rows = 0
    do throws(RPCError) {
      while let parts = try await call.take() {
        for part in parts {
          part.withUnsafeBytes { bytes in
            var fields = FieldScanner(bytes)
            while let field = fields.next() {
              if field.number == 2 { rows += 1 }
            }
          }
        }
      }
    } catch {
      throw TallyError(error, from: channel.endpoint)
    }
    return rows
  }

  private func path<Request: ReportRequest>(of request: Request) -> String {
    "/tally.v1.ReportService/\(Request.call)"
  }
}
