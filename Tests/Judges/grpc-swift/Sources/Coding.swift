internal import GRPCCore

struct Encoder<Message: TestMessage>: MessageSerializer {
  func serialize<Bytes: GRPCContiguousBytes>(_ message: Message) throws -> Bytes {
    Bytes(message.encoded)
  }
}

struct Decoder<Message: TestMessage>: MessageDeserializer {
  func deserialize<Bytes: GRPCContiguousBytes>(_ bytes: Bytes) throws -> Message {
    try bytes.withUnsafeBytes { try Message(decoding: $0) }
  }
}

extension MethodDescriptor {
  static func test(_ method: String) -> Self {
    MethodDescriptor(fullyQualifiedService: "grpc.testing.TestService", method: method)
  }
}

let echoInitial = "x-grpc-test-echo-initial"
let echoTrailing = "x-grpc-test-echo-trailing-bin"
