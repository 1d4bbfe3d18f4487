internal import HTTP2
internal import NIOCore

/// The server's end of one connection: a session, its streams, and the channel below them.
///
/// Everything here runs on the channel's event loop, which is this actor's executor: the channel's
/// handler and timers enter by `assumeIsolated`, other threads by `eventLoop.execute`.
actor ServerConnection: ByteConnection {
  let channel: any Channel
  let routes: Routes
  let peer: String
  /// Whom the client proved to be in the handshake.
  private(set) var identity: PeerIdentity?
  let session: Session
  var streams: [Int32: ServerStream] = [:]
  /// What the unfinished requests of this connection hold.
  lazy var requestMemory = RequestMemory(limit: routes.limits.maxUnfinishedBytesPerConnection)
  /// Answers to requests that are not gRPC and not complete.
  var refusedRequests = RefusedRequests()
  /// Streaming handlers that have not ended, also those whose call is over.
  var runningHandlers = 0
  private let executor: any NIOSerialEventLoopExecutor
  let writer = FrameWriter()
  private var state = State.open
  private var hasTurnQueued = false
  private(set) var isEnding = false
  /// Not before the TLS handshake, if there is one.
  private var isOpen = false
  /// Whether anything was sent.
  var hasGreeted = false
  /// Whether the client was answered in the words of HTTP/1.1: nothing of HTTP/2 may follow.
  var isHTTP1 = false
  /// Bytes that came behind the end.
  var droppedBytes = 0
  /// What the session refused, as far as it is counted.
  var refusals = Refusals()
  var watch: ConnectionWatch
  let lookPeriod: Duration
  var nextLook: Scheduled<Void>?
  /// Whether the client's SETTINGS are there.
  private(set) var isGreeted = false
  private(set) var receivedBytes = 0
  var begunCalls = 0
  /// What the second GOAWAY of a drain says.
  private var farewell = ""

  /// open ─ drain → draining ─ pong or drain-timeout → leaving ─ streams end → closed
  private enum State {
    case open
    /// GOAWAY without a last stream is out; calls that crossed it on the way are still taken.
    case draining
    /// GOAWAY with the last stream is out.
    case leaving
    case closed
  }

  nonisolated var unownedExecutor: UnownedSerialExecutor {
    executor.asUnownedSerialExecutor()
  }

  init(_ channel: any Channel, executor: any NIOSerialEventLoopExecutor, routes: Routes) {
    self.channel = channel
    self.executor = executor
    self.routes = routes
    let address = channel.remoteAddress
    peer = "\(address?.ipAddress ?? "unknown"):\(address?.port ?? 0)"
    var options = routes.limits.session
    options.streamWindowBytes = Int32(routes.options.streamWindowBytes)
    session = Session(.server, options: options)
    watch = ConnectionWatch(
      routes.limits, openedAt: .now, jitter: Double.random(in: 0.9...1.1))
    lookPeriod = routes.lookPeriod
  }

  /// Says nothing yet: a client of HTTP/1.1 is answered in its own words, and any other speaks
  /// first.
  func open() {
    isOpen = true
    identity = routes.options.security?.identity(on: channel)
    watch = ConnectionWatch(
      routes.limits, openedAt: .now, jitter: Double.random(in: 0.9...1.1))
    scheduleLook()
  }

  func receive(_ bytes: ByteBuffer) {
    guard state != .closed else { return }
    guard !isEnding else { return drop(bytes.readableBytes) }
    receivedBytes &+= bytes.readableBytes
    bytes.withUnsafeReadableBytes { bytes in
      do throws(HTTP2Error) {
        try session.receive(bytes)
        handleEvents()
      } catch {
        breakOff(error, bytes)
      }
    }
    countRefusals()
  }

  /// Writes what can be written within a turn.
  func flush() {
    guard state != .closed, !isHTTP1 else { return }
    hasGreeted = true
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
    state = .closed
    nextLook?.cancel()
    let reason = RPCError(.cancelled, "the connection to \(peer) was lost")
    stopAll(reason)
  }

  /// Ends the connection in order: no new calls, then the end of the open ones, then the close.
  ///
  /// - Parameter text: for the client's log; goes with the GOAWAY that names the last stream, for
  ///   nghttp2 has no room for one in the first.
  func drain(because text: String) {
    guard state == .open else { return }
    // A client that has not spoken yet has nothing under way.
    guard isOpen, isGreeted else { return close() }
    state = .draining
    farewell = text
    session.announceGoAway()
    session.ping(Self.drainPing)
    flush()
  }

  var isClosed: Bool { state == .closed }

  var isDraining: Bool { state == .draining || state == .leaving }

  func close() {
    state = .closed
    nextLook?.cancel()
    channel.close(promise: nil)
  }

  /// Closes behind what is written, and once the peer has closed too: a close while its bytes are
  /// on the way would reset the connection and take from it what it has not read yet.
  func end() {
    guard !isEnding else { return }
    isEnding = true
    stopAll(RPCError(.cancelled, "the connection to \(peer) was ended"))
    channel.writeAndFlush(ByteBuffer()).whenComplete { [self] _ in
      later { $0.channel.close(mode: .output, promise: nil) }
    }
    channel.eventLoop.assumeIsolated().scheduleTask(in: Self.lingerTime) {
      self.assumeIsolated { $0.close() }
    }
  }

  /// Runs `body` on the connection from any thread, later if it is this one.
  nonisolated func later(_ body: @escaping @Sendable (isolated ServerConnection) -> Void) {
    channel.eventLoop.execute { self.assumeIsolated(body) }
  }

  func leave() {
    guard state == .draining else { return }
    state = .leaving
    session.goAway(.noError, message: farewell)
    flush()
  }

  private func queueTurn() {
    guard !hasTurnQueued else { return }
    hasTurnQueued = true
    later { connection in
      connection.hasTurnQueued = false
      connection.flush()
    }
  }

  /// Takes what the session has to tell. New deadlines start here: most calls are over before one
  /// would have to be set.
  func handleEvents() {
    var begun: [ServerStream] = []
    while let event = session.nextEvent() {
      switch event {
      case .headers(let id, let block, let kind, let endsStream):
        if let stream = receiveHeaders(id, block, kind, endsStream: endsStream) {
          begun.append(stream)
        }
      case .data(let id, let bytes): receiveBody(id, bytes)
      case .dataEnd(let id): receiveEnd(id)
      case .closed(let id, let code): forget(id, code)
      case .pong(let payload) where payload == Self.drainPing: leave()
      case .settings: isGreeted = true
      case .pong, .goAway: break
      }
    }
    for stream in begun where streams[stream.id] === stream { startTimer(stream) }
  }

  /// How long a peer may take to read what is written and to close its side.
  private static let lingerTime = TimeAmount.seconds(5)

  /// The payload that gRPC's implementations send while they drain.
  private static let drainPing: UInt64 = 0x0106_0108_0003_0309
}
