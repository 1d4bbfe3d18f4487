internal import HTTP2

/// The server's half of a call, on the event loop: which bytes are good, and how the call ended.
///
/// ```
/// waiting ─ headers → receiving ─ trailers → ended          headers with END_STREAM → ended
/// ```
final class ClientStream {
  let exchange: ClientExchange
  var window = StreamWindow()
  private var deframer: Deframer
  private var state = State.waiting

  private enum State {
    case waiting
    case receiving
    case ended
  }

  enum OnInput {
    case none
    /// The call is over on this side while the server sends on: reset the stream.
    case reset
  }

  init(_ exchange: ClientExchange, maxMessageBytes: Int) {
    self.exchange = exchange
    deframer = Deframer(limit: maxMessageBytes)
  }

  func receiveHeaders(_ block: HeaderBlock, _ kind: HeadersKind, endsStream: Bool) -> OnInput {
    guard state != .ended else { return .none }
    let head = ResponseHead(block)
    if kind == .oversized {
      end(RPCError(.resourceExhausted, "the response's metadata is over the limit"))
      return endsStream ? .none : .reset
    }
    if endsStream {
      receiveStatus(head, isFirst: state == .waiting)
      return .none
    }
    guard state == .waiting, !head.isInformational else { return .none }
    if let error = head.refusal {
      end(error)
      return .reset
    }
    state = .receiving
    deframer.encoding = head.encoding
    exchange.receiveInitial(head.metadata)
    return .none
  }

  /// - Parameter credit: told how many bytes the server may send again.
  func receiveBody(_ bytes: UnsafeRawBufferPointer, credit: (Int) -> Void) -> OnInput {
    guard state == .receiving else {
      credit(bytes.count)
      return .none
    }
    var messages: [MessageBytes] = []
    var failure: RPCError?
    do throws(RPCError) {
      try deframer.append(bytes, to: &messages)
    } catch {
      failure = error
    }
    var delivered = 0
    for message in messages { delivered += FramedMessage.prefixLength + message.count }
    credit(window.arrive(bytes.count, delivered: delivered))
    if !messages.isEmpty { exchange.inbound.add(messages) }
    guard let failure else { return .none }
    end(failure)
    return .reset
  }

  /// The body ended without trailers.
  func receiveEnd() {
    end(RPCError(.unknown, "the server ended the response without a status"))
  }

  /// The stream is gone.
  ///
  /// - Parameter wasSent: the request left, at least in part.
  func close(_ code: ErrorCode, goAway: String?, wasSent: Bool) {
    guard state != .ended else { return }
    let replay: AttemptEnd.Replay =
      !wasSent ? .always : code == .refusedStream ? .once : .byPolicy
    end(Self.error(code, goAway: goAway), replay: replay)
  }

  /// The connection is gone, and the stream with it.
  func lose(_ error: RPCError, wasSent: Bool) {
    guard state != .ended else { return }
    end(error, replay: wasSent ? .byPolicy : .always)
  }

  private func receiveStatus(_ head: ResponseHead, isFirst: Bool) {
    if isFirst, head.status == nil, let error = head.refusal { return end(error) }
    switch head.status {
    case nil:
      end(RPCError(.unknown, "the server ended the response without a readable grpc-status"))
    case .ok where deframer.isMidMessage:
      end(RPCError(.internal, "the response ended in the middle of a message"))
    case .ok:
      state = .ended
      exchange.attemptEnded(AttemptEnd(failure: nil, trailing: head.metadata))
    case let code?:
      end(
        RPCError(code, head.message, metadata: head.metadata), trailing: head.metadata,
        pushback: head.pushback)
    }
  }

  /// What the server says after the deadline of the call is DEADLINE_EXCEEDED, whatever it is
  /// called.
  private func end(
    _ error: RPCError, trailing: Metadata = Metadata(),
    replay: AttemptEnd.Replay = .byPolicy, pushback: Pushback? = nil
  ) {
    state = .ended
    if error.code == .cancelled, let deadline = exchange.deadline, deadline <= .now {
      let late = RPCError(.deadlineExceeded, "the call's deadline passed")
      return exchange.finish(late, trailing: trailing)
    }
    exchange.attemptEnded(
      AttemptEnd(failure: error, trailing: trailing, replay: replay, pushback: pushback))
  }

  /// Source: grpc/doc/PROTOCOL-HTTP2.md, Errors.
  private static func error(_ code: ErrorCode, goAway: String?) -> RPCError {
    switch code {
    case .refusedStream:
      RPCError(
        .unavailable,
        "the server took no new call" + (goAway.map { ": it is shutting down (\($0))" } ?? ""))
    case .cancel: RPCError(.cancelled, "the server cancelled the call")
    case .enhanceYourCalm: RPCError(.resourceExhausted, "the server asked for fewer calls")
    case .inadequateSecurity: RPCError(.permissionDenied, "the server asks for a safer connection")
    default: RPCError(.internal, "the server reset the call (\(code))")
    }
  }
}
