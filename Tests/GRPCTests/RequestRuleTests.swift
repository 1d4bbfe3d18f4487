internal import GRPC
internal import HTTP2
internal import Testing

/// wire.md, requests: field by field, in the bytes of a client that keeps none of the rules.
@Suite struct `the headers of a request` {
  private static let usual = [
    (":method", "POST"), (":scheme", "http"), (":path", "/test.Echo/Say"), (":authority", "a"),
    ("te", "trailers"), ("content-type", "application/grpc"),
  ]
  private static let hello: [UInt8] = [0, 0, 0, 0, 2, 104, 105]

  /// The answer to the usual request with `fields` behind it and without those named.
  private func answer(
    _ fields: [(String, String)] = [], without names: [String] = [], body: [UInt8]? = hello
  ) async throws -> RawClient.Answer {
    let all = Self.usual.filter { !names.contains($0.0) } + fields
    // Pseudo-headers come first (RFC 9113 §8.3).
    return try await answer(
      toAll: all.filter { $0.0.hasPrefix(":") } + all.filter { !$0.0.hasPrefix(":") }, body: body)
  }

  private func answer(
    toAll fields: [(String, String)], body: [UInt8]?
  ) async throws -> RawClient.Answer {
    try await withEcho { _, _, endpoint in
      try await raw(endpoint) { client in try client.answer(client.begin(fields, body: body)) }
    }
  }

  // MARK: Authority and host (A41), te

  @Test func `a host alone is the authority`() async throws {
    let answer = try await answer([("host", "a")], without: [":authority"])

    #expect(answer.trailers == ["grpc-status: 0"])
  }

  @Test func `the authority wins over a host, which is no metadata`() async throws {
    let answer = try await answer([("host", "b"), ("x-echo-all", "1")])

    #expect(answer.trailers == ["grpc-status: 0"])
    #expect(!answer.headers.contains { $0.hasPrefix("host") })
  }

  @Test(arguments: [
    // Neither, two hosts, two authorities.
    ([(String, String)](), [":authority"]), ([("host", "a"), ("host", "b")], [":authority"]),
    ([(":authority", "b")], []),
  ])
  func `no authority or two of them is a reset`(
    fields: [(String, String)], names: [String]
  ) async throws {
    let answer = try await answer(fields, without: names)

    #expect(answer.closed == .protocolError)
    #expect(answer.headers.isEmpty)
  }

  @Test func `te may be missing but not wrong`() async throws {
    let missing = try await answer(without: ["te"])
    let wrong = try await answer([("te", "gzip")], without: ["te"])

    #expect(missing.trailers == ["grpc-status: 0"])
    #expect(wrong.closed == .protocolError)
  }

  // MARK: Method, content type

  @Test(arguments: [
    "application/grpc+json", "application/grpc+foo", "application/grpc-web",
    "application/grpc-web+proto", "application/grpcx", "text/html", "",
  ])
  func `a content type that we do not speak is HTTP 415`(type: String) async throws {
    let answer = try await answer([("content-type", type)], without: ["content-type"])

    #expect(answer.headers.first == ":status: 415")
    #expect(answer.isComplete)
  }

  @Test func `no content type is HTTP 415`() async throws {
    let answer = try await answer(without: ["content-type"])

    #expect(answer.headers.first == ":status: 415")
  }

  @Test(arguments: ["application/grpc;v=1", "application/grpc ; v=1", "application/grpc+proto"])
  func `parameters of a content type mean nothing`(type: String) async throws {
    let answer = try await answer([("content-type", type)], without: ["content-type"])

    #expect(answer.trailers == ["grpc-status: 0"])
    let expected = type.contains("proto") ? "application/grpc+proto" : "application/grpc"
    #expect(answer.headers.contains("content-type: \(expected)"))
  }

  @Test(arguments: ["GET", "PUT", "post", "OPTIONS"])
  func `another method is HTTP 405 and names the one that is allowed`(method: String) async throws {
    let answer = try await answer([(":method", method)], without: [":method"])

    #expect(answer.headers.first == ":status: 405")
    #expect(answer.headers.contains("allow: POST"))
  }

  // MARK: Path

  @Test(arguments: ["/", "/test.Echo", "/test.Echo/", "/test.echo/Say", "/test.Echo/say", "/a/b/c"])
  func `a path that is no method is UNIMPLEMENTED`(path: String) async throws {
    let answer = try await answer([(":path", path)], without: [":path"])

    #expect(answer.headers.contains("grpc-status: 12"))
    #expect(answer.headers.first == ":status: 200")
  }

