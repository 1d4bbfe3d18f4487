internal import GRPC
internal import Synchronization
internal import TallyMessages

/// The answers of one ingest stream, in the order of its requests.
///
/// A place is taken when a request comes and filled when its outcome is known, from any thread.
/// The bounds on places and on verdicts are what make a client wait that sends faster than it
/// reads: 80 KB of bad events make 2 MB of verdicts.
final class AnswerQueue: Sendable {
  /// Made by whoever sends it, not by the thread that knows the outcome.
  typealias Answer = Result<@Sendable () -> IngestResponse, RPCError>

  private struct Place {
    var answer: Answer?
    var verdicts = 0
  }

  private struct State {
    /// The first belongs to `firstPlace`.
    var places: [Place] = []
    /// Of all places.
    var verdicts = 0
    var firstPlace = 0
    var isFinished = false
    var reader: CheckedContinuation<Void, Never>?
    var writer: CheckedContinuation<Void, Never>?

    var isReady: Bool {
      if let first = places.first, first.answer != nil { return true }
      return places.isEmpty && isFinished
    }
  }

  private let limit: Int
  private let verdictLimit: Int
  private let state = Mutex(State())

  /// - Parameters:
  ///   - limit: batches under way at one time.
  ///   - verdictLimit: with so many verdicts that are not sent yet, no further place is given.
  init(limit: Int, verdictLimit: Int) {
    self.limit = limit
    self.verdictLimit = verdictLimit
  }

  private func hasRoom(_ state: State) -> Bool {
    (state.places.count < limit && state.verdicts < verdictLimit) || state.isFinished
  }

  /// The place of the next request; waits while too many are under way.
  func nextPlace() async -> Int {
    while true {
      let place = state.withLock { state -> Int? in
        guard hasRoom(state) else { return nil }
        state.places.append(Place())
        return state.firstPlace + state.places.count - 1
      }
      if let place { return place }
      await withCheckedContinuation { continuation in
        let isFree = state.withLock { state in
          if hasRoom(state) { return true }
          state.writer = continuation
          return false
        }
        if isFree { continuation.resume() }
      }
    }
  }

  /// The answer at `place` will have so many verdicts.
  func expect(verdicts: Int, at place: Int) {
    state.withLock { state in
      let index = place - state.firstPlace
      guard state.places.indices.contains(index) else { return }
      state.places[index].verdicts += verdicts
      state.verdicts += verdicts
    }
  }

  /// The outcome of the request at `place`.
  func fill(_ place: Int, _ answer: Answer) {
    let reader = state.withLock { state -> CheckedContinuation<Void, Never>? in
      let index = place - state.firstPlace
      guard state.places.indices.contains(index) else { return nil }
      state.places[index].answer = answer
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
      state.firstPlace += state.places.count
      state.places = []
      state.verdicts = 0
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
      let ready = state.places.prefix { $0.answer != nil }
      let answers = ready.compactMap(\.answer)
      state.verdicts -= ready.reduce(0) { $0 + $1.verdicts }
      state.places.removeFirst(answers.count)
      state.firstPlace += answers.count
      return (answers, hasRoom(state) ? state.writer.take() : nil)
    }
    writer?.resume()
    return answers.isEmpty ? nil : answers
  }
}
