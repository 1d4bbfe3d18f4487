internal import GRPC
internal import Protobuf
internal import TallyMessages
internal import TestMessages

/// Calls that are cancelled or come too late, many calls, and what all cases send.
extension Cases {
  func cancelAfterBegin() async throws {
    let call = client.streamingInputCall()
    call.cancel()
    try await Outcome(of: call.encoded).expect(.cancelled)
  }

  func cancelAfterFirstResponse() async throws {
    let call = client.fullDuplexCall()
    try await call.send(Self.output(27_182, 31_415))
    var replies = call.responses.makeAsyncIterator()
    let reply = try await replies.next()
    try check(reply?.payload?.body.count == 31_415, "the first reply")
    call.cancel()
    try await Outcome { () throws(RPCError) in _ = try await replies.next() }.expect(.cancelled)
  }

  func timeoutOnSleepingServer() async throws {
    let call = client.fullDuplexCall(options: CallOptions(timeout: .milliseconds(1)))
    // The deadline may pass before the message is sent: the outcome tells.
    try? await call.send(Testing.StreamingOutputCallRequest(payload: Self.zeros(27_182)))
    try await Outcome(of: call.encoded).expect(.deadlineExceeded)
  }

  func concurrentLargeUnary() async throws {
    try await withThrowingTaskGroup(of: Void.self) { group in
      for _ in 0..<100 { group.addTask { try await largeUnary() } }
      try await group.waitForAll()
    }
  }

  /// A unary call with all that the typed one does not show: metadata, and how the reply came.
  func unary(
    _ request: Testing.SimpleRequest, _ options: CallOptions = CallOptions()
  ) async -> Outcome {
    await Outcome(
      of: channel.serverStreaming(
        TestService.path + "UnaryCall", request.messageBytes(), options: options))
  }

  func expectSum(
    _ sum: Int32,
    of call: TypedCall<Testing.StreamingInputCallRequest, Testing.StreamingInputCallResponse>
  ) async throws {
    let outcome = await Outcome(of: call.encoded)
    try outcome.expectOK(replies: 1)
    let reply = try Testing.StreamingInputCallResponse(response: outcome.replies[0])
    try check(
      reply.aggregatedPayloadSize == sum, "\(reply.aggregatedPayloadSize) bytes, not \(sum)")
  }

  static let largeReply = 314_159
  static let requestSizes = [27_182, 8, 1828, 45_904]
  static let replySizes = [31_415, 9, 2653, 58_979]
  static let large = Testing.SimpleRequest(
    responseSize: Int32(largeReply), payload: zeros(271_828))

  static func zeros(_ count: Int) -> Testing.Payload {
    Testing.Payload(body: [UInt8](repeating: 0, count: count))
  }

  static func output(_ size: Int, _ replySize: Int) -> Testing.StreamingOutputCallRequest {
    Testing.StreamingOutputCallRequest(
      responseParameters: [Testing.ResponseParameters(size: Int32(replySize))],
      payload: zeros(size))
  }
}
