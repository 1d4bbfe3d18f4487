package import GRPC
internal import Glibc
package import NIOCore
internal import NIOSSL

/// TLS for a client, which verifies the server's chain and name.
package struct ClientTLS: ClientSecurity {
  package struct Options: Sendable {
    /// The CAs that may vouch for the server, the system's if `nil`; or, if none of them is a CA,
    /// the certificates that the server may show.
    package var roots: PEMSource?
    /// What the server must prove to be, if not the host that is connected to.
    package var serverName: String?
    /// The client's certificate and those between it and the CA, in this order, and its key.
    package var certificate: (certificate: PEMSource, key: PEMSource)?
    package var versions = TLSVersions.all

    package init() {}
  }

  package var serverName: String? { options.serverName }
  private let options: Options
  private let context: NIOSSLContext
  private let pinned: PinnedCertificates?

  /// Reads the files.
  ///
  /// - Throws: which file cannot be used, why, and what to do.
  package init(_ options: Options = Options()) throws(TLSError) {
    if let name = options.serverName, name.isEmpty || Self.isAddress(name) {
      throw TLSError(
        .name, "the server name '\(name)' is no host name: to verify an address, connect to it")
    }
    self.options = options
    var configuration = TLSConfiguration.makeClientConfiguration()
    configuration.certificateVerification = .fullVerification
    configuration.trustRoots = try options.roots.map(TLSContext.roots) ?? .default
    if let roots = options.roots { pinned = try PinnedCertificates(roots) } else { pinned = nil }
    if let (chain, key) = options.certificate {
      let credentials = try Credentials(chain, key: key)
      configuration.certificateChain = credentials.chain
      configuration.privateKey = credentials.key
    }
    context = try TLSContext.make(
      configuration, versions: options.versions, of: options.certificate)
  }

  package func addHandlers(to channel: any Channel, host: String) throws {
    let name = options.serverName ?? host
    // An address is not sent (RFC 6066, 3); NIOSSL compares it with those in the certificate.
    let hostName = Self.isAddress(name) ? nil : name
    let handler: NIOSSLClientHandler
    do {
      handler = try NIOSSLClientHandler(
        context: context, serverHostname: hostName,
        customVerificationCallback: pinned?.verification, configuration: .init())
    } catch {
      throw SecurityFailure("'\(name)' is no host name", code: .unauthenticated)
    }
    try channel.pipeline.syncOperations.addHandler(handler)
    if let hostName { try channel.pipeline.syncOperations.addHandler(NameHandler(hostName)) }
  }

  package func failure(_ error: any Error, on channel: any Channel) -> SecurityFailure? {
    var failure = HandshakeFailure(of: .server, roots: options.roots?.description)
    failure.serverName = options.serverName
    failure.showsCertificate = options.certificate != nil
    return failure.read(error, on: channel)
  }

  private static func isAddress(_ host: String) -> Bool {
    var four = in_addr()
    var six = in6_addr()
    return inet_pton(AF_INET, host, &four) == 1 || inet_pton(AF_INET6, host, &six) == 1
  }
}
