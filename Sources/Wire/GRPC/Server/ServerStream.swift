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
  /// The source of a body once its headers are submitted.
  var source: BodySource?
  /// The source of any response but a lone block of trailers.
  var response: (any ResponseSource)?
  var watch = CallWatch()
  /// Messages that came, and takings of the handler: a stream in which they rest is idle.
  var movedMessages = 0
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

  /// What the client still owes.
  var awaitedRequest: CallWatch.Facts.Request {
    switch intake.awaited {
    case .one: .awaited
    case .more: window.holdsMessages ? .complete : .streaming
    // While the handler has messages to take, the client may have no window for the rest.
    case .rest: window.holdsMessages ? .complete : .begun
    case .nothing: .complete
    }
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
