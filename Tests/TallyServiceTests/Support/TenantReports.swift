internal import CChecksum
internal import GRPC
internal import TallyMessages
internal import TallyModel
internal import TestSupport

/// The reports of one tenant as the service gives them, checked in all that goes with the rows.
struct TenantReports: ReportSource {
  let served: ServedStore
  let tenant: String
  var options: ReportOptions?
  /// Whether a network lies between.
  var overNetwork = true

  /// A whole report.
  struct Report<Row: Message & Sendable> {
    var header: ReportHeader
    /// Rows by part.
    var parts: [[Row]]
    var trailer: ReportTrailer
    var rows: [Row] { parts.flatMap { $0 } }
  }

  /// Not as api.md says.
  struct Broken: Error, CustomStringConvertible {
    let description: String
  }

  func report<Response: ReportPart>(
    _ method: String, _ request: some Message, as: Response.Type
  ) async throws -> Report<Response.Row> {
    let path = "/tally.v1.ReportService/\(method)"
    let messages =
      overNetwork
      ? try await served.call(path, request.messageBytes())
      : try await served.pull(path, request.messageBytes())
    let parts = try messages.map { try Response(decoding: $0) }
    guard let header = parts.first?.header, let trailer = parts.last?.trailer, trailer.complete,
      parts.dropFirst().allSatisfy({ $0.header == nil }),
      parts.dropLast().allSatisfy({ $0.trailer == nil })
    else { throw Broken(description: "the parts of \(method) are not header, rows, trailer") }
    let report = Report(header: header, parts: parts.map(\.rows), trailer: trailer)
    try check(report, Response.columns, method)
    return report
  }

  private func check<Row>(
    _ report: Report<Row>, _ columns: [Column<Row>], _ method: String
  ) throws {
    let rows = report.rows
    let digest = rows.reduce(UInt32(0)) { digest, row in
      row.encoded().withUnsafeBytes { tally_crc32c(digest, $0.baseAddress, $0.count) }
    }
    guard digest == report.trailer.digest else {
      throw Broken(description: "\(method): the digest is not that of the rows")
    }
    let bound = report.header.rowCount
    guard report.trailer.rowCount == UInt64(rows.count),
      report.header.rowCountExact ? bound == UInt64(rows.count) : bound >= UInt64(rows.count)
    else {
      throw Broken(
        description: "\(method): \(rows.count) rows, announced \(bound), \(report.trailer.rowCount)"
      )
    }
    guard report.trailer.sums.map(\.column) == columns.map(\.name) else {
      throw Broken(description: "\(method): sums of \(report.trailer.sums.map(\.column))")
    }
    for (sum, column) in zip(report.trailer.sums, columns) {
      let own = rows.reduce(0) { $0 + column.count($1) }
      guard own == sum.sum else {
        throw Broken(description: "\(method): \(sum.column) sums to \(own), not \(sum.sum)")
      }
    }
  }

  // MARK: ReportSource

  func rows(of query: ReportQuery) async throws -> [ReportRow] {
    do {
      return try await answer(query)
    } catch let error as RPCError where error.code == .notFound {
      throw QueryRefusal.notFound
    } catch let error as RPCError where error.code == .invalidArgument {
      throw QueryRefusal.invalidArgument
    }
  }

  private func answer(_ query: ReportQuery) async throws -> [ReportRow] {
    switch query {
    case .groupUsers(let group, let role):
      let request = GroupUsersRequest(
        tenant: tenant, options: options, groupId: group.text,
        role: role.map { TallyMessages.Role(rawValue: $0.rawValue) })
      return try await report("GroupUsers", request, as: GroupUsersResponse.self).rows.map(\.text)
    case .groups(let includeSubgroups):
      let request = GroupsRequest(
        tenant: tenant, options: options, includeSubgroups: includeSubgroups)
      return try await report("Groups", request, as: GroupsResponse.self).rows.map(\.text)
    case .courseActivities(let course):
      let request = CourseActivitiesRequest(
        tenant: tenant, options: options, courseId: course.text)
      return try await report("CourseActivities", request, as: CourseActivitiesResponse.self)
        .rows.map(\.text)
    case .courses(let ids, let path):
      let request = CoursesRequest(
        tenant: tenant, options: options, courseIds: ids.map(\.text), pathId: path?.text)
      return try await report("Courses", request, as: CoursesResponse.self).rows.map(\.text)
    case .behindActivity(let activity, let action):
      return try await behind(.activityId(activity.text), action)
    case .behindCourse(let course, let action):
      return try await behind(.courseId(course.text), action)
    }
  }

  private func behind(
    _ target: UsersBehindRequest.Target, _ action: TestSupport.Action
  ) async throws -> [ReportRow] {
    let request = UsersBehindRequest(
      tenant: tenant, options: options, target: target,
      action: TallyMessages.Action(rawValue: action.rawValue))
    return try await report("UsersBehind", request, as: UsersBehindResponse.self).rows.map(\.text)
  }
}

/// A column of counts: its name in the proto, and how to get it.
struct Column<Row> {
  let name: String
  let count: (Row) -> UInt64

  init(_ name: String, _ count: @escaping (Row) -> UInt64) {
    self.name = name
    self.count = count
  }
}

/// What the responses of all reports have in common.
protocol ReportPart: Message {
  associatedtype Row: Message & Sendable
  /// In the order of the row's fields.
  static var columns: [Column<Row>] { get }
  var header: ReportHeader? { get }
  var rows: [Row] { get }
  var trailer: ReportTrailer? { get }
}

extension GroupUsersResponse: ReportPart {
  static var columns: [Column<GroupUserRow>] {
    [
      Column("publications", \.publications), Column("comments", \.comments),
      Column("reactions", \.reactions),
    ]
  }
}

extension GroupsResponse: ReportPart {
  static var columns: [Column<GroupRow>] {
    [
      Column("publications", \.publications), Column("comments", \.comments),
      Column("reactions", \.reactions),
    ]
  }
}

extension CourseActivitiesResponse: ReportPart {
  static var columns: [Column<CourseActivityRow>] {
    [
      Column("views", \.views), Column("likes", \.likes),
      Column("learned_something", \.learnedSomething), Column("outdated", \.outdated),
      Column("have_a_question", \.haveAQuestion), Column("comments", \.comments),
      Column("downloads") { $0.downloads ?? 0 },
    ]
  }
}

extension CoursesResponse: ReportPart {
  static var columns: [Column<CourseRow>] {
    [
      Column("documents", \.documents), Column("cheat_sheets", \.cheatSheets),
      Column("questions", \.questions), Column("views", \.views), Column("likes", \.likes),
      Column("learned_something", \.learnedSomething), Column("outdated", \.outdated),
      Column("have_a_question", \.haveAQuestion), Column("useful", \.useful),
      Column("irrelevant", \.irrelevant), Column("comments", \.comments),
    ]
  }
}

extension UsersBehindResponse: ReportPart {
  static var columns: [Column<UserBehindRow>] { [Column("count", \.count)] }
}
