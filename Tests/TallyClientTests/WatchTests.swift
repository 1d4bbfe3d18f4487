internal import GRPC
internal import Synchronization
internal import TallyMessages
internal import Testing

@testable internal import TallyClient

@Suite struct `watching` {
  private typealias Event = WatchEvent<CourseRow>

  private static func mark(_ position: UInt64) -> WatchMark {
    WatchMark(revision: Revision(storeId: [1], timeline: 1, position: position))
  }

  private static func row(_ id: String) -> CourseRow { CourseRow(courseId: id) }

  /// What a server does with one call: sends these, then ends so.
  private struct Act: Sendable {
    var responses: [WatchResponse] = []
    var end = RPCError(.unavailable, "the server stops")
  }

  /// What a client sees of these calls, one after the other, until its watch ends; and where it
  /// asked to begin each time.
  private func watch(
    _ acts: [Act], since: Revision? = nil, take: Int = .max
  ) async throws -> (events: [Event], error: TallyError?, since: [UInt64?]) {
    let calls = Counter()
    let asked = Mutex<[UInt64?]>([])
    let handler: Handler.Streaming = { (requests, responses, _) async throws(RPCError) in
      var iterator = requests.makeAsyncIterator()
      guard let message = try await iterator.next() else { return }
      let request = try WatchRequest(request: message)
      asked.withLock { $0.append(request.since?.position) }
      let number = calls.next()
      guard number < acts.count else { throw RPCError(.dataLoss, "no more acts") }
      for response in acts[number].responses {
        try await responses.write(response.messageBytes())
      }
      throw acts[number].end
    }
    var events: [Event] = []
    let error: TallyError? = try await withServer(["ReportService/Watch": handler]) { client in
      do throws(TallyError) {
        for try await event in client.watch(CoursesRequest(), since: since) {
          events.append(event)
          if events.count == take { return nil }
        }
        return nil
      } catch {
        return error
      }
    }
    return (events, error, asked.withLock { $0 })
  }

  @Test func `changes come in order, and a lost call goes on from the last mark`() async throws {
    let seen = try await watch([
      Act(responses: [
        WatchResponse(courses: [Self.row("a"), Self.row("b")]),
        WatchResponse(mark: Self.mark(5)), WatchResponse(courses: [Self.row("c")]),
      ]),
      Act(responses: [
        WatchResponse(courses: [Self.row("c")], goneIds: ["a"]), WatchResponse(mark: Self.mark(7)),
      ]),
    ])

    #expect(
      seen.events == [
        .row(Self.row("a")), .row(Self.row("b")), .mark(Self.mark(5)), .row(Self.row("c")),
        .row(Self.row("c")), .gone(id: "a"), .mark(Self.mark(7)),
      ])
    #expect(seen.since == [nil, 5, 7])
    #expect(seen.error?.code == .storeDamaged)
  }

  @Test func `a call lost before the first mark starts over`() async throws {
    let seen = try await watch([
      Act(responses: [WatchResponse(courses: [Self.row("a")])]),
      Act(responses: [WatchResponse(courses: [Self.row("b")]), WatchResponse(mark: Self.mark(5))]),
    ])

    #expect(
      seen.events == [
        .row(Self.row("a")), .startOver(.interrupted), .row(Self.row("b")), .mark(Self.mark(5)),
      ])
    #expect(seen.since == [nil, nil, 5])
  }

  @Test func `a server that starts over is believed, and asked from the beginning`() async throws {
    let seen = try await watch(
      [
        Act(responses: [
          WatchResponse(startOver: .erasure), WatchResponse(courses: [Self.row("a")]),
        ]),
        Act(responses: [WatchResponse(mark: Self.mark(9))]),
      ], since: Self.mark(3).revision)

    #expect(
      seen.events == [
        .startOver(.erasure), .row(Self.row("a")), .startOver(.interrupted), .mark(Self.mark(9)),
      ])
    #expect(seen.since == [3, nil, 9])
  }

  @Test func `a store that was restored starts a running watch over, and refuses a new one`()
    async throws
  {
    let other = RPCError(.failedPrecondition, "of another store or timeline")
    let running = try await watch([
      Act(responses: [WatchResponse(mark: Self.mark(5))]), Act(end: other),
      Act(responses: [WatchResponse(courses: [Self.row("a")]), WatchResponse(mark: Self.mark(6))]),
    ])
    let new = try await watch([Act(end: other)], since: Self.mark(5).revision)

    #expect(
      running.events == [
        .mark(Self.mark(5)), .startOver(.otherStore), .row(Self.row("a")), .mark(Self.mark(6)),
      ])
    #expect(running.since == [nil, 5, nil, 6])
    #expect(new.events.isEmpty)
    #expect(new.error?.code == .wrongStore)
  }

  @Test func `what cannot pass by itself ends the watch`() async throws {
    let seen = try await watch([Act(end: RPCError(.notFound, "no group 'g'"))])

    #expect(seen.error?.code == .notFound)
    #expect(seen.since == [nil])
  }

  @Test func `a server that stays away ends the watch after a while`() async throws {
    let away = Act()
    let seen = try await watch(Array(repeating: away, count: 1000))

    #expect(seen.error?.code == .unavailable)
    #expect(seen.since.count > 1)
  }

  @Test func `leaving a watch ends its call, and a time limit ends it with an error`()
    async throws
  {
    let cancelled = Counter()
    let handler: Handler.Streaming = { (_, responses, call) async throws(RPCError) in
      call.onCancel { _ = cancelled.next() }
      try await responses.write(WatchResponse(mark: Self.mark(1)).messageBytes())
      await withCheckedContinuation { continuation in
        call.onCancel { continuation.resume() }
      }
    }
    try await withServer(["ReportService/Watch": handler]) { client in
      for try await _ in client.watch(CoursesRequest()) { break }
      let error = await failure {
        for try await _ in client.watch(CoursesRequest(), timeout: .milliseconds(300)) {}
      }

      #expect(error?.code == .deadlineExceeded)
    }
    #expect(cancelled.count == 2)
  }
}
