internal import GRPC
internal import HTTP2
internal import Synchronization
internal import Testing

/// A frame of a response, made by hand: no library stands between the test and the client.
private enum Frame: Sendable {
  case headers([(String, String)], end: Bool = false)
  case data([UInt8], end: Bool = false)
  case reset(ErrorCode)

  func bytes(_ stream: Int32) -> [UInt8] {
    switch self {
    case .headers(let fields, let end):
      // Literals without indexing (RFC 7541 §6.2.2), shorter than 127 bytes each.
      let block = fields.flatMap { name, value -> [UInt8] in
        [0, UInt8(name.utf8.count)] + Array(name.utf8) + [UInt8(value.utf8.count)]
          + Array(value.utf8)
      }
      return frame(type: 1, flags: end ? 5 : 4, block, stream)
    case .data(let bytes, let end): return frame(type: 0, flags: end ? 1 : 0, bytes, stream)
    case .reset(let code):
      return frame(
        type: 3, flags: 0, withUnsafeBytes(of: code.rawValue.bigEndian, Array.init), stream)
    }
  }

  private func frame(type: UInt8, flags: UInt8, _ payload: [UInt8], _ stream: Int32) -> [UInt8] {
    withUnsafeBytes(of: UInt32(payload.count).bigEndian) { Array($0.dropFirst()) } + [type, flags]
      + withUnsafeBytes(of: stream.bigEndian, Array.init) + payload
  }

  static let head = Frame.headers(good)
  static let good = [(":status", "200"), ("content-type", "application/grpc")]
  static let hello = Frame.data([0, 0, 0, 0, 2, 104, 105])
  static func status(_ text: String) -> Frame { .headers([("grpc-status", text)], end: true) }
}

