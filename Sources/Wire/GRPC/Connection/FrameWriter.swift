internal import HTTP2
internal import NIOCore

/// Moves frames from a session to a channel, a region at a time.
///
/// The region is small until a turn fills it, so a connection that only answers small calls holds
/// 32 KiB. 128 KiB was the fastest on loopback; 512 KiB gained nothing.
struct FrameWriter {
  /// What one turn may write before other connections of the loop get theirs.
  static let turnBytes = 1024 * 1024
  /// Written and not yet taken by the kernel: above the high mark nothing more is produced.
  static let waterMark = ChannelOptions.Types.WriteBufferWaterMark(low: 32 * 1024, high: 64 * 1024)

  private static let smallBytes = 32 * 1024
  private static let largeBytes = 128 * 1024

  private var region = ByteBuffer()
  private var regionBytes = smallBytes

  /// Serializes what fits one region.
  ///
  /// - Returns: `nil` when there is nothing to send now.
  mutating func next(_ session: Session) throws(HTTP2Error) -> ByteBuffer? {
    // Allocates anew while the channel still holds the last one.
    region.clear(minimumCapacity: regionBytes)
    var failure: HTTP2Error?
    let count = region.writeWithUnsafeMutableBytes(minimumWritableBytes: regionBytes) { out in
      do throws(HTTP2Error) {
        return try session.serialize(into: out)
      } catch {
        failure = error
        return 0
      }
    }
    if let failure { throw failure }
    guard count > 0 else { return nil }
    if count > regionBytes / 2 { regionBytes = Self.largeBytes }
    return region
  }

  /// Lets go of the region while the channel takes no bytes.
  mutating func release() {
    region = ByteBuffer()
    regionBytes = Self.smallBytes
  }
}
