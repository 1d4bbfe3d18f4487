internal import HTTP2
internal import NIOCore

/// One call on one connection: what has come, what answers it. Lives on the event loop.
final class ServerStream {
  let id: Int32
  let call: ServerCall
  let handler: Handler
  let contentType: RequestHead.ContentType
  var intake: RequestIntake
  var window = StreamWindow()
  /// What has come of a request that is not complete.
  var hold: RequestHold?
  /// Where a streaming handler's requests go.
  var requests: InboundQueue?
  var body: (any ResponseBody)?
  /// The response's source once its headers are submitted.
  var source: BodySource?
  var hasHeaders = false
  var hasFailed = false
  var timer: Scheduled<Void>?
  private let load: ServerLoad

  init(
    id: Int32, call: ServerCall, handler: Handler, head: RequestHead,
    maxMessageBytes: Int, load: ServerLoad
  ) {
    self.id = id
    self.call = call
    self.handler = handler
    contentType = head.contentType
    let takesMany = if case .streaming = handler { true } else { false }
    intake = RequestIntake(
      takesMany: takesMany, maxMessageBytes: maxMessageBytes, encoding: head.encoding)
    self.load = load
    load.addCalls(1)
  }

  deinit {
    _ = hold?.set(0)
    load.addCalls(-1)
  }

  /// Whether the response is complete, so that no work is left to stop.
  var isAnswered: Bool {
    guard body != nil || requests != nil else { return hasHeaders }
    return source?.isFinished ?? false
  }

  /// Stops the work for this call: nobody waits for it any more.
  func stop(_ reason: RPCError) {
    timer?.cancel()
    intake.close()
    _ = hold?.set(0)
    call.cancel()
    requests?.finish(reason)
    if let body, source?.isFinished != true {
      body.cancel()
    }
    body = nil
  }
}

/// Feeds a pulled body to its stream, and its status as trailers behind it.
final class BodySource: DataSource {
  private let body: any ResponseBody
  private let call: ServerCall
  private let journal: (any ServerJournal)?
  /// Ends the body early with this status.
  var failure: RPCError?
  private(set) var isFinished = false

  init(_ body: any ResponseBody, _ call: ServerCall, _ journal: (any ServerJournal)?) {
    self.body = body
    self.call = call
    self.journal = journal
  }

  func fill(_ out: UnsafeMutableRawBufferPointer) -> DataFill {
    if let failure { return end(failure) }
    switch body.fill(out) {
    case .bytes(let count): return .bytes(count)
    case .deferred: return .deferred
    case .finished(let error):
      if let error { journal?.failed(call.path, error, peer: call.peer) }
      return end(error)
    }
  }

  private func end(_ error: RPCError?) -> DataFill {
    isFinished = true
    return .end(0, trailers: ResponseHeaders.trailers(error, call.trailingMetadata))
  }
}

/// Feeds the one reply of a unary call to its stream, with status OK behind it.
final class ReplySource: DataSource {
  private let reply: MessageBytes
  private let call: ServerCall
  private var offset = 0

  init(_ reply: MessageBytes, _ call: ServerCall) {
    self.reply = reply
    self.call = call
  }

  func fill(_ out: UnsafeMutableRawBufferPointer) -> DataFill {
    let count = FramedMessage.copy(reply, from: offset, into: out)
    offset += count
    guard offset == FramedMessage.prefixLength + reply.count else { return .bytes(count) }
    return .end(count, trailers: ResponseHeaders.trailers(nil, call.trailingMetadata))
  }
}

/// Ends a stream behind its headers, without a message.
final class FailureSource: DataSource {
  private let error: RPCError
  private let call: ServerCall

  init(_ error: RPCError, _ call: ServerCall) {
    self.error = error
    self.call = call
  }

  func fill(_ out: UnsafeMutableRawBufferPointer) -> DataFill {
    .end(0, trailers: ResponseHeaders.trailers(error, call.trailingMetadata))
  }
}
