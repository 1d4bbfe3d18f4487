internal import GRPC
internal import TallyMessages
internal import TallyModel
internal import TallyService
internal import TestSupport
internal import Testing

@Suite struct `continuing a report` {
  private typealias Courses = TenantReports.Report<CourseRow>

  /// Ids of which one is the begin of another, among them.
  private static let ids = ["a", "a!", "a-1", "aa", "b", "b\u{7f}", "c", "é", "éa"]

  private func ingest(_ served: ServedStore, tenant: String = "t") async throws {
    let courses = Self.ids.enumerated().map { index, id in
      Event(
        .course(.init(courseID: CourseID(id), name: "n\(index)", status: .active)),
        time: Int64(index + 1))
    }
    try await served.ingest([courses], tenant: tenant)
  }

  private func courses(
    _ served: ServedStore, _ options: ReportOptions? = nil, tenant: String = "t",
    ids: [String] = []
  ) async throws -> Courses {
    try await TenantReports(served: served, tenant: tenant).report(
      "Courses", CoursesRequest(tenant: tenant, options: options, courseIds: ids),
      as: CoursesResponse.self)
  }

  private func failure(_ body: () async throws -> Courses) async -> RPCError? {
    do {
      _ = try await body()
      return nil
    } catch {
      return error as? RPCError
    }
  }

  /// Every report of every kind that the events can have, broken behind every row.
  private func check<Response: ReportPart, Request: Continued>(
    _ served: ServedStore, _ method: String, _ request: Request, as: Response.Type,
    id: (Response.Row) -> String
  ) async throws -> Int where Response.Row: Equatable {
    let reports = TenantReports(served: served, tenant: "t", overNetwork: false)
    let whole: TenantReports.Report<Response.Row>
    do {
      whole = try await reports.report(method, request, as: Response.self)
    } catch let error as RPCError where error.code == .notFound {
      // A group that was deleted later.
      return 0
    }
    let handle = whole.header.handle
    #expect(handle.count == 94)
    for cut in 0...whole.rows.count {
      let after = cut == 0 ? nil : id(whole.rows[cut - 1])
      var request = request
      request.options = ReportOptions(continueHandle: handle, afterId: after)
      let rest = try await reports.report(method, request, as: Response.self)

      #expect(rest.rows == Array(whole.rows[cut...]), "\(method) after \(after ?? "nothing")")
      #expect(rest.header.revision == whole.header.revision)
      #expect(rest.header.handle == handle)
      for (index, sum) in rest.trailer.sums.enumerated() {
        let first = whole.rows[..<cut].reduce(0) { $0 + Response.columns[index].count($1) }
        #expect(first + sum.sum == whole.trailer.sums[index].sum)
      }
    }
    return whole.rows.count
  }

  @Test func `the rest of every report is what follows a row`() async throws {
    let events = try Fixture.edgeCases.events()
    try await ServedStore.with { served in
      try await served.append([events], tenant: "t")
      var rows = 0
      rows += try await check(
        served, "Courses", CoursesRequest(tenant: "t"), as: CoursesResponse.self, id: \.courseId)
      for includes in [false, true] {
        rows += try await check(
          served, "Groups", GroupsRequest(tenant: "t", includeSubgroups: includes),
          as: GroupsResponse.self, id: \.groupId)
      }
      for event in events {
        switch event.fact {
        case .group(let group):
          rows += try await check(
            served, "GroupUsers", GroupUsersRequest(tenant: "t", groupId: group.groupID.text),
            as: GroupUsersResponse.self, id: \.userId)
        case .course(let course):
          rows += try await check(
            served, "CourseActivities",
            CourseActivitiesRequest(tenant: "t", courseId: course.courseID.text),
            as: CourseActivitiesResponse.self, id: \.activityId)
          rows += try await check(
            served, "UsersBehind",
            UsersBehindRequest(
              tenant: "t", target: .courseId(course.courseID.text), action: .view),
            as: UsersBehindResponse.self, id: \.userId)
        default: break
        }
      }
      #expect(rows > 50)
    }
  }

  @Test func `it goes on behind any id, there or not, also among chosen courses`() async throws {
    try await ServedStore.with { served in
      try await ingest(served)
      let all = Self.ids.sorted { Array($0.utf8).lexicographicallyPrecedes(Array($1.utf8)) }
      let handle = try await courses(served).header.handle
      let chosen = try await courses(served, ids: ["a", "b", "c"]).header.handle

      for after in Self.ids + [" ", "a ", "bb", "zzz", "ÿ"] {
        let bytes = Array(after.utf8)
        let rest = all.filter { bytes.lexicographicallyPrecedes(Array($0.utf8)) }
        let found = try await courses(served, .init(continueHandle: handle, afterId: after))
        #expect(found.rows.map(\.courseId) == rest, "after \(after)")
        let some = try await courses(
          served, .init(continueHandle: chosen, afterId: after), ids: ["a", "b", "c"])
        #expect(some.rows.map(\.courseId) == rest.filter { ["a", "b", "c"].contains($0) })
        #expect(some.header.rowCountExact)
      }
    }
  }

