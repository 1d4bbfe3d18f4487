internal import Synchronization
internal import TallyMessages
internal import Testing

@testable internal import TallyService

@Suite(.timeLimit(.minutes(1))) struct `answers of an ingest stream` {
  @Test func `a client that leaves many verdicts unread is not read either`() async {
    let answers = AnswerQueue(limit: 256, verdictLimit: 10)
    let first = await answers.nextPlace()
    answers.expect(verdicts: 10, at: first)
    let given = Given()

    await withTaskGroup(of: Void.self) { group in
      group.addTask {
        _ = await answers.nextPlace()
        given.note()
      }
      try? await Task.sleep(for: .milliseconds(50))
      #expect(!given.isNoted)

      answers.fill(first, .success { IngestResponse() })
      let taken = await answers.take()
      #expect(taken?.count == 1)
    }

    #expect(given.isNoted)
  }

  @Test func `the place that is asked for when nobody reads the rest is given`() async {
    let answers = AnswerQueue(limit: 1, verdictLimit: 10)
    _ = await answers.nextPlace()

    await withTaskGroup(of: Void.self) { group in
      group.addTask { _ = await answers.nextPlace() }
      answers.abandon()
    }
  }

  private final class Given: Sendable {
    private let state = Mutex(false)

    var isNoted: Bool { state.withLock { $0 } }

    func note() { state.withLock { $0 = true } }
  }
}
