internal import Foundation
internal import GRPC
internal import HTTP2
internal import Synchronization
internal import Testing

@Suite struct `limits on a command line` {
  @Test(arguments: ServerLimit.allCases)
  func `the default of each is what it says`(limit: ServerLimit) throws {
    var limits = ServerLimits()

    try limits.set("\(limit.rawValue)=\(limits.text(of: limit))")

    #expect(limits.text(of: limit) == ServerLimits().text(of: limit))
  }

  @Test func `numbers, sizes, times and rates are read`() throws {
    var limits = ServerLimits()

    for text in [
      "max-streams=7", "max-message-bytes=3K", "preface-timeout=250ms", "max-age=2h",
      "keepalive-time=off", "invalid-frames=5/2", "ignored-bytes=1M/2K",
    ] { try limits.set(text) }

    #expect(limits.maxStreams == 7)
    #expect(limits.maxMessageBytes == 3_072)
    #expect(limits.prefaceTimeout == .milliseconds(250))
    #expect(limits.maxAge == .seconds(7_200))
    #expect(limits.keepaliveTime == .zero)
    #expect(limits.invalidFrames == TokenRate(burst: 5, perSecond: 2))
    #expect(limits.ignoredBytes == TokenRate(burst: 1 << 20, perSecond: 2_048))
  }

  @Test(arguments: [
    ("max-streams", "'max-streams' is not NAME=VALUE"),
    ("max-streems=1", "there is no limit 'max-streems': the limits are max-connections, "),
    ("max-streams=0", "max-streams is a number from 1 to 100000, not '0'"),
    ("max-streams=1e3", "max-streams is a number from 1 to 100000, not '1e3'"),
    ("max-message-bytes=2T", "max-message-bytes is bytes from 1 to 1G, not '2T'"),
    ("max-message-bytes=9999999999G", "max-message-bytes is bytes from 1 to 1G, not '99"),
    ("max-age=10", "max-age is a time such as 500ms, 10s, 5m or 2h, or off, not '10'"),
    ("max-age=0s", "max-age is a time such as 500ms, 10s, 5m or 2h, or off, not '0s'"),
    ("max-age=99999999999999999999d", "max-age is a time such as"),
    ("cheap-frames=5", "cheap-frames is a burst and a rate a second, such as 100/10, not '5'"),
    ("cheap-frames=-1/5", "cheap-frames is a burst"),
  ])
  func `what is wrong is named, with what is allowed`(text: String, message: String) throws {
    var limits = ServerLimits()

    let error = #expect(throws: ServerLimitError.self) { try limits.set(text) }

    #expect(error?.message.hasPrefix(message) == true, "\(error?.message ?? "")")
  }
}

/// Keeps what a server told.
final class NotedJournal: ServerJournal {
  let lines = Mutex<[String]>([])

  func failed(_ path: String, _ error: RPCError, peer: String) {
    lines.withLock { $0.append("\(path) \(error.code.name)") }
  }

  func refused(_ path: String, httpStatus: Int, peer: String) {
    lines.withLock { $0.append("\(path) HTTP \(httpStatus)") }
  }

  func struck(_ limit: ServerLimit, peer: String) {
    lines.withLock { $0.append("limit \(limit.rawValue)") }
  }
}

