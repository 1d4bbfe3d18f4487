@testable internal import GRPC
@testable internal import HTTP2

/// What is read from headers, and what is written to them.
enum MetadataTarget: FuzzTarget {
  static let name = "metadata"

  /// The input: what it is for u8, then that.
  static func run(_ bytes: UnsafeRawBufferPointer) {
    var choices = Choices(bytes)
    switch choices.byte() & 7 {
    case 0: judgeRequest(block(&choices))
    case 1: judgeResponse(block(&choices))
    case 2: judgeTimeout(choices.takeRest())
    case 3: judgeMessage(choices.takeRest())
    case 4: judgeBase64(choices.takeRest())
    default: judgeTrailers(&choices)
    }
  }

  static func seeds() -> [[UInt8]] {
    let requests: [[(String, String)]] = [
      [
        (":method", "POST"), (":scheme", "http"), (":path", "/tally.v1.AdminService/Status"),
        (":authority", "h"), ("te", "trailers"), ("content-type", "application/grpc"),
        ("grpc-timeout", "1S"), ("grpc-accept-encoding", "identity, deflate, gzip"),
        ("user-agent", "grpc-python/1.85.1"), ("x-trace-bin", "AAEC,AwQ="), ("k", "v"),
      ],
      [(":method", "GET"), ("content-type", "application/grpc+proto;x=1")],
      [(":method", "POST"), ("content-type", "application/grpc"), ("grpc-encoding", "br")],
    ]
    let responses: [[(String, String)]] = [
      [
        (":status", "200"), ("content-type", "application/grpc"), ("grpc-status", "5"),
        ("grpc-message", "no%20such%C3%A9"), ("grpc-status-details-bin", "CAUSAm5v"),
      ],
      [(":status", "503"), ("content-type", "text/html")],
    ]
    return requests.map { [0] + fields($0) } + responses.map { [1] + fields($0) }
      + ["1H", "99999999n", "8", "12345678S", "5u"].map { [2] + Array($0.utf8) }
      + ["a%20b", "100%", "%zz%C3%A9", "é\u{1F600}"].map { [3] + Array($0.utf8) }
      + ["QUJD", "QUI=", "QQ==", "QQ", "A", "+/+/"].map { [4] + Array($0.utf8) }
      + [
        [5, 5, 3, 97, 195, 169, 1, 1, 107, 1, 118], [5, 13, 0, 2, 5, 120, 45, 98, 105, 110, 2, 0],
      ]
  }

  private static func fields(_ fields: [(String, String)]) -> [UInt8] {
    fields.flatMap { name, value in
      [UInt8(name.utf8.count)] + Array(name.utf8) + [UInt8(value.utf8.count)] + Array(value.utf8)
    }
  }

  /// Names and values, each behind its size.
  private static func block(_ choices: inout Choices) -> HeaderBlock {
    var block = HeaderBlock()
    while !choices.isUsedUp {
      let (name, value) = (choices.short(), choices.short())
      name.withUnsafeBytes { name in value.withUnsafeBytes { block.add(name, $0) } }
    }
    return block
  }

  private static func judgeRequest(_ block: HeaderBlock) {
    switch RequestHead.read(block) {
    case .accept(let head):
      require((head.timeout ?? .zero) >= .zero, "a timeout is below zero")
      judgeAgain(head.metadata)
    case .refuse: break
    case .fail(let error, _):
      require(StatusMessage.encode(error.message).utf8.count <= 3 * 1024, "a message is too long")
    }
  }

  private static func judgeResponse(_ block: HeaderBlock) {
    let head = ResponseHead(block)
    if let refusal = head.refusal { require(refusal.code != .ok, "refused with OK") }
    judgeAgain(head.metadata)
  }

  /// What was received and may be sent comes back the same.
  private static func judgeAgain(_ metadata: Metadata) {
    var once = HeaderBlock()
    once.add(metadata)
    var read = Metadata()
    once.forEach { name, value in
      require(read.add(received: name, value), "what we send is not what we read")
    }
    var twice = HeaderBlock()
    twice.add(read)
    require(once == twice, "metadata changes when it is passed on")
  }

