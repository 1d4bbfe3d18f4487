internal import HTTP2

/// The body of a response, or its end, on its way into a stream.
protocol ResponseSource: DataSource {
  /// Bytes that went out so far.
  var sentBytes: Int { get }
  /// Whether the trailers are out too.
  var isFinished: Bool { get }
  /// Whether there is nothing to send for now.
  var isIdle: Bool { get }
}

/// Feeds a pulled body to its stream, and its status as trailers behind it.
final class BodySource: ResponseSource {
  private let body: any ResponseBody
  private let call: ServerCall
  private let journal: (any ServerJournal)?
  /// Ends the body early with this status.
  var failure: RPCError?
  private(set) var isFinished = false
  private(set) var sentBytes = 0
  /// Until the body has news; whoever hears of them sets it.
  var isIdle = false
  /// The first bytes, asked for before the headers went out.
  private var head: ArraySlice<UInt8> = []
  private var hasEnded = false

  enum OnBegin {
    /// The body wakes its connection when it has something.
    case wait
    case submit
    /// It failed before its first byte.
    case fail(RPCError)
  }

  init(_ body: any ResponseBody, _ call: ServerCall, _ journal: (any ServerJournal)?) {
    self.body = body
    self.call = call
    self.journal = journal
  }

  /// Asks the body for its first bytes.
  func begin() -> OnBegin {
    var first = Fill.deferred
    let bytes = [UInt8](unsafeUninitializedCapacity: Self.headBytes) { out, count in
      first = body.fill(UnsafeMutableRawBufferPointer(out))
      if case .bytes(let written) = first { count = written }
    }
    switch first {
    case .deferred: return .wait
    case .bytes: head = bytes[...]
    case .finished(nil): hasEnded = true
    case .finished(let error?): return .fail(error)
    }
    return .submit
  }

  func fill(_ out: UnsafeMutableRawBufferPointer) -> DataFill {
    if let failure { return end(failure) }
    if !head.isEmpty { return fillFromHead(out) }
    if hasEnded { return end(nil) }
    switch body.fill(out) {
    case .bytes(let count):
      sentBytes &+= count
      return .bytes(count)
    case .deferred:
      isIdle = true
      return .deferred
    case .finished(let error):
      if let error { journal?.failed(call.path, error, peer: call.peer) }
      return end(error)
    }
  }

  private func fillFromHead(_ out: UnsafeMutableRawBufferPointer) -> DataFill {
    let count = min(out.count, head.count)
    out.copyBytes(from: head.prefix(count))
    head = head.dropFirst(count)
    // The memory goes with the last byte.
    if head.isEmpty { head = [] }
    sentBytes &+= count
    return .bytes(count)
  }

  /// The payload of a DATA frame.
  private static let headBytes = 16_384

  private func end(_ error: RPCError?) -> DataFill {
    isFinished = true
    return .end(0, trailers: ResponseHeaders.trailers(error, call.trailingMetadata))
  }
}

/// Feeds the one reply of a unary call to its stream, with status OK behind it.
final class ReplySource: ResponseSource {
  private let reply: MessageBytes
  private let call: ServerCall
  private var offset = 0

  var sentBytes: Int { offset }
  var isIdle: Bool { false }
  var isFinished: Bool { offset == FramedMessage.prefixLength + reply.count }

  init(_ reply: MessageBytes, _ call: ServerCall) {
    self.reply = reply
    self.call = call
  }

  func fill(_ out: UnsafeMutableRawBufferPointer) -> DataFill {
    let count = FramedMessage.copy(reply, from: offset, into: out)
    offset += count
    guard isFinished else { return .bytes(count) }
    return .end(count, trailers: ResponseHeaders.trailers(nil, call.trailingMetadata))
  }
}

/// Ends a stream behind its headers, without a message.
final class FailureSource: ResponseSource {
  private let error: RPCError
  private let call: ServerCall
  let sentBytes = 0
  let isIdle = false
  private(set) var isFinished = false

  init(_ error: RPCError, _ call: ServerCall) {
    self.error = error
    self.call = call
  }

  func fill(_ out: UnsafeMutableRawBufferPointer) -> DataFill {
    isFinished = true
    return .end(0, trailers: ResponseHeaders.trailers(error, call.trailingMetadata))
  }
}
