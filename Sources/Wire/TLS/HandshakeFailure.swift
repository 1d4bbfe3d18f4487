internal import GRPC
internal import NIOCore
internal import NIOSSL

/// What NIOSSL's errors mean to a person on this side.
///
/// A handshake can fail for the same reason on either side and looks different on each: one finds
/// the fault, the other one gets an alert (RFC 8446, 6.2).
struct HandshakeFailure {
  enum Peer: String {
    case client
    case server
  }

  private let peer: Peer
  /// The file whose CAs vouch for the peer; the system's if `nil`.
  private let roots: String?
  /// What the server had to prove to be, if not the host of the connection.
  var serverName: String?
  /// Whether this side showed a certificate, or would have.
  var showsCertificate = true

  init(of peer: Peer, roots: String?) {
    self.peer = peer
    self.roots = roots
  }

  /// `nil` for an end without TLS's goodbye: the end itself says as much.
  func read(_ error: any Error, on channel: any Channel) -> SecurityFailure? {
    switch error {
    case let failure as SecurityFailure: return failure
    case NIOSSLError.handshakeFailed(let cause): return explain(cause, on: channel)
    case let error as BoringSSLError: return explain(error, on: channel)
    case NIOSSLError.uncleanShutdown, NIOSSLError.shutdownFailed, is NIOSSLCloseTimedOutError:
      return nil
    case let error as NIOSSLExtraError where error == .failedToValidateHostname:
      return Self.wrongName(
        serverName.map { "'\($0)'" } ?? "the host that was connected to",
        Self.certificate(on: channel))
    case NIOSSLError.noCertificateToValidate:
      return SecurityFailure("the \(peer) showed no certificate", code: .unauthenticated)
    default: return SecurityFailure("the TLS connection failed: \(error)")
    }
  }

  private func explain(_ error: BoringSSLError, on channel: any Channel) -> SecurityFailure {
    guard case .sslError(let stack) = error else {
      return SecurityFailure("the TLS connection failed: \(error)")
    }
    if stack.contains(.eofDuringHandshake) {
      return SecurityFailure("the \(peer) hung up during the TLS handshake")
    }
    let tokens = stack.map { Self.token("\($0)") }
    for token in tokens {
      if let failure = known(token, on: channel) { return failure }
    }
    let first = (tokens.first ?? "").lowercased().split(separator: "_").joined(separator: " ")
    return SecurityFailure("the TLS handshake failed: \(first)")
  }

  /// The name in `Error: 1 error:100000f7:SSL routines:OPENSSL_internal:HTTP_REQUEST at …`.
  private static func token(_ text: String) -> String {
    let parts = text.split(separator: ":")
    let name = parts.first { part in
      part.prefix { $0 != " " }.allSatisfy { $0.isUppercase || $0.isNumber || $0 == "_" }
        && part.contains("_")
    }
    return String((name ?? Substring(text)).prefix { $0 != " " })
  }

  private func known(_ token: String, on channel: any Channel) -> SecurityFailure? {
    switch token {
    case "CERTIFICATE_VERIFY_FAILED": unverified(channel)
    case "PEER_DID_NOT_RETURN_A_CERTIFICATE":
      SecurityFailure("the \(peer) showed no certificate", code: .unauthenticated)
    case "WRONG_VERSION_NUMBER", "HTTP_REQUEST", "HTTPS_PROXY_REQUEST", "INVALID_OUTER_RECORD_TYPE":
      SecurityFailure("the \(peer) does not speak TLS: is it plaintext?")
    case "UNSUPPORTED_PROTOCOL", "NO_SUPPORTED_VERSIONS_ENABLED", "TLSV1_ALERT_PROTOCOL_VERSION":
      SecurityFailure("the \(peer) takes none of the TLS versions that are allowed here")
    case "NO_SHARED_CIPHER", "NO_SHARED_GROUP", "NO_COMMON_SIGNATURE_ALGORITHMS",
      "TLSV1_ALERT_INSUFFICIENT_SECURITY":
      SecurityFailure("the \(peer) shares no cipher or signature that HTTP/2 allows")
    case "TLSV1_ALERT_NO_APPLICATION_PROTOCOL", "NO_APPLICATION_PROTOCOL":
      SecurityFailure("the \(peer) does not speak HTTP/2 (h2 by ALPN)")
    default: alert(token)
    }
  }

