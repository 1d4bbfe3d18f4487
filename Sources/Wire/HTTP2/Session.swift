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
  // Touched several times a frame. One thread uses a session, and each access is over before
  // anybody else is called: looking for overlaps at run time was 3 % of a unary call.
  @exclusivity(unchecked) var mailbox = Mailbox()
  @exclusivity(unchecked) var sources: [Int32: any DataSource] = [:]
  @exclusivity(unchecked) var output = Output()
  @exclusivity(unchecked) var block = IncomingBlock()
  @exclusivity(unchecked) var conduct: PeerConduct
  /// Streams that the peer has open.
  var openStreams = 0
  /// Streams of the peer that were refused since they were more than it may have open.
  package internal(set) var refusedStreams = 0
  /// The last stream whose request left a client.
  var lastSentRequest: Int32 = 0
  /// Header blocks that were more than four times as large as they may be.
  package internal(set) var refusedBlocks = 0
  /// Streams that were reset before their request was sent, until nghttp2 drops them.
  var takenBack: Set<Int32> = []
  /// The GOAWAY behind which nothing goes out any more.
  var lastGoAway: LastGoAway?
  /// Whether nghttp2 is at work.
  private var isInside = false

  /// Starts a session and queues its SETTINGS (on a client the preface before them).
  package init(_ role: Role, options: SessionOptions = SessionOptions()) {
    self.role = role
    self.options = options
    conduct = PeerConduct(options)
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
  /// - Throws: when the connection has to end: `connectionBroken` and `notHTTP2` when the bytes
  ///   make no sense, `limit` when they are too much. What is queued, such as GOAWAY, can still be
  ///   serialized.
  package func receive(_ bytes: UnsafeRawBufferPointer) throws(HTTP2Error) {
    guard let start = bytes.baseAddress, !isTerminated else { return }
    enter()
    defer { isInside = false }
    let taken = nghttp2_session_mem_recv(
      handle, start.assumingMemoryBound(to: UInt8.self), bytes.count)
    guard taken >= 0 else { throw failure(Int32(taken)) }
    conduct.received(bytes.count)
    // A client's own calls wait in the same queue: only a server can blame its peer.
    if role == .server,
      nghttp2_session_get_outbound_queue_size(handle) > options.maxQueuedFrames
    {
      conduct.commit(.limit(.queuedFrames))
    }
    if let offence = conduct.offence { throw sentence(offence) }
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
    enter()
    output.begin(region)
    defer {
      output.end()
      isInside = false
    }
    while output.copyPending(), !isOver {
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
  package var wantsRead: Bool { !isTerminated && nghttp2_session_want_read(handle) != 0 }

  /// Whether frames wait that the windows allow to send.
  package var wantsWrite: Bool { !isOver && nghttp2_session_want_write(handle) != 0 }

  /// A frame header, and the largest payload that is sent: what a region must hold at least.
  package static let minimumRegionBytes = Output.frameBytes

  /// nghttp2 calls back while it receives and sends, and breaks when it is entered again then.
  private func enter() {
    precondition(!isInside, "a session neither receives nor serializes from its own callbacks")
    isInside = true
  }

  private func announce() {
    var settings = [
      NGHTTP2.setting(NGHTTP2_SETTINGS_INITIAL_WINDOW_SIZE, UInt32(options.streamWindowBytes)),
      NGHTTP2.setting(NGHTTP2_SETTINGS_MAX_HEADER_LIST_SIZE, options.maxHeaderListBytes),
    ]
    switch role {
    case .client:
      settings.append(NGHTTP2.setting(NGHTTP2_SETTINGS_ENABLE_PUSH, 0))
      settings.append(NGHTTP2.setting(NGHTTP2_SETTINGS_NO_RFC7540_PRIORITIES, 1))
    case .server:
      // Not NO_RFC7540_PRIORITIES: with it nghttp2 looks at no PRIORITY frame, and keeps no closed
      // stream by which to tell a frame that comes too late (RFC 9113 §5.1, §6.3). Without it the
      // closed and the open streams together are at most MAX_CONCURRENT_STREAMS.
      settings.append(
        NGHTTP2.setting(NGHTTP2_SETTINGS_MAX_CONCURRENT_STREAMS, options.maxConcurrentStreams))
    }
    let submitted = nghttp2_submit_settings(handle, 0, settings, settings.count)
    let widened = nghttp2_session_set_local_window_size(
      handle, 0, 0, options.connectionWindowBytes)
    precondition(submitted == 0 && widened == 0, "nghttp2 takes the settings of SessionOptions")
  }
}
