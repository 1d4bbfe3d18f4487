internal import Foundation
internal import GRPC
internal import Glibc
internal import HTTP2
internal import Synchronization

/// A server that does what no good server would: a listening socket, and for each connection a
/// thread with a blocking socket and an HTTP/2 session.
final class RawServer: Sendable {
  let endpoint: Endpoint
  private let listener: Int32
  private let accepted = Mutex(0)

  /// Connections that were made so far.
  var connections: Int { accepted.withLock { $0 } }

  /// - Parameter serve: talks on one connection; the number counts connections from 0. The socket
  ///   is closed behind it.
  init(
    port: Int = 0, settings: SessionOptions = SessionOptions(),
    _ serve: @escaping @Sendable (RawConnection, Int) throws -> Void
  ) throws {
    let listener = socket(AF_INET, Int32(SOCK_STREAM.rawValue), 0)
    var yes: Int32 = 1
    setsockopt(listener, SOL_SOCKET, SO_REUSEADDR, &yes, socklen_t(MemoryLayout<Int32>.size))
    var address = sockaddr_in()
    address.sin_family = sa_family_t(AF_INET)
    address.sin_port = in_port_t(port).bigEndian
    address.sin_addr.s_addr = inet_addr("127.0.0.1")
    var length = socklen_t(MemoryLayout<sockaddr_in>.size)
    let isBound = withUnsafeMutablePointer(to: &address) { pointer in
      pointer.withMemoryRebound(to: sockaddr.self, capacity: 1) {
        bind(listener, $0, length) == 0 && listen(listener, 16) == 0
          && getsockname(listener, $0, &length) == 0
      }
    }
    guard isBound else { throw RPCError(.unavailable, "cannot listen: \(errno)") }
    self.listener = listener
    endpoint = Endpoint(host: "127.0.0.1", port: Int(in_port_t(bigEndian: address.sin_port)))
    Thread.detachNewThread { [self] in
      while true {
        let socket = accept(listener, nil, nil)
        guard socket >= 0 else { break }
        let number = accepted.withLock { count in
          defer { count += 1 }
          return count
        }
        Thread.detachNewThread {
          let connection = RawConnection(socket, settings)
          try? serve(connection, number)
        }
      }
      close(listener)
    }
  }

  /// Takes no more connections; those that are open go on.
  func stop() {
    shutdown(listener, Int32(SHUT_RDWR))
  }
}

/// The server's end of one connection.
final class RawConnection {
  let session: Session
  private let socket: Int32
  private(set) var requests: [Request] = []
  private(set) var closed: [Int32: ErrorCode] = [:]
  private(set) var goAway: ErrorCode?
  private var taken = 0

  /// A call as its server sees it.
  struct Request {
    let stream: Int32
    let headers: HeaderBlock
    var body: [UInt8] = []
    var isComplete = false

    /// The messages of the body as text.
    var texts: [String] {
      var texts: [String] = []
      var rest = body[...]
      while rest.count >= 5 {
        let count = rest.dropFirst().prefix(4).reduce(0) { $0 << 8 | Int($1) }
        texts.append(String(decoding: rest.dropFirst(5).prefix(count), as: UTF8.self))
        rest = rest.dropFirst(5 + count)
      }
      return texts
    }
  }

  init(_ socket: Int32, _ settings: SessionOptions) {
    self.socket = socket
    session = Session(.server, options: settings)
    // The bound of every wait below.
    var limit = timeval(tv_sec: 30, tv_usec: 0)
    setsockopt(socket, SOL_SOCKET, SO_RCVTIMEO, &limit, socklen_t(MemoryLayout<timeval>.size))
  }

  deinit {
    close(socket)
  }

  /// The next request whose body has ended; `nil` when the client hangs up.
  func nextRequest() throws -> Request? {
    try receive { $0.requests.count > $0.taken && $0.requests[$0.taken].isComplete }
    guard taken < requests.count else { return nil }
    taken += 1
    return requests[taken - 1]
  }

