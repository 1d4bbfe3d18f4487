internal import Foundation
internal import GRPC
internal import Glibc
internal import HTTP2

/// A client that sends what no good client would: a blocking socket and an HTTP/2 session.
final class RawClient {
  let session: Session
  private let socket: Int32
  private var answers: [Int32: Answer] = [:]
  /// The newest GOAWAY: code and text.
  private(set) var goAway = ""

  /// How the server answered on a stream.
  struct Answer {
    var headers: [String] = []
    var body: [UInt8] = []
    var trailers: [String] = []
    var closed: ErrorCode?
    var isComplete = false
  }

  init(_ endpoint: Endpoint, _ options: SessionOptions = SessionOptions()) throws {
    session = Session(.client, options: options)
    socket = Glibc.socket(AF_INET, Int32(SOCK_STREAM.rawValue), 0)
    var address = sockaddr_in()
    address.sin_family = sa_family_t(AF_INET)
    address.sin_port = in_port_t(endpoint.port).bigEndian
    address.sin_addr.s_addr = inet_addr(endpoint.host)
    // The bound of every wait below.
    var limit = timeval(tv_sec: 10, tv_usec: 0)
    setsockopt(socket, SOL_SOCKET, SO_RCVTIMEO, &limit, socklen_t(MemoryLayout<timeval>.size))
    let connected = withUnsafePointer(to: &address) { pointer in
      pointer.withMemoryRebound(to: sockaddr.self, capacity: 1) {
        connect(socket, $0, socklen_t(MemoryLayout<sockaddr_in>.size))
      }
    }
    guard connected == 0 else { throw RPCError(.unavailable, "cannot connect: \(errno)") }
  }

  deinit {
    close(socket)
  }

  /// Opens a stream with these fields in place of, or behind, the usual ones.
  func begin(
    _ path: String, _ fields: [String: String] = [:], body: [UInt8]?
  ) throws -> Int32 {
    var all = [
      (":method", "POST"), (":scheme", "http"), (":path", path), (":authority", "test"),
      ("te", "trailers"), ("content-type", "application/grpc"),
    ].map { ($0.0, fields[$0.0] ?? $0.1) }
    all += fields.filter { field in !all.contains { $0.0 == field.key } }.map { ($0.key, $0.value) }
    return try begin(all, body: body)
  }

  /// Opens a stream with these fields and no others.
  func begin(_ fields: [(String, String)], body: [UInt8]?) throws -> Int32 {
    var block = HeaderBlock()
    for (name, value) in fields { block.add(name, value) }
    return try begin(block, body: body)
  }

  /// Opens a stream with a block of one's own making.
  func begin(_ block: HeaderBlock, body: [UInt8]?) throws -> Int32 {
    try session.submitRequest(block, source: body.map { BytesSource($0) })
  }

  /// Opens a stream whose body does not end behind these bytes.
  func beginAndHold(_ path: String, body: [UInt8]) throws -> Int32 {
    let block: HeaderBlock = [
      ":method": "POST", ":scheme": "http", ":path": path, ":authority": "test",
      "te": "trailers", "content-type": "application/grpc",
    ]
    return try session.submitRequest(block, source: BytesSource(body, ends: false))
  }

  /// Sends what waits, and reads until the stream is complete or the server hangs up.
  func answer(_ stream: Int32) throws -> Answer {
    while true {
      try send()
      if let answer = answers[stream], answer.isComplete { return answer }
      guard try receive() else { return answers[stream] ?? Answer() }
    }
  }

  /// Waits for the end of the stream in both directions, and tells how it came.
  func closed(_ stream: Int32) throws -> ErrorCode? {
    while answers[stream]?.closed == nil {
      try send()
      guard try receive() else { return nil }
    }
    return answers[stream]?.closed
  }

  /// Writes all that the session has to send.
  func send() throws {
    while true {
      let bytes = try [UInt8](unsafeUninitializedCapacity: 65_536) { region, count in
        count = try session.serialize(into: UnsafeMutableRawBufferPointer(region))
      }
      guard !bytes.isEmpty else { return }
      try send(raw: bytes)
    }
  }