@Suite(.timeLimit(.minutes(1))) struct `a server's limits` {
  private static let hello: [UInt8] = [0, 0, 0, 0, 2, 104, 105]

  @Test(arguments: [ServerLimit.maxConnections, .maxConnectionsPerPeer])
  func `a connection too many is closed, and those that are open go on`(
    limit: ServerLimit
  ) async throws {
    var options = GRPCServer.Options()
    try options.limits.set("\(limit.rawValue)=1")
    let load = options.load
    try await withEcho(serverOptions: options) { _, channel, endpoint in
      _ = try await channel.unary("/test.Echo/Say", MessageBytes())

      let isClosed = try await raw(endpoint) { client in
        // Reset or closed: the client's preface crossed the close.
        try? client.send()
        return (try? client.receive()) != true
      }
      let reply = try await channel.unary("/test.Echo/Say", MessageBytes(text: "on"))

      #expect(isClosed)
      #expect(reply.text == "on")
      #expect(load.count(of: limit) == 1)
      #expect(load.connections == 1)
    }
  }

  @Test func `a place is free again once a connection is closed`() async throws {
    var options = GRPCServer.Options()
    options.limits.maxConnections = 1
    let load = options.load
    try await withEcho(serverOptions: options) { _, channel, endpoint in
      try await raw(endpoint) { client in
        _ = try client.answer(client.begin("/test.Echo/Say", body: Self.hello))
      }
      try await condition { load.connections == 0 }

      let reply = try await channel.unary("/test.Echo/Say", MessageBytes(text: "in"))

      #expect(reply.text == "in")
    }
  }

  @Test func `HTTP-1.1 is answered in its own words`() async throws {
    try await withEcho { _, _, endpoint in
      let answer = try await raw(endpoint) { client in
        try client.send(raw: Array("GET / HTTP/1.1\r\nHost: a\r\n\r\n".utf8))
        return try client.receiveText()
      }

      #expect(answer.hasPrefix("HTTP/1.1 400 Bad Request\r\n"))
      #expect(answer.hasSuffix("\r\n\r\ngRPC is spoken here, by HTTP/2.\n"))
    }
  }

  @Test func `what is no HTTP at all gets a GOAWAY`() async throws {
    try await withEcho { _, _, endpoint in
      try await raw(endpoint) { client in
        try client.send(raw: Array("INVALID CONNECTION PREFACE\r\n\r\n".utf8))
        // A client of HTTP/2 can read all that comes.
        while try client.receive() {}
      }
    }
  }

  @Test func `a session's limit ends the connection, its calls, and is counted`() async throws {
    var options = GRPCServer.Options()
    let journal = NotedJournal()
    options.journal = journal
    options.limits.pingStrikes = 0
    let load = options.load
    try await withEcho(serverOptions: options) { service, channel, endpoint in
      let text = try await raw(endpoint) { client in
        _ = try client.begin("/test.Echo/Wait", body: Self.hello)
        try client.send()
        while !service.begun.isSet { continue }
        client.session.ping(1)
        client.session.ping(2)
        try client.send()
        while try client.receive() {}
        return client.goAway
      }
      try await service.stopped.wait()
      let reply = try await channel.unary("/test.Echo/Say", MessageBytes(text: "on"))

      #expect(text == "ENHANCE_YOUR_CALM too_many_pings")
      #expect(load.count(of: .pingStrikes) == 1)
      #expect(journal.lines.withLock { $0 } == ["limit ping-strikes"])
      #expect(reply.text == "on")
    }
  }

  @Test func `failed calls are told, also those that the wire refuses; good ones are not`()
    async throws
  {
    var options = GRPCServer.Options()
    let journal = NotedJournal()
    options.journal = journal
    options.limits.maxMessageBytes = 100
    let load = options.load
    try await withEcho(serverOptions: options) { _, channel, endpoint in
      _ = try await channel.unary("/test.Echo/Say", MessageBytes(text: "fine"))
      _ = await status { () throws(RPCError) in
        try await channel.unary("/test.Echo/Fail", MessageBytes([5]))
      }
      let numbers = channel.serverStreaming("/test.Echo/Count", MessageBytes(text: "1!"))
      _ = await status { () throws(RPCError) in while try await numbers.take() != nil {} }
      _ = await status { () throws(RPCError) in
        try await channel.unary("/test.Echo/Say", MessageBytes([UInt8](repeating: 1, count: 101)))
      }
      try await raw(endpoint) { client in
        for (path, fields) in [
          ("/no.Such/Method", [:]), ("/test.Echo/Say", ["content-type": "text/plain"]),
          ("/test.Echo/Say", ["grpc-timeout": "x"]),
          ("/test.Echo/Say", ["x": String(repeating: "v", count: 9_000)]),
        ] { _ = try client.answer(client.begin(path, fields, body: Self.hello)) }
      }

      #expect(
        journal.lines.withLock { $0 } == [
          "/test.Echo/Fail NOT_FOUND", "/test.Echo/Count DATA_LOSS", "limit max-message-bytes",
          "/test.Echo/Say RESOURCE_EXHAUSTED", "/no.Such/Method UNIMPLEMENTED",
          "/test.Echo/Say HTTP 415", "/test.Echo/Say INTERNAL", "limit max-metadata-bytes",
          " RESOURCE_EXHAUSTED",
        ])
      #expect(load.count(of: .maxMessageBytes) == 1)
      #expect(load.count(of: .maxMetadataBytes) == 1)
    }
  }

  @Test func `streams over the limit are counted`() async throws {
    var options = GRPCServer.Options()
    options.limits.maxStreams = 1
    let load = options.load
    try await withEcho(serverOptions: options) { _, _, endpoint in
      try await raw(endpoint) { client in
        // Both at once, before the client knows the limit.
        _ = try client.begin("/test.Echo/Wait", body: Self.hello)
        let second = try client.begin("/test.Echo/Wait", body: Self.hello)
        #expect(try client.answer(second).closed == .refusedStream)
      }

      #expect(load.count(of: .maxStreams) == 1)
    }
  }
}

/// Waits until something is so; a minute at most.
func condition(
  sourceLocation: SourceLocation = #_sourceLocation, _ holds: @Sendable () -> Bool
) async throws {
  let end = ContinuousClock.now + .seconds(60)
  while !holds() {
    guard .now < end else {
      Issue.record("it did not come to be", sourceLocation: sourceLocation)
      return
    }
    await Task.yield()
  }
}

@Suite struct `the article on limits` {
  @Test func `has a row for each, in order, with its default and effect`() throws {
    let article = URL(filePath: #filePath)
      .appending(path: "../../../Sources/Wire/GRPC/GRPC.docc/limits.md").standardized
    let rows = try String(contentsOf: article, encoding: .utf8).split(separator: "\n")
      .filter { $0.hasPrefix("| `") }

    for (row, limit) in zip(rows, ServerLimit.allCases) {
      let value = ServerLimits().text(of: limit)
      #expect(row.hasPrefix("| `\(limit.rawValue)` | \(value) | \(limit.effect) |"))
    }
    #expect(rows.count == ServerLimit.allCases.count)
  }
}
