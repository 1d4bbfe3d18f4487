internal import GRPC
internal import TallyMessages
internal import TallyModel
internal import TallyService
internal import TallyStore
internal import TestSupport
internal import Testing

@Suite struct `watch` {
  /// Looks for changes all the time.
  private static func quick(_ options: inout TallyServer.Options) {
    options.reading.watchInterval = .milliseconds(1)
    options.reading.watchLookInterval = .milliseconds(1)
  }

  private func refusal(
    _ served: ServedStore, _ request: WatchRequest
  ) async -> RPCError? {
    do {
      _ = try await served.call("/tally.v1.ReportService/Watch", request.messageBytes())
      return nil
    } catch {
      return error
    }
  }

  private func courses(_ count: Int, time: Int64 = 1) -> [TallyModel.Event] {
    (0..<count).map { .course(CourseID("c\(100_000 + $0)"), time: time) }
  }

  /// What came since the follower's mark, up to a position.
  private func follow(_ follower: Follower, to position: UInt64) async throws {
    if !follower.isConnected { try follower.connect() }
    #expect(try await follower.follow(to: position))
    #expect(follower.end == nil)
  }

  @Test func `a request that no watch can have is refused`() async throws {
    try await ServedStore.with(Self.quick) { served in
      _ = try await served.append(together: [courses(1)], tenant: "t")
      let options = ReportOptions(maxRowsPerPart: 1)
      let bad: [WatchRequest] = [
        WatchRequest(),
        WatchRequest(report: .courses(CoursesRequest())),
        WatchRequest(report: .courses(CoursesRequest(tenant: "t", options: options))),
        WatchRequest(report: .courses(CoursesRequest(tenant: "t", courseIds: [""]))),
        WatchRequest(report: .courseActivities(CourseActivitiesRequest(tenant: "t"))),
        WatchRequest(
          report: .groupUsers(
            GroupUsersRequest(tenant: "t", groupId: "g", role: .init(rawValue: 77)))),
      ]
      for request in bad {
        #expect(await refusal(served, request)?.code == .invalidArgument, "\(request)")
      }
      let unknown: [WatchRequest] = [
        WatchRequest(report: .courses(CoursesRequest(tenant: "nobody"))),
        WatchRequest(report: .courses(CoursesRequest(tenant: "t", courseIds: ["never"]))),
        WatchRequest(report: .courses(CoursesRequest(tenant: "t", pathId: "never"))),
        WatchRequest(
          report: .courseActivities(CourseActivitiesRequest(tenant: "t", courseId: "never"))),
        WatchRequest(report: .groupUsers(GroupUsersRequest(tenant: "t", groupId: "never"))),
      ]
      for request in unknown {
        #expect(await refusal(served, request)?.code == .notFound, "\(request)")
      }
    }
  }

  @Test func `a revision that is not there is refused by its kind`() async throws {
    try await ServedStore.with(Self.quick) { served in
      let position = try await served.append(together: [courses(1)], tenant: "t")
      let here = Revision(
        storeId: served.store.identity.storeID, timeline: served.store.identity.timeline,
        position: position)
      func request(_ change: (inout Revision) -> Void) -> WatchRequest {
        var since = here
        change(&since)
        return WatchRequest(report: .courses(CoursesRequest(tenant: "t")), since: since)
      }

      let otherStore = await refusal(served, request { $0.storeId[0] ^= 1 })
      let otherTimeline = await refusal(served, request { $0.timeline += 1 })
      let ahead = await refusal(served, request { $0.position += 1 })
      let follower = Follower(.courses(), served, tenant: "t")
      follower.begin(with: [:], at: here)
      try await follow(follower, to: position)

      #expect(otherStore?.code == .failedPrecondition)
      #expect(otherTimeline?.code == .failedPrecondition)
      #expect(ahead?.code == .outOfRange)
      #expect(follower.rows.isEmpty)
    }
  }