  @Test func `a path is not repeated as it stands`() async throws {
    let answer = try await answer([(":path", "/a/\u{FC}%0A")], without: [":path"])

    #expect(
      answer.headers.contains("grpc-message: this server has no method '/a/??%250A'"))
  }

  // MARK: Timeout

  @Test(arguments: ["", "S", "5", "5x", "-1S", "+1S", "1.5S", "123456789S", "5 S", "0x1S"])
  func `a malformed timeout is INTERNAL`(text: String) async throws {
    let answer = try await answer([("grpc-timeout", text)])

    #expect(answer.headers.contains("grpc-status: 13"))
    #expect(answer.headers.contains("grpc-message: malformed grpc-timeout"))
  }

  @Test(arguments: ["0n", "0H", "00000000S"])
  func `a timeout of zero is DEADLINE_EXCEEDED at once`(text: String) async throws {
    let answer = try await answer([("grpc-timeout", text)])

    #expect(answer.headers.contains("grpc-status: 4"))
    #expect(answer.body.isEmpty)
  }

  @Test(arguments: ["99999999H", "99999999M", "00000001H"])
  func `the longest timeout does not overflow`(text: String) async throws {
    let answer = try await answer([("grpc-timeout", text)])

    #expect(answer.trailers == ["grpc-status: 0"])
  }

  // MARK: Encoding

  @Test(arguments: [["gzip", "gzip"], ["gzip", "identity"], ["snappy", "gzip"]])
  func `two encodings are none`(encodings: [String]) async throws {
    let plain = try await answer(encodings.map { ("grpc-encoding", $0) })
    let marked = try await answer(
      encodings.map { ("grpc-encoding", $0) }, body: [1] + Self.hello.dropFirst())

    #expect(plain.trailers == ["grpc-status: 0"])
    #expect(marked.headers.contains("grpc-status: 13"))
  }

  @Test func `an accepted encoding may stand in any of several lists`() async throws {
    let lists = [("grpc-accept-encoding", "snappy ,x"), ("grpc-accept-encoding", "zstd, gzip ,br")]
    let zeros = [0, 0, 0, 1, 0] + [UInt8](repeating: 0, count: 256)

    let answer = try await answer([("x-compress", "1")] + lists, body: zeros)
    let other = try await self.answer(
      [("x-compress", "1"), ("grpc-accept-encoding", "gzipped,xgzip")], body: zeros)

    #expect(answer.body.first == 1)
    #expect(other.body == zeros)
  }

  // MARK: Metadata

  @Test func `names repeat in their order, and reserved ones are not metadata`() async throws {
    let answer = try await answer([
      ("x-echo-all", "1"), ("x-a", "1"), ("x-b", "2"), ("x-a", "3"), ("x-a", ""), ("grpc-foo", "4"),
      ("grpc-previous-rpc-attempts", "2"),
    ])

    let echoed = answer.headers.filter { $0.hasPrefix("x-") || $0.hasPrefix("grpc-f") }
    #expect(echoed == ["x-echo-all: 1", "x-a: 1", "x-b: 2", "x-a: 3", "x-a: "])
  }

  @Test func `values lose the spaces around them`() async throws {
    let answer = try await answer([("x-echo-all", "1"), ("x-a", "  b c\t"), ("x-d", " ")])

    #expect(answer.headers.suffix(2) == ["x-a: b c", "x-d: "])
    #expect(answer.trailers == ["grpc-status: 0"])
  }

  @Test func `odd but legal names and values do not fail the call`() async throws {
    var block = HeaderBlock()
    for (name, value) in Self.usual { block.add(name, value) }
    block.add("x-echo-all", "1")
    let odd: [[UInt8]] = [Array(0x80...0xFF), [0xC3], [0x61, 0x09, 0x62], Array("ö".utf8)]
    for (index, value) in odd.enumerated() {
      Array("x-odd\(index)".utf8).withUnsafeBytes { name in
        value.withUnsafeBytes { block.add(name, $0) }
      }
    }
    block.add("x!#$%&'*+^`|~", "a name of HTTP that is none of gRPC")
    let sent = block

    let answer = try await withEcho { _, _, endpoint in
      try await raw(endpoint) { client in try client.answer(client.begin(sent, body: Self.hello)) }
    }

    // What gRPC does not allow to send is not echoed.
    #expect(answer.trailers == ["grpc-status: 0"])
    #expect(answer.headers.last == "x-echo-all: 1")
  }

  @Test func `bytes come padded or not, one by one or joined`() async throws {
    let answer = try await answer([
      ("x-echo-all", "1"), ("a-bin", "YQ=="), ("b-bin", "YQ"), ("c-bin", "YQ==, YmM,"),
      ("d-bin", ""),
    ])

    #expect(
      answer.headers.suffix(6) == [
        "a-bin: YQ", "b-bin: YQ", "c-bin: YQ", "c-bin: YmM", "c-bin: ", "d-bin: ",
      ])
  }

  @Test(arguments: ["*", "Y", "YQ=", "YQ,*", "YQ===", "_-8="])
  func `bytes that are not Base64 are INTERNAL`(text: String) async throws {
    let answer = try await answer([("x-bin", text)])

    #expect(answer.headers.contains("grpc-status: 13"))
  }

  @Test func `metadata over the limit is RESOURCE_EXHAUSTED, four times that a reset`() async throws
  {
    // The fields of the usual request and 32 bytes for each count too.
    let fits = try await answer([("x-large", String(repeating: "v", count: 7_700))])
    let over = try await answer([("x-large", String(repeating: "v", count: 8_192))])
    let far = try await answer((0..<5).map { ("x-\($0)", String(repeating: "v", count: 8_000)) })

    #expect(fits.trailers == ["grpc-status: 0"])
    #expect(over.headers.contains("grpc-status: 8"))
    #expect(far.headers.isEmpty)
    #expect(far.closed != nil && far.closed != .noError)
  }
}

