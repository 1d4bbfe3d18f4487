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
  /// Resets by the peer: a burst, and how many a second make it whole again. Cancelled calls and
  /// passed deadlines are resets, so nghttp2's 1,000 and 33 would cut off a busy honest client.
  package var resetBurst: UInt64 = 10_000
  package var resetsPerSecond: UInt64 = 2_000

  package init() {}
}
