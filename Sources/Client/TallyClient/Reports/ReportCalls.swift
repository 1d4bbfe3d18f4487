internal import GRPC
internal import TallyMessages

/// Makes the calls of one report: the first, and those that go on after a break.
struct ReportCalls: Sendable {
  /// A call whose header came.
  struct Opened {
    let call: ClientCall
    let header: ReportHeader
    /// The messages that came first; the header is in the first of them.
    let messages: [MessageBytes]
  }

  let channel: GRPCChannel
  private let path: String
  private let options: CallOptions
  private let asked: ReportOptions?
  private let encoded: @Sendable (ReportOptions?) -> MessageBytes
  /// Of all calls together.
  private let deadline: ContinuousClock.Instant?

  /// - Parameter request: with its tenant; its options hold for the first call.
  init<Request: ReportRequest>(_ request: Request, _ channel: GRPCChannel, _ options: CallOptions) {
    self.channel = channel
    self.options = options
    path = "/tally.v1.ReportService/\(Request.call)"
    asked = request.options
    encoded = { options in
      var request = request
      request.options = options
      return request.messageBytes()
    }
    deadline = options.timeout.map { .now + $0 }
  }

  /// The report from its first row, or as its caller asked for it.
  ///
  /// Until the response begins the channel tries again as its options say; behind that nobody but
  /// this would, as long as there is no handle.
  func open() async throws(TallyError) -> Opened {
    var recovery = ReportRecovery()
    while true {
      let call = begin(asked)
      do throws(TallyError) {
        return try await opened(call)
      } catch {
        guard error.mayGoOn, await call.hasBegun,
          let pause = recovery.nextPause(rows: 0, asked: error.details.retryDelay),
          await self.pause(pause)
        else { throw error }
      }
    }
  }

  /// The report behind the row with this id; from the first row if none came.
  func open(_ handle: [UInt8], after id: String?) async throws(TallyError) -> Opened {
    var wanted = asked ?? ReportOptions()
    wanted.continueHandle = handle
    wanted.afterId = id ?? wanted.afterId
    return try await opened(begin(wanted))
  }

  /// Waits, unless the time for the report is over by then.
  ///
  /// - Returns: false if it is not worth it to go on.
  func pause(_ pause: Duration) async -> Bool {
    if let deadline, .now + pause >= deadline { return false }
    do {
      try await Task.sleep(for: pause)
      return true
    } catch {
      return false
    }
  }

  private func begin(_ wanted: ReportOptions?) -> ClientCall {
    var options = options
    if let deadline { options.timeout = max(.milliseconds(1), deadline - .now) }
    return channel.serverStreaming(path, encoded(wanted), options: options)
  }

  private func opened(_ call: ClientCall) async throws(TallyError) -> Opened {
    let first: [MessageBytes]
    do throws(RPCError) {
      first = try await call.take() ?? []
    } catch {
      throw TallyError(error, from: channel.endpoint)
    }
    guard let part = first.first, let header = try header(in: part) else {
      throw .invalidAnswer("a report without a header", from: channel.endpoint)
    }
    return Opened(call: call, header: header, messages: first)
  }

  private func header(in part: MessageBytes) throws(TallyError) -> ReportHeader? {
    try part.withUnsafeBytes { (bytes) throws(TallyError) -> ReportHeader? in
      var fields = FieldScanner(bytes)
      while let field = fields.next() {
        if field.number != 1 { continue }
        do throws(DecodeError) {
          return try ReportHeader(decoding: field.content)
        } catch {
          throw .invalidAnswer("a header that cannot be read (\(error))", from: channel.endpoint)
        }
      }
      return nil
    }
  }
}

extension ClientCall {
  /// Whether the response's headers came, of a call that is over.
  fileprivate var hasBegun: Bool {
    get async { (try? await initialMetadata) != nil }
  }
}

extension TallyError {
  /// Whether a report that ended so may go on: the connection or the call was lost, the server asks
  /// to come again, or it gave up a reader that was slow and now reads.
  var mayGoOn: Bool {
    switch code {
    case .unavailable, .incompleteReport: true
    // By the server or something between; our own ends the report.
    case .cancelled: true
    case .busy: details.retryDelay != nil || details.reason == "CLIENT_STALLED"
    // A reset of the stream; a failure that the server knows of has a reason.
    case .serverFailed: details.reason == nil
    default: false
    }
  }

  /// Whether the server does not go on with the report, but may start it again: another store has
  /// taken the place of the one that it came from.
  var refusesHandle: Bool { code == .wrongStore || code == .invalidRequest }
}
