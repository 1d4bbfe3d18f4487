@testable internal import GRPC

/// A body cut into messages, whatever its pieces; and messages made into a body.
enum DeframerTarget: FuzzTarget {
  static let name = "deframer"

  static func run(_ bytes: UnsafeRawBufferPointer) {
    var choices = Choices(bytes)
    let encoding: Compression = choices.flag() ? .gzip : .identity
    let limit = choices.pair()
    let sizes = (0..<4).map { _ in Int(choices.byte()) }
    let body = choices.takeRest()
    let whole = outcome(body, [body.count], limit, encoding)
    require(whole == outcome(body, [1], limit, encoding), "byte by byte it is another body")
    require(
      whole == outcome(body, sizes, limit, encoding), "in pieces of \(sizes) it is another body")
    require(
      whole == expected(body, limit, encoding), "it is not what the specification says: \(whole)")
    judgeIntake(body, sizes, limit, encoding, whole)
    judgeWindow(body, sizes, limit)
    judgeQueue(whole.messages, sizes)
    judgeGzip(whole, limit)
  }

  static func seeds() -> [[UInt8]] {
    let message: [UInt8] = [0, 0, 0, 0, 3, 8, 1, 7]
    let start: [UInt8] = [0, 1, 0, 1, 9, 30, 200]
    let packed = Compression.gzip.encoded(MessageBytes([UInt8](repeating: 7, count: 100))).bytes
    let compressed = [1, 0, 0, 0, UInt8(packed.count)] + packed
    return [
      start + message, start + message + message + [0, 0, 0, 0, 0], start + [0, 0, 0, 1, 0],
      start + [1] + message.dropFirst(), start + [2] + message.dropFirst(),
      start + [0, 0, 0, 0, 9],
      start + [0, 255, 255, 255, 255, 1],
      [0, 255, 255, 1, 2, 3, 4, 0, 0, 0, 1, 44]
        + [UInt8](repeating: 7, count: 300) + message,
      [1] + start.dropFirst() + compressed + message + compressed,
      [1, 0, 99] + start.dropFirst(3) + compressed,
    ]
  }

  struct Outcome: Equatable {
    var messages: [[UInt8]] = []
    /// Which of them are compressed.
    var compressed: [Int] = []
    var code: StatusCode?
    var isMidMessage = false
  }

  private static func outcome(
    _ body: [UInt8], _ sizes: [Int], _ limit: Int, _ encoding: Compression
  ) -> Outcome {
    var deframer = Deframer(limit: limit, encoding: encoding)
    var messages: [MessageBytes] = []
    var outcome = Outcome()
    for piece in body.pieces(sizes) {
      piece.withUnsafeBytes { piece in
        do throws(RPCError) {
          try deframer.append(piece, to: &messages)
        } catch {
          outcome.code = error.code
        }
      }
      if outcome.code != nil { break }
    }
    outcome.messages = messages.map(\.bytes)
    outcome.compressed = messages.indices.filter { messages[$0].isCompressed }
    if outcome.code == nil { outcome.isMidMessage = deframer.isMidMessage }
    return outcome
  }

  /// The rules once more, the plain way.
  private static func expected(_ body: [UInt8], _ limit: Int, _ encoding: Compression) -> Outcome {
    var outcome = Outcome()
    var rest = body[...]
    while rest.count >= 5 {
      let head = Array(rest.prefix(5))
      let count = head[1...].reduce(0) { $0 << 8 | Int($1) }
      if head[0] > 1 || head[0] == 1 && encoding == .identity {
        outcome.code = .internal
        return outcome
      }
      if count > limit {
        outcome.code = .resourceExhausted
        return outcome
      }
      guard rest.count >= 5 + count else { break }
      if head[0] == 1 { outcome.compressed.append(outcome.messages.count) }
      outcome.messages.append(Array(rest.dropFirst(5).prefix(count)))
      rest = rest.dropFirst(5 + count)
    }
    outcome.isMidMessage = !rest.isEmpty
    return outcome
  }

