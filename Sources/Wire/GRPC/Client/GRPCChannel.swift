internal import NIOCore
internal import NIOPosix
internal import Synchronization

/// A client's way to one server: one connection, made when first needed and again when lost.
///
/// Calls fail at once with UNAVAILABLE while the server cannot be reached; the message says why.
package final class GRPCChannel: Sendable {
  /// What a channel allows; the defaults suit a service on a local network.
  package struct Options: Sendable {
    /// The largest response message in bytes, checked when its prefix arrives.
    package var maxMessageBytes = 4 * 1024 * 1024
    /// What the server may send on one stream before the consumer takes it, in bytes.
    package var streamWindowBytes = 4 * 1024 * 1024
    package var connectTimeout = Duration.seconds(20)
    /// Between two attempts to connect: the first pause, which grows by 1.6 up to the second one.
    package var firstBackoff = Duration.seconds(1)
    package var maxBackoff = Duration.seconds(120)
    package var userAgent = "tally"
    /// TLS; plaintext if `nil`.
    package var security: (any ClientSecurity)?

    package init() {}
  }

  package let endpoint: Endpoint
  let options: Options
  /// What stands in `:authority`.
  let authority: String
  private let eventLoop: any EventLoop
  private let state: Mutex<State>

  private struct State {
    var phase = Phase.idle
    var backoff: Backoff
  }

  /// idle ─ call → connecting ─ connected → ready ─ lost → idle
  /// connecting ─ failed → waiting ─ call after the pause → connecting
  private enum Phase {
    case idle
    case connecting([ClientExchange])
    case ready(ClientConnection)
    case waiting(until: ContinuousClock.Instant, RPCError)
    case closed
  }

  private enum OnCall {
    case connect
    case begin(ClientConnection)
    case queued
    case fail(RPCError)
  }

  package init(to endpoint: Endpoint, options: Options = Options()) {
    self.endpoint = endpoint
    self.options = options
    authority = options.security?.serverName ?? "\(endpoint)"
    eventLoop = MultiThreadedEventLoopGroup.singleton.next()
    state = Mutex(
      State(backoff: Backoff(first: options.firstBackoff, max: options.maxBackoff)))
  }

  /// Begins a call of any shape: write requests, then finish; read responses, then the status.
  package func call(_ path: String, options: CallOptions = CallOptions()) -> ClientCall {
    ClientCall(begin(exchange(path, options)))
  }

  /// One request, one reply.
  ///
  /// - Throws: the call's status; UNIMPLEMENTED if there is not exactly one reply.
  package func unary(
    _ path: String, _ request: MessageBytes, options: CallOptions = CallOptions()
  ) async throws(RPCError) -> MessageBytes {
    try await serverStreaming(path, request, options: options).reply()
  }

  /// One request, any number of replies. Dropping the call without reading to the end cancels it.
  package func serverStreaming(
    _ path: String, _ request: MessageBytes, options: CallOptions = CallOptions()
  ) -> ClientCall {
    let exchange = exchange(path, options)
    _ = exchange.outbound.enqueue(exchange.encoded(request, compress: true))
    exchange.outbound.finish(nil)
    return ClientCall(begin(exchange))
  }

  /// Ends open calls with CANCELLED, closes the connection and refuses new calls.
  package func close() async {
    let phase = state.withLock { state in
      defer { state.phase = .closed }
      return state.phase
    }
    switch phase {
    case .connecting(let calls): for call in calls { call.finish(closedError) }
    case .ready(let connection): connection.later { $0.shutDown() }
    case .idle, .waiting, .closed: break
    }
  }

  // MARK: For connections

  /// Gives a call to the connection there is, or makes one.
  func dispatch(_ exchange: ClientExchange) {
    let action = state.withLock { state -> OnCall in
      switch state.phase {
      case .idle:
        state.phase = .connecting([exchange])
        return .connect
      case .connecting(let calls):
        state.phase = .connecting(calls + [exchange])
        return .queued
      case .ready(let connection): return .begin(connection)
      case .waiting(let until, let error):
        guard until <= .now else { return .fail(error) }
        state.phase = .connecting([exchange])
        return .connect
      case .closed: return .fail(closedError)
      }
    }
    switch action {
    case .connect: connect()
    case .begin(let connection): connection.later { $0.begin(exchange) }
    case .queued: break
    case .fail(let error): exchange.finish(error)
    }
  }

  /// The server has spoken HTTP/2: the next pause is the first again.
  func ready(_ connection: ClientConnection) {
    state.withLock { $0.backoff.reset() }
  }

  /// The connection takes no more calls.
  func forget(_ connection: ClientConnection) {
    state.withLock { state in
      if case .ready(let current) = state.phase, current === connection { state.phase = .idle }
    }
  }

  private func exchange(_ path: String, _ callOptions: CallOptions) -> ClientExchange {
    ClientExchange(path, callOptions, maxMessageBytes: options.maxMessageBytes)
  }

  private func begin(_ exchange: ClientExchange) -> ClientExchange {
    if let deadline = exchange.deadline {
      let wait = deadline - .now
      exchange.setTimer(
        eventLoop.scheduleTask(in: TimeAmount(timer: wait)) { [weak exchange] in
          exchange?.cancel(RPCError(.deadlineExceeded, "the call's deadline passed"))
        })
    }
    dispatch(exchange)
    return exchange
  }

  private func connect() {
    ClientBootstrap(group: eventLoop)
      .connectTimeout(TimeAmount(timer: options.connectTimeout))
      .channelOption(.socketOption(.tcp_nodelay), value: 1)
      .channelOption(.writeBufferWaterMark, value: FrameWriter.waterMark)
      .channelOption(
        .recvAllocator,
        value: AdaptiveRecvByteBufferAllocator(minimum: 2048, initial: 16_384, maximum: 262_144)
      )
      .channelInitializer { [self] channel in
        channel.eventLoop.makeCompletedFuture {
          guard let executor = channel.eventLoop as? any NIOSerialEventLoopExecutor else {
            preconditionFailure("NIOPosix's event loops are serial executors")
          }
          let connection = ClientConnection(channel, executor: executor, owner: self)
          try secure(channel)
          let handler = ConnectionHandler(connection)
          try channel.pipeline.syncOperations.addHandler(handler)
        }
      }
      .connect(host: endpoint.host, port: endpoint.port)
      .flatMap { [self] channel in handshake(channel) }
      .flatMapThrowing { channel in
        try channel.pipeline.syncOperations
          .handler(type: ConnectionHandler<ClientConnection>.self).connection
      }
      .whenComplete { [self] result in
        switch result {
        case .success(let connection): connected(connection)
        case .failure(let error): failed(error)
        }
      }
  }

  private func secure(_ channel: any Channel) throws {
    guard let security = options.security else { return }
    try security.addHandlers(to: channel, host: endpoint.host)
    try channel.pipeline.syncOperations.addHandler(
      HandshakeHandler(security, timeout: options.connectTimeout))
  }

  /// Waits for the end of the handshake, if there is one.
  private func handshake(_ channel: any Channel) -> EventLoopFuture<any Channel> {
    guard options.security != nil else { return channel.eventLoop.makeSucceededFuture(channel) }
    do {
      let handler = try channel.pipeline.syncOperations.handler(type: HandshakeHandler.self)
      return handler.done.map { channel }
    } catch {
      // The channel was closed meanwhile, and its handlers are gone.
      let failure = SecurityFailure("the server hung up during the TLS handshake")
      return channel.eventLoop.makeFailedFuture(failure)
    }
  }

  private func connected(_ connection: ClientConnection) {
    let calls = state.withLock { state -> [ClientExchange]? in
      guard case .connecting(let calls) = state.phase else { return nil }
      state.phase = .ready(connection)
      return calls
    }
    guard let calls else { return connection.later { $0.shutDown() } }
    connection.later { connection in
      for call in calls { connection.begin(call) }
    }
  }

  private func failed(_ error: any Error) {
    let failure = RPCError(
      SocketFailure.code(error), "cannot connect to \(endpoint): \(SocketFailure.reason(error))")
    let calls = state.withLock { state -> [ClientExchange] in
      guard case .connecting(let calls) = state.phase else { return [] }
      state.phase = .waiting(until: .now.advanced(by: state.backoff.next()), failure)
      return calls
    }
    for call in calls { call.finish(failure) }
  }

  private var closedError: RPCError {
    RPCError(.cancelled, "the channel to \(endpoint) was closed")
  }
}
