package import NIOCore

/// What stands between a socket and HTTP/2: handlers that encrypt, and what their errors mean.
///
/// The module `TLS` implements it. This module needs no TLS library, so that it builds quickly
/// under the sanitizers. The handlers announce the end of a handshake by NIOTLS's `TLSUserEvent`,
/// with the protocol that ALPN selected.
package protocol TransportSecurity: Sendable {
  /// What an error of the handlers means. `nil` if it says nothing that the end of the connection
  /// does not say, such as a close without TLS's own goodbye.
  func failure(_ error: any Error, on channel: any Channel) -> SecurityFailure?
}

/// The server's side.
package protocol ServerSecurity: TransportSecurity {
  /// Adds the handlers to a channel that was accepted just now. Runs on its event loop.
  func addHandlers(to channel: any Channel) throws

  /// Whom the client proved to be, after the handshake; `nil` if it showed no certificate.
  func identity(on channel: any Channel) -> PeerIdentity?
}

/// The client's side.
package protocol ClientSecurity: TransportSecurity {
  /// What the server must prove to be, and what stands in `:authority`, if not the host that the
  /// channel connects to.
  var serverName: String? { get }

  /// Adds the handlers to a channel that is about to connect to `host`. Runs on its event loop.
  func addHandlers(to channel: any Channel, host: String) throws
}

/// Why a connection could not be made safe, or was refused for want of safety.
package struct SecurityFailure: Error, Hashable, Sendable, CustomStringConvertible {
  /// `unauthenticated` when one side does not accept who the other one is, which another attempt
  /// does not change; else `unavailable`.
  package var code: StatusCode
  /// For a person; what failed stands before it: "the certificate expired on 2026-01-31".
  package var reason: String
  /// Whether it was time that ran out.
  package var isTimeout = false

  package init(_ reason: String, code: StatusCode = .unavailable) {
    self.code = code
    self.reason = reason
  }

  package var description: String { reason }
}
