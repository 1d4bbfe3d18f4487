internal import GRPC
internal import Synchronization
internal import TallyClient
internal import TallyMessages
internal import Testing

/// What a scripted server was sent.
private final class Inbox: Sendable {
  private let requests = Mutex<[IngestRequest]>([])

  func add(_ message: MessageBytes) throws(RPCError) -> IngestRequest {
    let request = try IngestRequest(request: message)
    requests.withLock { $0.append(request) }
    return request
  }

  var all: [IngestRequest] { requests.withLock { $0 } }
}

private func answer(_ request: IngestRequest) -> MessageBytes {
  IngestResponse(sequence: request.sequence, taken: UInt64(request.events.count)).messageBytes()
}

private func event(_ name: String) -> Event {
  Event(
    occurredAt: .init(seconds: 1_700_000_000), fact: .group(GroupFact(groupId: name, name: name)))
}

@Suite(.timeLimit(.minutes(1))) struct `ingest session` {
  /// Sends `count` batches from as many tasks and returns the sequences of the answers.
  private func send(
    _ count: Int, _ client: TallyClient, _ options: IngestOptions = IngestOptions()
  ) async throws -> [UInt64] {
    try await client.ingest(options) { session in
      try await withThrowingTaskGroup(of: UInt64.self) { group in
        for number in 0..<count {
          group.addTask { try await session.send([event("g\(number)")]).sequence }
        }
        var sequences: [UInt64] = []
        for try await sequence in group { sequences.append(sequence) }
        return sequences.sorted()
      }
    }
  }

  @Test func `every batch gets its own answer`() async throws {
    let inbox = Inbox()
    let handler: Handler.Streaming = { (requests, responses, _) async throws(RPCError) in
      while let messages = try await requests.take() {
        for message in messages { try await responses.write(answer(inbox.add(message))) }
      }
    }
    try await withServer(["IngestService/Ingest": handler]) { client in
      let sequences = try await send(200, client)
      #expect(sequences == Array(1...200))
    }

    #expect(inbox.all.map(\.sequence) == Array(1...200))
    #expect(inbox.all.allSatisfy { $0.tenant == "t" && $0.answerWhen == .durable && !$0.dryRun })
    #expect(Set(inbox.all.flatMap(\.events).map { "\($0)" }).count == 200)
  }

  @Test func `no more batches are under way than allowed`() async throws {
    let most = Mutex(0)
    let handler: Handler.Streaming = { (requests, responses, _) async throws(RPCError) in
      var queue: [MessageBytes] = []
      while let messages = try await requests.take() {
        queue += messages
        most.withLock { $0 = max($0, queue.count) }
        // Four wait, and nobody is answered before: the fifth cannot be here yet.
        if queue.count < 4 { continue }
        for message in queue { try await responses.write(answer(IngestRequest(request: message))) }
        queue = []
      }
    }
    var options = IngestOptions()
    options.mostUnderWay = 4
    try await withServer(["IngestService/Ingest": handler]) { client in
      let sequences = try await send(12, client, options)
      #expect(sequences == Array(1...12))
    }
    #expect(most.withLock { $0 } == 4)
  }

  @Test func `what has no answer is sent again on a new stream`() async throws {
    let inbox = Inbox()
    let streams = Counter()
    let handler: Handler.Streaming = { (requests, responses, _) async throws(RPCError) in
      let isFirst = streams.next() == 0
      var seen = 0
      while let messages = try await requests.take() {
        for message in messages {
          let request = try inbox.add(message)
          seen += 1
          if isFirst && seen == 5 { throw RPCError(.unavailable, "going down") }
          try await responses.write(answer(request))
        }
      }
    }
    try await withServer(["IngestService/Ingest": handler]) { client in
      let sequences = try await send(20, client)
      #expect(sequences == Array(1...20))
    }

    #expect(streams.count == 2)
    #expect(Set(inbox.all.map(\.sequence)) == Set(1...20))
    for number in 1...20 {
      let bodies = Set(inbox.all.filter { $0.sequence == number }.map { "\($0.events)" })
      #expect(bodies.count == 1)
    }
  }

  @Test func `a session outlives a server that is away for a while`() async throws {
    let inbox = Inbox()
    let handler: Handler.Streaming = { (requests, responses, _) async throws(RPCError) in
      while let messages = try await requests.take() {
        for message in messages { try await responses.write(answer(inbox.add(message))) }
      }
    }
    let port = try await withServer([:], port: 0) { $0.port }
    let client = TallyClient.connect(host: "127.0.0.1", port: port, tenant: "t", options: .quick)

    let sequences = try await client.ingest { session in
      async let early = session.send([event("early")]).sequence
      try await Task.sleep(for: .milliseconds(100))
      let late = try await withServer(["IngestService/Ingest": handler], port: port) { _ in
        try await session.send([event("late")]).sequence
      }
      return [try await early, late]
    }
    await client.close()

    #expect(sequences == [1, 2])
  }

  @Test func `a refusal of the whole stream ends the session for all who wait`() async throws {
    let handler: Handler.Streaming = { (requests, _, _) async throws(RPCError) in
      _ = try await requests.take()
      throw RPCError(.invalidArgument, "tenant is empty: name one")
    }
    try await withServer(["IngestService/Ingest": handler]) { client in
      let error = await failure { try await send(5, client) }
      #expect(error == TallyError(.invalidRequest, "tenant is empty: name one"))
    }
  }

  @Test func `a server that stays away is given up`() async throws {
    var options = IngestOptions()
    options.giveUpAfter = .seconds(2)
    let client = TallyClient.connect(host: "127.0.0.1", port: 1, options: .quick)
    let error = await failure { try await send(3, client, options) }
    await client.close()

    #expect(error?.code == .unavailable)
  }

  @Test func `a server that takes batches and answers none is given up`() async throws {
    var options = IngestOptions()
    options.giveUpAfter = .milliseconds(400)
    let handler: Handler.Streaming = { (requests, _, _) async throws(RPCError) in
      while try await requests.take() != nil {}
    }
    try await withServer(["IngestService/Ingest": handler]) { client in
      let error = await failure { try await send(3, client, options) }
      #expect(error?.code == .deadlineExceeded)
    }
  }

  @Test func `an answer to a batch that was not sent makes no sense`() async throws {
    let handler: Handler.Streaming = { (requests, responses, _) async throws(RPCError) in
      _ = try await requests.take()
      try await responses.write(IngestResponse(sequence: 99).messageBytes())
      while try await requests.take() != nil {}
    }
    try await withServer(["IngestService/Ingest": handler]) { client in
      let error = await failure { try await send(1, client) }
      #expect(error?.code == .invalidAnswer)
    }
  }

  @Test func `cancelling the task ends the session`() async throws {
    let handler: Handler.Streaming = { (requests, _, _) async throws(RPCError) in
      while try await requests.take() != nil {}
    }
    try await withServer(["IngestService/Ingest": handler]) { client in
      let task = Task { try await client.ingest { try await $0.send([event("g")]) } }
      try await Task.sleep(for: .milliseconds(50))
      task.cancel()
      let error = await failure { try await task.value }
      #expect(error?.code == .cancelled)
    }
  }

  @Test func `a batch too large for a message is refused before it is sent`() throws {
    let many = Array(repeating: event("g"), count: IngestBatch.mostEvents + 1)
    var large = event("g")
    large.fact = .group(GroupFact(groupId: "g", name: String(repeating: "x", count: 5_000_000)))

    #expect(throws: TallyError.self) { try IngestBatch(many) }
    #expect(throws: TallyError.self) { try IngestBatch([large]) }
    let most = try IngestBatch(many.dropLast())
    #expect(most.count == 10_000)
  }
}
