internal import HTTP2
internal import NIOCore

extension ClientConnection {
  /// Opens streams for calls; those that find none free wait for one.
  func begin(_ calls: [ClientExchange]) {
    for call in calls { admit(call) }
    flush()
  }

  func cancel(_ id: Int32) {
    guard let stream = streams[id] else { return }
    stream.close(.cancel, goAway: nil, wasSent: true)
    session.reset(id, .cancel)
    flush()
  }

  func credit(_ id: Int32, _ count: Int) {
    guard let stream = streams[id] else { return }
    session.consume(stream: id, count: stream.window.take(count))
    flush()
  }

  func receiveSettings() {
    if case .opening = state {
      state = .open
      owner.ready(self)
      startIdling()
      startKeepalive()
    }
    // The server may take more streams than before.
    admitWaiting()
  }

  func receiveHeaders(
    _ id: Int32, _ block: HeaderBlock, _ kind: HeadersKind, endsStream: Bool
  ) {
    guard let stream = streams[id] else { return }
    wasUseful = true
    let action = stream.receiveHeaders(block, kind, endsStream: endsStream)
    if endsStream { stopSending(id) }
    if case .reset = action { session.reset(id, .cancel) }
  }

  /// The server has ended the call: what is still to be sent goes nowhere (Early Server Closure).
  func stopSending(_ id: Int32) {
    guard session.isSending(id) else { return }
    session.reset(id, .noError)
  }

  func closed(_ id: Int32, _ code: ErrorCode) {
    streams.removeValue(forKey: id)?.close(
      code, goAway: goAway, wasSent: session.wasSent(id))
    admitWaiting()
    if streams.isEmpty { startIdling() }
  }

  private func admitWaiting() {
    while state == .open, streams.count < session.peerMaxStreams, let call = waiting.next() {
      admit(call)
    }
  }

  private func admit(_ call: ClientExchange) {
    guard !call.isEnded else { return }
    guard state == .open else { return owner.dispatch(call) }
    guard streams.count < session.peerMaxStreams else {
      if !waiting.add(call) { owner.refuse(call) }
      return
    }
    let headers = requestHeaders(call)
    let maxBytes = min(session.peerMaxHeaderListBytes, Session.maxSentHeaderListBytes)
    guard headers.listBytes <= maxBytes else {
      let whose = maxBytes < Session.maxSentHeaderListBytes ? "the server's" : "a call's"
      return call.finish(
        RPCError(
          .resourceExhausted,
          "the call's metadata of \(headers.listBytes) bytes is over \(whose) limit of "
            + "\(maxBytes) bytes"))
    }
    guard session.hasStreamsLeft else {
      leave(because: ConnectFailure("the numbers of its streams are used up"))
      return owner.dispatch(call)
    }
    do throws(HTTP2Error) {
      watchForCall()
      let source = RequestSource(call.outbound)
      let id = try session.submitRequest(headers, source: source)
      idleTimer?.cancel()
      idleTimer = nil
      streams[id] = ClientStream(call, maxMessageBytes: owner.options.maxMessageBytes)
      call.attach(to: self, stream: id)
      call.outbound.start(
        pullsNow: true, wake: { [weak self] in self?.later { $0.wake(id) } })
    } catch {
      call.finish(RPCError(.unavailable, "no call fits the connection: \(error)"))
    }
  }

  private func wake(_ id: Int32) {
    session.resume(id)
    flush()
  }

  /// Closes the connection if no call comes within the time for it.
  private func startIdling() {
    guard let time = owner.options.idleTimeout, streams.isEmpty, state == .open else { return }
    idleTimer?.cancel()
    idleTimer = schedule(in: time) { connection in
      guard connection.streams.isEmpty else { return }
      connection.shutDown(RPCError(.unavailable, "the connection was idle"))
    }
  }

  private func requestHeaders(_ call: ClientExchange) -> HeaderBlock {
    var block = HeaderBlock(reserving: 12, bytes: 320)
    block.add(":method", "POST")
    block.add(":scheme", owner.options.security == nil ? "http" : "https")
    block.add(":path", call.path)
    block.add(":authority", owner.authority)
    block.add("te", "trailers")
    block.add("content-type", "application/grpc")
    block.add("user-agent", owner.options.userAgent)
    block.add("grpc-accept-encoding", Compression.accepted)
    if call.compression == .gzip { block.add("grpc-encoding", "gzip") }
    if let deadline = call.deadline {
      block.add("grpc-timeout", Timeout.text(deadline - .now))
    }
    let previous = call.previousAttempts
    if previous > 0 { block.add("grpc-previous-rpc-attempts", "\(previous)") }
    block.add(call.metadata)
    return block
  }
}

/// Feeds a call's queue of requests to its stream.
private final class RequestSource: DataSource {
  private let queue: OutboundQueue

  init(_ queue: OutboundQueue) {
    self.queue = queue
  }

  func fill(_ out: UnsafeMutableRawBufferPointer) -> DataFill {
    let pull = queue.pull(into: out)
    if pull.isLast {
      return pull.failure == nil ? .end(pull.count, trailers: nil) : .reset(.cancel)
    }
    return pull.count > 0 ? .bytes(pull.count) : .deferred
  }
}
