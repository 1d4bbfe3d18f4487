internal import HTTP2
internal import Logging
internal import NIOCore
internal import Synchronization

extension ClientConnection {
  /// Watches the server from its SETTINGS on, if the channel asks for it.
  func startKeepalive() {
    guard let time = owner.keepaliveTime else { return }
    keepalive = ClientKeepalive(
      time: time, timeout: owner.options.keepaliveTimeout,
      withoutCalls: owner.options.keepaliveWithoutCalls, now: .now)
    lookAtServer()
  }

  /// Bytes arrived: the server is there.
  func noteBytes() {
    guard let action = keepalive?.receive(now: .now) else { return }
    carryOut(action)
  }

  /// A call is about to begin: a connection that was silent for long is asked first.
  func watchForCall() {
    guard let action = keepalive?.callBegins(now: .now) else { return }
    carryOut(action)
  }

  private func lookAtServer() {
    guard state == .open || state == .leaving,
      let action = keepalive?.look(hasCalls: !streams.isEmpty, now: .now)
    else { return }
    carryOut(action)
  }

  private func carryOut(_ action: ClientKeepalive.OnLook) {
    switch action {
    case .rest: break
    case .look(let time): lookAgain(at: time)
    case .ping(let time):
      owner.count(\.pings)
      session.ping(Self.keepalivePing)
      flush()
      lookAgain(at: time)
    case .dead:
      owner.count(\.deadConnections)
      let reason = "no byte within \(owner.options.keepaliveTimeout) of a ping"
      leave(because: ConnectFailure(reason))
      failAll(ConnectFailure("is dead: \(reason)"))
      close()
    }
  }

  private func lookAgain(at time: ContinuousClock.Instant) {
    keepaliveTimer?.cancel()
    keepaliveTimer = schedule(in: time - .now) { $0.lookAtServer() }
  }

  private static let keepalivePing: UInt64 = 0x7461_6c6c_7900_0001
}

extension GRPCChannel {
  /// What new connections do; grows when a server complains.
  var keepaliveTime: Duration? { state.withLock { $0.keepaliveTime } }

  /// Beyond it a longer time means nothing, and twice as long would overflow in the end.
  private static let slowestPings = Duration.seconds(86_400)

  /// The server has ended a connection because it was pinged too often.
  ///
  /// Source: grpc/proposal A8: log it, and double the time for new connections.
  func slowDownPings() {
    let time = state.withLock { state in
      state.keepaliveTime = state.keepaliveTime.map { max($0, min($0 * 2, Self.slowestPings)) }
      return state.keepaliveTime
    }
    options.logger.warning(
      "the server was pinged too often: set a longer keepalive time",
      metadata: [
        "server.address": "\(endpoint)",
        "keepalive.time": "\(time.map { "\($0)" } ?? "none")",
      ])
  }
}
