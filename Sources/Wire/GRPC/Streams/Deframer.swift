/// Cuts a body into messages: the prefix is judged as soon as its five bytes are there.
struct Deframer {
  /// The largest message that is taken, in bytes.
  let limit: Int
  /// What a message with the flag 1 is compressed with.
  var encoding: Compression

  private var prefix: UInt64 = 0
  private var prefixCount = 0
  /// The message that is arriving; `nil` between messages and within a prefix.
  private var message: [UInt8]?
  private var expected = 0
  private var form = MessageBytes.Form.plain

  /// What is set aside for a message before its bytes arrive: a prefix alone costs no memory.
  private static let maxReservedBytes = 128 * 1024

  init(limit: Int, encoding: Compression = .identity) {
    self.limit = limit
    self.encoding = encoding
  }

  /// Whether the body may not end here.
  var isMidMessage: Bool { message != nil || prefixCount > 0 }

  /// Bytes of the message that is arriving.
  var unfinishedBytes: Int { message?.count ?? 0 }

  /// Forgets what has come of a message.
  mutating func drop() {
    message = nil
    prefixCount = 0
  }

  /// Takes the next bytes and appends the messages that they complete, compressed ones as they are.
  ///
  /// - Throws: RESOURCE_EXHAUSTED for a message over the limit; INTERNAL for a compressed one when
  ///   no encoding was named, and for a flag that does not exist.
  mutating func append(
    _ bytes: UnsafeRawBufferPointer, to messages: inout [MessageBytes]
  ) throws(RPCError) {
    var rest = bytes
    while rest.count > 0 {
      if message == nil {
        rest = try readPrefix(rest)
        guard prefixCount == FramedMessage.prefixLength else { return }
        prefixCount = 0
        guard rest.count < expected else {
          messages.append(
            MessageBytes([UInt8](UnsafeRawBufferPointer(rebasing: rest[..<expected])), form: form))
          rest = UnsafeRawBufferPointer(rebasing: rest[expected...])
          continue
        }
        var begun: [UInt8] = []
        begun.reserveCapacity(min(expected, Self.maxReservedBytes))
        message = begun
      }
      let count = min(rest.count, expected - (message?.count ?? 0))
      message?.append(contentsOf: UnsafeRawBufferPointer(rebasing: rest[..<count]))
      rest = UnsafeRawBufferPointer(rebasing: rest[count...])
      if let whole = message, whole.count == expected {
        message = nil
        messages.append(MessageBytes(whole, form: form))
      }
    }
  }

  private mutating func readPrefix(
    _ bytes: UnsafeRawBufferPointer
  ) throws(RPCError) -> UnsafeRawBufferPointer {
    let count = min(bytes.count, FramedMessage.prefixLength - prefixCount)
    for byte in bytes[..<count] { prefix = prefix << 8 | UInt64(byte) }
    prefixCount += count
    if prefixCount == FramedMessage.prefixLength {
      let flag = prefix >> 32 & 0xFF
      expected = Int(prefix & 0xFFFF_FFFF)
      prefix = 0
      form = flag == 1 && encoding == .gzip ? .gzip : .plain
      guard flag == 0 || form == .gzip else {
        throw RPCError(
          .internal,
          flag == 1
            ? "a message is marked as compressed, but no grpc-encoding was named"
            : "a message begins with the flag \(flag), which gRPC does not know")
      }
      guard expected <= limit else {
        throw RPCError(
          .resourceExhausted,
          "a message of \(expected) bytes is larger than the limit of \(limit) bytes")
      }
    }
    return UnsafeRawBufferPointer(rebasing: bytes[count...])
  }
}
