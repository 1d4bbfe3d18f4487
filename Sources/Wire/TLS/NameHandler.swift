internal import GRPC
internal import NIOCore
internal import NIOSSL
internal import NIOTLS

/// Compares a server's certificate with the name that was asked for, when the handshake is over.
///
/// NIOSSL has looked before, and was content with a certificate for the server's address too:
/// whoever answers for the name, and has a certificate for an address of his own, would pass.
final class NameHandler: ChannelInboundHandler {
  typealias InboundIn = ByteBuffer

  private let hostName: String

  init(_ hostName: String) {
    self.hostName = hostName
  }

  func userInboundEventTriggered(context: ChannelHandlerContext, event: Any) {
    if case .handshakeCompleted? = event as? TLSUserEvent, let failure = failure(context) {
      context.fireErrorCaught(failure)
      return context.close(promise: nil)
    }
    context.fireUserInboundEventTriggered(event)
  }

  private func failure(_ context: ChannelHandlerContext) -> SecurityFailure? {
    let wanted = "'\(hostName)'"
    do {
      guard let shown = try context.pipeline.syncOperations.nioSSL_peerCertificate() else {
        return HandshakeFailure.wrongName(wanted, nil)
      }
      let certificate = Certificate(shown)
      return certificate.isFor(hostName)
        ? nil : HandshakeFailure.wrongName(wanted, certificate)
    } catch {
      // Without the handler that encrypts there is nobody to trust.
      return HandshakeFailure.wrongName(wanted, nil)
    }
  }
}
