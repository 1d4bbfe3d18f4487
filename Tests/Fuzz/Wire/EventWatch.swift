@testable internal import HTTP2

/// Takes a session's events, checks their order, and keeps them in a form in which it does not
/// matter how the bytes were cut.
struct EventWatch {
  let session: Session
  private(set) var seen: [String] = []
  /// Streams of which there was an event and no end yet, in order.
  private(set) var open: [Int32] = []
  /// Body bytes that came and were not consumed.
  private(set) var held: [Int32: Int] = [:]
  private var ended: Set<Int32> = []
  private var closed: Set<Int32> = []
  /// Adjacent pieces of one body are one.
  private var body: (stream: Int32, bytes: [UInt8])?

  init(_ session: Session) {
    self.session = session
  }

  /// Streams that a client opened itself.
  mutating func begin(_ stream: Int32) { open.append(stream) }

  mutating func consume(_ stream: Int32, _ count: Int) {
    let count = min(count, held[stream] ?? 0)
    held[stream]? -= count
    session.consume(stream: stream, count: count)
  }

  /// Takes all events there are.
  mutating func drain() {
    while let event = session.nextEvent() { take(event) }
  }

  /// All events in order, whatever the pieces were in which the bytes came.
  mutating func finish() -> [String] {
    endBody()
    return seen
  }

  private mutating func take(_ event: Event) {
    if case .data(let stream, let bytes) = event { return takeBody(stream, bytes) }
    endBody()
    switch event {
    case .headers(let stream, let block, let kind, let endsStream):
      takeHeaders(stream, block, kind)
      seen.append("headers \(stream) \(kind) \(endsStream) \(Self.text(block))")
      if endsStream { end(stream) }
    case .dataEnd(let stream):
      seen.append("end \(stream)")
      end(stream)
    case .closed(let stream, let code):
      require(closed.insert(stream).inserted, "stream \(stream) is closed twice")
      require(session.sources[stream] == nil, "stream \(stream) is closed and keeps its source")
      open.removeAll { $0 == stream }
      held[stream] = nil
      seen.append("closed \(stream) \(code)")
    case .goAway(let last, let code, let message): seen.append("goaway \(last) \(code) \(message)")
    default: seen.append("\(event)")
    }
  }

  private mutating func takeHeaders(_ stream: Int32, _ block: HeaderBlock, _ kind: HeadersKind) {
    require(!closed.contains(stream), "headers of stream \(stream) come after its end")
    require(!ended.contains(stream), "headers of stream \(stream) come behind END_STREAM")
    var size = 0
    block.forEach { name, value in size += name.count + value.count + 32 }
    require(size <= Int(session.options.maxHeaderListBytes), "\(size) bytes of fields get through")
    require(kind != .oversized || block.count == 0, "an oversized block keeps fields")
    guard !open.contains(stream) else { return }
    require(session.role == .server, "stream \(stream) was never opened")
    require(stream % 2 == 1, "a client opened stream \(stream)")
    open.append(stream)
    let limit = Int(session.options.maxConcurrentStreams)
    require(open.count <= limit, "\(open.count) streams are open, the limit is \(limit)")
  }

  private mutating func takeBody(_ stream: Int32, _ bytes: UnsafeRawBufferPointer) {
    require(open.contains(stream), "a body comes on stream \(stream), which is not open")
    require(!ended.contains(stream), "a body comes behind END_STREAM of stream \(stream)")
    held[stream, default: 0] += bytes.count
    // 65,535 until the peer has acknowledged our SETTINGS.
    let window = max(65_535, Int(session.options.streamWindowBytes))
    require(held[stream] ?? 0 <= window, "stream \(stream) got more than its window")
    if body?.stream != stream {
      endBody()
      body = (stream, [])
    }
    body?.bytes.append(contentsOf: bytes)
  }

  private mutating func end(_ stream: Int32) {
    require(ended.insert(stream).inserted, "stream \(stream) ends twice")
  }

  private mutating func endBody() {
    guard let (stream, bytes) = body else { return }
    body = nil
    if !bytes.isEmpty { seen.append("body \(stream) \(bytes)") }
  }

  private static func text(_ block: HeaderBlock) -> String {
    var text = ""
    block.forEach { name, value in text += "\(Array(name))=\(Array(value)) " }
    return text
  }
}