  @Test func `a rename, a membership and a moved group change the rows of an author`() async throws
  {
    try await ServedStore.with(Self.quick) { served in
      var position = try await served.append(
        together: [
          [
            .course("mine", author: "ann"), .course("other"), .course("ours", coAuthors: ["ann"]),
            .user("ann", first: "Ann"), .group("g"), .group("top"), .member("ann", of: "g"),
          ]
        ], tenant: "t")
      let follower = Follower(.courses(), served, tenant: "t")
      try await follow(follower, to: position)
      #expect(follower.rows.count == 3)
      let changes: [(TallyModel.Event, [String])] = [
        (.user("ann", first: "Anna", time: 2), ["mine", "ours"]),
        (.group("g", name: "G", time: 2), ["mine"]),
        (.group("g", name: "G", under: "top", time: 3), ["mine"]),
        (.group("top", name: "Top", time: 3), ["mine"]),
        (.member("ann", of: "g", [], time: 3), ["mine"]),
        (.user("bob", first: "Bob"), []),
      ]
      for (event, expected) in changes {
        let later = Follower(.courses(), served, tenant: "t")
        later.begin(with: [:], at: try #require(follower.mark))
        position = try await served.append(together: [[event]], tenant: "t")

        try await follow(later, to: position)
        try await follow(follower, to: position)

        #expect(
          later.rows.keys.map { String(decoding: $0, as: UTF8.self) }.sorted() == expected,
          "\(event)")
      }
    }
  }

  @Test func `who leaves a group, loses a role or is deleted is gone, who counts is not`()
    async throws
  {
    try await ServedStore.with(Self.quick) { served in
      let start: [TallyModel.Event] = [
        .group("g"), .user("a"), .user("b"), .user("c"), .member("a", of: "g", [.admin]),
        .member("b", of: "g", [.admin]), .member("c", of: "g", [.admin]),
        .user("l"), .member("l", of: "g", [.learner]),
      ]
      var position = try await served.append(together: [start], tenant: "t")
      let admins = Follower(.groupUsers("g", role: .admin), served, tenant: "t")
      try await follow(admins, to: position)
      #expect(admins.rows.count == 3)

      position = try await served.append(
        together: [
          [
            .member("a", of: "g", [], time: 2), .member("b", of: "g", [.learner], time: 2),
            .user("c", deleted: true, time: 2),
            Event(.post(.init(postID: "p", userID: "l", groupID: "g")), time: 2),
          ]
        ], tenant: "t")
      try await follow(admins, to: position)

      #expect(admins.rows.isEmpty)
      #expect(admins.goneIDs.sorted() == ["a", "b", "c"])
    }
  }

  @Test func `a path that changes starts its watches over`() async throws {
    try await ServedStore.with(Self.quick) { served in
      func path(_ courses: [CourseID], time: Int64) -> TallyModel.Event {
        Event(.path(.init(pathID: "p", courseIDs: courses)), time: time)
      }
      var position = try await served.append(
        together: [[.course("a"), .course("b"), path(["a"], time: 1)]], tenant: "t")
      let follower = Follower(.courses(path: "p"), served, tenant: "t")
      try await follow(follower, to: position)
      #expect(follower.rows.count == 1)
      #expect(follower.restarts.isEmpty)

      position = try await served.append(together: [[.course("a", time: 2)]], tenant: "t")
      try await follow(follower, to: position)
      #expect(follower.restarts.isEmpty)
      position = try await served.append(together: [[path(["b"], time: 2)]], tenant: "t")
      try await follow(follower, to: position)

      #expect(follower.restarts == [.selection])
      #expect(follower.rows.keys.map { String(decoding: $0, as: UTF8.self) } == ["b"])
    }
  }