  /// A call of one message and a call of many get what the body holds, or one failure.
  private static func judgeIntake(
    _ body: [UInt8], _ sizes: [Int], _ limit: Int, _ encoding: Compression, _ whole: Outcome
  ) {
    for takesMany in [false, true] {
      var intake = RequestIntake(
        takesMany: takesMany, maxMessageBytes: limit, encoding: encoding)
      var got: [[UInt8]] = []
      var failures: [StatusCode] = []
      for piece in body.pieces(sizes) {
        switch piece.withUnsafeBytes({ intake.receive($0) }) {
        case .deliver(let messages): got += messages.map(\.bytes)
        case .fail(let error): failures.append(error.code)
        case .wait: break
        }
      }
      switch intake.end() {
      case .run(let message): got.append(message.bytes)
      case .fail(let error): failures.append(error.code)
      case .finish, .ignore: break
      }
      require(failures.count <= 1, "a call fails twice: \(failures)")
      if takesMany {
        require(got == whole.messages || whole.code != nil, "a call gets other messages")
        let expected = whole.code ?? (whole.isMidMessage ? .internal : nil)
        require(failures.first == expected, "a call ends with \(failures), not \(expected as Any)")
      } else {
        let isGood = whole.code == nil && whole.messages.count == 1 && !whole.isMidMessage
        require(isGood == failures.isEmpty, "a call of one message ends with \(failures)")
        require(!isGood || got == whole.messages, "a call of one message gets another")
      }
    }
  }

  /// A compressed message is inflated within its limit or refused; what we compress comes back.
  private static func judgeGzip(_ whole: Outcome, _ limit: Int) {
    for (index, bytes) in whole.messages.enumerated() {
      if whole.compressed.contains(index) {
        let message = MessageBytes(bytes, form: .gzip)
        do throws(RPCError) {
          let plain = try message.inflated(limit: limit)
          require(plain.count <= limit, "\(plain.count) bytes are inflated, \(limit) are allowed")
        } catch {
          let isKnown = error.code == .internal || error.code == .resourceExhausted
          require(isKnown, "a bad message ends with \(error)")
        }
      } else {
        let packed = Compression.gzip.encoded(MessageBytes(bytes))
        require(packed.count <= bytes.count, "a compressed message is larger")
        let plain = try? packed.inflated(limit: bytes.count)
        require(plain?.bytes == bytes, "a message is another one when inflated")
        guard packed.isCompressed, bytes.count > 0 else { continue }
        let tooLong = try? packed.inflated(limit: bytes.count - 1)
        require(tooLong == nil, "a message is inflated beyond its limit")
      }
    }
  }

  /// What a sender may send again is never more than it sent, and in the end all of it.
  private static func judgeWindow(_ body: [UInt8], _ sizes: [Int], _ limit: Int) {
    var deframer = Deframer(limit: limit)
    var window = StreamWindow()
    var (received, credited, waiting) = (0, 0, 0)
    for (index, piece) in body.pieces(sizes).enumerated() {
      var messages: [MessageBytes] = []
      let isGood = piece.withUnsafeBytes { piece in
        (try? deframer.append(piece, to: &messages)) != nil
      }
      if !isGood { return }
      let delivered = messages.reduce(0) { $0 + FramedMessage.prefixLength + $1.count }
      received += piece.count
      waiting += delivered
      credited += window.arrive(piece.count, delivered: delivered)
      require(credited <= received, "\(credited) bytes are credited of \(received)")
      if index % 3 == 2 {
        credited += window.take(waiting)
        waiting = 0
      }
    }
    credited += window.take(waiting)
    require(credited == received, "\(credited) bytes are credited in the end of \(received)")
  }

  /// Messages leave a queue framed, whatever the room.
  private static func judgeQueue(_ messages: [[UInt8]], _ sizes: [Int]) {
    let queue = OutboundQueue()
    queue.start(pullsNow: true, wake: {})
    for message in messages { require(queue.enqueue(MessageBytes(message)), "the queue is closed") }
    queue.finish(nil)
    var pulled: [UInt8] = []
    var index = 0
    while true {
      var room = [UInt8](repeating: 0, count: max(1, sizes[index % sizes.count]))
      index += 1
      let pull = room.withUnsafeMutableBytes { queue.pull(into: $0) }
      pulled += room.prefix(pull.count)
      require(pull.failure == nil, "a queue that ended well fails")
      if pull.isLast { break }
      require(pull.count > 0, "a queue that is not empty gives nothing")
    }
    var framed: [UInt8] = []
    for message in messages {
      framed.append(0)
      withUnsafeBytes(of: UInt32(message.count).bigEndian) { framed += $0 }
      framed += message
    }
    require(pulled == framed, "the messages leave the queue as something else")
  }
}
