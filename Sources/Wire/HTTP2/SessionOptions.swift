/// What one side of a connection allows its peer.
package struct SessionOptions: Sendable {
  /// Streams that the peer may have open; announced, and REFUSED_STREAM beyond it.
  package var maxConcurrentStreams: UInt32 = 256
  /// Bytes that the peer may send on a stream before ``Session/consume(stream:count:)``.
  package var streamWindowBytes: Int32 = 1024 * 1024
  /// Bytes under way on the whole connection. Credited as they arrive, so that one stream that is
  /// not read does not stop the others; what is held is bounded by the streams' windows.
  package var connectionWindowBytes: Int32 = 4 * 1024 * 1024
  /// The size of a header block: names, values and 32 bytes a field. Announced; a larger block
  /// arrives without its fields, and one of four times the size resets its stream.
  package var maxHeaderListBytes: UInt32 = 8 * 1024
  /// Pieces that a header block may come in. nghttp2 1.52 counts reads, not frames: one legal
  /// CONTINUATION that dribbles in passes with 64.
  package var maxContinuations = 64
  /// Answers that may wait for a peer that sends but does not read; nghttp2 has no such bound.
  package var maxQueuedFrames = 10_000

  /// ``SessionLimit/invalidFrames``.
  package var invalidFrames = TokenRate(burst: 100, perSecond: 10)
  /// ``SessionLimit/cheapFrames``. HEADERS and DATA in either direction earn some back.
  package var cheapFrames = TokenRate(burst: 10_000, perSecond: 1_000)
  /// ``SessionLimit/ignoredBytes``. A stream that is closed early earns its window.
  package var ignoredBytes = TokenRate(burst: 16 * 1024 * 1024, perSecond: 1024 * 1024)
  /// ``SessionLimit/resets``. Cancelled calls and passed deadlines are resets, so nghttp2's 1,000
  /// and 33 would cut off a busy honest client.
  package var resets = TokenRate(burst: 10_000, perSecond: 2_000)
  /// How far apart a client's pings are while it has streams open, and while it has none.
  package var minPingInterval = Duration.seconds(5 * 60)
  package var minIdlePingInterval = Duration.seconds(2 * 60 * 60)
  /// Pings that may come too early before the connection ends.
  package var pingStrikes = 2

  /// The clock of all these rates; a test puts its own here.
  package var now: @Sendable () -> ContinuousClock.Instant = { .now }

  package init() {}
}
