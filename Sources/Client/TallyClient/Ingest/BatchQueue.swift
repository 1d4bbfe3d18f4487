internal import TallyMessages

/// The batches of one session that have no answer yet, and who waits for what. No I/O: each step
/// returns whom to wake, outside the lock that guards it.
struct BatchQueue {
  typealias Answer = Result<IngestResponse, TallyError>
  typealias AnswerContinuation = UnsafeContinuation<Answer, Never>
  typealias Waiter = UnsafeContinuation<Void, Never>

  /// Whom a step wakes.
  struct Wakes {
    var entered: [Waiter] = []
    var answered: [(AnswerContinuation, Answer)] = []
    var sender: Waiter?
  }

  /// What the sender does next.
  enum OnSend {
    case write([UInt8])
    /// Nothing is queued: wait to be woken.
    case wait
    /// No batch will follow.
    case finish
  }

  private struct Batch {
    let sequence: UInt64
    let bytes: [UInt8]
    let room: Int
    let continuation: AnswerContinuation
  }

  private struct Entry {
    let bytes: Int
    let waiter: Waiter
  }

  private let mostBatches: Int
  private let mostBytes: Int
  private var batches: [UInt64: Batch] = [:]
  /// The oldest batch without an answer, and the next to be written.
  private var oldest: UInt64 = 1
  private var nextToWrite: UInt64 = 1
  private var nextSequence: UInt64 = 1
  /// Places taken, by batches and by those who were let in to add one.
  private var places = 0
  private var bytes = 0
  private var entries: [Entry] = []
  private var sender: Waiter?
  private var failure: TallyError?
  private(set) var isFinished = false
  /// When the last answer came, or the first batch after none were under way.
  private(set) var lastAnswer = ContinuousClock.now

  init(_ options: IngestOptions) {
    mostBatches = max(1, options.mostUnderWay)
    mostBytes = options.mostBytesUnderWay
  }

  /// Whether some batch has no answer yet.
  var hasUnanswered: Bool { !batches.isEmpty }

  /// What ended the session before its time.
  var ending: TallyError? { failure }

  // MARK: Callers

  /// Asks for room; the waiter is woken when there is some, or the session has failed.
  mutating func enter(bytes: Int, _ waiter: Waiter) -> Wakes {
    entries.append(Entry(bytes: bytes, waiter: waiter))
    return admit()
  }

  /// Adds the batch of someone who was let in.
  mutating func add(
    _ continuation: AnswerContinuation, bytes room: Int, request: (UInt64) -> [UInt8]
  ) -> Wakes {
    if let failure {
      leave(room)
      return Wakes(entered: admit().entered, answered: [(continuation, .failure(failure))])
    }
    if batches.isEmpty { lastAnswer = .now }
    let sequence = nextSequence
    nextSequence += 1
    batches[sequence] = Batch(
      sequence: sequence, bytes: request(sequence), room: room, continuation: continuation)
    return Wakes(sender: sender.take())
  }

  /// No batch will follow.
  mutating func finish() -> Wakes {
    isFinished = true
    return Wakes(sender: sender.take())
  }

  // MARK: Connection

  /// The next batch to write on the stream that is open.
  mutating func next() -> OnSend {
    if failure != nil { return .finish }
    if let batch = batches[nextToWrite] {
      nextToWrite += 1
      return .write(batch.bytes)
    }
    return isFinished ? .finish : .wait
  }

  /// - Returns: whether the sender must not sleep, because something came meanwhile.
  mutating func sleep(_ waiter: Waiter) -> Bool {
    if failure != nil || isFinished || batches[nextToWrite] != nil { return true }
    sender = waiter
    return false
  }

  /// Wakes the sender without a batch, so that it sees that its stream is over.
  mutating func wakeSender() -> Wakes {
    Wakes(sender: sender.take())
  }

  /// A new stream: all batches without an answer are to be written again, in order.
  mutating func rewind() {
    nextToWrite = oldest
  }

  /// Matches an answer with its batch.
  ///
  /// - Returns: `nil` if no batch of this number waits.
  mutating func answer(_ response: IngestResponse) -> Wakes? {
    guard let batch = batches.removeValue(forKey: response.sequence) else { return nil }
    while oldest < nextSequence, batches[oldest] == nil { oldest += 1 }
    nextToWrite = max(nextToWrite, oldest)
    lastAnswer = .now
    leave(batch.room)
    var wakes = admit()
    wakes.answered = [(batch.continuation, .success(response))]
    return wakes
  }

  /// Ends the session for everybody who waits and who comes.
  mutating func fail(_ error: TallyError) -> Wakes {
    if failure == nil { failure = error }
    let failed = batches.values.sorted { $0.sequence < $1.sequence }
    batches = [:]
    for batch in failed { leave(batch.room) }
    var wakes = admit()
    wakes.answered = failed.map { ($0.continuation, .failure(error)) }
    wakes.sender = sender.take()
    return wakes
  }

  // MARK: Room

  private mutating func admit() -> Wakes {
    var wakes = Wakes()
    var admitted = 0
    for entry in entries {
      let fits = places < mostBatches && (bytes + entry.bytes <= mostBytes || places == 0)
      if !fits && failure == nil { break }
      places += 1
      bytes += entry.bytes
      wakes.entered.append(entry.waiter)
      admitted += 1
    }
    entries.removeFirst(admitted)
    return wakes
  }

  private mutating func leave(_ room: Int) {
    places -= 1
    bytes -= room
  }
}
