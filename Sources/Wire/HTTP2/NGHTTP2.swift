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
    nghttp2_session_callbacks_set_on_begin_headers_callback(table, onBeginHeaders)
    nghttp2_session_callbacks_set_on_header_callback(table, onHeader)
    nghttp2_session_callbacks_set_on_frame_recv_callback(table, onFrame)
    nghttp2_session_callbacks_set_on_data_chunk_recv_callback(table, onData)
    nghttp2_session_callbacks_set_on_stream_close_callback(table, onStreamClose)
    nghttp2_session_callbacks_set_on_frame_send_callback(table, onFrameSent)
    nghttp2_session_callbacks_set_on_frame_not_send_callback(table, onFrameNotSent)
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
    nghttp2_option_set_no_closed_streams(made, 1)
    nghttp2_option_set_server_fallback_rfc7540_priorities(made, 0)
    nghttp2_option_set_stream_reset_rate_limit(made, options.resetBurst, options.resetsPerSecond)
    // 1.52 counts reads, not frames: one legal CONTINUATION that dribbles in passes with 64, and
    // the header bytes themselves are bounded as they arrive.
    nghttp2_option_set_max_continuations(made, 64)
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

private let onBeginHeaders: nghttp2_on_begin_headers_callback = { _, _, user in
  NGHTTP2.session(user).block.begin()
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
  case .resetStream: return Int32(NGHTTP2_ERR_TEMPORAL_CALLBACK_FAILURE.rawValue)
  }
}

private let onFrame: nghttp2_on_frame_recv_callback = { _, frame, user in
  guard let frame = frame?.pointee else { return 0 }
  let session = NGHTTP2.session(user)
  let stream = frame.hd.stream_id
  switch UInt32(frame.hd.type) {
  case NGHTTP2_DATA.rawValue:
    if frame.hd.flags & NGHTTP2.endStream != 0 { session.mailbox.add(.dataEnd(stream: stream)) }
  case NGHTTP2_HEADERS.rawValue:
    let endsStream = frame.hd.flags & NGHTTP2.endStream != 0
    let kind: HeadersKind =
      switch frame.headers.cat {
      case NGHTTP2_HCAT_REQUEST: .request
      case NGHTTP2_HCAT_RESPONSE: .response
      default: endsStream ? .trailers : .response
      }
    let (block, found) = session.block.take(kind)
    session.mailbox.add(.headers(stream: stream, block, kind: found, endsStream: endsStream))
  case NGHTTP2_SETTINGS.rawValue:
    if frame.hd.flags & NGHTTP2.ack == 0 { session.mailbox.add(.settings) }
  case NGHTTP2_PING.rawValue:
    if frame.hd.flags & NGHTTP2.ack != 0 {
      let payload = withUnsafeBytes(of: frame.ping.opaque_data) {
        UInt64(bigEndian: $0.loadUnaligned(as: UInt64.self))
      }
      session.mailbox.add(.pong(payload))
    }
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

private let onData: nghttp2_on_data_chunk_recv_callback = { handle, _, stream, data, count, user in
  let session = NGHTTP2.session(user)
  session.mailbox.add(.data(stream: stream, UnsafeRawBufferPointer(start: data, count: count)))
  nghttp2_session_consume_connection(handle, count)
  return 0
}

private let onStreamClose: nghttp2_on_stream_close_callback = { _, stream, code, user in
  let session = NGHTTP2.session(user)
  session.sources[stream] = nil
  session.mailbox.add(.closed(stream: stream, ErrorCode(rawValue: code)))
  return 0
}

// MARK: Sending

/// Tells a client that sends on after the response is complete to stop (gRPC, Early Server
/// Closure). Not earlier: a reset that is queued keeps the frames of its stream from being sent.
private let onFrameSent: nghttp2_on_frame_send_callback = { handle, frame, user in
  guard let header = frame?.pointee.hd, header.flags & NGHTTP2.endStream != 0,
    NGHTTP2.session(user).role == .server,
    nghttp2_session_get_stream_remote_close(handle, header.stream_id) == 0
  else { return 0 }
  NGHTTP2.session(user).reset(header.stream_id, .noError)
  return 0
}

private let onFrameNotSent: nghttp2_on_frame_not_send_callback = { _, frame, _, user in
  guard let frame = frame?.pointee, UInt32(frame.hd.type) == NGHTTP2_HEADERS.rawValue,
    frame.headers.cat == NGHTTP2_HCAT_REQUEST
  else { return 0 }
  // A request that never left, because the peer takes no new streams.
  let session = NGHTTP2.session(user)
  session.sources[frame.hd.stream_id] = nil
  session.mailbox.add(.closed(stream: frame.hd.stream_id, .refusedStream))
  return 0
}

extension NGHTTP2 {
  /// Lets the stream's source write the payload of the next DATA frame in place.
  static let readBody: nghttp2_data_source_read_callback = {
    handle, stream, _, length, flags, _, user in
    let session = NGHTTP2.session(user)
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
