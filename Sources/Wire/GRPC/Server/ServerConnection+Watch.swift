internal import HTTP2
internal import NIOCore

/// Looks at the clock and does what is overdue.
extension ServerConnection {
  func scheduleLook() {
    // What a look did may have closed the connection at once.
    guard !isClosed else { return }
    nextLook = channel.eventLoop.assumeIsolated().scheduleTask(in: TimeAmount(timer: lookPeriod)) {
      self.assumeIsolated { connection in
        connection.look(at: .now)
        connection.scheduleLook()
      }
    }
  }

  private func look(at now: ContinuousClock.Instant) {
    guard !isEnding else { return }
    for action in watch.look(facts, at: now) { carryOut(action) }
    guard !isEnding else { return }
    // A copy: what is overdue ends its stream.
    for stream in Array(streams.values) { look(at: stream, now) }
  }

  private var facts: ConnectionWatch.Facts {
    ConnectionWatch.Facts(
      isGreeted: isGreeted, arrivingBlock: session.arrivingBlock, receivedBytes: receivedBytes,
      openCalls: streams.count, begunCalls: begunCalls, writtenBytes: writer.writtenBytes,
      unsentBytes: unsentBytes, isDraining: isDraining)
  }

  /// What the channel holds for a client that does not read.
  private var unsentBytes: Int {
    // A channel of another kind does not know.
    (try? channel.syncOptions?.getOption(ChannelOptions.bufferedWritableBytes)) ?? 0
  }

  private func carryOut(_ action: ConnectionWatch.Action) {
    switch action {
    case .close(let limit):
      routes.strike(limit, peer: peer)
      close()
    case .end(let limit, let text):
      routes.strike(limit, peer: peer)
      session.terminate(.enhanceYourCalm, message: text)
      flush()
      end()
    case .drain(let limit, let text):
      routes.strike(limit, peer: peer)
      drain(because: text)
    case .leave:
      routes.strike(.drainTimeout, peer: peer)
      leave()
    case .ping:
      // No client overstepped anything yet, so the log says nothing.
      routes.options.load.strike(.keepaliveTime)
      session.ping(Self.keepalivePing)
      flush()
    }
  }

  private func look(at stream: ServerStream, _ now: ContinuousClock.Instant) {
    var facts = CallWatch.Facts()
    facts.request = stream.awaitedRequest
    facts.movedMessages = stream.movedMessages
    facts.sentBytes = stream.response?.sentBytes ?? 0
    if let response = stream.response, !response.isIdle {
      facts.isBlocked = session.isBlocked(stream.id)
    }
    guard let limit = stream.watch.look(facts, routes.limits, at: now) else { return }
    routes.strike(limit, peer: peer)
    let text = routes.limits.text(of: limit)
    switch limit {
    case .messageTimeout:
      end(
        stream, RPCError(.deadlineExceeded, "the request was not complete within \(text)"))
    case .streamIdleTimeout:
      end(stream, RPCError(.unavailable, "the stream was without a message for \(text)"))
    default:
      end(stream, RPCError(.cancelled, "the client took none of the response for \(text)"))
    }
  }

  private static let keepalivePing: UInt64 = 0x7461_6C6C_7964_0001
}
