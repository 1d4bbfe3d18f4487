/// Counts what costs a peer little and us something, and says when it is too much.
///
/// nghttp2 1.52 counts almost none of it. Everything here is fed by its callbacks: a counter or two
/// a frame, and no look at the clock while a bucket has tokens.
struct PeerConduct {
  /// Why the connection has to end.
  enum Offence: Equatable {
    case limit(SessionLimit)
    /// A request came on a stream that the client had passed over: RFC 9113 §5.1.1.
    case skippedStream(Int32)
  }

  private(set) var offence: Offence?
  private var invalidFrames: TokenBucket
  private var cheapFrames: TokenBucket
  private var ignoredBytes: TokenBucket
  private var resets: TokenBucket
  private(set) var pings: PingStrikes
  private var skipped = SkippedStreams()
  /// Bytes of frames that were announced, less those that arrived.
  private var announcedBytes = 24
  /// Body bytes of the DATA frame that is arriving.
  private var bodyBytes = 0
  /// Invalid frames that are charged and whose reset, if they get one, is not out yet.
  private var unsentResets = 0
  private let streamWindowBytes: Int
  private let now: @Sendable () -> ContinuousClock.Instant

  init(_ options: SessionOptions) {
    now = options.now
    let start = now()
    invalidFrames = TokenBucket(options.invalidFrames, at: start)
    cheapFrames = TokenBucket(options.cheapFrames, at: start)
    ignoredBytes = TokenBucket(options.ignoredBytes, at: start)
    resets = TokenBucket(options.resets, at: start)
    pings = PingStrikes(options)
    streamWindowBytes = Int(options.streamWindowBytes)
  }

  mutating func commit(_ offence: Offence) {
    if self.offence == nil { self.offence = offence }
  }

  /// A frame that nghttp2 looks at begins.
  mutating func beginFrame(payloadCount: Int) {
    announcedBytes += 9 + payloadCount
    bodyBytes = 0
  }

  /// A frame that does nothing for a call.
  mutating func cheapFrame() {
    if !cheapFrames.take(now: now) { commit(.limit(.cheapFrames)) }
  }

  /// A header block begins on a client's stream.
  mutating func request(on stream: Int32) {
    if !skipped.use(stream) { commit(.skippedStream(stream)) }
  }

  mutating func body(_ count: Int) {
    bodyBytes += count
  }

  /// A DATA frame is complete. One of padding alone, or of nothing, is cheap unless it ends its
  /// stream.
  mutating func endData(endsStream: Bool) {
    if bodyBytes > 0 {
      cheapFrames.credit(2)
    } else if !endsStream {
      cheapFrame()
    }
  }

  mutating func headers() {
    cheapFrames.credit(2)
  }

  /// The peer reset a stream; one that is gone already costs nothing but the frame.
  mutating func reset(isOpen: Bool) {
    guard isOpen else { return cheapFrame() }
    if !resets.take(now: now) { commit(.limit(.resets)) }
  }

  mutating func ping(openStreams: Int) {
    if pings.arrive(at: now(), openStreams: openStreams) == .tooMany {
      commit(.limit(.pings))
    }
  }

  mutating func invalidFrame() {
    unsentResets += 1
    chargeInvalidFrame()
  }

  /// A reset for an error of the peer went out. A body that belies its content-length or overruns
  /// its window is an invalid frame of which nghttp2 tells in no other way.
  mutating func sentReset() {
    if unsentResets > 0 {
      unsentResets -= 1
    } else {
      chargeInvalidFrame()
    }
  }

  private mutating func chargeInvalidFrame() {
    if !invalidFrames.take(now: now) { commit(.limit(.invalidFrames)) }
  }

  /// We sent HEADERS or DATA: a peer that takes them answers with WINDOW_UPDATEs and pings.
  mutating func sent(payloadCount: Int) {
    cheapFrames.credit(4 + payloadCount / 1024)
    pings.forgive()
  }

  /// A stream closed before its peer had ended it: a window of its body may be under way.
  mutating func closedEarly() {
    ignoredBytes.credit(streamWindowBytes)
  }

  /// Bytes were read: those that belong to no frame that nghttp2 looked at were ignored.
  mutating func received(_ count: Int) {
    announcedBytes -= count
    guard announcedBytes < 0 else { return }
    if !ignoredBytes.take(-announcedBytes, now: now) { commit(.limit(.ignoredBytes)) }
    announcedBytes = 0
  }
}

/// Judges a client's pings. Source: gRPC proposal A8; grpc/doc/keepalive.md.
struct PingStrikes {
  enum OnPing {
    case answer
    case tooMany
  }

  private let interval: Duration
  private let idleInterval: Duration
  private let allowed: Int
  private var last: ContinuousClock.Instant?
  private var strikes = 0
  /// Pings that came too early in all, with streams open and without.
  private(set) var early = 0
  private(set) var earlyIdle = 0

  init(_ options: SessionOptions) {
    interval = options.minPingInterval
    idleInterval = options.minIdlePingInterval
    allowed = options.pingStrikes
  }

  mutating func arrive(at now: ContinuousClock.Instant, openStreams: Int) -> OnPing {
    defer { last = now }
    guard let last, now - last < (openStreams > 0 ? interval : idleInterval) else { return .answer }
    strikes += 1
    if openStreams > 0 { early += 1 } else { earlyIdle += 1 }
    return strikes > allowed ? .tooMany : .answer
  }

  /// HEADERS or DATA were sent: what came before counts no more.
  mutating func forgive() {
    last = nil
    strikes = 0
  }
}

/// Stream numbers that a client passed over: they are closed for ever (RFC 9113 §5.1.1). nghttp2
/// ignores a request there, since late trailers of a stream that was used look the same.
struct SkippedStreams {
  private var highest: Int32 = -1
  private var ranges: [ClosedRange<Int32>] = []

  /// A client that skips more often gets the oldest ones forgiven.
  private static let maxRanges = 64

  /// - Returns: `false` if the stream was passed over.
  mutating func use(_ stream: Int32) -> Bool {
    // Even numbers are not a client's: nghttp2 ends the connection for them.
    guard stream > 0, stream & 1 == 1 else { return true }
    guard stream > highest else { return !ranges.contains { $0.contains(stream) } }
    // Not `stream - highest`, which is too much for 32 bits from -1 to the highest number.
    if stream > highest + 2 {
      if ranges.count == Self.maxRanges { ranges.removeFirst() }
      ranges.append(highest + 2...stream - 2)
    }
    highest = stream
    return true
  }
}
