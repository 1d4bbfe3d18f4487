internal import Foundation
internal import GRPC
internal import TallyMessages
internal import TallyModel
internal import TallyService
internal import TallyStore
internal import TestSupport
internal import Testing

@Suite struct `ingest` {
  private func course(_ id: String, name: String, time: Int64) -> TallyModel.Event {
    Event(.course(.init(courseID: CourseID(id), name: name, status: .active)), time: time)
  }

  private func names(_ served: ServedStore) async throws -> [String] {
    try await TenantReports(served: served, tenant: "t").rows(of: .courses())
      .map { $0.cells["name"] ?? "" }
  }

  @Test func `a bad event gets a verdict and the good ones of its batch count`() async throws {
    try await ServedStore.with { served in
      let bad = Event(.course(.init(courseID: "", name: "no id", status: .active)), time: 1)

      let answers = try await served.ingest([
        [course("a", name: "A", time: 1), bad, course("b", name: "B", time: 1)]
      ])

      #expect(answers.count == 1)
      #expect(answers.first?.taken == 2)
      #expect(answers.first?.applied == 2)
      let verdicts = answers.flatMap(\.verdicts)
      #expect(verdicts.map(\.index) == [1])
      #expect(verdicts.map(\.reason) == [.missing])
      #expect(verdicts.map(\.field) == ["course.course_id"])
      #expect(try await names(served) == ["A", "B"])
    }
  }

  @Test func `an event without a fact that is known is refused`() async throws {
    try await ServedStore.with { served in
      let empty = TallyMessages.Event(occurredAt: .init(seconds: 1))

      let answers = try await served.send([IngestRequest(tenant: "t", events: [empty])])

      #expect(answers.map(\.taken) == [0])
      #expect(answers.flatMap(\.verdicts).map(\.reason) == [.noFact])
    }
  }

  @Test func `with APPLIED the answer says what changed nothing and why`() async throws {
    try await ServedStore.with { served in
      let answers = try await served.ingest([
        [course("a", name: "new", time: 5)],
        [
          course("a", name: "new", time: 5), course("a", name: "old", time: 4),
          course("a", name: "newer", time: 6),
        ],
      ])

      let second = try #require(answers.last)
      #expect(answers.map(\.sequence) == [1, 2])
      #expect([second.applied, second.duplicate, second.superseded] == [1, 1, 1])
      #expect(second.verdicts.map(\.index) == [0, 1])
      #expect(second.verdicts.map(\.reason) == [.duplicate, .superseded])
      #expect(try await names(served) == ["newer"])
    }
  }

  @Test func `a dry run judges as if it were taken and changes nothing`() async throws {
    try await ServedStore.with { served in
      try await served.ingest([[course("a", name: "A", time: 5)]])

      let dry = try await served.ingest(
        [[course("a", name: "A", time: 5), course("b", name: "B", time: 5)]], dryRun: true)

      #expect([dry.first?.applied, dry.first?.duplicate, dry.first?.superseded] == [1, 1, 0])
      #expect(dry.flatMap(\.verdicts).map(\.reason) == [.duplicate])
      #expect(try await names(served) == ["A"])
      let again = try await served.ingest([[course("b", name: "B", time: 5)]])
      #expect(again.first?.applied == 1)
    }
  }

  @Test(.timeLimit(.minutes(1)))
  func `a dry run waits for no fold`() async throws {
    try await ServedStore.with { served in
      try await served.ingest([[course("a", name: "A", time: 5)]])
      let (began, ends) = (DispatchSemaphore(value: 0), DispatchSemaphore(value: 0))
      let database = try served.store.database
      // A write transaction belongs to its thread.
      Thread.detachNewThread {
        let fold = Fold(database, numberSlots: 16)
        #expect(throws: Never.self) { try fold.begin() }
        began.signal()
        ends.wait()
        fold.abort()
        began.signal()
      }
      await wait(for: began)

      let dry = try await served.ingest([[course("a", name: "A", time: 5)]], dryRun: true)

      #expect(dry.first?.duplicate == 1)
      ends.signal()
      await wait(for: began)
    }
  }

  private func wait(for semaphore: DispatchSemaphore) async {
    await withCheckedContinuation { done in
      Thread.detachNewThread {
        semaphore.wait()
        done.resume()
      }
    }
  }

  @Test func `a dry run of a tenant that is new does not make it`() async throws {
    try await ServedStore.with { served in
      let dry = try await served.ingest([[course("a", name: "A", time: 5)]], dryRun: true)

      #expect(dry.first?.applied == 1)
      await #expect(throws: QueryRefusal.notFound) { try await names(served) }
    }
  }

  @Test func `many batches under way are answered in their order`() async throws {
    try await ServedStore.with { served in
      let batches = (1...600).map { [course("c\($0)", name: "C", time: Int64($0))] }

      let answers = try await served.ingest(batches, answerWhen: .durable)

      #expect(answers.map(\.sequence) == Array(1...600))
      let positions = answers.compactMap { $0.revision?.position }
      #expect(positions == positions.sorted())
      #expect(answers.allSatisfy { $0.taken == 1 && $0.applied == nil })
    }
  }

  @Test func `a batch that cannot be taken ends the stream behind the answers before it`()
    async throws
  {
    try await ServedStore.with { served in
      let good = IngestRequest(
        tenant: "t", sequence: 1, events: [try served.message(course("a", name: "A", time: 1))])
      let call = IngestServiceClient(served.channel).ingest()
      try await call.send(good)
      try await call.send(IngestRequest(tenant: "", sequence: 2))

      var sequences: [UInt64] = []
      let error = await #expect(throws: RPCError.self) {
        for try await answer in call.responses { sequences.append(answer.sequence) }
      }

      #expect(sequences == [1])
      #expect(error?.code == .invalidArgument)
      #expect(error?.message.contains("tenant") == true)
    }
  }

  @Test func `more than ten thousand events are refused`() async throws {
    try await ServedStore.with { served in
      let events = Array(repeating: TallyMessages.Event(), count: 10_001)

      let error = await #expect(throws: RPCError.self) {
        try await served.send([IngestRequest(tenant: "t", events: events)])
      }

      #expect(error?.code == .invalidArgument)
    }
  }

  @Test func `an event from the future is refused and one within five minutes is not`()
    async throws
  {
    let second: Int64 = 1_000_000_000
    try await ServedStore.with({ $0.clock = { Timestamp(nanoseconds: 1000 * second) } }) { served in
      let answers = try await served.ingest([
        [
          course("a", name: "A", time: 1300 * second),
          course("b", name: "B", time: 1300 * second + 1),
        ]
      ])

      #expect(answers.first?.taken == 1)
      #expect(answers.flatMap(\.verdicts).map(\.reason) == [.timeOutOfRange])
    }
  }

  @Test func `when the server stops the answers come and the stream ends`() async throws {
    let served = try await ServedStore.open()
    let call = IngestServiceClient(served.channel).ingest()
    try await call.send(
      IngestRequest(
        tenant: "t", sequence: 7, events: [try served.message(course("a", name: "A", time: 1))]))
    var answers = call.responses.makeAsyncIterator()
    #expect(try await answers.next()?.sequence == 7)

    served.tally.stopServing()

    await #expect(throws: RPCError.self) { try await answers.next() }
    try await served.close()
  }
}
