internal import NIOCore
internal import NIOPosix
internal import Synchronization

/// A gRPC server on one listening socket: HTTP/2, over TLS if its options say so.
package final class GRPCServer: Sendable {
  /// What a server allows and keeps; the defaults suit a service on a local network.
  package struct Options: Sendable {
    /// Event loops that share the connections; 0 is one a core.
    package var eventLoops = 0
    /// What the peer may send on one stream before the handler takes it, in bytes.
    package var streamWindowBytes = 1024 * 1024
    /// TLS; plaintext if `nil`.
    package var security: (any ServerSecurity)?
    /// Told once of each connection whose TLS handshake failed, with the client's address and why.
    package var onFailedHandshake: (@Sendable (_ peer: String, SecurityFailure) -> Void)?
    /// What clients may do.
    package var limits = ServerLimits()
    /// Told what is open, and which limits struck.
    package var load = ServerLoad()
    /// Told which calls failed, and which limits struck.
    package var journal: (any ServerJournal)?

    package init() {}
  }

  private let routes: Routes
  private let state = Mutex(State())

  fileprivate struct State {
    var phase = Phase.fresh
    var connections: [ObjectIdentifier: ServerConnection] = [:]
    /// Connections by the address they come from.
    var peers: [String: Int] = [:]
    /// Resumed when the last connection is gone.
    var waiter: UnsafeContinuation<Void, Never>?
  }

  fileprivate enum Phase {
    case fresh
    case serving(any Channel, MultiThreadedEventLoopGroup)
    case stopped
  }

  package init(methods: [ServerMethod], options: Options = Options()) {
    routes = Routes(methods, options)
  }

  /// Binds and listens; port 0 picks a free one. A server starts once.
  ///
  /// - Returns: the address that was bound.
  /// - Throws: UNAVAILABLE that says which address and why (in use, not permitted, unknown host).
  package func start(_ endpoint: Endpoint) async throws(RPCError) -> Endpoint {
    let threads = routes.options.eventLoops > 0 ? routes.options.eventLoops : System.coreCount
    let group = MultiThreadedEventLoopGroup(numberOfThreads: threads)
    do {
      let listener = try await ServerBootstrap(group: group)
        .serverChannelOption(.backlog, value: 1024)
        .serverChannelOption(.socketOption(.so_reuseaddr), value: 1)
        .serverChannelInitializer { channel in
          channel.eventLoop.makeCompletedFuture {
            // Out of file descriptors: wait a second instead of spinning.
            try channel.pipeline.syncOperations.addHandler(AcceptBackoffHandler())
          }
        }
        .childChannelOption(.socketOption(.tcp_nodelay), value: 1)
        .childChannelOption(.writeBufferWaterMark, value: FrameWriter.waterMark)
        .childChannelInitializer { [self] channel in
          channel.eventLoop.makeCompletedFuture { try accept(channel) }
        }
        .bind(host: endpoint.host, port: endpoint.port).get()
      state.withLock { $0.phase = .serving(listener, group) }
      return Endpoint(host: endpoint.host, port: listener.localAddress?.port ?? endpoint.port)
    } catch {
      await stop(group)
      throw RPCError(
        .unavailable, "cannot listen on \(endpoint): \(SocketFailure.reason(error))")
    }
  }

  /// Takes no new connection and no new call, lets the open calls end, and closes what is left
  /// after `grace`. Returns when all is closed.
  package func shutDown(grace: Duration) async {
    let phase = state.withLock { state in
      defer { state.phase = .stopped }
      return state.phase
    }
    guard case .serving(let listener, let group) = phase else { return }
    // An error says that it is closed already.
    try? await listener.close()
    for connection in connections { connection.later { $0.drain(because: "shutdown") } }
    let end = listener.eventLoop.scheduleTask(in: TimeAmount(timer: grace)) { [self] in
      for connection in connections { connection.later { $0.close() } }
    }
    await allConnectionsGone()
    end.cancel()
    await stop(group)
  }

  private var connections: [ServerConnection] {
    state.withLock { Array($0.connections.values) }
  }

  private func accept(_ channel: any Channel) throws {
    guard let executor = channel.eventLoop as? any NIOSerialEventLoopExecutor else {
      preconditionFailure("NIOPosix's event loops are serial executors")
    }
    let connection = ServerConnection(channel, executor: executor, routes: routes)
    let peer = channel.remoteAddress?.ipAddress ?? ""
    switch state.withLock({ $0.admit(connection, from: peer, routes.limits) }) {
    case .take: break
    case .close: return channel.close(promise: nil)
    case .refuse(let limit):
      routes.strike(limit, peer: connection.peer)
      return channel.close(promise: nil)
    }
    routes.options.load.addConnections(1)
    channel.closeFuture.whenComplete { [self] _ in
      routes.options.load.addConnections(-1)
      forget(connection, from: peer)
    }
    if let security = routes.options.security { try secure(channel, security, connection.peer) }
    try channel.pipeline.syncOperations.addHandler(ConnectionHandler(connection))
  }

  private func secure(
    _ channel: any Channel, _ security: any ServerSecurity, _ peer: String
  ) throws {
    let linger = LingerHandler()
    try channel.pipeline.syncOperations.addHandler(linger)
    try security.addHandlers(to: channel)
    let routes = routes
    let limit = routes.limits.tlsHandshakeTimeout
    let handshake = HandshakeHandler(
      security, timeout: limit > .zero ? limit : .seconds(365 * 86_400), linger: linger)
    try channel.pipeline.syncOperations.addHandler(handshake)
    handshake.done.whenFailure { error in
      guard let failure = error as? SecurityFailure else { return }
      if failure.isTimeout { routes.strike(.tlsHandshakeTimeout, peer: peer) }
      routes.options.onFailedHandshake?(peer, failure)
    }
  }

  private func forget(_ connection: ServerConnection, from peer: String) {
    let waiter = state.withLock { state -> UnsafeContinuation<Void, Never>? in
      state.connections[ObjectIdentifier(connection)] = nil
      state.peers[peer, default: 1] -= 1
      if state.peers[peer] == 0 { state.peers[peer] = nil }
      return state.connections.isEmpty ? state.waiter.take() : nil
    }
    waiter?.resume()
  }

  private func allConnectionsGone() async {
    await withUnsafeContinuation { (continuation: UnsafeContinuation<Void, Never>) in
      let isEmpty = state.withLock { state in
        if !state.connections.isEmpty { state.waiter = continuation }
        return state.connections.isEmpty
      }
      if isEmpty { continuation.resume() }
    }
  }

  private func stop(_ group: MultiThreadedEventLoopGroup) async {
    // It fails only for a group that was stopped before, which no path here does.
    try? await group.shutdownGracefully()
  }
}

extension GRPCServer.State {
  fileprivate enum OnAccept {
    case take
    /// The server stops.
    case close
    case refuse(ServerLimit)
  }

  fileprivate mutating func admit(
    _ connection: ServerConnection, from peer: String, _ limits: ServerLimits
  ) -> OnAccept {
    if case .stopped = phase { return .close }
    guard connections.count < limits.maxConnections else { return .refuse(.maxConnections) }
    guard peers[peer, default: 0] < limits.maxConnectionsPerPeer else {
      return .refuse(.maxConnectionsPerPeer)
    }
    connections[ObjectIdentifier(connection)] = connection
    peers[peer, default: 0] += 1
    return .take
  }
}
