internal import HTTP2
internal import NIOCore

/// What each event means for its call.
extension ServerConnection {
  /// - Returns: the stream, if a call with a deadline begins.
  func receiveHeaders(
    _ id: Int32, _ block: HeaderBlock, _ kind: HeadersKind, endsStream: Bool
  ) -> ServerStream? {
    guard streams[id] == nil else {
      // Trailers of a request carry nothing that gRPC knows.
      if endsStream { receiveEnd(id) }
      return nil
    }
    guard kind != .trailers else {
      answerRefused(id)
      return nil
    }
    guard kind != .oversized else {
      let error = RPCError(
        .resourceExhausted,
        "the request's metadata is larger than \(routes.limits.maxMetadataBytes) bytes")
      routes.strike(.maxMetadataBytes, peer: peer)
      routes.options.journal?.failed("", error, peer: peer)
      respond(id, ResponseHeaders.trailersOnly(error, .plain, Metadata()))
      return nil
    }
    switch RequestHead.read(block) {
    case .refuse(let response):
      routes.options.journal?.refused(
        block[":path"] ?? "", httpStatus: response.status, peer: peer)
      refuse(id, response, endsStream: endsStream)
    case .fail(let error, let contentType):
      routes.options.journal?.failed(block[":path"] ?? "", error, peer: peer)
      respond(id, ResponseHeaders.trailersOnly(error, contentType, Metadata()))
    case .accept(let head):
      return begin(id, head, endsStream: endsStream)
    }
    return nil
  }

  func receiveBody(_ id: Int32, _ bytes: UnsafeRawBufferPointer) {
    guard let stream = streams[id] else {
      answerRefused(id)
      session.consume(stream: id, count: bytes.count)
      return
    }
    var delivered = 0
    switch stream.intake.receive(bytes) {
    case .wait: break
    case .deliver(let messages):
      stream.movedMessages += messages.count
      for message in messages { delivered += FramedMessage.prefixLength + message.count }
      stream.requests?.add(messages)
    case .fail(let error):
      if error.code == .resourceExhausted { routes.strike(.maxMessageBytes, peer: peer) }
      fail(stream, error)
    }
    holdRequest(of: stream)
    session.consume(
      stream: id, count: stream.window.arrive(bytes.count, delivered: delivered))
  }

  /// Counts what has come of a request that is not complete; the call ends if it is too much.
  private func holdRequest(of stream: ServerStream) {
    guard let limit = stream.hold?.set(stream.intake.heldBytes) else { return }
    routes.strike(limit, peer: peer)
    let (whose, most) =
      limit == .maxUnfinishedBytes
      ? ("all connections", routes.limits.maxUnfinishedBytes)
      : ("this connection", routes.limits.maxUnfinishedBytesPerConnection)
    fail(
      stream,
      RPCError(
        .resourceExhausted,
        "the requests of \(whose) that are not complete are over \(most) bytes: send fewer at once")
    )
  }

  func receiveEnd(_ id: Int32) {
    guard let stream = streams[id] else {
      answerRefused(id)
      return
    }
    defer { holdRequest(of: stream) }
    switch stream.intake.end() {
    case .run(let message):
      if message.isCompressed {
        inflate(message, for: stream)
      } else {
        run(stream, message)
      }
    case .finish: stream.requests?.finish(nil)
    case .fail(let error): fail(stream, error)
    case .ignore: break
    }
  }

  func forget(_ id: Int32, _ code: ErrorCode) {
    guard let stream = streams.removeValue(forKey: id) else {
      _ = refusedRequests.take(id)
      return
    }
    let reason = RPCError(.cancelled, "the client ended the call (\(code))")
    if stream.isAnswered {
      stream.timer?.cancel()
      stream.requests?.finish(reason)
    } else {
      stream.stop(reason)
    }
  }

  /// Ends a call at its deadline.
  func expire(_ id: Int32) {
    guard let stream = streams[id] else { return }
    end(stream, RPCError(.deadlineExceeded, "the call's deadline passed on the server"))
  }

  /// Ends a call by its status, or by a reset if the client takes no bytes.
  func end(_ stream: ServerStream, _ error: RPCError) {
    let id = stream.id
    fail(stream, error)
    flush()
    if let response = stream.response, !response.isFinished {
      session.reset(id, .cancel)
      flush()
    }
  }

