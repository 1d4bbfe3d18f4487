@testable internal import HTTP2

/// Feeds a peer's bytes to a session, and acts on it as an input says.
struct SessionDrive {
  private(set) var watch: EventWatch
  private let session: Session
  private(set) var output: [UInt8] = []
  private(set) var failure: String?
  private var bodies: [Int32: PatternSource] = [:]
  private var unanswered: [Int32] = []

  /// Allocated once: a fresh region for each call is most of the time of an input. One thread uses
  /// it, within calls of `serialize`.
  nonisolated(unsafe) private static let region = UnsafeMutableRawBufferPointer.allocate(
    byteCount: 256 * 1024, alignment: 16)

  init(_ role: Session.Role) {
    var options = SessionOptions()
    options.maxConcurrentStreams = 8
    options.streamWindowBytes = 4096
    options.maxHeaderListBytes = 600
    options.invalidFrames = TokenRate(burst: 20, perSecond: 1)
    options.cheapFrames = TokenRate(burst: 40, perSecond: 1)
    options.resets = TokenRate(burst: 12, perSecond: 1)
    // Time stands still: the same input always does the same.
    let start = ContinuousClock.now
    options.now = { start }
    session = Session(role, options: options)
    watch = EventWatch(session)
  }

  /// Opens a stream as a client.
  mutating func request(_ source: PatternSource?) {
    let headers: HeaderBlock = [
      ":method": "POST", ":scheme": "http", ":path": "/a", ":authority": "h", "te": "trailers",
    ]
    guard let stream = try? session.submitRequest(headers, source: source) else { return }
    watch.begin(stream)
    bodies[stream] = source
  }

  /// Gives the bytes to the session. `false` once it has failed: its owner gives it no more.
  mutating func feed(_ bytes: [UInt8]) -> Bool {
    guard failure == nil else { return false }
    bytes.withUnsafeBytes { bytes in
      do throws(HTTP2Error) {
        try session.receive(bytes)
      } catch {
        failure = error.message
      }
      watch.drain()
    }
    return failure == nil
  }

  /// Does one thing that an owner of a session may do.
  mutating func act(_ choices: inout Choices) {
    let step = choices.byte()
    let stream = pick(step >> 4)
    switch step & 15 {
    case 0, 1, 2: answer(stream, &choices)
    case 3: session.reset(stream, ErrorCode(rawValue: UInt32(choices.byte() & 15)))
    case 4, 5: session.resume(stream)
    case 6, 7: watch.consume(stream, choices.pair())
    case 8: session.ping(UInt64(choices.byte()))
    case 9: if choices.byte() > 200 { session.announceGoAway() }
    case 10: if choices.byte() > 220 { session.goAway(.noError) }
    case 11: if choices.byte() > 240 { session.terminate(.noError) }
    case 12: serialize(regionBytes: Session.minimumRegionBytes + choices.pair(), atMost: 1)
    default: serialize(regionBytes: 128 * 1024)
    }
    watch.drain()
  }

  /// Sends all there is to send.
  mutating func serialize(regionBytes: Int = 128 * 1024, atMost regions: Int = .max) {
    var left = regions
    while left > 0 {
      left -= 1
      var failure: String?
      var count = 0
      let room = UnsafeMutableRawBufferPointer(rebasing: Self.region[..<regionBytes])
      do throws(HTTP2Error) {
        count = try session.serialize(into: room)
      } catch {
        failure = error.message
      }
      output += room[..<count]
      watch.drain()
      if let failure { self.failure = self.failure ?? failure }
      if count == 0 { return }
    }
  }

  /// Judges what was sent: whole frames that make sense, and bodies as their sources made them.
  mutating func judgeOutput() {
    serialize()
    var bytes = output
    if session.role == .client {
      require(bytes.starts(with: Frame.preface), "a client begins with the preface")
      bytes.removeFirst(Frame.preface.count)
    }
    var sent: [UInt32: Int] = [:]
    for frame in Frame.read(bytes) {
      require(frame.isWellFormed, "\(frame) is no frame that we may send")
      guard frame.kind == Frame.data else { continue }
      guard let source = bodies[Int32(frame.stream)] else {
        require(frame.payload.isEmpty, "stream \(frame.stream) has no body and sends one")
        continue
      }
      let start = sent[frame.stream, default: 0]
      let isRight = PatternSource.makes(frame.payload, source.salt, from: start)
      require(isRight, "stream \(frame.stream) sends other bytes than its source made")
      sent[frame.stream] = start + frame.payload.count
      require(start + frame.payload.count <= source.written, "more is sent than was made")
    }
  }

  private mutating func answer(_ stream: Int32, _ choices: inout Choices) {
    guard session.role == .server else { return request(PatternSource(&choices)) }
    guard watch.open.contains(stream), !unanswered.contains(stream) else { return }
    unanswered.append(stream)
    let source = choices.flag() ? PatternSource(&choices) : nil
    bodies[stream] = source
    try? session.submitResponse(stream, [":status": "200"], source: source)
  }

  /// One of the open streams, or one that is not.
  private func pick(_ choice: UInt8) -> Int32 {
    let open = watch.open
    if open.isEmpty || choice == 15 { return Int32(choice) }
    return open[Int(choice) % open.count]
  }

  mutating func finishEvents() -> [String] { watch.finish() }

  /// Whether bytes of the peer still mean something.
  var wantsRead: Bool { session.wantsRead }
}
