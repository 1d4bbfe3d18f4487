internal import GRPC
internal import TallyMessages

/// One watch over any number of calls, each of which goes on where the last one ended.
///
/// One consumer. Dropping it ends the call.
final class WatchStream<Request: WatchableRequest> {
  typealias Event = WatchEvent<Request.Part.Row>

  private let request: Request
  private let client: TallyClient
  private let end: ContinuousClock.Instant?
  private var call: ClientCall?
  private var waiting: ArraySlice<Event> = []
  /// The last mark, or where the caller began.
  private var since: Revision?
  /// Whether `since` came from a mark: the server knew it then.
  private var hasMark = false
  /// Whether the caller has rows of no revision: of what comes before the first mark.
  private var hasLooseRows = false
  private var backoff = Backoff()
  /// Since when nothing came; nil while the call is well.
  private var lostAt: ContinuousClock.Instant?

  init(
    _ request: Request, since: Revision?, until end: ContinuousClock.Instant?, client: TallyClient
  ) {
    self.request = request
    self.since = since
    self.end = end
    self.client = client
  }

  deinit { call?.cancel() }

  func next() async throws(TallyError) -> Event? {
    while true {
      if let event = waiting.popFirst() { return event }
      do throws(RPCError) {
        guard let messages = try await currentCall().take() else {
          throw RPCError(.unavailable, "the server ended the watch")
        }
        lostAt = nil
        backoff.reset()
        for message in messages { try take(message) }
      } catch {
        try await recover(from: error)
      }
    }
  }

  private func currentCall() -> ClientCall {
    if let call { return call }
    var options = client.callOptions(patience: client.options.retryFor)
    options.timeout = end.map { max(.zero, $0 - .now) }
    let new = client.channel.serverStreaming(
      "/tally.v1.ReportService/Watch",
      WatchRequest(report: request.watched, since: since).messageBytes(), options: options)
    call = new
    return new
  }

  private func take(_ message: MessageBytes) throws(RPCError) {
    let response: WatchResponse
    do throws(DecodeError) {
      response = try WatchResponse(decoding: message)
    } catch {
      throw RPCError(.internal, "the server sent changes that cannot be read (\(error))")
    }
    if response.startOver != .unspecified {
      // The old rows are dropped, so that the old mark is no place to go on from.
      since = nil
      hasMark = false
      waiting.append(.startOver(StartOver(response.startOver)))
    }
    let rows = Request.rows(of: response)
    if since == nil, !rows.isEmpty { hasLooseRows = true }
    waiting += rows.map { .row($0) }
    waiting += response.goneIds.map { .gone(id: $0) }
    if let mark = response.mark {
      since = mark.revision
      hasMark = true
      hasLooseRows = false
      waiting.append(.mark(mark))
    }
  }

  /// Waits before the next attempt, or throws if there is to be none.
  private func recover(from error: RPCError) async throws(TallyError) {
    call?.cancel()
    call = nil
    if Task.isCancelled {
      throw TallyError(.cancelled, "the task that watched was cancelled")
    }
    let failure = TallyError(error, from: client.channel.endpoint)
    if hasLooseRows, Self.isPassing(failure) {
      // Without a revision nothing says which of these rows have left since.
      hasLooseRows = false
      waiting.append(.startOver(.interrupted))
    }
    if failure.code == .wrongStore, hasMark {
      since = nil
      hasMark = false
      waiting.append(.startOver(.otherStore))
      return
    }
    guard Self.isPassing(failure) else { throw failure }
    let now = ContinuousClock.now
    let lostAt = lostAt ?? now
    self.lostAt = lostAt
    let pause = max(backoff.next(), failure.details.retryDelay ?? .zero)
    guard now - lostAt + pause <= client.options.retryFor else { throw failure }
    do {
      try await Task.sleep(for: pause)
    } catch {
      throw TallyError(.cancelled, "the task that watched was cancelled")
    }
  }

  /// Whether the watch may go on: the server stops or is gone, asks to wait, or had to give up a
  /// client that took nothing for a while.
  private static func isPassing(_ failure: TallyError) -> Bool {
    failure.isTransient || failure.details.reason == "CLIENT_STALLED"
      || failure.code == .cancelled
  }
}

extension StartOver {
  init(_ restart: WatchRestart) {
    switch restart {
    case .erasure: self = .erasure
    case .selection: self = .selection
    default: self = .unknown
    }
  }
}