  func startTimer(_ stream: ServerStream) {
    guard let deadline = stream.call.deadline else { return }
    let id = stream.id
    let wait = deadline - .now
    stream.timer = channel.eventLoop.assumeIsolated().scheduleTask(in: TimeAmount(timer: wait)) {
      self.assumeIsolated { $0.expire(id) }
    }
  }

  private func begin(_ id: Int32, _ head: RequestHead, endsStream: Bool) -> ServerStream? {
    guard let handler = routes[head.path] else {
      let error = RPCError(.unimplemented, "this server has no method '\(head.printablePath)'")
      routes.options.journal?.failed(head.path, error, peer: peer)
      respond(id, ResponseHeaders.trailersOnly(error, head.contentType, Metadata()))
      return nil
    }
    let call = ServerCall(
      path: head.path, metadata: head.metadata, peer: peer, identity: identity,
      deadline: head.timeout.map { ContinuousClock.now.advanced(by: $0) },
      compression: head.encoding, acceptsGzip: head.acceptsGzip)
    let stream = ServerStream(
      id: id, call: call, handler: handler, head: head,
      maxMessageBytes: routes.limits.maxMessageBytes, load: routes.options.load)
    stream.hold = RequestHold(connection: requestMemory, server: routes.requestMemory)
    streams[id] = stream
    begunCalls &+= 1
    if let timeout = head.timeout, timeout <= .zero {
      fail(stream, RPCError(.deadlineExceeded, "the call came with a deadline of zero"))
      return nil
    }
    if case .streaming(let run) = handler { startStreaming(stream, run) }
    if endsStream { receiveEnd(id) }
    return head.timeout == nil ? nil : stream
  }

  private func startStreaming(_ stream: ServerStream, _ run: @escaping Handler.Streaming) {
    let (id, call) = (stream.id, stream.call)
    guard mayRun(stream) else { return }
    let requests = InboundQueue(
      maxMessageBytes: routes.limits.maxMessageBytes,
      onTake: { [weak self] count, bytes in
        let taken = bytes + count * FramedMessage.prefixLength
        self?.later { $0.credit(id, taken) }
      },
      onDamage: { [weak self] error in
        self?.later { connection in
          guard let stream = connection.streams[id] else { return }
          connection.failInflated(stream, error)
          connection.flush()
        }
      })
    stream.requests = requests
    // The task can start now: its first write submits the headers.
    start(
      WrittenBody(for: call) { writer throws(RPCError) in
        try await run(RequestMessages(queue: requests), writer, call)
      }, for: stream)
  }

  /// Cancelled handlers that have not come to their end count too: else a client that cancels
  /// faster than they end piles them up without limit (CVE-2023-44487).
  private func mayRun(_ stream: ServerStream) -> Bool {
    if runningHandlers < routes.limits.maxRunningHandlers { return true }
    routes.strike(.maxRunningHandlers, peer: peer)
    fail(
      stream,
      RPCError(
        .resourceExhausted,
        "\(runningHandlers) calls of this connection still run: wait until some have ended"))
    return false
  }

  private func start(_ body: any ResponseBody, for stream: ServerStream) {
    let id = stream.id
    stream.body = body
    if let body = body as? WrittenBody {
      runningHandlers += 1
      body.onEnd { [weak self] in self?.later { $0.runningHandlers -= 1 } }
    }
    body.start(wake: { [weak self] in self?.later { $0.wake(id) } })
  }

  private func run(_ stream: ServerStream, _ message: MessageBytes) {
    do throws(RPCError) {
      switch stream.handler {
      case .unary(let run):
        let reply = try run(message, stream.call)
        // On the event loop, so not for long: a larger reply goes out as it is.
        let isSmall = reply.count <= Self.maxBytesCompressedInPlace
        submit(stream, ReplySource(isSmall ? stream.call.encoded(reply) : reply, stream.call))
      case .serverStreaming(let run):
        guard mayRun(stream) else { return }
        let body = try run(message, stream.call)
        let id = stream.id
        stream.call.setEnd { [weak self] error in
          self?.later { connection in
            if let stream = connection.streams[id] { connection.end(stream, error) }
          }
        }
        start(body, for: stream)
        submitBody(stream)
      case .streaming:
        preconditionFailure("a streaming handler takes its messages from its queue")
      }
    } catch {
      fail(stream, error)
    }
  }

