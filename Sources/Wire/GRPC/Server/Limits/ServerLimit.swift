/// One bound that a server sets its clients. The raw value names it on the command line, in Status
/// and in the log; <doc:limits> says what each is for.
package enum ServerLimit: String, CaseIterable, Sendable {
  // Connections.
  case maxConnections = "max-connections"
  case maxConnectionsPerPeer = "max-connections-per-peer"
  case tlsHandshakeTimeout = "tls-handshake-timeout"
  case prefaceTimeout = "preface-timeout"
  case idleTimeout = "idle-timeout"
  case maxAge = "max-age"
  case ageGrace = "age-grace"
  case drainTimeout = "drain-timeout"
  case keepaliveTime = "keepalive-time"
  case keepaliveTimeout = "keepalive-timeout"
  case writeStallTimeout = "write-stall-timeout"

  // Calls.
  case maxStreams = "max-streams"
  case maxRunningHandlers = "max-running-handlers"
  case maxMetadataBytes = "max-metadata-bytes"
  case maxMessageBytes = "max-message-bytes"
  case maxUnfinishedBytesPerConnection = "max-unfinished-bytes-per-connection"
  case maxUnfinishedBytes = "max-unfinished-bytes"
  case headerTimeout = "header-timeout"
  case messageTimeout = "message-timeout"
  case streamIdleTimeout = "stream-idle-timeout"
  case streamStallTimeout = "stream-stall-timeout"

  // Frames.
  case maxContinuations = "max-continuations"
  case queuedFrames = "queued-frames"
  case invalidFrames = "invalid-frames"
  case cheapFrames = "cheap-frames"
  case ignoredBytes = "ignored-bytes"
  case resetRate = "reset-rate"
  case minPingInterval = "min-ping-interval"
  case minIdlePingInterval = "min-idle-ping-interval"
  case pingStrikes = "ping-strikes"
}

extension ServerLimit {
  /// What happens to who oversteps it, in a few words.
  package var effect: String {
    switch self {
    case .maxConnections, .maxConnectionsPerPeer: "the new connection is closed"
    case .tlsHandshakeTimeout, .prefaceTimeout, .keepaliveTimeout, .writeStallTimeout:
      "the connection is closed"
    case .headerTimeout: "the connection ends: GOAWAY header_timeout"
    case .idleTimeout: "the connection drains: GOAWAY max_idle"
    case .maxAge: "the connection drains: GOAWAY max_age"
    case .ageGrace, .drainTimeout: "a draining connection waits no longer"
    case .keepaliveTime: "a silent client is asked by a ping"
    case .maxStreams: "the stream is refused, or the connection ends"
    case .maxRunningHandlers: "the call ends: RESOURCE_EXHAUSTED"
    case .maxMetadataBytes: "the call ends: RESOURCE_EXHAUSTED; four times as much: it is reset"
    case .maxMessageBytes, .maxUnfinishedBytesPerConnection, .maxUnfinishedBytes:
      "the call ends: RESOURCE_EXHAUSTED"
    case .messageTimeout: "the call ends: DEADLINE_EXCEEDED"
    case .streamIdleTimeout: "the call ends: UNAVAILABLE"
    case .streamStallTimeout: "the call is reset: CANCEL"
    case .maxContinuations: "the connection ends: GOAWAY too_many_continuations"
    case .queuedFrames: "the connection ends: GOAWAY too_many_queued_frames"
    case .invalidFrames: "the connection ends: GOAWAY too_many_invalid_frames"
    case .cheapFrames: "the connection ends: GOAWAY too_many_cheap_frames"
    case .ignoredBytes: "the connection ends: GOAWAY too_many_ignored_bytes"
    case .resetRate: "the connection ends: GOAWAY too_many_resets"
    case .minPingInterval, .minIdlePingInterval: "the ping counts as a strike"
    case .pingStrikes: "the connection ends: GOAWAY too_many_pings"
    }
  }
}
