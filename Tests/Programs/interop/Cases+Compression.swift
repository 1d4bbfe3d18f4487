internal import GRPC
internal import Protobuf
internal import TallyMessages
internal import TestMessages

/// Messages that are compressed or not, one by one.
extension Cases {
  func clientCompressedUnary() async throws {
    var request = Self.large
    request.expectCompressed = Testing.BoolValue(value: true)
    try await unary(request).expect(.invalidArgument)
    try await unary(request, CallOptions(compression: .gzip)).expectOK(sizes: [Self.largeReply])
    request.expectCompressed = Testing.BoolValue(value: false)
    try await unary(request).expectOK(sizes: [Self.largeReply])
  }

  func serverCompressedUnary() async throws {
    for compressed in [true, false] {
      var request = Self.large
      request.responseCompressed = Testing.BoolValue(value: compressed)
      try await unary(request).expectOK(sizes: [Self.largeReply], compressed: [compressed])
    }
  }

  func clientCompressedStreaming() async throws {
    let compressed = Testing.StreamingInputCallRequest(
      payload: Self.zeros(27_182), expectCompressed: Testing.BoolValue(value: true))
    let plain = Testing.StreamingInputCallRequest(
      payload: Self.zeros(45_904), expectCompressed: Testing.BoolValue(value: false))
    let probe = client.streamingInputCall()
    try await probe.send(compressed)
    probe.finishSending()
    try await Outcome(of: probe.encoded).expect(.invalidArgument)

    let call = client.streamingInputCall(options: CallOptions(compression: .gzip))
    try await call.encoded.send(compressed.messageBytes())
    try await call.encoded.send(plain.messageBytes(), compress: false)
    call.finishSending()
    try await expectSum(73_086, of: call)
  }

  func serverCompressedStreaming() async throws {
    let request = Testing.StreamingOutputCallRequest(responseParameters: [
      Testing.ResponseParameters(size: 31_415, compressed: Testing.BoolValue(value: true)),
      Testing.ResponseParameters(size: 92_653, compressed: Testing.BoolValue(value: false)),
    ])
    try await Outcome(of: client.streamingOutputCall(request).call)
      .expectOK(sizes: [31_415, 92_653], compressed: [true, false])
  }
}
