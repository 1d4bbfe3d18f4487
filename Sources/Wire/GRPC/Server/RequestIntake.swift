/// The client's half of a call: which bytes are good, and when the handler runs.
///
/// ```
/// open ─ END_STREAM → closed          any failure → closed (what follows is ignored)
/// ```
/// Source: statuscodes.md (cardinality: UNIMPLEMENTED; half a message: INTERNAL).
struct RequestIntake {
  private var deframer: Deframer
  private var state: State

  private enum State {
    /// Exactly one message is due.
    case single(MessageBytes?)
    /// Any number of messages.
    case many
    case closed
  }

  enum OnBytes {
    case wait
    case deliver([MessageBytes])
    case fail(RPCError)
  }

  enum OnEnd {
    /// The one message is there, compressed if it came so: run the handler.
    case run(MessageBytes)
    /// No more messages follow.
    case finish
    case fail(RPCError)
    case ignore
  }

  enum Awaited {
    /// The one message, or the end behind it.
    case one
    /// A message of a stream, or its end.
    case more
    /// The rest of a message of a stream.
    case rest
    case nothing
  }

  /// What the client may still send.
  var awaited: Awaited {
    switch state {
    case .single: .one
    case .many: deframer.isMidMessage ? .rest : .more
    case .closed: .nothing
    }
  }

  init(takesMany: Bool, maxMessageBytes: Int, encoding: Compression) {
    deframer = Deframer(limit: maxMessageBytes, encoding: encoding)
    state = takesMany ? .many : .single(nil)
  }

  mutating func receive(_ bytes: UnsafeRawBufferPointer) -> OnBytes {
    if case .closed = state { return .wait }
    if case .single(.some) = state, !bytes.isEmpty { return fail(Self.tooMany) }
    var messages: [MessageBytes] = []
    do throws(RPCError) {
      try deframer.append(bytes, to: &messages)
    } catch {
      return fail(error)
    }
    guard case .single = state else { return messages.isEmpty ? .wait : .deliver(messages) }
    guard let message = messages.first else { return .wait }
    guard messages.count == 1, !deframer.isMidMessage else { return fail(Self.tooMany) }
    state = .single(message)
    return .wait
  }

  mutating func end() -> OnEnd {
    defer { state = .closed }
    switch state {
    case .closed:
      return .ignore
    case .single, .many:
      if deframer.isMidMessage {
        return .fail(RPCError(.internal, "the request ended in the middle of a message"))
      }
    }
    switch state {
    case .single(let message?): return .run(message)
    case .single(nil):
      return .fail(
        RPCError(.unimplemented, "the request ended without the one message that it needs"))
    case .many: return .finish
    case .closed: return .ignore
    }
  }

  /// Bytes of a message that is not complete, or that waits for the end of its request.
  var heldBytes: Int {
    switch state {
    case .single(let message?): message.count
    case .single(nil), .many: deframer.unfinishedBytes
    case .closed: 0
    }
  }

  /// Ignores all that follows.
  mutating func close() {
    state = .closed
    deframer.drop()
  }

  private mutating func fail(_ error: RPCError) -> OnBytes {
    close()
    return .fail(error)
  }

  private static let tooMany = RPCError(
    .unimplemented, "the request has more than the one message that the method takes")
}
