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
    package var userAgent = "tally"

    package init() {}
  }

  package let endpoint: Endpoint
  private let options: Options

  package init(to endpoint: Endpoint, options: Options = Options()) {
    self.endpoint = endpoint
    self.options = options
  }

  /// Begins a call of any shape: write requests, then finish; read responses, then the status.
  package func call(_ path: String, options: CallOptions = CallOptions()) -> ClientCall {
    ClientCall()
  }

  /// One request, one reply.
  package func unary(
    _ path: String, _ request: MessageBytes, options: CallOptions = CallOptions()
  ) async throws(RPCError) -> MessageBytes {
    throw RPCError(.unimplemented, "not yet")
  }

  /// One request, any number of replies. Dropping the call without reading to the end cancels it.
  package func serverStreaming(
    _ path: String, _ request: MessageBytes, options: CallOptions = CallOptions()
  ) -> ClientCall {
    ClientCall()
  }

  /// Ends open calls with CANCELLED, closes the connection and refuses new calls.
  package func close() async {}
}

/// What one call asks for.
package struct CallOptions: Sendable {
  package var metadata: Metadata
  /// How long the client waits in all; sent as `grpc-timeout` and enforced on this side too.
  package var timeout: Duration?

  package init(metadata: Metadata = Metadata(), timeout: Duration? = nil) {
    self.metadata = metadata
    self.timeout = timeout
  }
}
