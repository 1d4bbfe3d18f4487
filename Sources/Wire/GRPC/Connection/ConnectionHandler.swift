internal import NIOCore

/// One end of a connection as its channel sees it; isolated to the channel's event loop.
protocol ByteConnection: Actor {
  /// The channel is connected.
  func open()
  /// Bytes arrived; ``flush()`` follows soon.
  func receive(_ bytes: ByteBuffer)
  /// All bytes that were there are received, or the channel takes bytes again.
  func flush()
  /// The channel is closed; `error` says why if something failed before.
  func lost(_ error: (any Error)?)
}

/// Passes a channel's events on to the actor that lives on the channel's event loop.
final class ConnectionHandler<Connection: ByteConnection>: ChannelInboundHandler {
  typealias InboundIn = ByteBuffer

  let connection: Connection
  private var failure: (any Error)?

  init(_ connection: Connection) {
    self.connection = connection
  }

  func channelActive(context: ChannelHandlerContext) {
    connection.assumeIsolated { $0.open() }
  }

  func channelRead(context: ChannelHandlerContext, data: NIOAny) {
    let bytes = unwrapInboundIn(data)
    connection.assumeIsolated { $0.receive(bytes) }
  }

  func channelReadComplete(context: ChannelHandlerContext) {
    connection.assumeIsolated { $0.flush() }
  }

  func channelWritabilityChanged(context: ChannelHandlerContext) {
    if context.channel.isWritable { connection.assumeIsolated { $0.flush() } }
  }

  func channelInactive(context: ChannelHandlerContext) {
    let failure = failure
    connection.assumeIsolated { $0.lost(failure) }
  }

  func errorCaught(context: ChannelHandlerContext, error: any Error) {
    failure = error
    context.close(promise: nil)
  }
}
