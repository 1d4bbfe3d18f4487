public import TallyMessages

/// Events that are sent together, encoded once however often they are sent.
public struct IngestBatch: Sendable {
  /// The most events that a server takes in one batch.
  public static let mostEvents = 10_000
  /// The largest message that a server takes, less room for the fields around the events.
  public static let mostBytes = 4 * 1024 * 1024 - 1024

  /// How many events.
  public let count: Int
  /// Fields 3 of IngestRequest, one an event.
  let encodedEvents: [UInt8]

  /// Encodes the events.
  ///
  /// - Throws: `.invalidRequest` for more than 10,000 events, or 4 MiB.
  public init(_ events: some Collection<Event>) throws(TallyError) {
    if events.count > Self.mostEvents {
      throw TallyError(
        .invalidRequest,
        "a batch of \(events.count) events is more than \(Self.mostEvents): send smaller batches")
    }
    count = events.count
    encodedEvents = IngestRequest(events: Array(events)).encoded()
    if encodedEvents.count > Self.mostBytes {
      throw TallyError(
        .invalidRequest,
        "a batch of \(encodedEvents.count) bytes is more than 4 MiB: send smaller batches")
    }
  }

  /// The whole request. Its fields may come in any order, so the events are copied as they are.
  func request(
    sequence: UInt64, tenant: String, options: IngestOptions
  ) -> [UInt8] {
    let frame = IngestRequest(
      tenant: tenant, sequence: sequence, answerWhen: options.answer.onTheWire,
      dryRun: options.isDryRun
    ).encoded()
    var request: [UInt8] = []
    request.reserveCapacity(frame.count + encodedEvents.count)
    request.append(contentsOf: frame)
    request.append(contentsOf: encodedEvents)
    return request
  }
}

/// How events are sent.
public struct IngestOptions: Sendable {
  /// When a batch is answered.
  public enum Answer: Sendable {
    /// Once it is on disk.
    case durable
    /// Once it is in the reports; the answer then counts what changed.
    case applied

    var onTheWire: AnswerWhen { self == .durable ? .durable : .applied }
  }

  /// When a batch is answered.
  public var answer: Answer = .durable
  /// Judge the events, and change nothing.
  public var isDryRun = false
  /// More batches than this are not under way at once; `send` waits.
  public var mostUnderWay = 64
  /// More bytes than this are not under way at once, unless one batch has more.
  public var mostBytesUnderWay = 16 * 1024 * 1024
  /// How long no answer may come while batches wait, reconnecting included, before `send` throws.
  public var giveUpAfter: Duration = .seconds(60)

  /// The defaults.
  public init() {}
}
