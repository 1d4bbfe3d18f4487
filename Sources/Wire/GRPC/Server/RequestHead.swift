internal import HTTP2

/// What the headers of a request say, as far as gRPC goes.
struct RequestHead {
  var path = ""
  var metadata = Metadata()
  var timeout: Duration?
  /// What messages with the flag 1 are compressed with.
  var encoding = Compression.identity
  /// Whether the client listed gzip.
  var acceptsGzip = false
  /// The content-type to answer with: that of the request, without parameters.
  var contentType = ContentType.plain

  enum ContentType: Hashable {
    /// `application/grpc`
    case plain
    /// `application/grpc+proto`
    case proto
  }

  /// The path as it may be repeated to the client: what is no printable ASCII is replaced.
  var printablePath: String {
    let bytes = path.utf8.prefix(200).map { $0 >= 0x20 && $0 < 0x7F ? $0 : UInt8(ascii: "?") }
    return String(decoding: bytes, as: UTF8.self)
  }

  /// What a server does with a request by its headers alone.
  enum OnHeaders {
    case accept(RequestHead)
    /// Not gRPC: a plain HTTP response.
    case refuse(PlainResponse)
    /// gRPC, but refused: trailers only.
    case fail(RPCError, ContentType)
  }

  /// Judges the headers of a request.
  ///
  /// Source: grpc/doc/PROTOCOL-HTTP2.md, Requests; compression.md for an unknown encoding.
  static func read(_ block: HeaderBlock) -> OnHeaders {
    var head = RequestHead()
    var found = Found()
    block.forEach { name, value in found.take(name, value, &head) }
    guard found.isPost else { return .refuse(.wrongMethod(isHead: found.isHead)) }
    guard let contentType = found.contentType else { return .refuse(.wrongContentType) }
    head.contentType = contentType
    // Two encodings are none (wire.md): a message that is compressed all the same is refused.
    if found.encodings > 1 {
      head.encoding = .identity
    } else if let encoding = found.unknownEncoding {
      let error = RPCError(
        .unimplemented,
        "messages compressed with '\(encoding)' are not taken: send \(Compression.accepted)")
      return .fail(error, contentType)
    }
    if let error = found.error { return .fail(error, contentType) }
    return .accept(head)
  }
}

/// What was found while the fields go by.
private struct Found {
  var isPost = false
  var isHead = false
  var contentType: RequestHead.ContentType?
  var encodings = 0
  var unknownEncoding: String?
  var error: RPCError?

  mutating func take(
    _ name: UnsafeRawBufferPointer, _ value: UnsafeRawBufferPointer, _ head: inout RequestHead
  ) {
    switch name.first {
    case UInt8(ascii: ":"):
      if name.equals(":path") {
        head.path = String(decoding: value, as: UTF8.self)
      } else if name.equals(":method") {
        isPost = value.equals("POST")
        isHead = value.equals("HEAD")
      }
    case UInt8(ascii: "g") where name.starts(with: "grpc-"):
      takeReserved(name, value, &head)
    case UInt8(ascii: "c") where name.equals("content-type"):
      contentType = Self.contentType(value)
    case UInt8(ascii: "t") where name.equals("te"):
      break
    case UInt8(ascii: "h") where name.equals("host"):
      break
    default:
      if !head.metadata.add(received: name, value) {
        error = RPCError(.internal, "metadata whose name ends in -bin is not Base64")
      }
    }
  }

  private mutating func takeReserved(
    _ name: UnsafeRawBufferPointer, _ value: UnsafeRawBufferPointer, _ head: inout RequestHead
  ) {
    if name.equals("grpc-timeout") {
      head.timeout = Timeout.parse(value)
      if head.timeout == nil { error = RPCError(.internal, "malformed grpc-timeout") }
    } else if name.equals("grpc-encoding") {
      encodings += 1
      if let known = Compression(value) {
        head.encoding = known
      } else {
        unknownEncoding = Self.printable(value)
      }
    } else if name.equals("grpc-accept-encoding") {
      head.acceptsGzip = head.acceptsGzip || Compression.namesGzip(value)
    } else if name.equals("grpc-previous-rpc-attempts") {
      _ = head.metadata.add(received: name, value)
    }
  }

  /// `application/grpc`, then the end, `+proto`, or parameters; `application/grpc-web` is not ours.
  private static func contentType(
    _ value: UnsafeRawBufferPointer
  ) -> RequestHead.ContentType? {
    let type = value.prefix { $0 != UInt8(ascii: ";") }
    let bytes = UnsafeRawBufferPointer(rebasing: type).trimmingSpaces
    if bytes.equals("application/grpc") { return .plain }
    if bytes.equals("application/grpc+proto") { return .proto }
    return nil
  }

  /// A short name that is safe to repeat to the client.
  private static func printable(_ value: UnsafeRawBufferPointer) -> String {
    let safe = value.prefix(32).map { $0 > 0x20 && $0 < 0x7F ? $0 : UInt8(ascii: "?") }
    return String(decoding: safe, as: UTF8.self)
  }
}