/// wire.md, status mapping on the client: what each odd answer of a server becomes.
@Suite(.timeLimit(.minutes(1))) struct `an answer` {
  /// How a unary call ends that is answered with these frames.
  private func answer(
    _ frames: [Frame], _ options: CallOptions = CallOptions()
  ) async throws -> Result<MessageBytes, RPCError> {
    let server = try RawServer { connection, _ in
      guard let request = try connection.nextRequest() else { return }
      for frame in frames { try connection.send(raw: frame.bytes(request.stream)) }
      try connection.receive { _ in false }
    }
    defer { server.stop() }
    return try await withChannel(server.endpoint) { channel in
      do throws(RPCError) {
        return .success(
          try await channel.unary("/test.Raw/Say", MessageBytes(text: "hi"), options: options))
      } catch {
        return .failure(error)
      }
    }
  }

  private func code(_ frames: [Frame]) async throws -> StatusCode {
    switch try await answer(frames) {
    case .success: .ok
    case .failure(let error): error.code
    }
  }

  @Test(arguments: [
    (400, StatusCode.internal), (401, .unauthenticated), (403, .permissionDenied),
    (404, .unimplemented), (429, .unavailable), (502, .unavailable), (503, .unavailable),
    (504, .unavailable), (500, .unknown), (302, .unknown), (418, .unknown), (204, .unknown),
  ])
  func `without a grpc-status its code is that of HTTP`(
    status: Int, expected: StatusCode
  ) async throws {
    let fields = [(":status", "\(status)"), ("content-type", "text/html")]

    #expect(try await code([.headers(fields, end: true)]) == expected)
    if status != 204 {
      #expect(try await code([.headers(fields), .data([60, 62], end: true)]) == expected)
    }
  }

  @Test func `a grpc-status stands whatever HTTP says`() async throws {
    let fields = [
      (":status", "503"), ("content-type", "application/grpc"), ("grpc-status", "5"),
    ]

    #expect(try await code([.headers(fields, end: true)]) == .notFound)
  }

  @Test func `1xx blocks are skipped`() async throws {
    let early = Frame.headers([(":status", "103"), ("grpc-status", "5")])

    let reply = try await answer([early, early, .head, .hello, .status("0")]).get()

    #expect(reply.text == "hi")
  }

  @Test func `a grpc-status in headers that are not the end is ignored`() async throws {
    let head = Frame.headers(Frame.good + [("grpc-status", "5"), ("grpc-message", "no")])

    #expect(try await code([head, .hello, .status("0")]) == .ok)
    #expect(try await code([head, .status("9")]) == .failedPrecondition)
    #expect(try await code([head, .hello, .headers([("x-a", "b")], end: true)]) == .unknown)
  }

  @Test(arguments: ["", "x", "-1", "+5", "0x5", "5.0", "5a", "17", "99999999999999999999"])
  func `a grpc-status that cannot be read is UNKNOWN`(text: String) async throws {
    #expect(try await code([.head, .hello, .status(text)]) == .unknown)
    #expect(try await code([.headers(Frame.good + [("grpc-status", text)], end: true)]) == .unknown)
  }

  @Test func `no grpc-status at all is UNKNOWN`() async throws {
    #expect(try await code([.headers(Frame.good, end: true)]) == .unknown)
    #expect(try await code([.head, .data([0, 0, 0, 0, 0], end: true)]) == .unknown)
    #expect(try await code([.head, .headers([("x-a", "b")], end: true)]) == .unknown)
  }

  @Test(arguments: ["text/html", "application/json", "application/grpc-web", "application/grpcx"])
  func `another content type is UNKNOWN`(type: String) async throws {
    let fields = [(":status", "200"), ("content-type", type)]

    #expect(try await code([.headers(fields), .hello, .status("0")]) == .unknown)
    #expect(try await code([.headers([(":status", "200")]), .hello, .status("0")]) == .unknown)
  }

  @Test(arguments: ["application/grpc+proto", "application/grpc;a=b", "application/grpc+proto;a=b"])
  func `a subtype and parameters are taken`(type: String) async throws {
    let fields = [(":status", "200"), ("content-type", type)]

    #expect(try await code([.headers(fields), .hello, .status("0")]) == .ok)
  }

  @Test(arguments: [
    (ErrorCode.noError, StatusCode.internal), (.protocolError, .internal),
    (.internalError, .internal), (.flowControlError, .internal), (.settingsTimeout, .internal),
    (.frameSizeError, .internal), (.cancel, .cancelled), (.compressionError, .internal),
    (.connectError, .internal), (.enhanceYourCalm, .resourceExhausted),
    (.inadequateSecurity, .permissionDenied),
  ])
  func `a reset becomes the status of its code`(
    reset: ErrorCode, expected: StatusCode
  ) async throws {
    #expect(try await code([.reset(reset)]) == expected)
    #expect(try await code([.head, .hello, .reset(reset)]) == expected)
  }

  @Test func `a reset behind the deadline is DEADLINE_EXCEEDED`() async throws {
    let server = try RawServer { connection, _ in
      guard let request = try connection.nextRequest() else { return }
      try connection.receive { $0.closed[request.stream] != nil }
      #expect(connection.closed[request.stream] == .cancel)
    }
    defer { server.stop() }
    let error = try await withChannel(server.endpoint) { channel in
      await status { () throws(RPCError) in
        try await channel.unary(
          "/test.Raw/Say", MessageBytes(), options: CallOptions(timeout: .milliseconds(50)))
      }
    }

    #expect(error.code == .deadlineExceeded)
  }

  @Test func `an encoding that was not offered is INTERNAL`() async throws {
    for encoding in ["snappy", "deflate", ""] {
      let head = Frame.headers(Frame.good + [("grpc-encoding", encoding)])

      #expect(try await code([head, .hello, .status("0")]) == .internal)
    }
  }

  @Test func `a compressed message without an encoding is INTERNAL, and so is a damaged one`()
    async throws
  {
    let gzip = Frame.headers(Frame.good + [("grpc-encoding", "gzip")])
    let identity = Frame.headers(Frame.good + [("grpc-encoding", "identity")])
    let marked = Frame.data([1, 0, 0, 0, 2, 104, 105])

    #expect(try await code([.head, marked, .status("0")]) == .internal)
    #expect(try await code([identity, marked, .status("0")]) == .internal)
    #expect(try await code([gzip, marked, .status("0")]) == .internal)
    #expect(try await code([gzip, .hello, .status("0")]) == .ok)
  }

  @Test func `a broken body is INTERNAL, one over the limit RESOURCE_EXHAUSTED`() async throws {
    #expect(try await code([.head, .data([7, 0, 0, 0, 0]), .status("0")]) == .internal)
    #expect(try await code([.head, .data([0, 0, 0, 0, 9, 1]), .status("0")]) == .internal)
    #expect(try await code([.head, .data([0, 0, 0]), .status("0")]) == .internal)
    #expect(try await code([.head, .data([0, 255, 0, 0, 0])]) == .resourceExhausted)
    // A failure is a failure, whatever its body.
    #expect(try await code([.head, .data([0, 0, 0, 0, 9, 1]), .status("5")]) == .notFound)
  }

  @Test func `none or two replies to a unary call are UNIMPLEMENTED`() async throws {
    #expect(try await code([.head, .status("0")]) == .unimplemented)
    #expect(
      try await code([.headers(Frame.good + [("grpc-status", "0")], end: true)]) == .unimplemented)
    #expect(try await code([.head, .hello, .hello, .status("0")]) == .unimplemented)
  }

  @Test func `metadata that cannot be read does not hide the status`() async throws {
    let trailers = Frame.headers(
      [
        ("grpc-status", "9"), ("grpc-message", "100%25 %zz%"), ("x-bin", "***"),
        ("y-bin", "YQ==,YmM"),
        ("x-a", " b "),
      ], end: true)

    let error = await status { () throws(RPCError) in
      do {
        return try await answer([.head, trailers]).get()
      } catch {
        throw error as? RPCError ?? RPCError(.unknown, "\(error)")
      }
    }

    #expect(error.code == .failedPrecondition)
    #expect(error.message == "100% %zz%")
    #expect(error.metadata[binary: "y-bin"] == [97])
    #expect(error.metadata["x-a"] == "b")
    #expect(error.metadata[binary: "x-bin"] == nil)
  }

  @Test func `a client that is still sending stops with NO_ERROR when the server is done`()
    async throws
  {
    let seen = Seen()
    let server = try RawServer { connection, _ in
      try connection.receive { !$0.requests.isEmpty }
      let stream = connection.requests[0].stream
      try connection.send(raw: Frame.head.bytes(stream) + Frame.status("0").bytes(stream))
      try connection.receive { $0.closed[stream] != nil }
      seen.set(connection.closed[stream], connection.requests[0].headers)
    }
    defer { server.stop() }
    try await withChannel(server.endpoint) { channel in
      let call = channel.call("/test.Raw/Chat", options: CallOptions(compression: .gzip))
      try await call.send(MessageBytes(text: "first"))

      #expect(try await call.take() == nil)
      #expect(!call.enqueue(MessageBytes(text: "second")))
      try await eventually { seen.code != nil }
    }

    #expect(seen.code == .noError)
    // What a request says of itself.
    let fields = seen.headers?.texts ?? []
    #expect(fields.contains("te: trailers"))
    #expect(fields.contains("content-type: application/grpc"))
    #expect(fields.contains("grpc-encoding: gzip"))
    #expect(fields.contains("grpc-accept-encoding: identity,gzip"))
  }
}

/// What a server saw, from its own thread.
private final class Seen: Sendable {
  private let state = Mutex<(code: ErrorCode?, headers: HeaderBlock?)>((nil, nil))

  var code: ErrorCode? { state.withLock { $0.code } }
  var headers: HeaderBlock? { state.withLock { $0.headers } }

  func set(_ code: ErrorCode?, _ headers: HeaderBlock) {
    state.withLock { $0 = (code, headers) }
  }
}
