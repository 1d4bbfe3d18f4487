@testable internal import HTTP2

/// One of two sessions that talk in memory, and what it knows of its streams.
final class SessionPeer {
  let session: Session
  /// All it ever sent, and what of it is still under way.
  private(set) var sent: [UInt8] = []
  private var underWay: ArraySlice<UInt8> = []
  private(set) var bodies: [Int32: PatternSource] = [:]
  /// What came on each stream.
  private(set) var received: [Int32: Received] = [:]
  private(set) var unanswered: [Int32] = []
  /// Streams that this side gave up.
  private(set) var hasReset: Set<Int32> = []

  private var hasGoneAway = false
  /// Whether a header block came that was over the limit.
  private(set) var isOversized = false

  struct Received {
    var headers: [HeaderBlock] = []
    var body: [UInt8] = []
    var hasEnded = false
    var code: ErrorCode?
  }

  init(_ role: Session.Role, maxConcurrentStreams: UInt32 = 256) {
    var options = SessionOptions()
    options.maxConcurrentStreams = maxConcurrentStreams
    options.streamWindowBytes = 20_000
    options.minPingInterval = .zero
    options.minIdlePingInterval = .zero
    session = Session(role, options: options)
  }

  /// Opens a stream; `nil` if the session takes none any more.
  @discardableResult
  func request(_ source: PatternSource?) -> Int32? {
    let headers: HeaderBlock = [
      ":method": "POST", ":scheme": "http", ":path": "/tally.v1.AdminService/Status",
      ":authority": "127.0.0.1:7431", "te": "trailers", "content-type": "application/grpc",
      "user-agent": "tally", "grpc-timeout": "5S",
    ]
    guard let stream = try? session.submitRequest(headers, source: source) else { return nil }
    bodies[stream] = source
    received[stream] = Received()
    return stream
  }

  func answer(
    _ stream: Int32,
    headers: HeaderBlock = [":status": "200", "content-type": "application/grpc"],
    _ source: PatternSource? = nil
  ) {
    unanswered.removeAll { $0 == stream }
    bodies[stream] = source
    try? session.submitResponse(stream, headers, source: source)
  }

  func reset(_ stream: Int32, _ code: ErrorCode) {
    hasReset.insert(stream)
    session.reset(stream, code)
  }

  /// The first half of a graceful end; nothing behind the second, as its owner would.
  func announceGoAway() {
    if !hasGoneAway { session.announceGoAway() }
  }

  /// The second half, once: a later one would name a later stream.
  func goAway() {
    guard !hasGoneAway else { return }
    hasGoneAway = true
    session.goAway(.noError)
  }

  /// Lets the peer send all that it may.
  func consumeAll() {
    for stream in received.keys.sorted() { session.consume(stream: stream, count: 20_000) }
  }

  func resumeAll() {
    for stream in bodies.keys.sorted() { session.resume(stream) }
  }

  /// Brings up to `limit` of the bytes that are due to the other side; returns how many.
  @discardableResult
  func carry(_ limit: Int, to other: SessionPeer) -> Int {
    while true {
      let bytes = [UInt8](unsafeUninitializedCapacity: 32 * 1024) { region, count in
        do throws(HTTP2Error) {
          count = try session.serialize(into: UnsafeMutableRawBufferPointer(region))
        } catch {
          fatalError("a session fails that has an honest peer: \(error)")
        }
      }
      drain()
      if bytes.isEmpty { break }
      sent += bytes
      underWay += bytes
    }
    let part = Array(underWay.prefix(limit))
    underWay = underWay.dropFirst(limit)
    other.receive(part)
    return part.count
  }

  private func receive(_ bytes: [UInt8]) {
    bytes.withUnsafeBytes { bytes in
      do throws(HTTP2Error) {
        try session.receive(bytes)
      } catch {
        fatalError("a session refuses the bytes of an honest peer: \(error)")
      }
      drain()
    }
  }

  private func drain() {
    while let event = session.nextEvent() {
      switch event {
      case .headers(let stream, let block, let kind, let endsStream):
        if session.role == .server, received[stream] == nil {
          received[stream] = Received()
          unanswered.append(stream)
        }
        if kind == .oversized {
          isOversized = true
        } else {
          received[stream]?.headers.append(block)
        }
        if endsStream { received[stream]?.hasEnded = true }
      case .data(let stream, let bytes):
        require(received[stream]?.hasEnded == false, "a body comes behind the end of its stream")
        received[stream]?.body.append(contentsOf: bytes)
      case .dataEnd(let stream): received[stream]?.hasEnded = true
      case .closed(let stream, let code):
        unanswered.removeAll { $0 == stream }
        require(received[stream]?.code == nil, "stream \(stream) is closed twice")
        received[stream, default: Received()].code = code
      case .goAway(_, let code, let message):
        require(code == .noError, "an honest peer blames us: \(code) \(message)")
      default: break
      }
    }
  }
}