  /// The peer found a fault in what we showed.
  private func alert(_ token: String) -> SecurityFailure? {
    let fault: String
    switch token {
    case "TLSV1_ALERT_UNKNOWN_CA": fault = "it does not know our certificate's CA"
    case "SSLV3_ALERT_CERTIFICATE_EXPIRED": fault = "our certificate has expired, it says"
    case "SSLV3_ALERT_CERTIFICATE_REVOKED": fault = "our certificate was revoked, it says"
    case "SSLV3_ALERT_BAD_CERTIFICATE": fault = "it finds our certificate damaged or not for us"
    case "SSLV3_ALERT_UNSUPPORTED_CERTIFICATE": fault = "our certificate is not meant for this"
    case "SSLV3_ALERT_CERTIFICATE_UNKNOWN": fault = "it does not accept our certificate"
    case "TLSV1_ALERT_ACCESS_DENIED": fault = "access denied"
    case "TLSV1_ALERT_DECRYPT_ERROR": fault = "our key does not belong to our certificate, it says"
    case "TLSV1_ALERT_CERTIFICATE_REQUIRED", "TLSV1_CERTIFICATE_REQUIRED":
      fault = "it asks for a certificate"
    case "TLSV1_ALERT_UNRECOGNIZED_NAME", "TLSV1_UNRECOGNIZED_NAME":
      fault = "it does not go by the name that was asked for"
    // What TLS 1.2 says for want of a certificate, and for much else.
    case "SSLV3_ALERT_HANDSHAKE_FAILURE":
      return showsCertificate
        ? SecurityFailure("the \(peer) refused the TLS handshake and did not say why")
        : SecurityFailure(
          "the \(peer) refused the TLS handshake: it may ask for a certificate",
          code: .unauthenticated)
    default: return nil
    }
    return SecurityFailure("the \(peer) refused us: \(fault)", code: .unauthenticated)
  }

  private func unverified(_ channel: any Channel) -> SecurityFailure {
    guard let certificate = Self.certificate(on: channel) else {
      return SecurityFailure("the \(peer)'s certificate is not valid", code: .unauthenticated)
    }
    let fault =
      switch certificate.validity() {
      case .expired(let date): "expired on \(date)"
      case .notYet(let date): "is valid from \(date) only"
      case .valid, .endsSoon:
        "is from '\(Self.printable(certificate.issuer ?? "nobody"))', and no CA "
          + (roots.map { "in \($0)" } ?? "of this system") + " vouches for it"
      }
    let name =
      peer == .client ? certificate.commonName.map { " '\(Self.printable($0))'" } ?? "" : ""
    return SecurityFailure(
      "the \(peer)'s certificate\(name) \(fault)", code: .unauthenticated)
  }

  /// The certificate is good, and somebody else's.
  static func wrongName(_ wanted: String, _ certificate: Certificate?) -> SecurityFailure {
    let names = (certificate?.dnsNames ?? []).prefix(4).map { "'\(printable($0))'" }
    let instead = names.isEmpty ? "" : ", but for \(names.joined(separator: ", "))"
    return SecurityFailure(
      "the server's certificate is not for \(wanted)\(instead)", code: .unauthenticated)
  }

  /// Nobody has vouched for the names in a certificate that is refused.
  private static func printable(_ name: String) -> String { name.printable(100) }

  private static func certificate(on channel: any Channel) -> Certificate? {
    // An error says that the handler is gone.
    let peer = try? channel.pipeline.syncOperations.nioSSL_peerCertificate()
    return peer.map { Certificate($0) }
  }
}
