internal import GRPC
internal import HTTP2
internal import Testing

@Suite struct `what a server refuses` {
  private static let hello: [UInt8] = [0, 0, 0, 0, 2, 104, 105]
  private static let plainHead = [
    ":status: 200", "content-type: application/grpc", "grpc-accept-encoding: identity,gzip",
  ]

  @Test func `a good request is answered in three blocks`() async throws {
    try await withEcho { _, _, endpoint in
      let answer = try await raw(endpoint) { client in
        try client.answer(client.begin("/test.Echo/Say", body: Self.hello))
      }

      #expect(answer.headers == Self.plainHead)
      #expect(answer.body == Self.hello)
      #expect(answer.trailers == ["grpc-status: 0"])
    }
  }

  @Test(arguments: [
    ["content-type": "application/json"], ["content-type": "application/grpc-web"],
    ["content-type": "application/grpc+foo"],
  ])
  func `another content type is HTTP 415`(fields: [String: String]) async throws {
    try await withEcho { _, _, endpoint in
      let answer = try await raw(endpoint) { client in
        try client.answer(client.begin("/test.Echo/Say", fields, body: Self.hello))
      }

      #expect(answer.headers.first == ":status: 415")
    }
  }

  @Test func `the subtype proto is taken and echoed`() async throws {
    try await withEcho { _, _, endpoint in
      let fields = ["content-type": "application/grpc+proto; charset=utf-8"]

      let answer = try await raw(endpoint) { client in
        try client.answer(client.begin("/test.Echo/Say", fields, body: Self.hello))
      }

      #expect(answer.headers.prefix(2) == [":status: 200", "content-type: application/grpc+proto"])
    }
  }

  @Test(arguments: ["GET", "HEAD"])
  func `another verb is HTTP 405, with a line for people unless it is HEAD`(
    verb: String
  ) async throws {
    try await withEcho { _, _, endpoint in
      let answer = try await raw(endpoint) { client in
        try client.answer(client.begin("/test.Echo/Say", [":method": verb], body: nil))
      }

      #expect(answer.headers.first == ":status: 405")
      #expect(answer.headers.contains("content-length: 29"))
      #expect(answer.headers.contains("allow: POST"))
      #expect(answer.body == Array((verb == "GET" ? "gRPC calls are POST requests\n" : "").utf8))
    }
  }

  @Test func `a refusal waits for the rest of the request, not for ever`() async throws {
    try await withEcho { _, _, endpoint in
      let answers = try await raw(endpoint) { client in
        let fields = ["content-type": "text/plain"]
        let broken: HeaderBlock = [
          ":method": "GET", ":scheme": "http", ":path": "/", ":authority": "a",
          "content-length": "5",
        ]
        let unfinished: HeaderBlock = [
          ":method": "GET", ":scheme": "http", ":path": "/", ":authority": "a",
        ]
        // A whole body, one of another length than announced, and one that does not come.
        return try [
          client.answer(client.begin("/", fields, body: Self.hello)),
          client.answer(client.begin(broken, body: [1])),
          client.answer(client.session.submitRequest(unfinished, source: SilentSource())),
        ]
      }

      #expect(answers[0].headers.first == ":status: 415")
      #expect(answers[1].closed == .protocolError)
      #expect(answers[2].headers.first == ":status: 405")
    }
  }

  @Test(
    arguments: [
      // Half a prefix, half a message, a flag that is unknown, compression that was not agreed.
      ([0, 0, 0], 13), ([0, 0, 0, 0, 5, 1, 2], 13), ([9, 0, 0, 0, 0], 13),
      ([1, 0, 0, 0, 1, 7], 13),
      // A length of four gigabytes, two messages, and none.
      ([0, 255, 255, 255, 255], 8), (hello + hello, 12), ([], 12),
    ] as [([UInt8], Int)])
  func `a broken body ends in its status`(body: [UInt8], status: Int) async throws {
    try await withEcho { _, _, endpoint in
      let answer = try await raw(endpoint) { client in
        try client.answer(client.begin("/test.Echo/Say", body: body))
      }
      let after = try await raw(endpoint) { client in
        try client.answer(client.begin("/test.Echo/Say", body: Self.hello))
      }

      #expect(answer.headers.contains("grpc-status: \(status)"))
      #expect(after.trailers == ["grpc-status: 0"])
    }
  }

  @Test func `half a message to a streaming method is INTERNAL`() async throws {
    try await withEcho { _, _, endpoint in
      let answer = try await raw(endpoint) { client in
        try client.answer(
          client.begin("/test.Echo/Collect", body: Self.hello + [0, 0, 0, 0, 5, 1]))
      }

      #expect((answer.headers + answer.trailers).contains("grpc-status: 13"))
    }
  }

  @Test func `an unknown encoding is UNIMPLEMENTED and says what is taken`() async throws {
    try await withEcho { _, _, endpoint in
      let answer = try await raw(endpoint) { client in
        try client.answer(
          client.begin("/test.Echo/Say", ["grpc-encoding": "snappy"], body: Self.hello))
      }
      let identity = try await raw(endpoint) { client in
        try client.answer(
          client.begin("/test.Echo/Say", ["grpc-encoding": "identity"], body: Self.hello))
      }

      #expect(answer.headers.contains("grpc-status: 12"))
      #expect(answer.headers.contains("grpc-accept-encoding: identity,gzip"))
      #expect(identity.trailers == ["grpc-status: 0"])
    }
  }

  @Test(arguments: [
    ("grpc-timeout", "5", 13), ("grpc-timeout", "123456789S", 13), ("grpc-timeout", "0n", 4),
    ("x-bytes-bin", "***", 13),
  ])
  func `a broken header ends in its status`(
    name: String, value: String, status: Int
  ) async throws {
    try await withEcho { _, _, endpoint in
      let answer = try await raw(endpoint) { client in
        try client.answer(client.begin("/test.Echo/Say", [name: value], body: Self.hello))
      }

      #expect(answer.headers.contains("grpc-status: \(status)"))
    }
  }

  @Test(arguments: [
    "GET / HTTP/1.1\r\nHost: a\r\n\r\n", "PRI * HTTP/2.0\r\n\r\nSM\r\n\r\nrubbish.....",
  ])
  func `bytes that are not HTTP-2 end the connection`(text: String) async throws {
    try await withEcho { _, channel, endpoint in
      try await raw(endpoint) { client in
        try client.send(raw: Array(text.utf8))
        // What comes may be no HTTP/2 to this client either: only the end counts.
        while (try? client.receive()) == true {}
      }
      let reply = try await channel.unary("/test.Echo/Say", MessageBytes(text: "alive"))

      #expect(reply.text == "alive")
    }
  }
}

/// A body that never comes.
private final class SilentSource: DataSource {
  func fill(_ out: UnsafeMutableRawBufferPointer) -> DataFill { .deferred }
}
