internal import HTTP2
internal import NIOCore

/// The client's end of one connection; isolated to its channel's event loop.
actor ClientConnection: ByteConnection {
  private let channel: any Channel
  private let executor: any NIOSerialEventLoopExecutor
  private let owner: GRPCChannel
  private let session: Session
  private var streams: [Int32: ClientStream] = [:]
  private let writer = FrameWriter()
  private var isClosed = false
  private var hasTurnQueued = false
  private var isEnding = false
  private var hasReceived = false
  private var goAway: String?

  nonisolated var unownedExecutor: UnownedSerialExecutor {
    executor.asUnownedSerialExecutor()
  }

  init(_ channel: any Channel, executor: any NIOSerialEventLoopExecutor, owner: GRPCChannel) {
    self.channel = channel
    self.executor = executor
    self.owner = owner
    var options = SessionOptions()
    options.streamWindowBytes = Int32(owner.options.streamWindowBytes)
    options.connectionWindowBytes = Int32(max(4 * 1024 * 1024, owner.options.streamWindowBytes))
    options.maxHeaderListBytes = 64 * 1024
    session = Session(.client, options: options)
  }

  func open() {
    flush()
  }

  func receive(_ bytes: ByteBuffer) {
    guard !isClosed else { return }
    if !hasReceived {
      hasReceived = true
      if let reason = OtherProtocol.reason(bytes.readableBytesView) { return refuse(reason) }
    }
    bytes.withUnsafeReadableBytes { bytes in
      do throws(HTTP2Error) {
        try session.receive(bytes)
        handleEvents()
      } catch {
        handleEvents()
        failAll(RPCError(.unavailable, "the connection to \(owner.endpoint) broke: \(error)"))
        flush()
        end()
      }
    }
  }

  /// Writes what can be written within a turn.
  func flush() {
    guard !isClosed else { return }
    let action = writer.turn(session, to: channel) {
      handleEvents()
      return !isClosed
    }
    switch action {
    case .wait: break
    case .queueTurn: queueTurn()
    case .end: end()
    }
  }

  func lost(_ error: (any Error)?) {
    isClosed = true
    owner.forget(self)
    let code = error.map(SocketFailure.code) ?? .unavailable
    var reason = error.map { ": \(SocketFailure.reason($0))" } ?? ""
    if error == nil, !hasReceived, owner.options.security == nil {
      reason = " before the server sent anything: it may want TLS"
    }
    failAll(RPCError(code, "the connection to \(owner.endpoint) was lost\(reason)"))
  }

  /// The server speaks something else.
  private func refuse(_ reason: String) {
    failAll(RPCError(.unavailable, "\(owner.endpoint) \(reason)"))
    close()
  }

  /// Opens the call's stream. A connection that ends hands it back to its channel.
  func begin(_ exchange: ClientExchange) {
    guard !exchange.isEnded else { return }
    guard !isClosed, !isEnding, goAway == nil else { return owner.dispatch(exchange) }
    do throws(HTTP2Error) {
      let source = RequestSource(exchange.outbound)
      let id = try session.submitRequest(requestHeaders(exchange), source: source)
      streams[id] = ClientStream(exchange, maxMessageBytes: owner.options.maxMessageBytes)
      exchange.attach(to: self, stream: id)
      exchange.outbound.start(
        pullsNow: true, wake: { [weak self] in self?.later { $0.wake(id) } })
    } catch {
      exchange.finish(RPCError(.unavailable, "no call fits the connection: \(error)"))
    }
    flush()
  }

  func cancel(_ id: Int32) {
    guard let stream = streams[id] else { return }
    stream.close(.cancel, goAway: nil)
    session.reset(id, .cancel)
    flush()
  }

  func credit(_ id: Int32, _ count: Int) {
    guard let stream = streams[id] else { return }
    session.consume(stream: id, count: stream.window.take(count))
    flush()
  }

  /// Ends the open calls with CANCELLED and closes the connection.
  func shutDown() {
    failAll(RPCError(.cancelled, "the channel to \(owner.endpoint) was closed"))
    session.terminate(.noError)
    flush()
    end()
  }

  /// Runs `body` on the connection from any thread, later if it is this one.
  nonisolated func later(_ body: @escaping @Sendable (isolated ClientConnection) -> Void) {
    channel.eventLoop.execute { self.assumeIsolated(body) }
  }

  private func close() {
    guard !isClosed else { return }
    isClosed = true
    owner.forget(self)
    channel.close(promise: nil)
  }

  /// Closes behind what is written: a close at once would lose what the kernel has not taken yet.
  private func end() {
    guard !isEnding else { return }
    isEnding = true
    owner.forget(self)
    channel.writeAndFlush(ByteBuffer()).whenComplete { [self] _ in later { $0.close() } }
  }

  private func wake(_ id: Int32) {
    session.resume(id)
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

  private func failAll(_ error: RPCError) {
    let open = streams.values
    streams = [:]
    for stream in open { stream.exchange.finish(error) }
  }

  private func handleEvents() {
    while let event = session.nextEvent() {
      switch event {
      case .headers(let id, let block, let kind, let endsStream):
        guard let stream = streams[id] else { continue }
        let action = stream.receiveHeaders(block, kind, endsStream: endsStream)
        if endsStream { stopSending(id) }
        if case .reset = action { session.reset(id, .cancel) }
      case .data(let id, let bytes):
        guard let stream = streams[id] else { continue }
        let action = stream.receiveBody(bytes) { session.consume(stream: id, count: $0) }
        if case .reset = action { session.reset(id, .cancel) }
      case .dataEnd(let id):
        streams[id]?.receiveEnd()
        stopSending(id)
      case .closed(let id, let code):
        streams.removeValue(forKey: id)?.close(code, goAway: goAway)
      case .settings: owner.ready(self)
      case .goAway(_, let code, let message):
        goAway = message.isEmpty ? "\(code)" : "\(code): \(message)"
        owner.forget(self)
      case .pong: break
      }
    }
  }

  /// The server has ended the call: what is still to be sent goes nowhere (Early Server Closure).
  private func stopSending(_ id: Int32) {
    guard session.isSending(id) else { return }
    session.reset(id, .noError)
  }

  private func requestHeaders(_ exchange: ClientExchange) -> HeaderBlock {
    var block = HeaderBlock(reserving: 12, bytes: 320)
    block.add(":method", "POST")
    block.add(":scheme", owner.options.security == nil ? "http" : "https")
    block.add(":path", exchange.path)
    block.add(":authority", owner.authority)
    block.add("te", "trailers")
    block.add("content-type", "application/grpc")
    block.add("user-agent", owner.options.userAgent)
    block.add("grpc-accept-encoding", Compression.accepted)
    if exchange.compression == .gzip { block.add("grpc-encoding", "gzip") }
    if let deadline = exchange.deadline {
      block.add("grpc-timeout", Timeout.text(deadline - .now))
    }
    block.add(exchange.metadata)
    return block
  }
}

/// Feeds a call's queue of requests to its stream.
private final class RequestSource: DataSource {
  private let queue: OutboundQueue

  init(_ queue: OutboundQueue) {
    self.queue = queue
  }

  func fill(_ out: UnsafeMutableRawBufferPointer) -> DataFill {
    let pull = queue.pull(into: out)
    if pull.isLast {
      return pull.failure == nil ? .end(pull.count, trailers: nil) : .reset(.cancel)
    }
    return pull.count > 0 ? .bytes(pull.count) : .deferred
  }
}
