internal import Synchronization

/// One call as its handler sees it: what the client said about it, and whether it is still wanted.
package final class ServerCall: Sendable {
  /// `/tally.v1.AdminService/Status`.
  package let path: String
  /// The client's metadata, without the names that HTTP and gRPC keep for themselves.
  package let metadata: Metadata
  /// The client's address, for logs.
  package let peer: String
  /// Whom the client proved to be by its TLS certificate; `nil` without one.
  package let identity: PeerIdentity?
  /// When the client stops waiting; `nil` if it named no `grpc-timeout`. The connection enforces
  /// it.
  package let deadline: ContinuousClock.Instant?

  /// Whether the client takes compressed replies.
  package let acceptsGzip: Bool

  private let state = Mutex(State())
  /// The same as `state.compression == .gzip`, for who only wants to know that there is none.
  private let compresses: Atomic<Bool>

  private struct State {
    var compression = Compression.identity
    var isCompressionFixed = false
    var isCancelled = false
    var handlers: [@Sendable () -> Void] = []
    var end: (@Sendable (RPCError) -> Void)?
    var initial = Metadata()
    var trailing = Metadata()
  }

  package init(
    path: String, metadata: Metadata = Metadata(), peer: String = "",
    identity: PeerIdentity? = nil, deadline: ContinuousClock.Instant? = nil,
    compression: Compression = .identity, acceptsGzip: Bool = false
  ) {
    self.path = path
    self.metadata = metadata
    self.peer = peer
    self.identity = identity
    self.deadline = deadline
    self.acceptsGzip = acceptsGzip
    // Who compresses wants it back; grpc-go has the same rule.
    let mirrored = acceptsGzip ? compression : .identity
    compresses = Atomic(mirrored == .gzip)
    if mirrored == .gzip { state.withLock { $0.compression = .gzip } }
  }

  /// How the replies are compressed: as the requests are, if the client takes it.
  package var compression: Compression {
    compresses.load(ordering: .relaxed) ? .gzip : .identity
  }

  /// Compresses the replies, or does not, whatever the requests are. Without effect if the client
  /// does not take gzip, and once the first reply or the headers are written.
  package func setCompression(_ compression: Compression) {
    state.withLock { state in
      guard !state.isCompressionFixed, acceptsGzip else { return }
      state.compression = compression
      compresses.store(compression == .gzip, ordering: .relaxed)
    }
  }

  /// How the replies are compressed, from here on for good: the headers say it once.
  func fixCompression() -> Compression {
    state.withLock { state in
      state.isCompressionFixed = true
      return state.compression
    }
  }

  /// A reply as it travels.
  func encoded(_ reply: MessageBytes) -> MessageBytes {
    guard compresses.load(ordering: .relaxed) else { return reply }
    return fixCompression().encoded(reply)
  }

  /// Whether the call is over for the client: cancelled, past its deadline, or its connection lost.
  package var isCancelled: Bool { state.withLock { $0.isCancelled } }

  /// Runs `handler` once when the call is cancelled, at once if it is already. It may run on the
  /// event loop and must not block.
  package func onCancel(_ handler: @escaping @Sendable () -> Void) {
    let runsNow = state.withLock { state in
      if !state.isCancelled { state.handlers.append(handler) }
      return state.isCancelled
    }
    if runsNow { handler() }
  }

  /// Ends a server-streaming call whatever its client does: by the status, or by a reset if the
  /// client takes no bytes. From any thread; without effect once the call is over.
  package func end(_ error: RPCError) {
    let end = state.withLock { $0.isCancelled ? nil : $0.end }
    end?(error)
  }

  /// How ``end(_:)`` reaches the connection.
  func setEnd(_ end: @escaping @Sendable (RPCError) -> Void) {
    state.withLock { $0.end = end }
  }

  /// Metadata for the response's headers; without effect once they are sent, which is when a unary
  /// or server-streaming handler returns and when a streaming handler first writes.
  package func addInitialMetadata(_ metadata: Metadata) {
    state.withLock { $0.initial.add(contentsOf: metadata) }
  }

  /// Metadata for the response's trailers; without effect after the end.
  package func addTrailingMetadata(_ metadata: Metadata) {
    state.withLock { $0.trailing.add(contentsOf: metadata) }
  }

  var initialMetadata: Metadata { state.withLock { $0.initial } }
  var trailingMetadata: Metadata { state.withLock { $0.trailing } }

  /// Marks the call as unwanted and tells those who asked to know.
  func cancel() {
    let handlers = state.withLock { state -> [@Sendable () -> Void] in
      guard !state.isCancelled else { return [] }
      state.isCancelled = true
      defer { state.handlers = [] }
      return state.handlers
    }
    for handler in handlers { handler() }
  }
}
