internal import GRPCCore

/// The server's side of grpc/doc/interop-test-descriptions.md.
///
/// Whether a message came compressed is not shown to a handler, only the call's `grpc-encoding`;
/// and replies are compressed for every call whose client takes gzip, or for none.
struct TestService: RegistrableRPCService {
  func registerMethods<Transport: ServerTransport>(with router: inout RPCRouter<Transport>) {
    register("EmptyCall", in: &router) { (request: StreamingServerRequest<Empty>) in
      let request = try await ServerRequest(stream: request)
      return StreamingServerResponse(single: ServerResponse(message: request.message))
    }
    register("UnaryCall", in: &router) { request in
      try await StreamingServerResponse(single: unary(ServerRequest(stream: request)))
    }
    register("StreamingInputCall", in: &router) { request in
      try await StreamingServerResponse(single: streamingInput(request))
    }
    register("StreamingOutputCall", in: &router, fullDuplex)
    register("FullDuplexCall", in: &router, fullDuplex)
  }

  private func unary(
    _ request: ServerRequest<SimpleRequest>
  ) throws -> ServerResponse<PayloadResponse> {
    try checkEncoding(request.metadata, request.message.expectCompressed)
    if let error = RPCError(request.message.responseStatus) { throw error }
    return ServerResponse(
      message: PayloadResponse(payload: Payload(zeros: request.message.responseSize)),
      metadata: initialEcho(request.metadata), trailingMetadata: trailingEcho(request.metadata))
  }

  private func streamingInput(
    _ request: StreamingServerRequest<StreamingInputCallRequest>
  ) async throws -> ServerResponse<StreamingInputCallResponse> {
    var size = 0
    for try await message in request.messages {
      try checkEncoding(request.metadata, message.expectCompressed)
      size += message.payload?.body.count ?? 0
    }
    return ServerResponse(message: StreamingInputCallResponse(aggregatedPayloadSize: size))
  }

  private func fullDuplex(
    _ request: StreamingServerRequest<StreamingOutputCallRequest>
  ) -> StreamingServerResponse<PayloadResponse> {
    StreamingServerResponse(metadata: initialEcho(request.metadata)) { writer in
      for try await message in request.messages {
        if let error = RPCError(message.responseStatus) { throw error }
        for parameters in message.responseParameters {
          if parameters.intervalMicroseconds > 0 {
            try await Task.sleep(for: .microseconds(parameters.intervalMicroseconds))
          }
          try await writer.write(PayloadResponse(payload: Payload(zeros: parameters.size)))
        }
      }
      return trailingEcho(request.metadata)
    }
  }

  private func register<Transport: ServerTransport, Input: TestMessage, Output: TestMessage>(
    _ method: String, in router: inout RPCRouter<Transport>,
    _ handle:
      @escaping @Sendable (StreamingServerRequest<Input>) async throws ->
      StreamingServerResponse<Output>
  ) {
    router.registerHandler(
      forMethod: .test(method), deserializer: Decoder<Input>(), serializer: Encoder<Output>(),
      handler: { request, _ in try await handle(request) })
  }

  private func checkEncoding(_ metadata: Metadata, _ expected: BoolValue?) throws {
    guard expected?.value == true, !metadata[stringValues: "grpc-encoding"].contains("gzip") else {
      return
    }
    throw RPCError(code: .invalidArgument, message: "the request is not compressed")
  }

  private func initialEcho(_ metadata: Metadata) -> Metadata {
    var echo = Metadata()
    for value in metadata[stringValues: echoInitial] { echo.addString(value, forKey: echoInitial) }
    return echo
  }

  private func trailingEcho(_ metadata: Metadata) -> Metadata {
    var echo = Metadata()
    for value in metadata[binaryValues: echoTrailing] {
      echo.addBinary(value, forKey: echoTrailing)
    }
    return echo
  }
}

extension RPCError {
  fileprivate init?(_ status: EchoStatus?) {
    guard let status, let code = Status.Code(rawValue: status.code) else { return nil }
    self.init(status: Status(code: code, message: status.message))
  }
}