  @Test func `a report that does not change gets marks`() async throws {
    try await ServedStore.with { options in
      Self.quick(&options)
      options.reading.watchMarkInterval = .milliseconds(5)
    } _: { served in
      let position = try await served.append(together: [courses(1)], tenant: "t")
      let follower = Follower(.courses(), served, tenant: "t")
      try await follow(follower, to: position)

      #expect(
        await eventually {
          _ = try? follower.pull()
          return follower.marks >= 5
        })
      #expect(follower.mark?.position == position)
      #expect(follower.rows.count == 1)
    }
  }

  @Test func `a watch too many is refused and counted`() async throws {
    try await ServedStore.with { options in
      Self.quick(&options)
      options.reading.watches = 2
    } _: { served in
      let position = try await served.append(together: [courses(1)], tenant: "t")
      let first = Follower(.courses(), served, tenant: "t")
      let second = Follower(.courses(), served, tenant: "t")
      try await follow(first, to: position)
      try await follow(second, to: position)

      let third = await refusal(
        served, WatchRequest(report: .courses(CoursesRequest(tenant: "t"))))
      let status = try await AdminServiceClient(served.channel).status(StatusRequest())
      second.disconnect()
      let fourth = Follower(.courses(), served, tenant: "t")
      try await follow(fourth, to: position)

      #expect(third?.code == .resourceExhausted)
      #expect(status.limits.map { "\($0.name) \($0.strikes)" } == ["max-watches 1"])
      #expect(status.readers?.watches == 2)
      #expect(fourth.rows.count == 1)
    }
  }

  /// Waits, with a bound, until Status says so.
  private func readers(
    of served: ServedStore, _ condition: (ReaderStatus) -> Bool
  ) async throws -> Bool {
    let end = ContinuousClock.now + .seconds(20)
    while .now < end {
      let status = try await AdminServiceClient(served.channel).status(StatusRequest())
      if let readers = status.readers, condition(readers) { return true }
      try await Task.sleep(for: .milliseconds(2))
    }
    return false
  }

  @Test func `a slow client holds no transaction, loses nothing, and delays no other`() async throws
  {
    try await ServedStore.with { options in
      Self.quick(&options)
      options.reading.watchQueueBytes = 1 << 14
    } _: { served in
      _ = try await served.append(together: [courses(8000)], tenant: "t")
      let slow = Follower(.courses(), served, tenant: "t")
      try slow.connect()
      let isSpooled = try await readers(of: served) { $0.spoolSize > 0 && $0.openTransactions == 0 }
      #expect(isSpooled)

      let position = try await served.append(together: [courses(8000, time: 2)], tenant: "t")
      let other = Follower(.courses(), served, tenant: "t")
      try await follow(other, to: position)
      try await follow(slow, to: position)

      #expect(slow.rows.count == 8000)
      let isSame = slow.rows == other.rows
      #expect(isSame)
      #expect(try await readers(of: served) { $0.spoolSize == 0 })
    }
  }

  @Test func `a client that takes nothing loses its call`() async throws {
    try await ServedStore.with { options in
      Self.quick(&options)
      options.reading.stallLimit = .milliseconds(500)
      options.reading.watchQueueBytes = 1 << 14
    } _: { served in
      _ = try await served.append(together: [courses(8000)], tenant: "t")
      var options = GRPCChannel.Options()
      options.streamWindowBytes = 1 << 16
      let channel = GRPCChannel(to: served.channel.endpoint, options: options)
      let watch = WatchRequest(report: .courses(CoursesRequest(tenant: "t")))
      let call = channel.serverStreaming(
        "/tally.v1.ReportService/Watch", watch.messageBytes())
      #expect(try await call.take() != nil)

      #expect(try await readers(of: served) { $0.watches == 0 && $0.spoolSize == 0 })

      await #expect(throws: RPCError.self) {
        while try await call.take() != nil {}
      }
      await channel.close()
    }
  }

  @Test func `a server that stops ends its watches`() async throws {
    try await ServedStore.with(Self.quick) { served in
      let position = try await served.append(together: [courses(1)], tenant: "t")
      let follower = Follower(.courses(), served, tenant: "t")
      try await follow(follower, to: position)

      served.tally.stopServing()
      try follower.pull()

      #expect(follower.end?.code == .unavailable)
      let late = await refusal(
        served, WatchRequest(report: .courses(CoursesRequest(tenant: "t"))))
      #expect(late?.code == .unavailable)
    }
  }
}
