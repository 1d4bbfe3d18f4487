internal import GRPC
internal import TallyMessages
internal import TallyModel
internal import TallyStore
internal import TestSupport

@testable internal import TallyService

/// A client of Watch without a network: keeps a report by applying what comes, as api.md says.
final class Follower {
  /// What is watched, and the report to compare with.
  let query: ReportQuery
  private let served: ServedStore
  private let tenant: String
  /// Encoded rows by the bytes of their ids.
  private(set) var rows: [[UInt8]: [UInt8]] = [:]
  /// The last mark.
  private(set) var mark: Revision?
  private(set) var restarts: [WatchRestart] = []
  private(set) var marks = 0
  private(set) var goneIDs: [String] = []
  /// Whether nothing was applied since the last mark.
  private(set) var isAtMark = true
  /// How the call ended.
  private(set) var end: RPCError?
  private var client: Client?
  private var unread: [UInt8] = []

  init(_ query: ReportQuery, _ served: ServedStore, tenant: String) {
    self.query = query
    self.served = served
    self.tenant = tenant
  }

  deinit { client?.body.cancel() }

  /// Takes the rows of a report as the state to go on from.
  func begin(with rows: [[UInt8]: [UInt8]], at revision: Revision) {
    self.rows = rows
    mark = revision
    isAtMark = true
  }

  /// Calls from the last mark on.
  func connect() throws {
    disconnect()
    end = nil
    // Rows of no revision: nothing will say which of them have left.
    if mark == nil { rows = [:] }
    client = Client(try served.watch(request))
  }

  func disconnect() {
    if end == nil { client?.body.cancel() }
    client = nil
    unread = []
  }

  var isConnected: Bool { client != nil && end == nil }

  var request: WatchRequest {
    let report: WatchRequest.Report =
      switch query {
      case .courses(let ids, let path):
        .courses(
          CoursesRequest(tenant: tenant, courseIds: ids.map(\.text), pathId: path?.text))
      case .courseActivities(let course):
        .courseActivities(CourseActivitiesRequest(tenant: tenant, courseId: course.text))
      case .groupUsers(let group, let role):
        .groupUsers(
          GroupUsersRequest(
            tenant: tenant, groupId: group.text,
            role: role.map { TallyMessages.Role(rawValue: $0.rawValue) }))
      case .groups, .behindActivity, .behindCourse:
        preconditionFailure("\(query) cannot be watched")
      }
    return WatchRequest(report: report, since: mark)
  }

  /// Pulls once: up to 16 KiB, which may end in the middle of a message.
  ///
  /// - Returns: false if there was nothing.
  @discardableResult
  func pull() throws -> Bool {
    guard let client, end == nil else { return false }
    let (fill, bytes) = client.pull()
    unread += bytes
    if case .finished(let error) = fill { end = error ?? RPCError(.ok, "") }
    while unread.count >= 5 {
      let count = unread[1..<5].reduce(0) { $0 << 8 | Int($1) }
      guard unread.count >= 5 + count else { break }
      try apply(try WatchResponse(decoding: MessageBytes(Array(unread[5..<5 + count]))))
      unread.removeFirst(5 + count)
    }
    return !bytes.isEmpty
  }

  /// Pulls until a mark has reached `position`, or the call is over.
  ///
  /// - Returns: false if neither comes in time.
  func follow(to position: UInt64) async throws -> Bool {
    let bound = ContinuousClock.now + .seconds(20)
    while end == nil, mark.map({ $0.position < position }) ?? true {
      if try pull() { continue }
      guard ContinuousClock.now < bound else { return false }
      try await Task.sleep(for: .milliseconds(1))
    }
    return true
  }

  var appliedPosition: UInt64 { served.store.appliedPosition }

  private func apply(_ response: WatchResponse) throws {
    isAtMark = response.mark != nil
    if response.startOver != .unspecified {
      rows = [:]
      mark = nil
      restarts.append(response.startOver)
    }
    for row in response.courses { rows[Array(row.courseId.utf8)] = row.encoded() }
    for row in response.courseActivities { rows[Array(row.activityId.utf8)] = row.encoded() }
    for row in response.groupUsers { rows[Array(row.userId.utf8)] = row.encoded() }
    for id in response.goneIds { rows[Array(id.utf8)] = nil }
    goneIDs += response.goneIds
    if let mark = response.mark {
      self.mark = mark.revision
      marks += 1
    }
  }
}

extension ServedStore {
  /// What the handler of Watch gives.
  func watch(_ request: WatchRequest) throws -> any ResponseBody {
    let path = "/tally.v1.ReportService/Watch"
    guard let method = tally.methods.first(where: { $0.path == path }),
      case .serverStreaming(let handler) = method.handler
    else { throw RPCError(.unimplemented, path) }
    return try handler(request.messageBytes(), ServerCall(path: path, peer: "test:1"))
  }

  /// Takes batches without a network and waits for the last: a fold has any number of them.
  func append(together batches: [[TallyModel.Event]], tenant: String) async throws -> UInt64 {
    let last = batches.count - 1
    for events in batches.prefix(last) {
      store.append(
        tenant: tenant, batch: EventBatch(events), acceptedAt: TallyServer.now(),
        whenDurable: { _ in })
    }
    return try await withCheckedThrowingContinuation { done in
      store.append(
        tenant: tenant, batch: EventBatch(batches[last]), acceptedAt: TallyServer.now(),
        whenApplied: { done.resume(with: $0.map(\.position).mapError { $0 }) })
    }
  }
}

extension TenantReports {
  /// The report's encoded rows by the bytes of their ids, and its revision; nil where there is no
  /// such report.
  func encodedRows(
    of query: ReportQuery
  ) async throws -> (rows: [[UInt8]: [UInt8]], revision: Revision)? {
    do {
      switch query {
      case .courses(let ids, let path):
        let request = CoursesRequest(
          tenant: tenant, courseIds: ids.map(\.text), pathId: path?.text)
        return Self.encoded(
          try await report("Courses", request, as: CoursesResponse.self), \.courseId)
      case .courseActivities(let course):
        let request = CourseActivitiesRequest(tenant: tenant, courseId: course.text)
        return Self.encoded(
          try await report("CourseActivities", request, as: CourseActivitiesResponse.self),
          \.activityId)
      case .groupUsers(let group, let role):
        let request = GroupUsersRequest(
          tenant: tenant, groupId: group.text,
          role: role.map { TallyMessages.Role(rawValue: $0.rawValue) })
        return Self.encoded(
          try await report("GroupUsers", request, as: GroupUsersResponse.self), \.userId)
      case .groups, .behindActivity, .behindCourse:
        preconditionFailure("\(query) cannot be watched")
      }
    } catch let error as RPCError where error.code == .notFound {
      return nil
    }
  }

  private static func encoded<Row: Message & Sendable>(
    _ report: Report<Row>, _ id: (Row) -> String
  ) -> (rows: [[UInt8]: [UInt8]], revision: Revision) {
    let rows = report.rows.map { (Array(id($0).utf8), $0.encoded()) }
    return (Dictionary(uniqueKeysWithValues: rows), report.header.revision ?? Revision())
  }
}
