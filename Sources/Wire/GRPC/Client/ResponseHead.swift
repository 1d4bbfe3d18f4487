internal import HTTP2

/// What a header block of a response says, as far as gRPC goes.
struct ResponseHead {
  private(set) var httpStatus = 0
  private(set) var status: StatusCode?
  private(set) var message = ""
  private(set) var metadata = Metadata()
  /// What messages with the flag 1 are compressed with.
  private(set) var encoding = Compression.identity
  /// Whether and when the server wants to see the call again.
  private(set) var pushback: Pushback?
  private var hasContentType = false
  private var unknownEncoding: String?

  init(_ block: HeaderBlock) {
    block.forEach { name, value in take(name, value) }
  }

  /// A 1xx block, which stands before the response's own.
  var isInformational: Bool { httpStatus >= 100 && httpStatus < 200 }

  /// Why these are not the headers of a gRPC response; `nil` if they are.
  ///
  /// Source: grpc/doc/http-grpc-status-mapping.md, for servers that are not gRPC.
  var refusal: RPCError? {
    guard httpStatus == 200 else {
      return RPCError(Self.code(httpStatus), "the server answered HTTP status \(httpStatus)")
    }
    guard hasContentType else {
      return RPCError(.unknown, "the server's answer is not application/grpc")
    }
    guard let unknownEncoding else { return nil }
    return RPCError(
      .internal, "the server compressed its answer with '\(unknownEncoding)', unasked")
  }

  private mutating func take(_ name: UnsafeRawBufferPointer, _ value: UnsafeRawBufferPointer) {
    if name.equals(":status") {
      httpStatus = Int(String(decoding: value, as: UTF8.self)) ?? 0
    } else if name.equals("content-type") {
      hasContentType = Self.isGRPC(value)
    } else if name.equals("grpc-status") {
      // What is no number, and a number beyond ours, is a status all the same.
      status = Self.number(value).flatMap { StatusCode(rawValue: $0) } ?? .unknown
    } else if name.equals("grpc-message") {
      message = StatusMessage.decode(value)
    } else if name.equals("grpc-retry-pushback-ms") {
      // Two values contradict each other: no retry.
      pushback = pushback == nil ? Pushback(String(decoding: value, as: UTF8.self)) : .stop
    } else if name.equals("grpc-encoding") {
      if let known = Compression(value) {
        encoding = known
      } else {
        unknownEncoding = String(decoding: value, as: UTF8.self)
      }
    } else if name.equals("grpc-status-details-bin") || !name.starts(with: "grpc-") {
      // Metadata that cannot be read is left out: the status matters more.
      _ = metadata.add(received: name, value)
    }
  }

  /// `application/grpc`, then the end, a subtype or parameters; not `application/grpc-web`.
  private static func isGRPC(_ value: UnsafeRawBufferPointer) -> Bool {
    guard value.starts(with: "application/grpc") else { return false }
    return switch value.dropFirst("application/grpc".utf8.count).first {
    case nil, UInt8(ascii: "+"), UInt8(ascii: ";"), UInt8(ascii: " "): true
    default: false
    }
  }

  /// Digits alone, unlike `Int`, which takes a sign too.
  private static func number(_ value: UnsafeRawBufferPointer) -> Int? {
    let isDigits = value.allSatisfy { $0 >= UInt8(ascii: "0") && $0 <= UInt8(ascii: "9") }
    return isDigits ? Int(String(decoding: value, as: UTF8.self)) : nil
  }

  private static func code(_ httpStatus: Int) -> StatusCode {
    switch httpStatus {
    case 400: .internal
    case 401: .unauthenticated
    case 403: .permissionDenied
    case 404: .unimplemented
    case 429, 502, 503, 504: .unavailable
    default: .unknown
    }
  }
}
