internal import TallyMessages
internal import TallyModel
internal import TallyStore

/// One request of an ingest stream, judged: the events to take, and a verdict for each other one.
struct Batch: Sendable {
  let sequence: UInt64
  private(set) var events = EventBatch()
  /// How many they are.
  private(set) var taken = 0
  /// Where each of `events` stood in the request; nil if all were taken, and so each at its own.
  private var places: [UInt32]?
  private(set) var verdicts: [Verdict] = []

  init(_ request: IngestRequest, now: Timestamp, limits: Limits) {
    sequence = request.sequence
    for (index, message) in request.events.enumerated() {
      let refusal: Refusal?
      if let event = TallyModel.Event(message) {
        refusal = validate(event, now: now, limits: limits)
        if refusal == nil {
          events.append(event)
          taken += 1
          places?.append(UInt32(index))
        }
      } else {
        refusal = .noFact
      }
      guard let refusal else { continue }
      if places == nil { places = (0..<UInt32(events.count)).map { $0 } }
      verdicts.append(
        Verdict(
          index: UInt32(index), reason: VerdictReason(rawValue: refusal.reason.rawValue),
          field: refusal.field, message: refusal.message))
    }
  }

  /// What the answer needs: it may wait long for its client, and the events are on their way.
  var withoutEvents: Batch {
    var batch = self
    batch.events = EventBatch()
    return batch
  }

  /// Where the taken event number `index` stood in the request.
  func place(ofTaken index: Int) -> UInt32 {
    places?[index] ?? UInt32(index)
  }

  /// The answer once the batch is durable.
  func answer(_ revision: Revision) -> IngestResponse {
    IngestResponse(
      sequence: sequence, revision: revision, taken: UInt64(taken), verdicts: verdicts)
  }

  /// The answer once it is known what each event did.
  func answer(_ revision: Revision, outcomes: [EventVerdict]) -> IngestResponse {
    var answer = answer(revision)
    var counts: [UInt64] = [0, 0, 0]
    for (index, outcome) in outcomes.enumerated() {
      counts[min(Int(outcome.rawValue), 2)] += 1
      guard let verdict = Verdict(outcome, index: place(ofTaken: index)) else { continue }
      answer.verdicts.append(verdict)
    }
    // Both kinds are in order; the answer has them in the order of the events.
    if !verdicts.isEmpty { answer.verdicts.sort { $0.index < $1.index } }
    (answer.applied, answer.duplicate, answer.superseded) = (counts[0], counts[1], counts[2])
    return answer
  }
}

extension Verdict {
  /// Nil for an event that became the version that stands.
  init?(_ outcome: EventVerdict, index: UInt32) {
    switch outcome {
    case .applied:
      return nil
    case .duplicate:
      self.init(
        index: index, reason: .duplicate,
        message: "the same version of the same fact is stored already: nothing to do")
    case .superseded, .erased:
      self.init(
        index: index, reason: .superseded,
        message: "a version of the fact that goes before this one is stored already: to change "
          + "the fact, send it with a later occurred_at")
    }
  }
}
