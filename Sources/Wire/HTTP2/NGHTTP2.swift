internal import CNGHTTP2

/// nghttp2's tables, constants and callbacks, each wrapped once.
///
/// The callbacks decide nothing: they put events into the session's mailbox and body bytes into its
/// region. None of them returns CALLBACK_FAILURE (CVE-2023-35945 would leak then).
enum NGHTTP2 {
  /// One table for all sessions; nghttp2 copies it. Immutable after its making, so any thread may
  /// read the pointer.
  nonisolated(unsafe) static let callbacks: OpaquePointer = {
    var table: OpaquePointer?
    guard nghttp2_session_callbacks_new(&table) == 0, let table else {
      preconditionFailure("no memory for nghttp2's callbacks")
    }
    nghttp2_session_callbacks_set_on_begin_frame_callback(table, onBeginFrame)
    nghttp2_session_callbacks_set_on_invalid_frame_recv_callback(table, onInvalidFrame)
    nghttp2_session_callbacks_set_on_begin_headers_callback(table, onBeginHeaders)
    nghttp2_session_callbacks_set_on_header_callback(table, onHeader)
    nghttp2_session_callbacks_set_on_frame_recv_callback(table, onFrame)
    nghttp2_session_callbacks_set_on_data_chunk_recv_callback(table, onData)
    nghttp2_session_callbacks_set_on_stream_close_callback(table, onStreamClose)
    nghttp2_session_callbacks_set_on_frame_send_callback(table, onFrameSent)
    nghttp2_session_callbacks_set_send_data_callback(table, sendData)
    return table
  }()

  /// The caller frees it with `nghttp2_option_del`.
  static func options(_ options: SessionOptions) -> OpaquePointer {
    var made: OpaquePointer?
    guard nghttp2_option_new(&made) == 0, let made else {
      preconditionFailure("no memory for nghttp2's options")
    }
    nghttp2_option_set_no_auto_window_update(made, 1)
    // Ours strikes first and says why; this is the fence behind it.
    nghttp2_option_set_stream_reset_rate_limit(
      made, 4 * UInt64(options.resets.burst), 4 * UInt64(options.resets.perSecond))
    nghttp2_option_set_max_continuations(made, options.maxContinuations)
    // gRPC's peers may send values with spaces around them, which are then stripped
    // (Custom-Metadata); RFC 9113 §8.2.1 would have the stream reset.
    nghttp2_option_set_no_rfc9113_leading_and_trailing_ws_validation(made, 1)
    return made
  }

  static func setting(_ id: nghttp2_settings_id, _ value: UInt32) -> nghttp2_settings_entry {
    nghttp2_settings_entry(settings_id: Int32(id.rawValue), value: value)
  }

  static func message(_ code: Int32) -> String {
    "\(String(cString: nghttp2_strerror(code))) (nghttp2 \(code))"
  }

  static func session(_ pointer: UnsafeMutableRawPointer?) -> Session {
    guard let pointer else { preconditionFailure("a session is its callbacks' user data") }
    return Unmanaged<Session>.fromOpaque(pointer).takeUnretainedValue()
  }

  static let endStream = UInt8(NGHTTP2_FLAG_END_STREAM.rawValue)
  static let ack = UInt8(NGHTTP2_FLAG_ACK.rawValue)
}

// MARK: Receiving

/// The only callback that sees a request on a stream that was passed over.
private let onBeginFrame: nghttp2_on_begin_frame_callback = { _, header, user in
  guard let header = header?.pointee else { return 0 }
  let session = NGHTTP2.session(user)
  session.conduct.beginFrame(payloadCount: header.length)
  switch UInt32(header.type) {
  case NGHTTP2_HEADERS.rawValue:
    if session.role == .server { session.conduct.request(on: header.stream_id) }
  case NGHTTP2_SETTINGS.rawValue, NGHTTP2_PING.rawValue, NGHTTP2_WINDOW_UPDATE.rawValue,
    NGHTTP2_PRIORITY.rawValue:
    session.conduct.cheapFrame()
  default: break
  }
  return 0
}

