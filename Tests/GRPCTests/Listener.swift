internal import GRPC
internal import NIOCore
internal import NIOPosix

/// Runs `body` with a server that says `bytes` to whoever connects and understands nothing.
func withListener(
  sending bytes: ByteBuffer, _ body: (Endpoint) async throws -> Void
) async throws {
  let listener = try await ServerBootstrap(group: MultiThreadedEventLoopGroup.singleton)
    .childChannelInitializer { channel in
      channel.eventLoop.makeCompletedFuture {
        try channel.pipeline.syncOperations.addHandler(Speaker(bytes))
      }
    }
    .bind(host: "127.0.0.1", port: 0).get()
  let bound = Endpoint(host: "127.0.0.1", port: listener.localAddress?.port ?? 0)
  do {
    try await body(bound)
  } catch {
    try await listener.close()
    throw error
  }
  try await listener.close()
}

private final class Speaker: ChannelInboundHandler {
  typealias InboundIn = ByteBuffer
  typealias OutboundOut = ByteBuffer

  private let bytes: ByteBuffer

  init(_ bytes: ByteBuffer) {
    self.bytes = bytes
  }

  func channelActive(context: ChannelHandlerContext) {
    context.writeAndFlush(wrapOutboundOut(bytes), promise: nil)
  }

  func channelRead(context: ChannelHandlerContext, data: NIOAny) {}
}