  /// Runs the handler once its request is inflated: at once if it is small, else elsewhere, for a
  /// message of 4 MiB would keep a loop and all its connections waiting for 6 to 20 ms.
  private func inflate(_ message: MessageBytes, for stream: ServerStream) {
    let (id, limit) = (stream.id, routes.limits.maxMessageBytes)
    let inPlace = min(limit, Self.maxBytesInflatedInPlace)
    do throws(RPCError) {
      return run(stream, try message.inflated(limit: inPlace))
    } catch {
      guard error.code == .resourceExhausted, inPlace < limit else {
        return failInflated(stream, error)
      }
    }
    // It ends by itself, and until then its bytes count as held, also when the call is cancelled:
    // what waits for a thread is bounded by that.
    let (connection, server, count) = (requestMemory, routes.requestMemory, message.count)
    _ = stream.hold?.set(0)
    _ = (connection.take(count), server.take(count))
    Task { [weak self] in
      let result = Result { () throws(RPCError) in try message.inflated(limit: limit) }
      connection.giveBack(count)
      server.giveBack(count)
      self?.later { connection in
        guard let stream = connection.streams[id], !stream.call.isCancelled else { return }
        switch result {
        case .success(let plain): connection.run(stream, plain)
        case .failure(let error): connection.failInflated(stream, error)
        }
        connection.flush()
      }
    }
  }

  private func failInflated(_ stream: ServerStream, _ error: RPCError) {
    if error.code == .resourceExhausted { routes.strike(.maxMessageBytes, peer: peer) }
    fail(stream, error)
  }

  /// The body has news: its headers go out the first time, then its bytes.
  private func wake(_ id: Int32) {
    guard let stream = streams[id] else { return }
    if stream.hasHeaders {
      stream.source?.isIdle = false
      session.resume(id)
    } else {
      submitBody(stream)
    }
    flush()
  }

  /// Begins the response once its body has something to give. Until then it may fail by trailers
  /// alone, and the client may try again (grpc/proposal A6, When Retries are Valid).
  private func submitBody(_ stream: ServerStream) {
    guard let body = stream.body else { return }
    let source = BodySource(body, stream.call, routes.options.journal)
    switch source.begin() {
    case .wait: break
    case .submit:
      stream.source = source
      submit(stream, source)
    case .fail(let error):
      // The work has come to its end: there is nothing to stop.
      stream.body = nil
      stream.requests = nil
      fail(stream, error)
    }
  }

  private func submit(_ stream: ServerStream, _ source: any ResponseSource) {
    stream.hasHeaders = true
    stream.response = source
    let head = ResponseHeaders.head(
      stream.contentType, stream.call.initialMetadata, encoding: stream.call.fixCompression())
    respond(stream.id, head, source)
  }

  /// Ends a call with an error, behind what was sent already; its work is stopped.
  private func fail(_ stream: ServerStream, _ error: RPCError) {
    stream.stop(error)
    if !stream.hasFailed {
      stream.hasFailed = true
      routes.options.journal?.failed(stream.call.path, error, peer: peer)
    }
    guard stream.hasHeaders else {
      guard stream.call.initialMetadata.isEmpty else {
        // Metadata for the headers needs a block of its own in front of the trailers.
        return submit(stream, FailureSource(error, stream.call))
      }
      stream.hasHeaders = true
      let trailing = stream.call.trailingMetadata
      respond(stream.id, ResponseHeaders.trailersOnly(error, stream.contentType, trailing))
      return
    }
    guard let source = stream.source, !source.isFinished else { return }
    source.failure = error
    source.isIdle = false
    session.resume(stream.id)
  }

  private func credit(_ id: Int32, _ count: Int) {
    guard let stream = streams[id] else { return }
    stream.movedMessages += 1
    session.consume(stream: id, count: stream.window.take(count))
    flush()
  }

  /// Some 300 µs of work at most.
  private static let maxBytesInflatedInPlace = 64 * 1024
  /// Some 5 ms of work at most, for text; the interop cases ask for 314,159 bytes compressed.
  private static let maxBytesCompressedInPlace = 512 * 1024

  func respond(_ id: Int32, _ headers: HeaderBlock, _ source: (any DataSource)? = nil) {
    // A stream that the client has reset meanwhile takes no response and needs none.
    try? session.submitResponse(id, headers, source: source)
  }
}
