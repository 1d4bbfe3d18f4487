package import GRPC
package import Protobuf

extension Message {
  /// Decodes a message as it came over the wire.
  package init(decoding bytes: MessageBytes) throws(DecodeError) {
    self = try bytes.withUnsafeBytes { bytes throws(DecodeError) in try Self(decoding: bytes) }
  }

  /// The message as it goes over the wire, without the prefix of gRPC.
  package func messageBytes() -> MessageBytes {
    MessageBytes(capacity: encodedSize) { encode(to: $0) }
  }
}
