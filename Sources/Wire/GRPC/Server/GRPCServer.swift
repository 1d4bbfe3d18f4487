/// A gRPC server on one listening socket, plaintext HTTP/2.
package final class GRPCServer: Sendable {
  /// What a server allows and keeps; the defaults suit a service on a local network.
  package struct Options: Sendable {
    /// Event loops that share the connections; by default one a core.
    package var eventLoops = 0
    /// The largest request message in bytes, checked when its prefix arrives.
    package var maxMessageBytes = 4 * 1024 * 1024
    /// Calls that one connection may have open.
    package var maxConcurrentStreams = 256
    /// What the peer may send on one stream before the handler takes it, in bytes.
    package var streamWindowBytes = 1024 * 1024
    /// Metadata of one request: names, values and 32 bytes an entry.
    package var maxMetadataBytes = 8 * 1024

    package init() {}
  }

  private let methods: [ServerMethod]
  private let options: Options

  package init(methods: [ServerMethod], options: Options = Options()) {
    self.methods = methods
    self.options = options
  }

  /// Binds and listens; port 0 picks a free one.
  ///
  /// - Returns: the address that was bound.
  /// - Throws: UNAVAILABLE that says which address and why (in use, not permitted, unknown host).
  package func start(_ endpoint: Endpoint) async throws(RPCError) -> Endpoint {
    throw RPCError(.unimplemented, "'\(endpoint)' not served yet")
  }

  /// Takes no new connection and no new call, lets the open calls end, and closes what is left
  /// after `grace`.
  package func shutDown(grace: Duration) async {}
}
