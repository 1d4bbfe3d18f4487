internal import NIOCore

/// What a server speaks that does not speak HTTP/2, by the first bytes that it sends.
enum OtherProtocol {
  /// A TLS alert begins so, and no HTTP/2 frame that may come first does: that one is SETTINGS.
  private static let alert: [UInt8] = [0x15, 0x03]

  /// `nil` for what may be HTTP/2.
  static func reason(_ bytes: ByteBufferView) -> String? {
    if bytes.starts(with: alert) { return "wants TLS: connect with TLS" }
    if bytes.starts(with: "HTTP/1.".utf8) { return "answers with HTTP/1: it is no gRPC server" }
    return nil
  }
}