  @Test func `it shows the newest revision, and the header says which`() async throws {
    try await ServedStore.with { served in
      try await ingest(served)
      let before = try await courses(served).header
      let course = Event(.course(.init(courseID: "ö", name: "late", status: .active)), time: 99)
      let answer = try await served.ingest([[course]]).last

      let rest = try await courses(
        served, .init(maxRowsPerPart: 1, continueHandle: before.handle, afterId: "éa"))

      #expect(rest.rows.map(\.courseId) == ["ö"])
      #expect(rest.header.revision == answer?.revision)
      #expect(rest.header.handle != before.handle)
    }
  }

  @Test func `a handle is good after a restart`() async throws {
    let first = try await ServedStore.open()
    try await ingest(first)
    let handle = try await courses(first).header.handle
    try await first.close(keepsDirectory: true)

    let second = try await ServedStore.open(first.directory)
    let rest = try await courses(second, .init(continueHandle: handle, afterId: "é"))
    #expect(rest.rows.map(\.courseId) == ["éa"])
    try await second.close()
  }

  @Test func `a handle that was changed anywhere is refused`() async throws {
    try await ServedStore.with { served in
      try await ingest(served)
      let handle = try await courses(served).header.handle

      for index in handle.indices {
        for bit in [UInt8(1), 128] {
          var changed = handle
          changed[index] ^= bit
          let error = await failure { try await courses(served, .init(continueHandle: changed)) }
          // Bytes 2 to 21 say which store and timeline.
          #expect(
            error?.code == ((2..<22).contains(index) ? .failedPrecondition : .invalidArgument))
        }
      }
      for count in [1, 61, 62, 93] {
        let cut = Array(handle.prefix(count))
        let error = await failure { try await courses(served, .init(continueHandle: cut)) }
        #expect(error?.code == .invalidArgument)
      }
      let long = handle + [0]
      #expect(
        await failure { try await courses(served, .init(continueHandle: long)) }?.code
          == .invalidArgument)
    }
  }

  @Test func `a handle is of one request, report and tenant`() async throws {
    try await ServedStore.with { served in
      try await ingest(served)
      try await ingest(served, tenant: "u")
      let handle = try await courses(served).header.handle
      let options = ReportOptions(continueHandle: handle, afterId: "a")

      for wrong in [
        await failure { try await courses(served, options, ids: ["a"]) },
        await failure { try await courses(served, options, tenant: "u") },
      ] {
        #expect(wrong?.code == .invalidArgument)
        #expect(wrong?.message.contains("another request") == true)
      }
      await #expect(throws: RPCError.self) {
        try await TenantReports(served: served, tenant: "t").report(
          "Groups", GroupsRequest(tenant: "t", options: options), as: GroupsResponse.self)
      }
      // What decides no row may differ.
      let revision = try await courses(served).header.revision
      let other = ReportOptions(
        minRevision: revision, maxRowsPerPart: 2, continueHandle: handle, afterId: "c")
      #expect(try await courses(served, other).rows.map(\.courseId) == ["é", "éa"])
    }
  }

  @Test func `a handle of another store is refused, and an id without a handle`() async throws {
    try await ServedStore.with { served in
      try await ingest(served)
      let other = try await ServedStore.open()
      try await ingest(other)
      let handle = try await courses(other).header.handle
      try await other.close()

      let foreign = await failure { try await courses(served, .init(continueHandle: handle)) }
      #expect(foreign?.code == .failedPrecondition)
      #expect(foreign?.message.contains("anew") == true)
      let bare = await failure { try await courses(served, .init(afterId: "a")) }
      #expect(bare?.code == .invalidArgument)
      let own = try await courses(served).header.handle
      for id in ["", "a\0", String(repeating: "x", count: 129)] {
        let error = await failure {
          try await courses(served, .init(continueHandle: own, afterId: id))
        }
        #expect(error?.code == .invalidArgument, "after '\(id)'")
      }
    }
  }
}

/// A request whose options can be set.
protocol Continued: Message {
  var options: ReportOptions? { get set }
}

extension GroupUsersRequest: Continued {}
extension GroupsRequest: Continued {}
extension CourseActivitiesRequest: Continued {}
extension CoursesRequest: Continued {}
extension UsersBehindRequest: Continued {}
