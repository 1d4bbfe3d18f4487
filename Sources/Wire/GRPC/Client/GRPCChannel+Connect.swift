internal import NIOCore
internal import NIOPosix
internal import Synchronization

extension GRPCChannel {
  /// Makes a connection, which reports by ``opened(_:)`` and ``ready(_:)``, or `failed`.
  func connect(_ attempt: Int, after pause: Duration) {
    guard pause > .zero else { return connect(attempt) }
    eventLoop.scheduleTask(in: TimeAmount(timer: pause)) { [self] in connect(attempt) }
  }

  private func connect(_ attempt: Int) {
    eventLoop.scheduleTask(in: TimeAmount(timer: options.connectTimeout)) { [weak self] in
      self?.expire(attempt)
    }
    let handshakes = Handshakes()
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
          let connection = ClientConnection(
            channel, executor: executor, owner: self, attempt: attempt)
          if let end = try secure(channel) { handshakes.add(end, of: channel) }
          let handler = ConnectionHandler(connection)
          try channel.pipeline.syncOperations.addHandler(handler)
        }
      }
      .connect(host: endpoint.host, port: endpoint.port)
      .flatMap { channel in
        handshakes.end(of: channel) ?? channel.eventLoop.makeSucceededVoidFuture()
      }
      .whenFailure { [self] error in failed(attempt, ConnectFailure(error)) }
  }

  /// The end of the handshake that is to come; `nil` without one.
  private func secure(_ channel: any Channel) throws -> EventLoopFuture<Void>? {
    guard let security = options.security else { return nil }
    try security.addHandlers(to: channel, host: endpoint.host)
    let handshake = HandshakeHandler(security, timeout: options.connectTimeout)
    try channel.pipeline.syncOperations.addHandler(handshake)
    return handshake.done
  }

  // MARK: For connections, on the event loop

  /// The socket of a connection is open.
  func opened(_ connection: ClientConnection) {
    let isWanted = state.withLock { state in
      state.connections[ObjectIdentifier(connection)] = connection
      return state.life.isConnecting(attempt: connection.attempt)
    }
    // A handshake may end after the time for its attempt.
    let reason = closedError
    if !isWanted { connection.later { $0.shutDown(reason) } }
  }

  /// The server has sent its SETTINGS.
  func ready(_ connection: ClientConnection) {
    let attempt = connection.attempt
    let calls = state.withLock { state in
      let calls = state.life.ready(connection, attempt: attempt)
      if calls != nil { state.counters.connections += 1 }
      return calls
    }
    // Later: the connection is in the middle of its events.
    guard let calls else {
      let reason = closedError
      return connection.later { $0.shutDown(reason) }
    }
    for call in calls { call.setWaitTimer(nil) }
    connection.later { $0.begin(calls) }
  }

  /// The connection takes no more calls.
  func forget(_ connection: ClientConnection, wasUseful: Bool) {
    state.withLock { $0.life.lost(connection, wasUseful: wasUseful) }
  }

  /// The socket of a connection is closed.
  func closed(_ connection: ClientConnection) {
    state.withLock { _ = $0.connections.removeValue(forKey: ObjectIdentifier(connection)) }
  }

  /// An attempt to connect has failed.
  func failed(_ attempt: Int, _ reason: ConnectFailure) {
    let failure = RPCError(reason.code, "cannot connect to \(endpoint): \(reason.text)")
    let failed = state.withLock { state in
      let failed = state.life.failed(attempt: attempt, failure, now: .now)
      if failed != nil { state.counters.failedConnections += 1 }
      return failed
    }
    guard let failed else { return }
    eventLoop.scheduleTask(in: TimeAmount(timer: failed.pause)) { [weak self] in
      self?.pauseEnded(attempt)
    }
    for call in failed.calls {
      call.setWaitTimer(nil)
      call.attemptEnded(AttemptEnd(failure: failure))
    }
  }

  private func pauseEnded(_ attempt: Int) {
    let action = state.withLock { $0.life.pauseEnded(attempt: attempt, now: .now) }
    if case .connect(let next, let pause) = action { connect(next, after: pause) }
  }

  /// The time for an attempt is over, wherever it is. Before its channel is active, that has timers
  /// of its own, which close it.
  private func expire(_ attempt: Int) {
    let late = state.withLock { state in
      state.connections.values.filter { $0.attempt == attempt }
    }
    let time = options.connectTimeout
    if !late.isEmpty {
      failed(attempt, ConnectFailure("it did not speak HTTP/2 within \(time)"))
    } else if options.security != nil {
      failed(attempt, ConnectFailure("connection and TLS handshake did not end within \(time)"))
    } else {
      failed(attempt, ConnectFailure("no answer within \(time)"))
    }
    for connection in late {
      connection.later { if case .opening = $0.state { $0.close() } }
    }
  }
}

/// Why a connection could not be made, or takes no more calls.
struct ConnectFailure {
  var code: StatusCode
  /// For a person; what failed stands before it.
  var text: String

  init(_ text: String, _ code: StatusCode = .unavailable) {
    self.code = code
    self.text = text
  }

  init(_ error: any Error) {
    self.init(SocketFailure.reason(error), SocketFailure.code(error))
  }
}

/// The handshakes of one attempt, by channel: on a busy loop one may have failed, and its handlers
/// be gone, before the attempt hears that its channel is connected.
private final class Handshakes: Sendable {
  private let ends = Mutex<[ObjectIdentifier: EventLoopFuture<Void>]>([:])

  func add(_ end: EventLoopFuture<Void>, of channel: any Channel) {
    ends.withLock { $0[ObjectIdentifier(channel)] = end }
  }

  func end(of channel: any Channel) -> EventLoopFuture<Void>? {
    ends.withLock { $0[ObjectIdentifier(channel)] }
  }
}
