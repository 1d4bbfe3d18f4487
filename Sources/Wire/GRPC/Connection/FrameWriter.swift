internal import HTTP2
internal import NIOCore

/// Moves frames from a session to a channel, a region at a time and a turn at a time.
///
/// A class, since a write may fail at once and call back into its connection. The region is small
/// until a turn fills it, and is let go when nothing is left to send: a connection whose peer does
/// not read holds no memory here. 128 KiB was the fastest on loopback; 512 KiB gained nothing.
final class FrameWriter {
  /// Written and not yet taken by the kernel: above the high mark nothing more is produced.
  static let waterMark = ChannelOptions.Types.WriteBufferWaterMark(low: 32 * 1024, high: 64 * 1024)

  /// What one turn may write before other connections of the loop get theirs.
  private static let turnBytes = 1024 * 1024
  private static let smallBytes = 32 * 1024
  private static let largeBytes = 128 * 1024

  private var region = ByteBuffer()
  private var regionBytes = smallBytes
  private var isWriting = false
  /// What was given to the channel, in all.
  private(set) var writtenBytes = 0

  enum OnTurn {
    /// Nothing is left to send, or the channel takes no more for now.
    case wait
    /// The turn is used up: another one is due after those of the loop's other connections.
    case queueTurn
    /// The session has ended: close the channel behind what is written.
    case end
  }

  /// Writes what the session has to send.
  ///
  /// - Parameter handleEvents: takes what sending made happen; `false` if the connection is closed.
  func turn(
    _ session: Session, to channel: any Channel, handleEvents: () -> Bool
  ) -> OnTurn {
    guard !isWriting else { return .wait }
    isWriting = true
    defer { isWriting = false }
    var written = 0
    while true {
      guard channel.isWritable else {
        release(written)
        return .wait
      }
      guard written < Self.turnBytes else { return .queueTurn }
      do throws(HTTP2Error) {
        if let bytes = try next(session) {
          written += bytes.readableBytes
          writtenBytes &+= bytes.readableBytes
          channel.writeAndFlush(bytes, promise: nil)
        } else if !session.hasEvents {
          break
        }
      } catch {
        return .end
      }
      guard handleEvents() else { return .wait }
    }
    release(written)
    return session.wantsRead || session.wantsWrite ? .wait : .end
  }

  /// Serializes what fits one region; `nil` when there is nothing to send now.
  private func next(_ session: Session) throws(HTTP2Error) -> ByteBuffer? {
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

  private func release(_ written: Int) {
    guard regionBytes > Self.smallBytes else { return }
    region = ByteBuffer()
    if written < Self.smallBytes { regionBytes = Self.smallBytes }
  }
}

extension TimeAmount {
  /// A time that a timer can be set to: a year at most, since NIO adds it to its clock unchecked.
  init(timer duration: Duration) {
    self.init(min(max(duration, .zero), .seconds(365 * 86_400)))
  }
}
