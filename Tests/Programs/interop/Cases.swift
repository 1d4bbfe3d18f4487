internal import GRPC
internal import Protobuf
internal import TallyMessages
internal import TestMessages

/// The client's side of the descriptions: a case throws what it found wrong.
struct Cases: Sendable {
  let channel: GRPCChannel
  let client: Testing.TestServiceClient

  static let all: [String: @Sendable (Cases) async throws -> Void] = [
    "empty_unary": { try await $0.emptyUnary() },
    "large_unary": { try await $0.largeUnary() },
    "client_compressed_unary": { try await $0.clientCompressedUnary() },
    "server_compressed_unary": { try await $0.serverCompressedUnary() },
    "client_streaming": { try await $0.clientStreaming() },
    "client_compressed_streaming": { try await $0.clientCompressedStreaming() },
    "server_streaming": { try await $0.serverStreaming() },
    "server_compressed_streaming": { try await $0.serverCompressedStreaming() },
    "ping_pong": { try await $0.pingPong() },
    "empty_stream": { try await $0.emptyStream() },
    "custom_metadata": { try await $0.customMetadata() },
    "status_code_and_message": { try await $0.statusCodeAndMessage() },
    "special_status_message": { try await $0.specialStatusMessage() },
    "unimplemented_method": { try await $0.unimplementedMethod() },
    "unimplemented_service": { try await $0.unimplementedService() },
    "cancel_after_begin": { try await $0.cancelAfterBegin() },
    "cancel_after_first_response": { try await $0.cancelAfterFirstResponse() },
    "timeout_on_sleeping_server": { try await $0.timeoutOnSleepingServer() },
    "concurrent_large_unary": { try await $0.concurrentLargeUnary() },
    "rpc_soak": { cases in for _ in 0..<100 { try await cases.largeUnary() } },
    "channel_soak": { try await $0.largeUnary() },
  ]

  /// Runs a case on a channel of its own, which it closes.
  static func with(
    _ channel: GRPCChannel, _ run: @Sendable (Cases) async throws -> Void
  ) async throws {
    let cases = Cases(channel: channel, client: Testing.TestServiceClient(channel))
    let result: (any Error)?
    do {
      try await run(cases)
      result = nil
    } catch {
      result = error
    }
    await channel.close()
    if let result { throw result }
  }

  func emptyUnary() async throws {
    _ = try await client.emptyCall(Testing.Empty())
  }

  func largeUnary() async throws {
    let reply = try await client.unaryCall(Self.large)
    try check(reply.payload?.body.count == Self.largeReply, "the size of the reply")
  }

  func clientStreaming() async throws {
    let call = client.streamingInputCall()
    for size in Self.requestSizes {
      try await call.send(Testing.StreamingInputCallRequest(payload: Self.zeros(size)))
    }
    call.finishSending()
    try await expectSum(74_922, of: call)
  }

  func serverStreaming() async throws {
    let request = Testing.StreamingOutputCallRequest(
      responseParameters: Self.replySizes.map { Testing.ResponseParameters(size: Int32($0)) })
    try await Outcome(of: client.streamingOutputCall(request).call)
      .expectOK(sizes: Self.replySizes)
  }

  func pingPong() async throws {
    let call = client.fullDuplexCall()
    var replies = call.responses.makeAsyncIterator()
    for (size, replySize) in zip(Self.requestSizes, Self.replySizes) {
      try await call.send(Self.output(size, replySize))
      let reply = try await replies.next()
      try check(reply?.payload?.body.count == replySize, "the reply of \(replySize) bytes")
    }
    call.finishSending()
    try check(try await replies.next() == nil, "a fifth reply")
  }

  func emptyStream() async throws {
    let call = client.fullDuplexCall()
    call.finishSending()
    try await Outcome(of: call.encoded).expectOK(replies: 0)
  }

  func customMetadata() async throws {
    var options = CallOptions(metadata: [Echo.initial: "test_initial_metadata_value"])
    options.metadata.add(binary: [0xAB, 0xAB, 0xAB], name: Echo.trailing)
    let duplex = client.fullDuplexCall(options: options)
    try await duplex.send(Self.output(271_828, Self.largeReply))
    duplex.finishSending()

    for outcome in [await unary(Self.large, options), await Outcome(of: duplex.encoded)] {
      try outcome.expectOK(sizes: [Self.largeReply])
      try check(
        outcome.initial.texts(Echo.initial) == ["test_initial_metadata_value"],
        "initial metadata: \(outcome.initial)")
      try check(
        outcome.trailing[binary: Echo.trailing] == [0xAB, 0xAB, 0xAB],
        "trailing metadata: \(outcome.trailing)")
    }
  }

  func statusCodeAndMessage() async throws {
    let status = Testing.EchoStatus(code: 2, message: "test status message")
    try await unary(Testing.SimpleRequest(responseStatus: status))
      .expect(.unknown, status.message)
    let duplex = client.fullDuplexCall()
    try await duplex.send(Testing.StreamingOutputCallRequest(responseStatus: status))
    duplex.finishSending()
    try await Outcome(of: duplex.encoded).expect(.unknown, status.message)
  }

  func specialStatusMessage() async throws {
    let message = "\t\ntest with whitespace\r\nand Unicode BMP ☺ and non-BMP 😈\t\n"
    let status = Testing.EchoStatus(code: 2, message: message)
    try await unary(Testing.SimpleRequest(responseStatus: status)).expect(.unknown, message)
  }

  func unimplementedMethod() async throws {
    try await Outcome { () throws(RPCError) in
      _ = try await client.unimplementedCall(Testing.Empty())
    }.expect(.unimplemented)
  }

  func unimplementedService() async throws {
    let client = Testing.UnimplementedServiceClient(channel)
    try await Outcome { () throws(RPCError) in
      _ = try await client.unimplementedCall(Testing.Empty())
    }.expect(.unimplemented)
  }
}
