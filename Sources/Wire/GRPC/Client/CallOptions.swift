/// What one call asks for.
package struct CallOptions: Sendable {
  package var metadata: Metadata
  /// How long the client waits in all; sent as `grpc-timeout` and enforced on this side too.
  package var timeout: Duration?
  /// How requests are compressed, where that makes them smaller; a server mostly answers alike.
  package var compression: Compression
  /// Wait while the server cannot be reached, until the deadline or ``retryFor``, instead of
  /// failing with UNAVAILABLE. Source: grpc/doc/wait-for-ready.md.
  package var waitForReady = false
  /// Which failures are tried again; `nil`: none. What the server has not seen is sent again in any
  /// case.
  package var retry: RetryPolicy?
  /// How long after its begin a call may begin another attempt, or wait for another attempt to
  /// connect; then it ends as the last one did. `nil`: until its deadline.
  package var retryFor: Duration?

  package init(
    metadata: Metadata = Metadata(), timeout: Duration? = nil, compression: Compression = .identity
  ) {
    self.metadata = metadata
    self.timeout = timeout
    self.compression = compression
  }
}