/// Fires once for each frame that broke a rule, whether it cost its stream or the connection.
private let onInvalidFrame: nghttp2_on_invalid_frame_recv_callback = { _, frame, _, user in
  let session = NGHTTP2.session(user)
  if UInt32(frame?.pointee.hd.type ?? 0) == NGHTTP2_HEADERS.rawValue,
    session.openStreams >= session.options.maxConcurrentStreams
  {
    session.refusedStreams += 1
  }
  session.block.isArriving = false
  session.conduct.invalidFrame()
  return 0
}

private let onBeginHeaders: nghttp2_on_begin_headers_callback = { _, frame, user in
  let session = NGHTTP2.session(user)
  session.block.begin()
  if frame?.pointee.headers.cat == NGHTTP2_HCAT_REQUEST { session.openStreams += 1 }
  return 0
}

private let onHeader: nghttp2_on_header_callback = {
  _, _, name, nameCount, value, valueCount, _, user in
  let session = NGHTTP2.session(user)
  let outcome = session.block.add(
    UnsafeRawBufferPointer(start: name, count: nameCount),
    UnsafeRawBufferPointer(start: value, count: valueCount),
    limit: Int(session.options.maxHeaderListBytes))
  switch outcome {
  case .keep: return 0
  case .resetStream:
    // nghttp2 tells of no invalid frame for its callback's own refusal.
    session.block.isArriving = false
    session.refusedBlocks += 1
    session.conduct.invalidFrame()
    return Int32(NGHTTP2_ERR_TEMPORAL_CALLBACK_FAILURE.rawValue)
  }
}

private let onFrame: nghttp2_on_frame_recv_callback = { handle, frame, user in
  guard let frame = frame?.pointee else { return 0 }
  let session = NGHTTP2.session(user)
  let stream = frame.hd.stream_id
  switch UInt32(frame.hd.type) {
  case NGHTTP2_DATA.rawValue:
    let endsStream = frame.hd.flags & NGHTTP2.endStream != 0
    session.conduct.endData(endsStream: endsStream)
    if endsStream { session.mailbox.add(.dataEnd(stream: stream)) }
  case NGHTTP2_HEADERS.rawValue: session.receiveHeaders(frame)
  case NGHTTP2_RST_STREAM.rawValue:
    // -1 is a stream that is gone.
    session.conduct.reset(
      isOpen: nghttp2_session_get_stream_remote_close(handle, stream) >= 0)
  case NGHTTP2_SETTINGS.rawValue:
    if frame.hd.flags & NGHTTP2.ack == 0 { session.mailbox.add(.settings) }
  case NGHTTP2_PING.rawValue: session.receivePing(frame)
  case NGHTTP2_GOAWAY.rawValue:
    let debug = UnsafeRawBufferPointer(
      start: frame.goaway.opaque_data, count: min(frame.goaway.opaque_data_len, 256))
    session.mailbox.add(
      .goAway(
        lastStream: frame.goaway.last_stream_id, ErrorCode(rawValue: frame.goaway.error_code),
        message: String(decoding: debug, as: UTF8.self)))
  default: break
  }
  return 0
}

extension Session {
  fileprivate func receiveHeaders(_ frame: nghttp2_frame) {
    conduct.headers()
    let endsStream = frame.hd.flags & NGHTTP2.endStream != 0
    let kind: HeadersKind =
      switch frame.headers.cat {
      case NGHTTP2_HCAT_REQUEST: .request
      case NGHTTP2_HCAT_RESPONSE: .response
      default: endsStream ? .trailers : .response
      }
    let (block, found) = block.take(kind)
    mailbox.add(.headers(stream: frame.hd.stream_id, block, kind: found, endsStream: endsStream))
  }

  fileprivate func receivePing(_ frame: nghttp2_frame) {
    guard frame.hd.flags & NGHTTP2.ack != 0 else {
      // Only a server counts: a client may be pinged as often as its server likes.
      if role == .server { conduct.ping(openStreams: openStreams) }
      return
    }
    let payload = withUnsafeBytes(of: frame.ping.opaque_data) {
      UInt64(bigEndian: $0.loadUnaligned(as: UInt64.self))
    }
    mailbox.add(.pong(payload))
  }
}

private let onData: nghttp2_on_data_chunk_recv_callback = { handle, _, stream, data, count, user in
  let session = NGHTTP2.session(user)
  session.conduct.body(count)
  session.mailbox.add(.data(stream: stream, UnsafeRawBufferPointer(start: data, count: count)))
  nghttp2_session_consume_connection(handle, count)
  return 0
}

