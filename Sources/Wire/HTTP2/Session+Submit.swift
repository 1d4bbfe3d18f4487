internal import CNGHTTP2

extension Session {
  /// The largest header block that is sent: names, values and 32 bytes a field. nghttp2 drops what
  /// is larger and says nothing to the peer, which would wait for ever.
  package static let maxSentHeaderListBytes = 64 * 1024

  /// Opens a stream as a client.
  ///
  /// - Parameter source: the body; without one the request ends with its headers.
  /// - Returns: the stream's number.
  package func submitRequest(
    _ headers: HeaderBlock, source: (any DataSource)?
  ) throws(HTTP2Error) -> Int32 {
    let stream = headers.withFields { fields, count in
      withProvider(source) { provider in
        nghttp2_submit_request(handle, nil, fields, count, provider, nil)
      }
    }
    try check(stream, "open a stream")
    sources[stream] = source
    return stream
  }

  /// Answers a request as a server.
  ///
  /// - Parameter source: the body; without one the response ends with its headers, and a client
  ///   that is still sending is told to stop.
  /// - Throws: `notSent`, also for headers over ``maxSentHeaderListBytes``, for which the stream is
  ///   reset.
  package func submitResponse(
    _ stream: Int32, _ headers: HeaderBlock, source: (any DataSource)?
  ) throws(HTTP2Error) {
    guard headers.listBytes <= Self.maxSentHeaderListBytes else {
      reset(stream, .internalError)
      throw HTTP2Error(
        code: .notSent,
        message: "cannot answer stream \(stream): its \(headers.listBytes) bytes of headers are "
          + "over \(Self.maxSentHeaderListBytes)")
    }
    let result = headers.withFields { fields, count in
      withProvider(source) { provider in
        nghttp2_submit_response(handle, stream, fields, count, provider)
      }
    }
    try check(result, "answer stream \(stream)")
    sources[stream] = source
  }

  /// Asks a source again that had said ``DataFill/deferred``; without effect on any other.
  package func resume(_ stream: Int32) {
    // INVALID_ARGUMENT says that the stream is gone or was not deferred: both are fine.
    nghttp2_session_resume_data(handle, stream)
  }

  /// Ends a stream at once, in both directions. A request that was not sent yet is taken back.
  package func reset(_ stream: Int32, _ code: ErrorCode) {
    if role == .client, stream > lastSentRequest {
      // Asked twice, nghttp2 would reset a stream that the server has never seen, for which the
      // server has to end the connection (RFC 9113 §5.1).
      guard takenBack.insert(stream).inserted else { return }
    }
    nghttp2_submit_rst_stream(handle, 0, stream, code.rawValue)
  }

  /// Whether this side's half of a stream is still open.
  package func isSending(_ stream: Int32) -> Bool {
    nghttp2_session_get_stream_local_close(handle, stream) == 0
  }

  /// Lets the peer send `count` more bytes on a stream: call it as the bytes leave memory.
  package func consume(stream: Int32, count: Int) {
    guard count > 0 else { return }
    // A stream that is gone needs no window: its error is of no interest.
    nghttp2_session_consume_stream(handle, stream, count)
  }

  /// Sends a ping whose answer is ``Event/pong(_:)``.
  package func ping(_ payload: UInt64) {
    withUnsafeBytes(of: payload.bigEndian) { bytes in
      _ = nghttp2_submit_ping(
        handle, 0, bytes.baseAddress?.assumingMemoryBound(to: UInt8.self))
    }
  }

  /// Says that the server will stop: the first half of a graceful end. Streams under way go on, and
  /// those that the peer opens before it reads this are still taken.
  package func announceGoAway() {
    nghttp2_submit_shutdown_notice(handle)
  }

  /// Takes no new stream from here on: the second half of a graceful end.
  ///
  /// - Parameter message: for the peer's log, such as `max_age`.
  package func goAway(_ code: ErrorCode, message: String = "") {
    submitGoAway(code, message)
  }

  /// Ends the connection at once: nothing is taken any more, and nothing is sent behind a GOAWAY
  /// that still wants to be serialized.
  ///
  /// nghttp2's own way to do that has no room for a text.
  package func terminate(_ code: ErrorCode, message: String = "") {
    guard !isTerminated else { return }
    lastGoAway = LastGoAway(code: code, messageCount: message.utf8.count)
    submitGoAway(code, message)
  }

  private func submitGoAway(_ code: ErrorCode, _ message: String) {
    let last = nghttp2_session_get_last_proc_stream_id(handle)
    var message = message
    message.withUTF8 { text in
      // It fails only without memory. After an error that nghttp2 told the peer itself it does
      // nothing.
      _ = nghttp2_submit_goaway(handle, 0, last, code.rawValue, text.baseAddress, text.count)
    }
  }

  private func check(_ result: Int32, _ what: String) throws(HTTP2Error) {
    guard result >= 0 else {
      throw HTTP2Error(code: .notSent, message: "cannot \(what): \(NGHTTP2.message(result))")
    }
  }

  private func withProvider(
    _ source: (any DataSource)?, _ body: (UnsafePointer<nghttp2_data_provider>?) -> Int32
  ) -> Int32 {
    guard source != nil else { return body(nil) }
    // The source is found by its stream's number: a C pointer cannot hold an existential.
    var provider = nghttp2_data_provider()
    provider.read_callback = NGHTTP2.readBody
    return body(&provider)
  }
}

extension HeaderBlock {
  /// Lends the fields as nghttp2 takes them; it copies what it keeps.
  func withFields<R>(_ body: (UnsafeMutablePointer<nghttp2_nv>?, Int) -> R) -> R {
    withUnsafeTemporaryAllocation(of: nghttp2_nv.self, capacity: count) { fields in
      bytes.withUnsafeBytes { all in
        // nghttp2 declares the pointers mutable and only reads them.
        var at = UnsafeMutablePointer(
          mutating: all.baseAddress?.assumingMemoryBound(to: UInt8.self))
        for (index, length) in lengths.enumerated() {
          let value = at.map { $0 + Int(length.name) }
          fields.initializeElement(
            at: index,
            to: nghttp2_nv(
              name: at, value: value, namelen: Int(length.name), valuelen: Int(length.value),
              flags: UInt8(NGHTTP2_NV_FLAG_NONE.rawValue)))
          at = value.map { $0 + Int(length.value) }
        }
        return body(fields.baseAddress, lengths.count)
      }
    }
  }
}
