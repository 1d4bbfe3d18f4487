package import HTTP2

/// The values of a server's limits; <doc:limits> has the table. A time of zero means that there is
/// no such limit.
package struct ServerLimits: Sendable {
  /// Connections that may be open at once, and of them from one address.
  package var maxConnections = 10_000
  package var maxConnectionsPerPeer = 2_000
  /// From the accept to the end of the TLS handshake.
  package var tlsHandshakeTimeout = Duration.seconds(10)
  /// From then until the client's preface and SETTINGS are there.
  package var prefaceTimeout = Duration.seconds(10)
  /// Without a call; then the connection drains. Jitter of a tenth.
  package var idleTimeout = Duration.zero
  /// Of a connection; then it drains. Jitter of a tenth.
  package var maxAge = Duration.zero
  /// What its calls have from then on.
  package var ageGrace = Duration.zero
  /// How long a draining connection takes calls that crossed the GOAWAY, if no ping is answered.
  package var drainTimeout = Duration.seconds(60)
  /// Silence after which a client is asked by a ping, and how long the answer may take.
  package var keepaliveTime = Duration.seconds(2 * 60 * 60)
  package var keepaliveTimeout = Duration.seconds(20)
  /// Without a byte taken by a client for which bytes wait.
  package var writeStallTimeout = Duration.seconds(30)

  /// Calls that one connection may have open.
  package var maxStreams = 256
  /// Handlers of one connection that run, those of calls that are over included.
  package var maxRunningHandlers = 512
  /// Metadata of one request: names, values and 32 bytes an entry.
  package var maxMetadataBytes = 8 * 1024
  /// The largest request message, inflated, checked when its prefix arrives.
  package var maxMessageBytes = 4 * 1024 * 1024
  /// What unfinished requests may hold together, of one connection and of all.
  package var maxUnfinishedBytesPerConnection = 64 * 1024 * 1024
  package var maxUnfinishedBytes = 256 * 1024 * 1024
  /// From the first byte of a header block to its last.
  package var headerTimeout = Duration.seconds(10)
  /// From a call's headers to the end of its one request; of a stream, from the begin of a message
  /// to its end.
  package var messageTimeout = Duration.seconds(60)
  /// Of a stream of requests: without a message in either direction.
  package var streamIdleTimeout = Duration.seconds(60 * 60)
  /// Of a response whose client grants no window for it.
  package var streamStallTimeout = Duration.seconds(10 * 60)

  /// Pieces of a header block.
  package var maxContinuations = 64
  /// Answers that wait for a client that does not read.
  package var queuedFrames = 10_000
  /// Frames that break a rule of their stream.
  package var invalidFrames = TokenRate(burst: 100, perSecond: 10)
  /// Frames that mean nothing for a call.
  package var cheapFrames = TokenRate(burst: 10_000, perSecond: 1_000)
  /// Bytes of frames that are ignored.
  package var ignoredBytes = TokenRate(burst: 16 * 1024 * 1024, perSecond: 1024 * 1024)
  /// Open streams that the client resets.
  package var resetRate = TokenRate(burst: 10_000, perSecond: 2_000)
  /// Between two pings with calls open, and without.
  package var minPingInterval = Duration.seconds(5 * 60)
  package var minIdlePingInterval = Duration.seconds(2 * 60 * 60)
  /// Pings that may come too early.
  package var pingStrikes = 2

  package init() {}
}

extension ServerLimits {
  /// What a session judges its peer by.
  var session: SessionOptions {
    var options = SessionOptions()
    options.maxConcurrentStreams = UInt32(maxStreams)
    options.maxHeaderListBytes = UInt32(maxMetadataBytes)
    options.maxContinuations = maxContinuations
    options.maxQueuedFrames = queuedFrames
    options.invalidFrames = invalidFrames
    options.cheapFrames = cheapFrames
    options.ignoredBytes = ignoredBytes
    options.resets = resetRate
    options.minPingInterval = minPingInterval
    options.minIdlePingInterval = minIdlePingInterval
    options.pingStrikes = pingStrikes
    return options
  }
}

extension ServerLimit {
  init(_ limit: SessionLimit) {
    self =
      switch limit {
      case .invalidFrames: .invalidFrames
      case .cheapFrames: .cheapFrames
      case .ignoredBytes: .ignoredBytes
      case .resets: .resetRate
      case .pings: .pingStrikes
      case .queuedFrames: .queuedFrames
      case .continuations: .maxContinuations
      }
  }
}
