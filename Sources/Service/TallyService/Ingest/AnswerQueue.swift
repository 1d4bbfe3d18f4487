internal import GRPC
internal import Synchronization
internal import TallyMessages

/// The answers of one ingest stream, in the order of its requests.
///
/// A place is taken when a request comes and filled when its outcome is known, from any thread.
/// The bound on places is what makes a client wait that sends faster than it reads.
final class AnswerQueue: Sendable {
  /// Made by whoever sends it, not by the thread that knows the outcome.
  typealias Answer = Result<@Sendable () -> IngestResponse, RPCError>

  private struct State {
    /// Answers by place; the first belongs to `firstPlace`.
    var answers: [Answer?] = []
    var firstPlace = 0
    var isFinished = false
    var reader: CheckedContinuation<Void, Never>?
    var writer: CheckedContinuation<Void, Never>?

    var isReady: Bool {
      if let first = answers.first, first != nil { return true }
      return answers.isEmpty && isFinished
    }
  }

  private let limit: Int
  private let state = Mutex(State())

  /// - Parameter limit: batches under way at one time.
  init(limit: Int) {
    self.limit = limit
  }

  /// The place of the next request; waits while too many are under way.
  func nextPlace() async -> Int {
    while true {
      let place = state.withLock { state -> Int? in
        guard state.answers.count < limit || state.isFinished else { return nil }
        state.answers.append(nil)
        return state.firstPlace + state.answers.count - 1
      }
      if let place { return place }
      await withCheckedContinuation { continuation in
        let isFree = state.withLock { state in
          if state.answers.count < limit || state.isFinished { return true }
          state.writer = continuation
          return false
        }
        if isFree { continuation.resume() }
      }
    }
  }

  /// The outcome of the request at `place`.
  func fill(_ place: Int, _ answer: Answer) {
    let reader = state.withLock { state -> CheckedContinuation<Void, Never>? in
      let index = place - state.firstPlace
      guard state.answers.indices.contains(index) else { return nil }
      state.answers[index] = answer
      return index == 0 ? state.reader.take() : nil
    }
    reader?.resume()
  }

  /// No request follows.
  func finish() {
    let waiting = state.withLock { state in
      state.isFinished = true
      return (state.isReady ? state.reader.take() : nil, state.writer.take())
    }
    waiting.0?.resume()
    waiting.1?.resume()
  }

  /// Nobody reads the rest.
  func abandon() {
    let waiting = state.withLock { state in
      state.isFinished = true
      state.firstPlace += state.answers.count
      state.answers = []
      return (state.reader.take(), state.writer.take())
    }
    waiting.0?.resume()
    waiting.1?.resume()
  }

  /// All answers that are next, at least one; waits for the first. Nil is the end.
  func take() async -> [Answer]? {
    await withTaskCancellationHandler {
      await withCheckedContinuation { continuation in
        let isReady = state.withLock { state in
          if state.isReady { return true }
          state.reader = continuation
          return false
        }
        if isReady { continuation.resume() }
      }
    } onCancel: {
      abandon()
    }
    let (answers, writer) = state.withLock { state in
      let answers = Array(state.answers.prefix { $0 != nil }.compactMap { $0 })
      state.answers.removeFirst(answers.count)
      state.firstPlace += answers.count
      return (answers, state.answers.count < limit ? state.writer.take() : nil)
    }
    writer?.resume()
    return answers.isEmpty ? nil : answers
  }
}
