internal import HTTP2

/// The header blocks of responses; those that every call shares are made once.
enum ResponseHeaders {
  private static let plain = begin(.plain)
  private static let proto = begin(.proto)
  private static let ok: HeaderBlock = ["grpc-status": "0"]

  /// Headers before the messages.
  static func head(
    _ contentType: RequestHead.ContentType, _ metadata: Metadata,
    encoding: Compression = .identity
  ) -> HeaderBlock {
    var block =
      switch contentType {
      case .plain: plain
      case .proto: proto
      }
    if encoding == .gzip { block.add("grpc-encoding", "gzip") }
    if !metadata.isEmpty { block.add(metadata) }
    return block
  }

  /// Trailers behind the messages; `nil` is status OK.
  static func trailers(_ error: RPCError?, _ metadata: Metadata) -> HeaderBlock {
    guard let error else {
      guard !metadata.isEmpty else { return ok }
      var block = ok
      block.add(metadata)
      return block
    }
    var block = HeaderBlock()
    block.add(error)
    block.add(metadata)
    return block
  }

  /// The whole response in one block, for a call that fails before its first message.
  static func trailersOnly(
    _ error: RPCError, _ contentType: RequestHead.ContentType, _ metadata: Metadata
  ) -> HeaderBlock {
    var block = head(contentType, Metadata())
    block.add(error)
    block.add(metadata)
    return block
  }

  private static func begin(_ contentType: RequestHead.ContentType) -> HeaderBlock {
    var block: HeaderBlock =
      switch contentType {
      case .plain: [":status": "200", "content-type": "application/grpc"]
      case .proto: [":status": "200", "content-type": "application/grpc+proto"]
      }
    block.add("grpc-accept-encoding", Compression.accepted)
    return block
  }
}

extension HeaderBlock {
  fileprivate mutating func add(_ error: RPCError) {
    add("grpc-status", String(error.code.rawValue))
    if !error.message.isEmpty { add("grpc-message", StatusMessage.encode(error.message)) }
    add(error.metadata)
  }
}
