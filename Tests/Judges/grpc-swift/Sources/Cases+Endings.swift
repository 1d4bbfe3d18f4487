internal import GRPCCore

/// Calls that are cancelled or come too late, and many calls.
extension Cases {
  func cancelAfterBegin() async throws {
    let (begun, tell) = AsyncStream.makeStream(of: Void.self)
    let call = Task {
      try await calls.client.clientStreaming(
        request: StreamingClientRequest<StreamingInputCallRequest> { _ in
          tell.yield()
          try await Task.sleep(for: .seconds(60))
        },
        descriptor: .test("StreamingInputCall"), serializer: Encoder<StreamingInputCallRequest>(),
        deserializer: Decoder<StreamingInputCallResponse>(), options: .defaults
      ) { Outcome(of: $0) }
    }
    for await _ in begun { break }
    call.cancel()
    try await expectCancelled(ended(call))
  }

  func cancelAfterFirstResponse() async throws {
    let (replies, told) = AsyncStream.makeStream(of: Int.self)
    let call = Task {
      try await calls.fullDuplex { writer in
        try await writer.write(
          StreamingOutputCallRequest(
            responseParameters: [ResponseParameters(size: 31_415)],
            payload: Payload(zeros: 27_182)))
        try await Task.sleep(for: .seconds(60))
      } onReply: {
        told.yield($0)
      }
    }
    for await _ in replies { break }
    call.cancel()
    try await expectCancelled(ended(call))
  }

  func timeoutOnSleepingServer() async throws {
    var options = CallOptions.defaults
    options.timeout = .milliseconds(1)
    let outcome: Outcome<PayloadResponse>
    do {
      outcome = try await calls.fullDuplex(options: options) { writer in
        try await writer.write(StreamingOutputCallRequest(payload: Payload(zeros: 27_182)))
        try await Task.sleep(for: .seconds(60))
      }
    } catch let error as RPCError {
      outcome = Outcome(error: error)
    }
    try outcome.expect(.deadlineExceeded)
  }

  func concurrentLargeUnary() async throws {
    try await withThrowingTaskGroup(of: Void.self) { group in
      for _ in 0..<100 { group.addTask { try await largeUnary() } }
      try await group.waitForAll()
    }
  }

  func unary(
    _ request: SimpleRequest, options: CallOptions = .defaults, expecting sizes: [Int]
  ) async throws {
    try await calls.unary(
      .test("UnaryCall"), request, options: options, as: PayloadResponse.self
    ).expectOK(sizes: sizes)
  }

  /// Of a cancelled task's call grpc-swift-2 says CANCELLED, UNAVAILABLE or UNKNOWN, as it happens,
  /// with its own server too: it is only asked to fail, and to leave the connection whole.
  private func expectCancelled(_ outcome: Outcome<some TestMessage>) async throws {
    try check(outcome.error != nil, "OK for a cancelled call")
    try await largeUnary()
  }

  /// A cancelled task's call ends by its outcome or by an error.
  private func ended<Reply>(_ call: Task<Outcome<Reply>, any Error>) async throws -> Outcome<Reply>
  {
    do {
      return try await call.value
    } catch let error as RPCError {
      return Outcome(error: error)
    } catch is CancellationError {
      return Outcome(error: RPCError(code: .cancelled, message: "the task was cancelled"))
    }
  }

  static let large = SimpleRequest(responseSize: largeReply, payload: Payload(zeros: 271_828))
  static let largeReply = 314_159
  static let requestSizes = [27_182, 8, 1828, 45_904]
  static let replySizes = [31_415, 9, 2653, 58_979]
  static let gzip = options(.gzip)
  static let plain = options(.none)

  private static func options(_ compression: CompressionAlgorithm) -> CallOptions {
    var options = CallOptions.defaults
    options.compression = compression
    return options
  }
}

struct CaseFailure: Error, CustomStringConvertible {
  let description: String
}

func check(_ condition: Bool, _ what: @autoclosure () -> String) throws {
  if !condition { throw CaseFailure(description: what()) }
}

extension Outcome {
  func expectOK(replies count: Int) throws {
    if let error { throw CaseFailure(description: "\(error) instead of OK") }
    try check(replies.count == count, "\(replies.count) replies instead of \(count)")
  }

  func expect(_ code: RPCError.Code, _ message: String? = nil) throws {
    guard let error else { throw CaseFailure(description: "OK instead of \(code)") }
    try check(error.code == code, "\(error) instead of \(code)")
    if let message {
      try check(error.message == message, "'\(error.message)' instead of '\(message)'")
    }
  }
}

extension Outcome<PayloadResponse> {
  func expectOK(sizes: [Int]) throws {
    try expectOK(replies: sizes.count)
    let bodies = replies.map { $0.payload?.body ?? [] }
    try check(bodies.map(\.count) == sizes, "\(bodies.map(\.count)) bytes instead of \(sizes)")
    try check(bodies.allSatisfy { $0.allSatisfy { $0 == 0 } }, "a body is not all zeros")
  }
}