private let onStreamClose: nghttp2_on_stream_close_callback = { handle, stream, code, user in
  let session = NGHTTP2.session(user)
  session.sources[stream] = nil
  if session.role == .server { session.openStreams -= 1 }
  if !session.takenBack.isEmpty { session.takenBack.remove(stream) }
  if nghttp2_session_get_stream_remote_close(handle, stream) == 0 { session.conduct.closedEarly() }
  session.mailbox.add(.closed(stream: stream, ErrorCode(rawValue: code)))
  return 0
}

// MARK: Sending

private let onFrameSent: nghttp2_on_frame_send_callback = { handle, frame, user in
  guard let frame = frame?.pointee else { return 0 }
  let session = NGHTTP2.session(user)
  switch UInt32(frame.hd.type) {
  case NGHTTP2_DATA.rawValue, NGHTTP2_HEADERS.rawValue:
    session.conduct.sent(payloadCount: frame.hd.length)
    // A client sends HEADERS only to open a stream; requests leave in the order of their numbers.
    if frame.hd.type == NGHTTP2_HEADERS.rawValue { session.lastSentRequest = frame.hd.stream_id }
    // Tells a client that sends on after the response is complete to stop (gRPC, Early Server
    // Closure). Not earlier: a reset that is queued keeps the frames of its stream from being
    // sent.
    if frame.hd.flags & NGHTTP2.endStream != 0, session.role == .server,
      nghttp2_session_get_stream_remote_close(handle, frame.hd.stream_id) == 0
    {
      session.reset(frame.hd.stream_id, .noError)
    }
  case NGHTTP2_RST_STREAM.rawValue:
    // Ours are these two.
    let code = ErrorCode(rawValue: frame.rst_stream.error_code)
    if code != .noError, code != .cancel { session.conduct.sentReset() }
  case NGHTTP2_GOAWAY.rawValue:
    session.lastGoAway?.sent(
      ErrorCode(rawValue: frame.goaway.error_code), messageCount: frame.goaway.opaque_data_len)
  default: break
  }
  return 0
}

extension NGHTTP2 {
  /// Lets the stream's source write the payload of the next DATA frame in place.
  static let readBody: nghttp2_data_source_read_callback = {
    handle, stream, _, length, flags, _, user in
    let session = NGHTTP2.session(user)
    // Nothing follows the last GOAWAY.
    guard !session.isOver else { return Int(NGHTTP2_ERR_DEFERRED.rawValue) }
    guard let source = session.sources[stream], let flags else {
      return Int(NGHTTP2_ERR_TEMPORAL_CALLBACK_FAILURE.rawValue)
    }
    flags.pointee = NGHTTP2_DATA_FLAG_NO_COPY.rawValue
    switch source.fill(session.output.payload(length)) {
    case .bytes(let count):
      precondition(count > 0 && count <= length, "a body writes what it was asked for")
      return count
    case .deferred:
      return Int(NGHTTP2_ERR_DEFERRED.rawValue)
    case .end(let count, let trailers):
      flags.pointee |= NGHTTP2_DATA_FLAG_EOF.rawValue
      if let trailers {
        flags.pointee |= NGHTTP2_DATA_FLAG_NO_END_STREAM.rawValue
        guard trailers.listBytes <= Session.maxSentHeaderListBytes else {
          session.reset(stream, .internalError)
          return count
        }
        _ = trailers.withFields { nghttp2_submit_trailer(handle, stream, $0, $1) }
      }
      return count
    case .reset(let code):
      session.reset(stream, code)
      return Int(NGHTTP2_ERR_DEFERRED.rawValue)
    }
  }
}

/// The payload lies in the region already; its header goes in front of it.
private let sendData: nghttp2_send_data_callback = { _, _, header, length, _, user in
  let session = NGHTTP2.session(user)
  session.output.completeFrame(
    header: UnsafeRawBufferPointer(start: header, count: 9), payloadCount: length)
  // One call of mem_send may send many frames: stop it before one would not fit.
  return session.output.hasRoomForFrame ? 0 : Int32(NGHTTP2_ERR_PAUSE.rawValue)
}
