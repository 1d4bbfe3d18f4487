internal import CNGHTTP2

/// One side of one HTTP/2 connection without a connection: bytes in, events and bytes out.
///
/// Not thread-safe and not sendable: whoever owns it calls it from one place, which lets two
/// sessions talk in memory. Wraps nghttp2's session (RFC 9113); nghttp2 keeps an unretained pointer
/// to this object, which is why it is a class and why it frees the C session when it goes.
package final class Session {
  package enum Role: Hashable, Sendable {
    case client
    case server
  }

  package let role: Role
  package let options: SessionOptions

  /// Valid until `deinit`; nghttp2 allows no second thread and no call from inside a callback
  /// except submissions.
  let handle: OpaquePointer
  var mailbox = Mailbox()
  var sources: [Int32: any DataSource] = [:]
  var output = Output()
  var block = IncomingBlock()

  /// Starts a session and queues its SETTINGS (on a client the preface before them).
  package init(_ role: Role, options: SessionOptions = SessionOptions()) {
    self.role = role
    self.options = options
    var handle: OpaquePointer?
    let nghttp2Options = NGHTTP2.options(options)
    // The pointer to self is set below: `self` may not leave before all properties have a value.
    let created =
      switch role {
      case .client: nghttp2_session_client_new2(&handle, NGHTTP2.callbacks, nil, nghttp2Options)
      case .server: nghttp2_session_server_new2(&handle, NGHTTP2.callbacks, nil, nghttp2Options)
      }
    nghttp2_option_del(nghttp2Options)
    guard created == 0, let handle else { preconditionFailure("no memory for an HTTP/2 session") }
    self.handle = handle
    nghttp2_session_set_user_data(handle, Unmanaged.passUnretained(self).toOpaque())
    announce()
  }

  deinit {
    nghttp2_session_del(handle)
  }

  /// Takes the peer's bytes; what they meant waits in ``nextEvent()``.
  ///
  /// Drain the events before `bytes` goes away: body bytes are lent from it.
  /// - Throws: `connectionBroken` when the peer's bytes make no sense any more. What is queued,
  ///   such as GOAWAY, can still be serialized.
  package func receive(_ bytes: UnsafeRawBufferPointer) throws(HTTP2Error) {
    guard let start = bytes.baseAddress else { return }
    let taken = nghttp2_session_mem_recv(
      handle, start.assumingMemoryBound(to: UInt8.self), bytes.count)
    guard taken >= 0 else {
      // The peer learns why before the connection is closed, unless nghttp2 told it already.
      nghttp2_session_terminate_session(handle, ErrorCode.protocolError.rawValue)
      throw HTTP2Error(
        code: .connectionBroken,
        message: "the peer's bytes are not HTTP/2: \(NGHTTP2.message(Int32(taken)))")
    }
    // A client's own calls wait in the same queue: only a server can blame its peer.
    guard role == .client || nghttp2_session_get_outbound_queue_size(handle) <= Self.maxQueuedFrames
    else {
      throw HTTP2Error(
        code: .connectionBroken,
        message: "over \(Self.maxQueuedFrames) frames wait for a peer that does not read")
    }
  }

  /// The next thing that happened, in order; `nil` when all were taken.
  package func nextEvent() -> Event? { mailbox.next() }

  /// Whether ``nextEvent()`` has something to tell. Sending can make events too.
  package var hasEvents: Bool { !mailbox.isEmpty }

  /// Writes frames to `region` while they fit; body bytes are produced in place.
  ///
  /// - Parameter region: at least ``minimumRegionBytes``.
  /// - Returns: how many bytes were written. Only 0 says that there is nothing to send now.
  package func serialize(into region: UnsafeMutableRawBufferPointer) throws(HTTP2Error) -> Int {
    precondition(region.count >= Self.minimumRegionBytes, "a frame must fit the region")
    output.begin(region)
    defer { output.end() }
    while output.copyPending() {
      var bytes: UnsafePointer<UInt8>?
      let count = nghttp2_session_mem_send(handle, &bytes)
      guard count >= 0 else {
        throw HTTP2Error(
          code: .connectionBroken,
          message: "nothing can be sent any more: \(NGHTTP2.message(Int32(count)))")
      }
      guard count > 0 else { break }
      output.pending = UnsafeRawBufferPointer(start: bytes, count: count)
    }
    return output.used
  }

  /// Whether the session has a use for more bytes of the peer.
  package var wantsRead: Bool { nghttp2_session_want_read(handle) != 0 }

  /// Whether frames wait that the windows allow to send.
  package var wantsWrite: Bool { nghttp2_session_want_write(handle) != 0 }

  /// A frame header, and the largest payload that is sent: what a region must hold at least.
  package static let minimumRegionBytes = Output.frameBytes

  /// Answers that may wait for a peer that sends but does not read; nghttp2 1.52 has no such bound.
  private static let maxQueuedFrames = 10_000

  private func announce() {
    var settings = [
      NGHTTP2.setting(NGHTTP2_SETTINGS_INITIAL_WINDOW_SIZE, UInt32(options.streamWindowBytes)),
      NGHTTP2.setting(NGHTTP2_SETTINGS_MAX_HEADER_LIST_SIZE, options.maxHeaderListBytes),
      NGHTTP2.setting(NGHTTP2_SETTINGS_NO_RFC7540_PRIORITIES, 1),
    ]
    switch role {
    case .client: settings.append(NGHTTP2.setting(NGHTTP2_SETTINGS_ENABLE_PUSH, 0))
    case .server:
      settings.append(
        NGHTTP2.setting(NGHTTP2_SETTINGS_MAX_CONCURRENT_STREAMS, options.maxConcurrentStreams))
    }
    let submitted = nghttp2_submit_settings(handle, 0, settings, settings.count)
    let widened = nghttp2_session_set_local_window_size(
      handle, 0, 0, options.connectionWindowBytes)
    precondition(submitted == 0 && widened == 0, "nghttp2 takes the settings of SessionOptions")
  }
}