/// wire.md, responses.
@Suite struct `the end of a response` {
  private func answer(
    to path: String, _ fields: [String: String] = [:], body: [UInt8]?
  ) async throws -> RawClient.Answer {
    try await withEcho { _, _, endpoint in
      try await raw(endpoint) { client in
        try client.answer(client.begin(path, fields, body: body))
      }
    }
  }

  @Test func `a call that fails before its headers is answered in one block`() async throws {
    let fields = ["content-type": "application/grpc+proto"]

    let answer = try await answer(to: "/test.Echo/Fail", fields, body: [0, 0, 0, 0, 2, 5, 33])

    #expect(
      answer.headers == [
        ":status: 200", "content-type: application/grpc+proto",
        "grpc-accept-encoding: identity,gzip", "grpc-status: 5", "grpc-message: !",
        "grpc-status-details-bin: AQL/",
      ])
    #expect(answer.trailers.isEmpty)
  }

  @Test func `metadata of the headers goes out before the status of a failure`() async throws {
    let answer = try await answer(
      to: "/test.Echo/Fail", ["x-initial": "a"], body: [0, 0, 0, 0, 2, 5, 33])

    #expect(answer.headers.last == "x-initial: a")
    #expect(
      answer.trailers == ["grpc-status: 5", "grpc-message: !", "grpc-status-details-bin: AQL/"])
  }

  @Test(arguments: [
    ("/test.Echo/Collect", [UInt8]()), ("/test.Echo/Chat", []),
  ])
  func `a request without messages is good for a method that takes many`(
    path: String, body: [UInt8]
  ) async throws {
    let withBody = try await answer(to: path, body: body)
    let without = try await answer(to: path, body: nil)

    #expect(withBody.trailers == ["grpc-status: 0"])
    #expect(without.trailers == ["grpc-status: 0"])
  }

  @Test(arguments: ["/test.Echo/Say", "/test.Echo/Count"])
  func `a request without a message is UNIMPLEMENTED for a method that takes one`(
    path: String
  ) async throws {
    let answer = try await answer(to: path, body: nil)

    #expect(answer.headers.contains("grpc-status: 12"))
  }

  @Test(arguments: ["/test.Echo/Chat", "/test.Echo/Say", "/no/method"])
  func `a client that is still sending is told to stop by NO_ERROR`(path: String) async throws {
    // A refused prefix ends the call while the body is open.
    let (answer, closed) = try await withEcho { _, _, endpoint in
      try await raw(endpoint) { client in
        let source = EndlessSource([0, 255, 255, 255, 255])
        let stream = try client.session.submitRequest(
          [
            ":method": "POST", ":scheme": "http", ":path": path, ":authority": "a",
            "te": "trailers", "content-type": "application/grpc",
          ], source: source)
        return (try client.answer(stream), try client.closed(stream))
      }
    }

    #expect((answer.headers + answer.trailers).contains { $0.hasPrefix("grpc-status: ") })
    #expect(closed == .noError)
  }

  @Test func `a client whose window is shut gets a reset at the deadline`() async throws {
    let answer = try await withEcho { _, _, endpoint in
      try await raw(endpoint) { client in
        // Nothing is credited: the flood stops after the client's window.
        let stream = try client.begin(
          "/test.Echo/Flood", ["grpc-timeout": "300m"],
          body: [0, 0, 0, 0, 10] + Array("1000000000".utf8))
        return try client.answer(stream)
      }
    }

    #expect(answer.closed == .cancel)
  }
}

/// A body that begins and does not end.
private final class EndlessSource: DataSource {
  private var first: [UInt8]

  init(_ first: [UInt8]) {
    self.first = first
  }

  func fill(_ out: UnsafeMutableRawBufferPointer) -> DataFill {
    guard !first.isEmpty else { return .deferred }
    out.copyBytes(from: first)
    defer { first = [] }
    return .bytes(first.count)
  }
}
