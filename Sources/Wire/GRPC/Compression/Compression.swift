internal import HTTP2

/// How messages of a call may be compressed.
///
/// Source: grpc/doc/compression.md.
package enum Compression: Sendable, Hashable {
  case identity
  case gzip

  /// What this module takes, in `grpc-accept-encoding`.
  static let accepted: StaticString = "identity,gzip"

  /// The encoding of this name; `nil` for one that is not known here.
  init?(_ name: UnsafeRawBufferPointer) {
    if name.equals("identity") {
      self = .identity
    } else if name.equals("gzip") {
      self = .gzip
    } else {
      return nil
    }
  }

  /// Whether a list of encodings, as in `grpc-accept-encoding`, names gzip.
  static func namesGzip(_ list: UnsafeRawBufferPointer) -> Bool {
    // Every client sends the same few lists.
    if list.equals("identity,gzip") || list.equals("identity, deflate, gzip") { return true }
    return list.split(separator: UInt8(ascii: ",")).contains {
      UnsafeRawBufferPointer(rebasing: $0).trimmingSpaces.equals("gzip")
    }
  }

  /// The message as it travels: compressed if that makes it smaller, else as it is.
  func encoded(_ message: MessageBytes) -> MessageBytes {
    guard self == .gzip, message.count >= Gzip.minBytes else { return message }
    return Gzip.compressed(message) ?? message
  }
}

extension MessageBytes {
  /// The plain message; at once for one that is not compressed.
  ///
  /// - Throws: INTERNAL if it cannot be inflated, RESOURCE_EXHAUSTED if it becomes larger than
  ///   `limit` bytes.
  func inflated(limit: Int) throws(RPCError) -> MessageBytes {
    isCompressed ? try Gzip.inflated(self, limit: limit) : self
  }
}
