internal import HTTP2

/// A client and a server session joined in memory.
final class SessionPair {
  let client: Session
  let server: Session
  /// What each side was told, in order, bodies copied.
  private(set) var clientSaw: [Seen] = []
  private(set) var serverSaw: [Seen] = []
  /// Bytes that a side may write in one turn.
  var regionBytes = Session.minimumRegionBytes

  /// An event that may be kept.
  enum Seen: Equatable {
    case headers(Int32, [String], HeadersKind, endsStream: Bool)
    case data(Int32, [UInt8])
    case dataEnd(Int32)
    case closed(Int32, ErrorCode)
    case settings
    case pong(UInt64)
    case goAway(Int32, ErrorCode)
  }

  init(
    client: SessionOptions = SessionOptions(), server: SessionOptions = SessionOptions()
  ) throws {
    self.client = Session(.client, options: client)
    self.server = Session(.server, options: server)
    try exchange()
    clientSaw = []
    serverSaw = []
  }

  /// Carries bytes both ways until nobody has anything to send.
  func exchange() throws {
    while true {
      let sent = try output(of: client)
      let answered = try output(of: server)
      note(client)
      note(server)
      if sent.isEmpty, answered.isEmpty { return }
      try deliver(sent, to: server)
      try deliver(answered, to: client)
    }
  }

  /// What a side has to send, all of it.
  func output(of session: Session) throws -> [UInt8] {
    var bytes: [UInt8] = []
    while true {
      let more = try [UInt8](unsafeUninitializedCapacity: regionBytes) { region, count in
        count = try session.serialize(into: UnsafeMutableRawBufferPointer(region))
      }
      if more.isEmpty { return bytes }
      bytes += more
    }
  }

  func deliver(_ bytes: [UInt8], to session: Session) throws {
    try bytes.withUnsafeBytes { bytes in
      defer { note(session) }
      try session.receive(bytes)
    }
  }

  /// The body bytes that a side saw on a stream.
  func body(_ seen: [Seen], _ stream: Int32) -> [UInt8] {
    seen.flatMap { event -> [UInt8] in
      if case .data(stream, let bytes) = event { bytes } else { [] }
    }
  }

  private func note(_ session: Session) {
    while let event = session.nextEvent() {
      let seen: Seen =
        switch event {
        case .headers(let stream, let block, let kind, let endsStream):
          .headers(stream, block.texts, kind, endsStream: endsStream)
        case .data(let stream, let bytes): .data(stream, Array(bytes))
        case .dataEnd(let stream): .dataEnd(stream)
        case .closed(let stream, let code): .closed(stream, code)
        case .settings: .settings
        case .pong(let payload): .pong(payload)
        case .goAway(let last, let code, _): .goAway(last, code)
        }
      if session === client { clientSaw.append(seen) } else { serverSaw.append(seen) }
    }
  }
}

extension HeaderBlock {
  /// `name: value` of each field.
  var texts: [String] {
    var texts: [String] = []
    forEach { name, value in
      texts.append(
        "\(String(decoding: name, as: UTF8.self)): \(String(decoding: value, as: UTF8.self))")
    }
    return texts
  }
}

/// A body from memory that can be told to wait.
final class BytesSource: DataSource {
  private var rest: ArraySlice<UInt8>
  private let trailers: HeaderBlock?
  var isWaiting = false

  init(_ bytes: [UInt8], trailers: HeaderBlock? = nil) {
    rest = bytes[...]
    self.trailers = trailers
  }

  func fill(_ out: UnsafeMutableRawBufferPointer) -> DataFill {
    if isWaiting { return .deferred }
    let count = min(out.count, rest.count)
    out[..<count].copyBytes(from: rest.prefix(count))
    rest = rest.dropFirst(count)
    return rest.isEmpty ? .end(count, trailers: trailers) : .bytes(count)
  }
}

/// The headers of a request that nghttp2 takes.
let request: HeaderBlock = [
  ":method": "POST", ":scheme": "http", ":path": "/a", ":authority": "h", "te": "trailers",
]
let response: HeaderBlock = [":status": "200"]
