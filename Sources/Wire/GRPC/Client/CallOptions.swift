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
