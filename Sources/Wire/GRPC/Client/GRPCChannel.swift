internal import NIOCore
internal import NIOPosix
internal import Synchronization

/// A client's way to one server: one connection, made when first needed and again when lost.
///
/// ``ChannelState`` says when a connection is made and which calls wait for it. Unless they ask to
/// wait, calls fail with UNAVAILABLE while the server cannot be reached; the message says why.
package final class GRPCChannel: Sendable {
  package let endpoint: Endpoint
  package let options: Options
  /// What stands in `:authority`.
  let authority: String
  let eventLoop: any EventLoop
  let throttle: Mutex<RetryThrottle>
  let state: Mutex<State>

  struct State {
    var life: ChannelState<ClientExchange, ClientConnection>
    /// Those whose sockets are open, also the ones that take no more calls.
    var connections: [ObjectIdentifier: ClientConnection] = [:]
    /// Calls that pause before their next attempt.
    var pausing: [ObjectIdentifier: ClientExchange] = [:]
    var counters = Counters()
    var keepaliveTime: Duration?
  }

  package init(to endpoint: Endpoint, options: Options = Options()) {
    self.endpoint = endpoint
    self.options = options
    authority = options.security?.serverName ?? "\(endpoint)"
    eventLoop = MultiThreadedEventLoopGroup.singleton.next()
    throttle = Mutex(
      RetryThrottle(tokens: options.retryTokens, ratio: options.retryTokenRatio))
    let backoff = Backoff(first: options.firstBackoff, max: options.maxBackoff)
    state = Mutex(
      State(
        life: ChannelState(backoff: backoff, maxWaiting: options.maxQueuedCalls),
        keepaliveTime: options.keepaliveTime.map { max($0, options.keepaliveFloor) }))
  }

  /// Begins a call of any shape: write requests, then finish; read responses, then the status.
  package func call(_ path: String, options: CallOptions = CallOptions()) -> ClientCall {
    ClientCall(begin(ClientExchange(path, options, self)))
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
    let exchange = ClientExchange(path, options, self)
    _ = exchange.outbound.enqueue(exchange.encoded(request, compress: true))
    exchange.outbound.finish(nil)
    return ClientCall(begin(exchange))
  }

  /// What happened on the channel so far.
  package var counters: Counters { state.withLock { $0.counters } }

  /// Ends open calls with CANCELLED, refuses new ones, and returns when all connections are closed.
  package func close() async {
    let (calls, connections) = state.withLock { state in
      (state.life.close() + state.pausing.values, Array(state.connections.values))
    }
    let reason = closedError
    for call in calls { call.finish(reason) }
    for connection in connections { connection.later { $0.shutDown(reason) } }
    for connection in connections { _ = try? await connection.channel.closeFuture.get() }
  }

  // MARK: Calls

  /// Gives a call to the connection there is, or makes one.
  func dispatch(_ exchange: ClientExchange) {
    let action = state.withLock { $0.life.dispatch(exchange, now: .now) }
    switch action {
    case .connect(let attempt, let pause):
      waitForConnection(exchange)
      connect(attempt, after: pause)
    case .begin(let connection):
      exchange.setWaitTimer(nil)
      connection.later { $0.begin([exchange]) }
    case .wait: waitForConnection(exchange)
    case .fail(let error) where error.code == .cancelled: exchange.finish(closedError)
    case .fail(let error): exchange.attemptEnded(AttemptEnd(failure: error))
    case .refuse: refuse(exchange)
    }
  }

  /// The same after a pause.
  func dispatch(_ exchange: ClientExchange, after pause: Duration) {
    let id = ObjectIdentifier(exchange)
    let isClosed = state.withLock { state in
      if !state.life.isClosed { state.pausing[id] = exchange }
      return state.life.isClosed
    }
    if isClosed { return exchange.finish(closedError) }
    let timer = eventLoop.scheduleTask(in: TimeAmount(timer: pause)) { [self] in
      exchange.setWaitTimer(nil)
      dispatch(exchange)
    }
    // Behind the pause, or when the call ends before.
    timer.futureResult.whenComplete { [self] _ in
      state.withLock { state in _ = state.pausing.removeValue(forKey: id) }
    }
    exchange.setWaitTimer(timer)
  }

  /// Too many calls wait already.
  func refuse(_ exchange: ClientExchange) {
    count(\.refusedCalls)
    exchange.finish(
      RPCError(
        .resourceExhausted,
        "\(options.maxQueuedCalls) calls to \(endpoint) wait already: make fewer at once"))
  }

  func count(_ counter: any WritableKeyPath<Counters, Int> & Sendable) {
    state.withLock { $0.counters[keyPath: counter] += 1 }
  }

  /// Takes a call out of those that wait for a connection, and says why there is none.
  func reasonToWait(_ exchange: ClientExchange) -> RPCError? {
    state.withLock { state in
      state.life.remove { $0 === exchange } ? state.life.lastFailure : nil
    }
  }

  private func begin(_ exchange: ClientExchange) -> ClientExchange {
    if let deadline = exchange.deadline {
      exchange.setDeadlineTimer(
        eventLoop.scheduleTask(in: TimeAmount(timer: deadline - .now)) { [weak exchange] in
          exchange?.meetDeadline()
        })
    }
    dispatch(exchange)
    return exchange
  }

  /// Ends the wait of a call when it may wait no longer; not during an attempt, whose end is
  /// awaited.
  private func waitForConnection(_ exchange: ClientExchange) {
    guard let last = exchange.lastBegin else { return }
    exchange.setWaitTimer(
      eventLoop.scheduleTask(in: TimeAmount(timer: last - .now)) { [self] in
        let failure = state.withLock { state in
          state.life.giveUp(where: { $0 === exchange })
        }
        if let failure { exchange.finish(failure) }
      })
  }

  var closedError: RPCError {
    RPCError(.cancelled, "the channel to \(endpoint) was closed")
  }
}
