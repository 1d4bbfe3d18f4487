internal import HTTP2
internal import Synchronization

/// A server session that is fed frame by frame, at a time that the test sets.
final class RawPeer {
  let server: Session
  let clock: TestClock
  /// How the session ended.
  private(set) var failure: HTTP2Error?
  private(set) var requests = 0
  private var output: [UInt8] = []

  init(_ change: (inout SessionOptions) -> Void = { _ in }) throws {
    let clock = TestClock()
    var options = SessionOptions()
    options.now = { clock.now }
    change(&options)
    self.clock = clock
    server = Session(.server, options: options)
    send(Array("PRI * HTTP/2.0\r\n\r\nSM\r\n\r\n".utf8))
    send(frame(.settings))
    send(frame(.settings, flags: 1))
    _ = try drain()
  }

  /// Feeds bytes and takes the events, as a connection does.
  func send(_ bytes: [UInt8]) {
    bytes.withUnsafeBytes { bytes in
      do throws(HTTP2Error) {
        try server.receive(bytes)
      } catch {
        failure = failure ?? error
      }
      while let event = server.nextEvent() {
        if case .headers = event { requests += 1 }
      }
    }
  }

  /// Feeds the same bytes until the session ends, `limit` times at most, draining between.
  ///
  /// - Returns: how often it took them.
  func flood(_ limit: Int, _ bytes: (Int) -> [UInt8]) throws -> Int {
    for number in 0..<limit {
      send(bytes(number))
      _ = try drain()
      if failure != nil { return number }
    }
    return limit
  }

  /// All that the server has to send.
  func drain() throws -> [UInt8] {
    var bytes: [UInt8] = []
    while true {
      let more = try [UInt8](unsafeUninitializedCapacity: 65_536) { region, count in
        count = try server.serialize(into: UnsafeMutableRawBufferPointer(region))
      }
      if more.isEmpty { break }
      bytes += more
    }
    output += bytes
    return bytes
  }

  /// The GOAWAYs that went out: code and text.
  var goAways: [String] {
    var found: [String] = []
    var rest = output[...]
    while rest.count >= 9 {
      let header = Array(rest.prefix(9))
      let count = Int(header[0]) << 16 | Int(header[1]) << 8 | Int(header[2])
      let payload = rest.dropFirst(9).prefix(count)
      if header[3] == FrameType.goAway.rawValue {
        let code = payload.dropFirst(4).prefix(4).reduce(UInt32(0)) { $0 << 8 | UInt32($1) }
        let text = String(decoding: payload.dropFirst(8), as: UTF8.self)
        found.append("\(ErrorCode(rawValue: code)) \(text)")
      }
      rest = rest.dropFirst(9 + count)
    }
    return found
  }
}

/// A clock that stands still until it is told to move.
final class TestClock: Sendable {
  private let time = Mutex(ContinuousClock.now)

  var now: ContinuousClock.Instant { time.withLock { $0 } }

  func advance(_ duration: Duration) {
    time.withLock { $0 += duration }
  }
}

enum FrameType: UInt8 {
  case data, headers, priority, reset, settings, pushPromise, ping, goAway, windowUpdate
  case continuation
  case unknown = 0xEE
}

/// One frame as it travels. RFC 9113 §4.1.
func frame(
  _ type: FrameType, flags: UInt8 = 0, stream: Int = 0, _ payload: [UInt8] = []
) -> [UInt8] {
  let count = payload.count
  return [UInt8(count >> 16), UInt8(count >> 8 & 255), UInt8(count & 255), type.rawValue, flags]
    + (0..<4).map { UInt8(stream >> (24 - 8 * $0) & 255) } + payload
}

/// A request's header block from the static table: POST, http, `/`, and `h` as authority.
let plainBlock: [UInt8] = [0x83, 0x86, 0x84, 0x41, 1, 0x68]

/// `content-length: 1`, its name from the static table.
let contentLength1: [UInt8] = [0x0F, 0x0D, 1, 0x31]

/// A whole request on a stream.
func open(_ stream: Int, block: [UInt8] = plainBlock, ends: Bool = true) -> [UInt8] {
  frame(.headers, flags: ends ? 5 : 4, stream: stream, block)
}
