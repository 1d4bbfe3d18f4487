internal import HTTP2
internal import NIOCore

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

/// Answers that wait for the rest of their requests, as what is wrong with one may be still to
/// come: until its next frame, or a fifth of a second for a client that waits for us.
struct RefusedRequests {
  private var responses: [Int32: PlainResponse] = [:]
  private var hasTimer = false

  static let wait = TimeAmount.milliseconds(200)

  /// - Returns: whether a timer is due, after which to ``takeAll()``.
  mutating func add(_ response: PlainResponse, on stream: Int32) -> Bool {
    responses[stream] = response
    defer { hasTimer = true }
    return !hasTimer
  }

  mutating func take(_ stream: Int32) -> PlainResponse? {
    responses.isEmpty ? nil : responses.removeValue(forKey: stream)
  }

  mutating func takeAll() -> [Int32: PlainResponse] {
    defer {
      responses = [:]
      hasTimer = false
    }
    return responses
  }
}

extension ServerConnection {
  func refuse(_ id: Int32, _ response: PlainResponse, endsStream: Bool) {
    guard !endsStream else { return respond(id, response.headers, response.body) }
    guard refusedRequests.add(response, on: id) else { return }
    channel.eventLoop.assumeIsolated().scheduleTask(in: RefusedRequests.wait) {
      self.assumeIsolated { $0.answerRefused() }
    }
  }

  /// More came on a stream that is no call's, perhaps of a refused request: what else was wrong
  /// with that nghttp2 has found.
  func answerRefused(_ id: Int32) {
    guard let response = refusedRequests.take(id) else { return }
    respond(id, response.headers, response.body)
  }

  private func answerRefused() {
    let late = refusedRequests.takeAll()
    guard !late.isEmpty else { return }
    for (id, response) in late { respond(id, response.headers, response.body) }
    flush()
  }
}