  func send(raw bytes: [UInt8]) throws {
    var rest = bytes[...]
    while !rest.isEmpty {
      let count = rest.withUnsafeBytes {
        Glibc.send(socket, $0.baseAddress, $0.count, Int32(MSG_NOSIGNAL))
      }
      guard count > 0 else { throw RPCError(.unavailable, "cannot send: \(errno)") }
      rest = rest.dropFirst(count)
    }
  }

  /// - Returns: `false` when the server has hung up.
  func receive() throws -> Bool {
    var bytes = [UInt8](repeating: 0, count: 65_536)
    let count = recv(socket, &bytes, bytes.count, 0)
    guard count >= 0 else { throw RPCError(.deadlineExceeded, "the server is silent: \(errno)") }
    try bytes.withUnsafeBytes { all in
      try session.receive(UnsafeRawBufferPointer(rebasing: all[..<count]))
      while let event = session.nextEvent() { note(event) }
    }
    return count > 0
  }

  /// Reads and forgets.
  ///
  /// - Returns: `false` when the server has hung up.
  func skip() throws -> Bool {
    var bytes = [UInt8](repeating: 0, count: 65_536)
    let count = recv(socket, &bytes, bytes.count, 0)
    guard count >= 0 || errno == ECONNRESET else {
      throw RPCError(.deadlineExceeded, "the server is silent: \(errno)")
    }
    return count > 0
  }

  /// All that the server says until it hangs up, to a client that speaks no HTTP/2.
  func receiveText() throws -> String {
    var all: [UInt8] = []
    while true {
      var bytes = [UInt8](repeating: 0, count: 65_536)
      let count = recv(socket, &bytes, bytes.count, 0)
      guard count >= 0 else { throw RPCError(.deadlineExceeded, "the server is silent: \(errno)") }
      if count == 0 { return String(decoding: all, as: UTF8.self) }
      all += bytes[..<count]
    }
  }

  private func note(_ event: Event) {
    switch event {
    case .headers(let stream, let block, let kind, let endsStream):
      if kind == .trailers {
        answers[stream, default: Answer()].trailers = block.texts
      } else {
        answers[stream, default: Answer()].headers = block.texts
      }
      if endsStream { answers[stream]?.isComplete = true }
    case .data(let stream, let bytes): answers[stream, default: Answer()].body += bytes
    case .dataEnd(let stream): answers[stream, default: Answer()].isComplete = true
    case .closed(let stream, let code):
      answers[stream, default: Answer()].closed = code
      answers[stream]?.isComplete = true
    case .goAway(_, let code, let message): goAway = "\(code) \(message)"
    case .settings, .pong: break
    }
  }
}

/// Talks to a server from a thread of its own: blocking calls would stop the tasks of other tests.
func raw<R: Sendable>(
  _ endpoint: Endpoint, _ options: SessionOptions = SessionOptions(),
  _ body: @escaping @Sendable (RawClient) throws -> R
) async throws -> R {
  try await withCheckedThrowingContinuation { continuation in
    Thread.detachNewThread {
      continuation.resume(with: Result { try body(RawClient(endpoint, options)) })
    }
  }
}

/// A body from memory.
private final class BytesSource: DataSource {
  private var rest: ArraySlice<UInt8>
  private let ends: Bool

  init(_ bytes: [UInt8], ends: Bool = true) {
    rest = bytes[...]
    self.ends = ends
  }

  func fill(_ out: UnsafeMutableRawBufferPointer) -> DataFill {
    if rest.isEmpty, !ends { return .deferred }
    let count = min(out.count, rest.count)
    out[..<count].copyBytes(from: rest.prefix(count))
    rest = rest.dropFirst(count)
    return rest.isEmpty && ends ? .end(count, trailers: nil) : .bytes(count)
  }
}

extension HeaderBlock {
  /// `name: value` of each field.
  var texts: [String] {
    var texts: [String] = []
    forEach { name, value in
      let (name, value) = (
        String(decoding: name, as: UTF8.self), String(decoding: value, as: UTF8.self)
      )
      texts.append("\(name): \(value)")
    }
    return texts
  }
}
