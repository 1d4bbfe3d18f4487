internal import HTTP2
internal import NIOCore

/// The client's end of one connection; isolated to its channel's event loop.
///
/// ```
/// opening ─ SETTINGS → open ─ GOAWAY → leaving ─ last stream ends → ending → closed
/// ```
actor ClientConnection: ByteConnection {
  let channel: any Channel
  let owner: GRPCChannel
  /// Which of the owner's attempts to connect made it.
  let attempt: Int
  let session: Session
  var streams: [Int32: ClientStream] = [:]
  /// Calls for which the server has no stream free.
  var waiting: CallQueue<ClientExchange>
  var state = State.opening
  var goAway: String?
  /// The server has answered a call.
  var wasUseful = false
  var idleTimer: Scheduled<Void>?
  var keepalive: ClientKeepalive?
  var keepaliveTimer: Scheduled<Void>?
  private let executor: any NIOSerialEventLoopExecutor
  private let writer = FrameWriter()
  private var hasTurnQueued = false
  private var isActive = false
  private var hasReceived = false
  /// The server has said so; it may say it again and again.
  private var pingedTooOften = false

  enum State {
    case opening
    case open
    case leaving
    case ending
    case closed
  }

  nonisolated var unownedExecutor: UnownedSerialExecutor {
    executor.asUnownedSerialExecutor()
  }

  init(
    _ channel: any Channel, executor: any NIOSerialEventLoopExecutor, owner: GRPCChannel,
    attempt: Int
  ) {
    self.channel = channel
    self.executor = executor
    self.owner = owner
    self.attempt = attempt
    waiting = CallQueue(limit: owner.options.maxQueuedCalls)
    var options = SessionOptions()
    options.streamWindowBytes = Int32(owner.options.streamWindowBytes)
    options.connectionWindowBytes = Int32(
      max(owner.options.connectionWindowBytes, owner.options.streamWindowBytes))
    options.maxHeaderListBytes = UInt32(owner.options.maxMetadataBytes)
    session = Session(.client, options: options)
  }

  func open() {
    isActive = true
    owner.opened(self)
    flush()
  }

  func receive(_ bytes: ByteBuffer) {
    guard state != .closed, state != .ending else { return }
    noteBytes()
    if !hasReceived {
      hasReceived = true
      if let reason = OtherProtocol.reason(bytes.readableBytesView) {
        leave(because: ConnectFailure("it \(reason)"))
        return close()
      }
    }
    bytes.withUnsafeReadableBytes { bytes in
      do throws(HTTP2Error) {
        try session.receive(bytes)
        handleEvents()
      } catch {
        handleEvents()
        leave(because: ConnectFailure("\(error)"))
        failAll(ConnectFailure("broke: \(error)"))
        flush()
        end()
      }
    }
  }

  /// Writes what can be written within a turn.
  func flush() {
    guard state != .closed else { return }
    let action = writer.turn(session, to: channel) {
      handleEvents()
      return state != .closed
    }
    switch action {
    case .wait: break
    case .queueTurn: queueTurn()
    case .end: end()
    }
  }

  func lost(_ error: (any Error)?) {
    // A connection that was never active fails its attempt another way.
    guard isActive else { return }
    let failure = error.map(ConnectFailure.init)
    leave(because: failure ?? ConnectFailure(hangUp))
    state = .closed
    idleTimer?.cancel()
    keepaliveTimer?.cancel()
    owner.closed(self)
    failAll(
      ConnectFailure(
        "was lost" + (failure.map { ": \($0.text)" } ?? ""), failure?.code ?? .unavailable))
  }

  /// Why a server may have ended a connection without SETTINGS.
  private var hangUp: String {
    !hasReceived && owner.options.security == nil
      ? "the server hung up before it sent anything: it may want TLS"
      : "the server hung up before it spoke HTTP/2"
  }

  /// Ends the open calls with `reason` and closes the connection, in order if the server reads.
  func shutDown(_ reason: RPCError) {
    guard state != .closed, state != .ending else { return }
    leave(because: ConnectFailure(reason.message))
    for stream in streams.values { stream.exchange.finish(reason) }
    session.terminate(.noError)
    flush()
    end()
  }

  /// No new call is taken: those that wait go back to the channel.
  func leave(because reason: ConnectFailure) {
    switch state {
    case .opening: owner.failed(attempt, reason)
    case .open: owner.forget(self, wasUseful: wasUseful)
    case .leaving, .ending, .closed: return
    }
    state = .leaving
    for call in waiting.removeAll() { owner.dispatch(call) }
  }

  /// Ends all streams: the connection is gone.
  func failAll(_ reason: ConnectFailure) {
    let open = streams
    streams = [:]
    let failure = RPCError(reason.code, "the connection to \(owner.endpoint) \(reason.text)")
    for (id, stream) in open { stream.lose(failure, wasSent: session.wasSent(id)) }
  }

  /// Runs `body` on the connection from any thread, later if it is this one.
  nonisolated func later(_ body: @escaping @Sendable (isolated ClientConnection) -> Void) {
    channel.eventLoop.execute { self.assumeIsolated(body) }
  }

  /// Runs `body` on the connection in a while; only from its event loop.
  func schedule(
    in time: Duration, _ body: @escaping (isolated ClientConnection) -> Void
  ) -> Scheduled<Void> {
    channel.eventLoop.assumeIsolated().scheduleTask(in: TimeAmount(timer: time)) { [weak self] in
      self?.assumeIsolated(body)
    }
  }

  func close() {
    guard state != .closed else { return }
    channel.close(promise: nil)
  }

  /// Closes behind what is written: a close at once would lose what the kernel has not taken yet.
  private func end() {
    guard state != .ending, state != .closed else { return }
    leave(because: ConnectFailure("the connection ended before the server spoke HTTP/2"))
    state = .ending
    failAll(ConnectFailure("was closed"))
    channel.writeAndFlush(ByteBuffer()).whenComplete { [self] _ in later { $0.close() } }
    // A server that does not read must not keep the socket open.
    _ = schedule(in: Self.lingerTime) { $0.close() }
  }

  private func queueTurn() {
    guard !hasTurnQueued else { return }
    hasTurnQueued = true
    later { connection in
      connection.hasTurnQueued = false
      connection.flush()
    }
  }

  private func handleEvents() {
    while let event = session.nextEvent() {
      switch event {
      case .headers(let id, let block, let kind, let endsStream):
        receiveHeaders(id, block, kind, endsStream: endsStream)
      case .data(let id, let bytes):
        guard let stream = streams[id] else { continue }
        let action = stream.receiveBody(bytes) { session.consume(stream: id, count: $0) }
        if case .reset = action { session.reset(id, .cancel) }
      case .dataEnd(let id):
        streams[id]?.receiveEnd()
        stopSending(id)
      case .closed(let id, let code): closed(id, code)
      case .settings: receiveSettings()
      case .goAway(_, let code, let message):
        if code == .enhanceYourCalm, message == "too_many_pings", !pingedTooOften {
          pingedTooOften = true
          owner.slowDownPings()
        }
        goAway = message.isEmpty ? "\(code)" : "\(code): \(message)"
        leave(because: ConnectFailure("it takes no calls (\(goAway ?? ""))"))
      case .pong: break
      }
    }
  }

  /// How long a server may take to read what is written before the socket is closed.
  private static let lingerTime = Duration.seconds(1)
}
