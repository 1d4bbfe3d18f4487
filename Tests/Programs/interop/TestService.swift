internal import GRPC
internal import Protobuf
internal import TallyMessages
internal import TestMessages

typealias Testing = Grpc.Testing

/// The server's side of the descriptions. Its methods take bytes, for those know whether they came
/// compressed; a method that need not know takes messages, by the generated protocol of a service.
struct TestService: Sendable {
  /// UnimplementedCall and CacheableUnaryCall are left out, which makes them UNIMPLEMENTED.
  var methods: [ServerMethod] {
    [
      ServerMethod(Self.path + "EmptyCall", .unary(empty)),
      ServerMethod(Self.path + "UnaryCall", .unary(unary)),
      ServerMethod(Self.path + "StreamingInputCall", .streaming(streamingInput)),
      ServerMethod(Self.path + "StreamingOutputCall", .serverStreaming(streamingOutput)),
      ServerMethod(Self.path + "FullDuplexCall", .streaming(fullDuplex)),
      ServerMethod(Self.path + "HalfDuplexCall", .streaming(halfDuplex)),
    ]
  }

  static let path = "/grpc.testing.TestService/"

  private func empty(_ bytes: MessageBytes, _ call: ServerCall) throws(RPCError) -> MessageBytes {
    _ = try Testing.Empty(request: bytes)
    return Testing.Empty().messageBytes()
  }

  private func unary(_ bytes: MessageBytes, _ call: ServerCall) throws(RPCError) -> MessageBytes {
    let request = try Testing.SimpleRequest(request: bytes)
    try check(bytes, request.expectCompressed)
    call.echoMetadata()
    if let error = RPCError(request.responseStatus) { throw error }
    let payload = try Testing.Payload(zeros: request.responseSize)
    if let compressed = request.responseCompressed {
      call.setCompression(compressed.value ? .gzip : .identity)
    }
    return Testing.SimpleResponse(payload: payload).messageBytes()
  }

  private func streamingInput(
    _ requests: RequestMessages, _ writer: ResponseWriter, _ call: ServerCall
  ) async throws(RPCError) {
    call.echoMetadata()
    var size = 0
    for try await bytes in requests {
      let request = try Testing.StreamingInputCallRequest(request: bytes)
      try check(bytes, request.expectCompressed)
      size += request.payload?.body.count ?? 0
    }
    let reply = Testing.StreamingInputCallResponse(aggregatedPayloadSize: Int32(clamping: size))
    try await writer.write(reply.messageBytes())
  }

  private func streamingOutput(
    _ bytes: MessageBytes, _ call: ServerCall
  ) throws(RPCError) -> any ResponseBody {
    let request = try Testing.StreamingOutputCallRequest(request: bytes)
    call.echoMetadata()
    // Before the headers, which name the encoding and go out when this returns.
    call.chooseCompression(for: request)
    return WrittenBody(for: call) { writer throws(RPCError) in
      try await reply(to: request, writer)
    }
  }

  private func fullDuplex(
    _ requests: RequestMessages, _ writer: ResponseWriter, _ call: ServerCall
  ) async throws(RPCError) {
    call.echoMetadata()
    for try await bytes in requests {
      let request = try Testing.StreamingOutputCallRequest(request: bytes)
      call.chooseCompression(for: request)
      try await reply(to: request, writer)
    }
  }

  /// Answers when all requests are there.
  private func halfDuplex(
    _ requests: RequestMessages, _ writer: ResponseWriter, _ call: ServerCall
  ) async throws(RPCError) {
    call.echoMetadata()
    var taken: [Testing.StreamingOutputCallRequest] = []
    for try await bytes in requests {
      taken.append(try Testing.StreamingOutputCallRequest(request: bytes))
    }
    for request in taken {
      call.chooseCompression(for: request)
      try await reply(to: request, writer)
    }
  }

  private func reply(
    to request: Testing.StreamingOutputCallRequest, _ writer: ResponseWriter
  ) async throws(RPCError) {
    if let error = RPCError(request.responseStatus) { throw error }
    for parameters in request.responseParameters {
      if parameters.intervalUs > 0 {
        // It throws when the task is cancelled, and then the write fails too.
        try? await Task.sleep(for: .microseconds(Int(parameters.intervalUs)))
      }
      let payload = try Testing.Payload(zeros: parameters.size)
      let reply = Testing.StreamingOutputCallResponse(payload: payload)
      try await writer.write(
        reply.messageBytes(), compress: parameters.compressed?.value ?? true)
    }
  }

  private func check(
    _ bytes: MessageBytes, _ expected: Testing.BoolValue?
  ) throws(RPCError) {
    guard let expected, expected.value != bytes.wasCompressed else { return }
    throw RPCError(
      .invalidArgument,
      expected.value ? "the request did not come compressed" : "the request came compressed")
  }
}

extension ServerCall {
  /// Sends back what the descriptions call "Echo Metadata".
  fileprivate func echoMetadata() {
    var initial = Metadata()
    for text in metadata.texts(Echo.initial) { initial.add(text, name: Echo.initial) }
    addInitialMetadata(initial)
    if let bytes = metadata[binary: Echo.trailing] {
      var trailing = Metadata()
      trailing.add(binary: bytes, name: Echo.trailing)
      addTrailingMetadata(trailing)
    }
  }

  fileprivate func chooseCompression(for request: Testing.StreamingOutputCallRequest) {
    let wishes = request.responseParameters.compactMap(\.compressed)
    guard !wishes.isEmpty else { return }
    setCompression(wishes.contains { $0.value } ? .gzip : .identity)
  }
}

extension RPCError {
  /// `nil` if the client asks for no status, or for OK.
  fileprivate init?(_ status: Testing.EchoStatus?) {
    guard let status, status.code != 0 else { return nil }
    self.init(StatusCode(rawValue: Int(status.code)) ?? .unknown, status.message)
  }
}

extension Testing.Payload {
  fileprivate init(zeros count: Int32) throws(RPCError) {
    guard count >= 0, count <= 4 * 1024 * 1024 else {
      throw RPCError(
        .invalidArgument, "a payload of \(count) bytes is not given: ask for 0 to 4 MiB")
    }
    self.init(body: [UInt8](repeating: 0, count: Int(count)))
  }
}

/// Metadata that the server sends back.
enum Echo {
  static let initial = "x-grpc-test-echo-initial"
  static let trailing = "x-grpc-test-echo-trailing-bin"
}
