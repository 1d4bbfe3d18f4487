/// A message as it travels: a flag byte, its length in four bytes, then itself.
///
/// Source: grpc/doc/PROTOCOL-HTTP2.md, Length-Prefixed-Message.
package enum FramedMessage {
  package static let prefixLength = 5

  /// Writes the prefix of a message of `count` bytes, as they travel, to the start of `out`.
  @inlinable
  package static func writePrefix(
    count: Int, isCompressed: Bool = false, to out: UnsafeMutableRawBufferPointer
  ) {
    out[0] = isCompressed ? 1 : 0
    out.storeBytes(of: UInt32(count).bigEndian, toByteOffset: 1, as: UInt32.self)
  }

  /// Copies the framed form of `message` from `offset` on, as much as `out` holds.
  static func copy(
    _ message: MessageBytes, from offset: Int, into out: UnsafeMutableRawBufferPointer
  ) -> Int {
    var written = 0
    if offset < prefixLength {
      written = min(prefixLength - offset, out.count)
      withUnsafeTemporaryAllocation(byteCount: prefixLength, alignment: 1) { prefix in
        writePrefix(count: message.count, isCompressed: message.isCompressed, to: prefix)
        out.copyMemory(from: UnsafeRawBufferPointer(rebasing: prefix[offset..<offset + written]))
      }
      guard written < out.count else { return written }
    }
    let start = offset + written - prefixLength
    let length = min(message.count - start, out.count - written)
    guard length > 0 else { return written }
    message.withUnsafeBytes { bytes in
      UnsafeMutableRawBufferPointer(rebasing: out[written...]).copyMemory(
        from: UnsafeRawBufferPointer(rebasing: bytes[start..<start + length]))
    }
    return written + length
  }
}
