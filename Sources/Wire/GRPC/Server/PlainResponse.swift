internal import HTTP2

/// The answer to a request that is not gRPC: an HTTP status, and a line for the person behind it.
struct PlainResponse {
  let status: Int
  private let text: String
  /// The answer to HEAD says how long the body would be, and has none.
  private let isHead: Bool

  static func wrongMethod(isHead: Bool) -> PlainResponse {
    PlainResponse(status: 405, text: "gRPC calls are POST requests\n", isHead: isHead)
  }

  static let wrongContentType = PlainResponse(
    status: 415, text: "this server takes content-type application/grpc\n", isHead: false)

  var headers: HeaderBlock {
    var block: HeaderBlock = [
      ":status": "\(status)", "content-type": "text/plain; charset=utf-8",
      "content-length": "\(text.utf8.count)",
    ]
    if status == 405 { block.add("allow", "POST") }
    return block
  }

  /// `nil` if the headers are all.
  var body: (any DataSource)? { isHead ? nil : TextSource(text) }
}

/// A body that is known whole.
private final class TextSource: DataSource {
  private var rest: ArraySlice<UInt8>

  init(_ text: String) {
    rest = [UInt8](text.utf8)[...]
  }

  func fill(_ out: UnsafeMutableRawBufferPointer) -> DataFill {
    let part = rest.prefix(out.count)
    out.copyBytes(from: part)
    rest = rest.dropFirst(part.count)
    return rest.isEmpty ? .end(part.count, trailers: nil) : .bytes(part.count)
  }
}
