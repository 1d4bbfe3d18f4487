internal import GRPC
internal import NIOCore
internal import NIOTLS

/// Security in name only: a hello of one byte each way, then every bit turned round.
struct FakeSecurity: ServerSecurity, ClientSecurity {
  var serverName: String?
  /// What ALPN is said to have selected.
  var selected: String? = "h2"
  /// Says nothing, so that the other side waits.
  var isSilent = false
  /// Says a hello that the other side does not take.
  var isWrong = false

  struct WrongHello: Error {}

  func addHandlers(to channel: any Channel) throws {
    try channel.pipeline.syncOperations.addHandler(FakeHandler(self))
  }

  func addHandlers(to channel: any Channel, host: String) throws {
    try addHandlers(to: channel)
  }

  func identity(on channel: any Channel) -> PeerIdentity? {
    PeerIdentity(commonName: "port \(channel.remoteAddress?.port ?? 0)")
  }

  func failure(_ error: any Error, on channel: any Channel) -> SecurityFailure? {
    error is WrongHello ? SecurityFailure("the hello is wrong", code: .unauthenticated) : nil
  }
}

private final class FakeHandler: ChannelDuplexHandler {
  typealias InboundIn = ByteBuffer
  typealias InboundOut = ByteBuffer
  typealias OutboundIn = ByteBuffer
  typealias OutboundOut = ByteBuffer

  private let security: FakeSecurity
  private var isDone = false

  init(_ security: FakeSecurity) {
    self.security = security
  }

  func channelActive(context: ChannelHandlerContext) {
    context.fireChannelActive()
    guard !security.isSilent else { return }
    let hello = ByteBuffer(bytes: [security.isWrong ? 0x7F : 0x01])
    context.writeAndFlush(wrapOutboundOut(hello), promise: nil)
  }

  func channelRead(context: ChannelHandlerContext, data: NIOAny) {
    guard !security.isSilent else { return }
    var bytes = unwrapInboundIn(data)
    if !isDone {
      guard bytes.readInteger(as: UInt8.self) == 0x01 else {
        context.fireErrorCaught(FakeSecurity.WrongHello())
        return context.close(promise: nil)
      }
      isDone = true
      context.fireUserInboundEventTriggered(
        TLSUserEvent.handshakeCompleted(negotiatedProtocol: security.selected))
    }
    guard bytes.readableBytes > 0 else { return }
    context.fireChannelRead(wrapInboundOut(turned(bytes)))
  }

  func write(context: ChannelHandlerContext, data: NIOAny, promise: EventLoopPromise<Void>?) {
    context.write(wrapOutboundOut(turned(unwrapOutboundIn(data))), promise: promise)
  }

  private func turned(_ bytes: ByteBuffer) -> ByteBuffer {
    ByteBuffer(bytes: bytes.readableBytesView.map { ~$0 })
  }
}
