internal import GRPCCore
internal import GRPCNIOTransportHTTP2Posix

typealias Client = GRPCClient<HTTP2ClientTransport.Posix>

/// How a call ended, and what came before its end.
struct Outcome<Reply: TestMessage> {
  var initial = Metadata()
  var replies: [Reply] = []
  var trailing = Metadata()
  /// `nil` is status OK.
  var error: RPCError?
}

/// Calls of any shape, by grpc-swift-2's client.
struct Calls {
  let client: Client

  func unary<Request: TestMessage, Reply: TestMessage>(
    _ descriptor: MethodDescriptor, _ request: Request, metadata: Metadata = [:],
    options: CallOptions = .defaults, as reply: Reply.Type = Reply.self
  ) async throws -> Outcome<Reply> {
    try await client.unary(
      request: ClientRequest(message: request, metadata: metadata), descriptor: descriptor,
      serializer: Encoder<Request>(), deserializer: Decoder<Reply>(), options: options
    ) { Outcome(of: $0) }
  }

  func clientStreaming(
    _ requests: [StreamingInputCallRequest], options: CallOptions = .defaults
  ) async throws -> Outcome<StreamingInputCallResponse> {
    try await client.clientStreaming(
      request: StreamingClientRequest { try await $0.write(contentsOf: requests) },
      descriptor: .test("StreamingInputCall"), serializer: Encoder<StreamingInputCallRequest>(),
      deserializer: Decoder<StreamingInputCallResponse>(), options: options
    ) { Outcome(of: $0) }
  }

  func serverStreaming(
    _ request: StreamingOutputCallRequest, options: CallOptions = .defaults
  ) async throws -> Outcome<PayloadResponse> {
    try await client.serverStreaming(
      request: ClientRequest(message: request), descriptor: .test("StreamingOutputCall"),
      serializer: Encoder<StreamingOutputCallRequest>(), deserializer: Decoder<PayloadResponse>(),
      options: options
    ) { await Outcome(of: $0) { _ in } }
  }

  /// - Parameters:
  ///   - produce: sends the requests; its return is the half-close.
  ///   - onReply: is told the count of replies so far.
  func fullDuplex(
    metadata: Metadata = [:], options: CallOptions = .defaults,
    produce: @escaping @Sendable (RPCWriter<StreamingOutputCallRequest>) async throws -> Void,
    onReply: @escaping @Sendable (Int) -> Void = { _ in }
  ) async throws -> Outcome<PayloadResponse> {
    try await client.bidirectionalStreaming(
      request: StreamingClientRequest(metadata: metadata, producer: produce),
      descriptor: .test("FullDuplexCall"), serializer: Encoder<StreamingOutputCallRequest>(),
      deserializer: Decoder<PayloadResponse>(), options: options
    ) { await Outcome(of: $0, onReply) }
  }
}

extension Outcome {
  init(of response: ClientResponse<Reply>) {
    initial = response.metadata
    trailing = response.trailingMetadata
    do {
      replies = [try response.message]
    } catch let error as RPCError {
      self.error = error
    } catch {
      self.error = RPCError(code: .unknown, message: "\(error)")
    }
  }

  init(of response: StreamingClientResponse<Reply>, _ onReply: (Int) -> Void) async {
    initial = response.metadata
    do {
      for try await part in response.bodyParts {
        switch part {
        case .message(let reply):
          replies.append(reply)
          onReply(replies.count)
        case .trailingMetadata(let metadata): trailing = metadata
        }
      }
    } catch let error as RPCError {
      self.error = error
      trailing = error.metadata
    } catch is CancellationError {
      error = RPCError(code: .cancelled, message: "the task was cancelled")
    } catch {
      self.error = RPCError(code: .unknown, message: "\(error)")
    }
  }
}