  /// Sends and receives until `isEnough`, or until the client hangs up.
  ///
  /// - Returns: `false` if the client hung up.
  @discardableResult
  func receive(until isEnough: (RawConnection) -> Bool) throws -> Bool {
    try send()
    while !isEnough(self) {
      var bytes = [UInt8](repeating: 0, count: 65_536)
      let count = recv(socket, &bytes, bytes.count, 0)
      guard count > 0 else { return false }
      try bytes.withUnsafeBytes { all in
        try session.receive(UnsafeRawBufferPointer(rebasing: all[..<count]))
        while let event = session.nextEvent() { note(event) }
      }
      try send()
    }
    return true
  }

  /// Sends nothing, not even SETTINGS, until the client hangs up.
  func silence() {
    var bytes = [UInt8](repeating: 0, count: 65_536)
    while recv(socket, &bytes, bytes.count, 0) > 0 {}
  }

  /// Answers with OK and one message.
  func answer(_ stream: Int32, _ text: String) throws {
    let body = FramedText(text)
    try session.submitResponse(stream, Self.headers, source: body)
    try send()
  }

  /// Answers with trailers alone.
  func fail(_ stream: Int32, _ code: StatusCode, _ fields: HeaderBlock = HeaderBlock()) throws {
    var block = Self.headers
    block.add("grpc-status", "\(code.rawValue)")
    fields.forEach { block.add($0, $1) }
    try session.submitResponse(stream, block, source: nil)
    try send()
  }

  /// Answers with headers, then with a status.
  func failLate(_ stream: Int32, _ code: StatusCode) throws {
    try session.submitResponse(stream, Self.headers, source: FramedText("", code))
    try send()
  }

  func reset(_ stream: Int32, _ code: ErrorCode) throws {
    session.reset(stream, code)
    try send()
  }

  /// A GOAWAY frame of one's choice, which the session knows nothing of.
  func goAway(above stream: Int32, _ code: ErrorCode = .noError, _ text: String = "") throws {
    func four(_ number: UInt32) -> [UInt8] { withUnsafeBytes(of: number.bigEndian) { Array($0) } }
    let payload = four(UInt32(stream)) + four(code.rawValue) + Array(text.utf8)
    try send(raw: four(UInt32(payload.count)).dropFirst() + [7, 0] + four(0) + payload)
  }

  /// Says that nothing follows, but reads on.
  func endSending() throws {
    try send()
    shutdown(socket, Int32(SHUT_WR))
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
    let count = bytes.withUnsafeBytes {
      Glibc.send(socket, $0.baseAddress, $0.count, Int32(MSG_NOSIGNAL))
    }
    guard count == bytes.count else { throw RPCError(.unavailable, "cannot send: \(errno)") }
  }

  private func note(_ event: Event) {
    switch event {
    case .headers(let stream, let block, _, let endsStream):
      requests.append(Request(stream: stream, headers: block, isComplete: endsStream))
    case .data(let stream, let bytes):
      change(stream) { $0.body += bytes }
      session.consume(stream: stream, count: bytes.count)
    case .dataEnd(let stream): change(stream) { $0.isComplete = true }
    case .closed(let stream, let code): closed[stream] = code
    case .goAway(_, let code, _): goAway = code
    case .settings, .pong: break
    }
  }

  private func change(_ stream: Int32, _ body: (inout Request) -> Void) {
    guard let index = requests.firstIndex(where: { $0.stream == stream }) else { return }
    body(&requests[index])
  }

  static let headers: HeaderBlock = [":status": "200", "content-type": "application/grpc"]
}

/// One message, or none, and a status behind it.
private final class FramedText: DataSource {
  private var rest: ArraySlice<UInt8>
  private let trailers: HeaderBlock

  init(_ text: String, _ code: StatusCode = .ok) {
    let count = text.utf8.count
    rest = code == .ok ? [0, 0, 0, UInt8(count >> 8), UInt8(count & 255)] + Array(text.utf8) : []
    trailers = ["grpc-status": "\(code.rawValue)"]
  }

  func fill(_ out: UnsafeMutableRawBufferPointer) -> DataFill {
    let count = min(out.count, rest.count)
    out[..<count].copyBytes(from: rest.prefix(count))
    rest = rest.dropFirst(count)
    return rest.isEmpty ? .end(count, trailers: trailers) : .bytes(count)
  }
}
