/// What one call asks for.
package struct CallOptions: Sendable {
  package var metadata: Metadata
  /// How long the client waits in all; sent as `grpc-timeout` and enforced on this side too.
  package var timeout: Duration?
  /// How requests are compressed, where that makes them smaller; a server mostly answers alike.
  package var compression: Compression

  package init(
    metadata: Metadata = Metadata(), timeout: Duration? = nil, compression: Compression = .identity
  ) {
    self.metadata = metadata
    self.timeout = timeout
    self.compression = compression
  }
}
