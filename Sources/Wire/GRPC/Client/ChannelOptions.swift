package import Logging

extension GRPCChannel {
  /// What a channel allows; the defaults suit a service on a local network.
  package struct Options: Sendable {
    /// The largest response message in bytes, checked when its prefix arrives.
    package var maxMessageBytes = 4 * 1024 * 1024
    /// The most metadata of a response in bytes: names, values and 32 bytes an entry.
    package var maxMetadataBytes = 64 * 1024
    /// What the server may send on one stream before the consumer takes it, in bytes.
    package var streamWindowBytes = 4 * 1024 * 1024
    /// What the server may have under way on all streams, in bytes; at least a stream's window.
    package var connectionWindowBytes = 4 * 1024 * 1024
    /// Calls that may wait: for a connection, and on a connection for a stream. One more ends with
    /// RESOURCE_EXHAUSTED.
    package var maxQueuedCalls = 10_000
    /// From the begin of an attempt to the server's SETTINGS.
    package var connectTimeout = Duration.seconds(20)
    /// Between the begins of two attempts to connect: the first pause, which grows by 1.6 up to the
    /// second one. It is the first again once a server has sent SETTINGS.
    package var firstBackoff = Duration.seconds(1)
    package var maxBackoff = Duration.seconds(120)
    /// A connection without calls is closed after it; `nil`: never.
    package var idleTimeout: Duration?
    /// After so long without a byte from the server it is pinged; `nil`: never. Less than 10 s is
    /// taken as 10 s. Ask who runs the server first: most end a connection that is pinged more
    /// often than every 5 minutes. Source: grpc/proposal A8.
    package var keepaliveTime: Duration?
    /// A connection on which no byte comes for so long behind a ping is dead.
    package var keepaliveTimeout = Duration.seconds(20)
    /// Whether a connection without calls is pinged too.
    package var keepaliveWithoutCalls = false
    /// Shorter in tests.
    var keepaliveFloor = Duration.seconds(10)
    /// The most attempts of one call, whatever its ``RetryPolicy`` says.
    package var maxAttempts = 5
    /// What is kept of the requests of one call for another attempt, in bytes. A call that sent
    /// more has one attempt.
    package var retryBufferBytes = 256 * 1024
    /// Failed calls after which none is retried, times two; grpc/proposal A6.
    package var retryTokens = 10
    /// Tokens that a successful call gives back.
    package var retryTokenRatio = 0.1
    package var userAgent = "tally"
    /// TLS; plaintext if `nil`.
    package var security: (any ClientSecurity)?

    /// For what a person should know and no call tells.
    package var logger = Logger(
      label: "grpc.client", factory: { StreamLogHandler.standardError(label: $0) })

    package init() {}
  }

  /// How often something happened on a channel.
  package struct Counters: Sendable, Hashable {
    /// Connections on which the server has sent SETTINGS.
    package var connections = 0
    package var failedConnections = 0
    /// Attempts after a failure, by a call's ``RetryPolicy``.
    package var retries = 0
    /// Attempts after one that the server had not seen.
    package var transparentRetries = 0
    /// Retries that did not take place because too many calls fail.
    package var throttledRetries = 0
    /// Calls that ended because too many others waited.
    package var refusedCalls = 0
    /// Pings to a server that was silent.
    package var pings = 0
    /// Connections that ended because no byte came behind a ping.
    package var deadConnections = 0
  }
}
