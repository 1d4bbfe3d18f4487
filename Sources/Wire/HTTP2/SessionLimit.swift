/// What a peer may do too much of: it ends the connection with GOAWAY.
package enum SessionLimit: Hashable, Sendable, CaseIterable {
  /// Frames that broke the rules of a stream: each costs us a reset.
  case invalidFrames
  /// Frames that mean nothing for a call: PING, SETTINGS, WINDOW_UPDATE, PRIORITY, DATA without
  /// bytes.
  case cheapFrames
  /// Bytes of frames that are ignored: unknown types, and streams that are gone.
  case ignoredBytes
  /// Streams opened and reset by the peer (CVE-2023-44487).
  case resets
  /// Pings that come too often (gRPC proposal A8).
  case pings
  /// Answers that wait for a peer that does not read.
  case queuedFrames
  /// Pieces that a header block comes in (CVE-2024-28182).
  case continuations

  /// The debug text of the GOAWAY; `too_many_pings` is the one that gRPC names.
  package var debugText: String {
    switch self {
    case .invalidFrames: "too_many_invalid_frames"
    case .cheapFrames: "too_many_cheap_frames"
    case .ignoredBytes: "too_many_ignored_bytes"
    case .resets: "too_many_resets"
    case .pings: "too_many_pings"
    case .queuedFrames: "too_many_queued_frames"
    case .continuations: "too_many_continuations"
    }
  }
}