  private static func judgeTimeout(_ text: [UInt8]) {
    guard let timeout = text.withUnsafeBytes({ Timeout.parse($0) }) else { return }
    require(timeout >= .zero, "a timeout is below zero")
    let again = Timeout.text(timeout)
    guard let parsed = Array(again.utf8).withUnsafeBytes({ Timeout.parse($0) }) else {
      fatalError("'\(again)' cannot be read, which we wrote for \(timeout)")
    }
    require(parsed <= timeout, "\(timeout) is longer as '\(again)'")
    require(timeout - parsed <= timeout / 1000, "\(timeout) is too short as '\(again)'")
  }

  private static func judgeMessage(_ bytes: [UInt8]) {
    let decoded = bytes.withUnsafeBytes { StatusMessage.decode($0) }
    let encoded = StatusMessage.encode(decoded)
    let isPlain = encoded.utf8.allSatisfy { $0 >= 0x20 && $0 <= 0x7E }
    require(isPlain, "'\(encoded)' holds what a header may not")
    let again = Array(encoded.utf8).withUnsafeBytes { StatusMessage.decode($0) }
    // Compared by bytes: Swift's == holds some texts equal that are not the same.
    let isStart = decoded.utf8.starts(with: again.utf8)
    require(isStart, "'\(decoded)' comes back as '\(again)'")
    let isCut = decoded.utf8.count > StatusMessage.maxBytes
    require(isCut || again.utf8.count == decoded.utf8.count, "'\(decoded)' is cut")
    require(
      again.utf8.count > StatusMessage.maxBytes - 4 || !isCut, "'\(decoded)' is cut too short")
  }

  private static func judgeBase64(_ bytes: [UInt8]) {
    let text = Base64.encode(bytes)
    let isText = text.utf8.allSatisfy { $0 > 0x20 && $0 < 0x7F && $0 != UInt8(ascii: ",") }
    require(isText, "'\(text)' holds what a header may not")
    let back = Array(text.utf8).withUnsafeBytes { Base64.decode($0) }
    require(back == bytes, "\(bytes) comes back as \(back as Any)")
    guard let decoded = bytes.withUnsafeBytes({ Base64.decode($0) }) else { return }
    let again = Array(Base64.encode(decoded).utf8).withUnsafeBytes { Base64.decode($0) }
    require(again == decoded, "\(decoded) comes back as \(again as Any)")
  }

  /// Any status and any metadata reach the client: HTTP/2 takes the headers, and they say the same.
  private static func judgeTrailers(_ choices: inout Choices) {
    let code = StatusCode(rawValue: choices.number(below: 16) + 1) ?? .unknown
    let message = String(decoding: choices.short() + choices.short(), as: UTF8.self)
    var metadata = Metadata()
    for _ in 0..<Int(choices.byte() & 7) {
      let name = choices.text().lowercased()
      if name.hasSuffix("-bin") {
        metadata.add(binary: choices.short(), name: name)
      } else {
        metadata.add(choices.text(), name: name)
      }
    }
    let error = RPCError(code, message)
    let block = ResponseHeaders.trailersOnly(error, .plain, metadata)
    let client = SessionPeer(.client)
    let server = SessionPeer(.server)
    client.request(nil)
    client.carry(.max, to: server)
    server.answer(1, headers: block)
    server.carry(.max, to: client)
    guard let received = client.received[1]?.headers.last else {
      // Only the size of all metadata may keep it from arriving.
      return require(client.isOversized, "the client got no headers for \(error) \(metadata)")
    }
    let head = ResponseHead(received)
    require(head.status == code, "\(code) comes as \(head.status as Any)")
    require(message.utf8.starts(with: head.message.utf8), "'\(message)' comes as '\(head.message)'")
  }
}
