internal import GRPCCore

/// The client's side of grpc/doc/interop-test-descriptions.md: a case throws what it found wrong.
///
/// The flag of a message that came compressed is not shown to a client, and a call's requests are
/// all compressed or none is.
struct Cases {
  let calls: Calls

  static let all: [String: @Sendable (Cases) async throws -> Void] = [
    "empty_unary": { try await $0.emptyUnary() },
    "large_unary": { try await $0.largeUnary() },
    "client_compressed_unary": { try await $0.clientCompressedUnary() },
    "server_compressed_unary": { try await $0.serverCompressedUnary() },
    "client_streaming": { try await $0.clientStreaming() },
    "server_streaming": { try await $0.serverStreaming() },
    "server_compressed_streaming": { try await $0.serverCompressedStreaming() },
    "ping_pong": { try await $0.pingPong() },
    "empty_stream": { try await $0.emptyStream() },
    "custom_metadata": { try await $0.customMetadata() },
    "status_code_and_message": { try await $0.statusCodeAndMessage() },
    "special_status_message": { try await $0.specialStatusMessage() },
    "unimplemented_method": { try await $0.unimplemented(.test("UnimplementedCall")) },
    "unimplemented_service": {
      try await $0.unimplemented(
        MethodDescriptor(
          fullyQualifiedService: "grpc.testing.UnimplementedService", method: "UnimplementedCall"))
    },
    "cancel_after_begin": { try await $0.cancelAfterBegin() },
    "cancel_after_first_response": { try await $0.cancelAfterFirstResponse() },
    "timeout_on_sleeping_server": { try await $0.timeoutOnSleepingServer() },
    "concurrent_large_unary": { try await $0.concurrentLargeUnary() },
    "rpc_soak": { cases in for _ in 0..<100 { try await cases.largeUnary() } },
    "channel_soak": { try await $0.largeUnary() },
  ]

  func emptyUnary() async throws {
    let outcome = try await calls.unary(.test("EmptyCall"), Empty(), as: Empty.self)
    try outcome.expectOK(replies: 1)
  }

  func largeUnary() async throws {
    try await unary(Self.large, expecting: [Self.largeReply])
  }

  func clientCompressedUnary() async throws {
    var request = Self.large
    request.expectCompressed = BoolValue(value: true)
    let probe = try await calls.unary(
      .test("UnaryCall"), request, options: Self.plain, as: PayloadResponse.self)
    try probe.expect(.invalidArgument)
    try await unary(request, options: Self.gzip, expecting: [Self.largeReply])
    request.expectCompressed = BoolValue(value: false)
    try await unary(request, options: Self.plain, expecting: [Self.largeReply])
  }

  func serverCompressedUnary() async throws {
    for compressed in [true, false] {
      var request = Self.large
      request.responseCompressed = BoolValue(value: compressed)
      try await unary(request, expecting: [Self.largeReply])
    }
  }

  func clientStreaming() async throws {
    let outcome = try await calls.clientStreaming(
      Self.requestSizes.map { StreamingInputCallRequest(payload: Payload(zeros: $0)) })
    try outcome.expectOK(replies: 1)
    try check(outcome.replies[0].aggregatedPayloadSize == 74_922, "the sum of the sizes")
  }

  func serverStreaming() async throws {
    let outcome = try await calls.serverStreaming(
      StreamingOutputCallRequest(
        responseParameters: Self.replySizes.map { ResponseParameters(size: $0) }))
    try outcome.expectOK(sizes: Self.replySizes)
  }

  func serverCompressedStreaming() async throws {
    let outcome = try await calls.serverStreaming(
      StreamingOutputCallRequest(responseParameters: [
        ResponseParameters(size: 31_415, compressed: BoolValue(value: true)),
        ResponseParameters(size: 92_653, compressed: BoolValue(value: false)),
      ]))
    try outcome.expectOK(sizes: [31_415, 92_653])
  }

  func pingPong() async throws {
    let (replies, told) = AsyncStream.makeStream(of: Int.self)
    let outcome = try await calls.fullDuplex { writer in
      var replies = replies.makeAsyncIterator()
      for (size, replySize) in zip(Self.requestSizes, Self.replySizes) {
        try await writer.write(
          StreamingOutputCallRequest(
            responseParameters: [ResponseParameters(size: replySize)],
            payload: Payload(zeros: size)))
        _ = await replies.next()
      }
    } onReply: {
      told.yield($0)
    }
    try outcome.expectOK(sizes: Self.replySizes)
  }

  func emptyStream() async throws {
    let outcome = try await calls.fullDuplex(produce: { _ in })
    try outcome.expectOK(replies: 0)
  }

  func customMetadata() async throws {
    var metadata = Metadata()
    metadata.addString("test_initial_metadata_value", forKey: echoInitial)
    metadata.addBinary([0xAB, 0xAB, 0xAB], forKey: echoTrailing)
    let unary = try await calls.unary(
      .test("UnaryCall"), Self.large, metadata: metadata, as: PayloadResponse.self)
    let duplex = try await calls.fullDuplex(metadata: metadata) { writer in
      try await writer.write(
        StreamingOutputCallRequest(
          responseParameters: [ResponseParameters(size: Self.largeReply)],
          payload: Payload(zeros: 271_828)))
    }
    for outcome in [unary, duplex] {
      try outcome.expectOK(sizes: [Self.largeReply])
      try check(
        Array(outcome.initial[stringValues: echoInitial]) == ["test_initial_metadata_value"],
        "initial metadata: \(outcome.initial)")
      try check(
        Array(outcome.trailing[binaryValues: echoTrailing]) == [[0xAB, 0xAB, 0xAB]],
        "trailing metadata: \(outcome.trailing)")
    }
  }

  func statusCodeAndMessage() async throws {
    let status = EchoStatus(code: 2, message: "test status message")
    let unary = try await calls.unary(
      .test("UnaryCall"), SimpleRequest(responseStatus: status), as: PayloadResponse.self)
    try unary.expect(.unknown, status.message)
    let duplex = try await calls.fullDuplex { writer in
      try await writer.write(StreamingOutputCallRequest(responseStatus: status))
    }
    try duplex.expect(.unknown, status.message)
  }

  func specialStatusMessage() async throws {
    let message = "\t\ntest with whitespace\r\nand Unicode BMP ☺ and non-BMP 😈\t\n"
    let request = SimpleRequest(responseStatus: EchoStatus(code: 2, message: message))
    let outcome = try await calls.unary(.test("UnaryCall"), request, as: PayloadResponse.self)
    try outcome.expect(.unknown, message)
  }

  func unimplemented(_ method: MethodDescriptor) async throws {
    try await calls.unary(method, Empty(), as: Empty.self).expect(.unimplemented)
  }
}
