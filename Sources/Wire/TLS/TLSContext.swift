internal import NIOCore
internal import NIOSSL

/// The versions of TLS that one side takes.
package enum TLSVersions: Sendable, Hashable {
  /// 1.2 and 1.3.
  case all
  case only12
  case only13
}

/// What both sides' contexts share.
enum TLSContext {
  /// The one protocol, offered and selected by ALPN (RFC 7301).
  static let applicationProtocol = "h2"

  /// With 1.2 only what HTTP/2 allows: a key exchange of its own for each connection, and an
  /// authenticated cipher (RFC 9113, 9.2.2). The ciphers of 1.3 are all of that kind.
  private static let ciphersOf12 = "ECDH+AESGCM:ECDH+CHACHA20"

  /// How long a peer may take for its goodbye.
  private static let goodbye = TimeAmount.seconds(1)

  static func make(
    _ configuration: TLSConfiguration, versions: TLSVersions,
    of pair: (certificate: PEMSource, key: PEMSource)?
  ) throws(TLSError) -> NIOSSLContext {
    var configuration = configuration
    configuration.applicationProtocols = [applicationProtocol]
    configuration.cipherSuites = ciphersOf12
    configuration.minimumTLSVersion = versions == .only13 ? .tlsv13 : .tlsv12
    configuration.maximumTLSVersion = versions == .only12 ? .tlsv12 : .tlsv13
    configuration.renegotiationSupport = .none
    configuration.shutdownTimeout = goodbye
    do {
      return try NIOSSLContext(configuration: configuration)
    } catch NIOSSLError.failedToLoadPrivateKey {
      // Each was read by itself before: what fails now is that they belong together.
      throw TLSError(
        .key,
        "the key \(pair?.key.description ?? "") does not belong to the certificate "
          + "\(pair?.certificate.description ?? ""): name a pair that was made together")
    } catch {
      throw TLSError(.roots, "the CAs cannot be loaded: \(error)")
    }
  }

  /// CAs from a source.
  static func roots(_ source: PEMSource) throws(TLSError) -> NIOSSLTrustRoots {
    .certificates(try Credentials.certificates(source))
  }
}
