internal import NIOCore
internal import NIOTLS

/// Holds a connection back until its handshake is over and has selected HTTP/2.
///
/// Stands between the handlers that encrypt and the connection's own, which hears of an active
/// channel only when it may write. Errors pass as ``SecurityFailure``.
///
/// ```
/// handshaking ─ done with h2 → open
/// handshaking ─ error, end, time-out, another protocol → failed
/// ```
final class HandshakeHandler: ChannelInboundHandler {
  typealias InboundIn = ByteBuffer
  typealias OutboundOut = ByteBuffer

  private let security: any TransportSecurity
  private let timeout: Duration
  /// The server's: it answers a client of HTTP/1.1, and lets alerts arrive.
  private let linger: LingerHandler?
  private var end: EventLoopPromise<Void>?
  private var timer: Scheduled<Void>?
  private var state = State.handshaking

  private enum State {
    case handshaking
    case open
    case failed
  }

  init(
    _ security: any TransportSecurity, timeout: Duration, linger: LingerHandler? = nil
  ) {
    self.security = security
    self.timeout = timeout
    self.linger = linger
  }

  /// The end of the handshake; fails with a ``SecurityFailure``. Once the handler is in a pipeline.
  var done: EventLoopFuture<Void> {
    guard let end else { preconditionFailure("the handler is in no pipeline yet") }
    return end.futureResult
  }

  func handlerAdded(context: ChannelHandlerContext) {
    end = context.eventLoop.makePromise()
    let loop = context.eventLoop.assumeIsolated()
    timer = loop.scheduleTask(in: TimeAmount(timer: timeout)) {
      var failure = SecurityFailure("the TLS handshake did not end within \(self.timeout)")
      failure.isTimeout = true
      self.fail(failure)
      context.close(promise: nil)
    }
  }

  func handlerRemoved(context: ChannelHandlerContext) {
    fail(SecurityFailure("the connection ended before the TLS handshake"))
  }

  /// Passed on when the handshake is over.
  func channelActive(context: ChannelHandlerContext) {}

  func channelInactive(context: ChannelHandlerContext) {
    fail(SecurityFailure("the peer hung up during the TLS handshake"))
    context.fireChannelInactive()
  }

  func userInboundEventTriggered(context: ChannelHandlerContext, event: Any) {
    guard case .handshakeCompleted(let selected)? = event as? TLSUserEvent else {
      return context.fireUserInboundEventTriggered(event)
    }
    guard case .handshaking = state else { return }
    guard selected == "h2" else { return refuse(selected, context) }
    timer?.cancel()
    state = .open
    end?.succeed()
    context.fireChannelActive()
  }

  func channelRead(context: ChannelHandlerContext, data: NIOAny) {
    if case .open = state { context.fireChannelRead(data) }
  }

  func channelReadComplete(context: ChannelHandlerContext) {
    if case .open = state { context.fireChannelReadComplete() }
  }

  func channelWritabilityChanged(context: ChannelHandlerContext) {
    if case .open = state { context.fireChannelWritabilityChanged() }
  }

  func errorCaught(context: ChannelHandlerContext, error: any Error) {
    // The socket's own errors come through the handlers as they are.
    let failure =
      error is IOError
      ? SecurityFailure(SocketFailure.reason(error)) : security.failure(error, on: context.channel)
    switch state {
    case .handshaking:
      // The handlers that failed have sent their alert and close the channel next.
      linger?.isArmed = true
      fail(failure ?? SecurityFailure("the TLS handshake failed: \(error)"))
      let channel = context.channel
      context.eventLoop.execute { channel.close(promise: nil) }
    case .open:
      if let failure { context.fireErrorCaught(failure) }
    case .failed: break
    }
  }

  /// ALPN selected something else or nothing. A client that speaks HTTP/1.1 can read this.
  private func refuse(_ selected: String?, _ context: ChannelHandlerContext) {
    let what = selected.map { "'\($0)'" } ?? "no protocol"
    fail(SecurityFailure("the TLS handshake selected \(what), not h2 (HTTP/2, by ALPN)"))
    if linger != nil {
      let answer = ByteBuffer(
        string: "HTTP/1.1 505 HTTP Version Not Supported\r\ncontent-type: text/plain\r\n"
          + "connection: close\r\ncontent-length: 50\r\n\r\n"
          + "This server speaks HTTP/2 only: offer h2 by ALPN.\n")
      context.writeAndFlush(wrapOutboundOut(answer), promise: nil)
    }
    context.close(promise: nil)
  }

  private func fail(_ failure: SecurityFailure) {
    timer?.cancel()
    guard case .handshaking = state else { return }
    state = .failed
    end?.fail(failure)
  }
}

/// Turns the close behind a failed handshake into an end of what we send: a close while bytes of
/// the peer are unread resets the connection and takes the alert, that says why, from it.
///
/// Stands nearest to the socket.
final class LingerHandler: ChannelDuplexHandler {
  typealias InboundIn = ByteBuffer
  typealias OutboundIn = ByteBuffer

  /// Whether the next close lingers.
  var isArmed = false
  private var isLingering = false
  private var timer: Scheduled<Void>?
  private static let time = TimeAmount.seconds(2)

  func channelRead(context: ChannelHandlerContext, data: NIOAny) {
    if !isLingering { context.fireChannelRead(data) }
  }

  func close(context: ChannelHandlerContext, mode: CloseMode, promise: EventLoopPromise<Void>?) {
    guard isArmed || isLingering, mode == .all, context.channel.isActive else {
      return context.close(mode: mode, promise: promise)
    }
    promise?.succeed()
    guard !isLingering else { return }
    isLingering = true
    context.close(mode: .output, promise: nil)
    timer = context.eventLoop.assumeIsolated().scheduleTask(in: Self.time) {
      context.close(promise: nil)
    }
  }

  func channelInactive(context: ChannelHandlerContext) {
    timer?.cancel()
    context.fireChannelInactive()
  }
}
