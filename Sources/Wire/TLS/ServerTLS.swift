package import GRPC
package import NIOCore
internal import NIOSSL
internal import Synchronization

/// TLS for a server, with certificate, key and CAs that may change while it runs.
///
/// The files are looked at when a client connects, once a second at most, and on ``reload()``. New
/// connections get what was read last; connections that are open keep what they began with. Files
/// that cannot be used leave things as they are.
package final class ServerTLS: ServerSecurity {
  /// What clients have to show.
  package enum ClientCertificates: String, Sendable, CaseIterable {
    /// One that is shown must be valid; the call's identity tells who showed one.
    case optional
    case required
  }

  package struct Options: Sendable {
    /// The server's certificate and those between it and the CA, in this order.
    package var certificate: PEMSource
    package var key: PEMSource
    /// The CAs of clients or, if none of them is a CA, the certificates that clients may show;
    /// without them no client is asked for a certificate.
    package var clientCA: PEMSource?
    package var clientCertificates = ClientCertificates.required
    package var versions = TLSVersions.all
    /// The least time between two looks at the files.
    package var lookInterval = Duration.seconds(1)

    package init(certificate: PEMSource, key: PEMSource, clientCA: PEMSource? = nil) {
      self.certificate = certificate
      self.key = key
      self.clientCA = clientCA
    }
  }

  private let options: Options
  private let onNotice: @Sendable (TLSNotice) -> Void
  private let state: Mutex<State>

  private struct State {
    var loaded: Loaded
    var stamps: [FileStamp?]
    var lastLook = ContinuousClock.now
    var lastWarning = ContinuousClock.now
  }

  /// What was made of the files.
  private struct Loaded {
    let context: NIOSSLContext
    let certificate: Certificate
    let pinned: PinnedCertificates?
  }

  /// Reads the files.
  ///
  /// - Parameter onNotice: told what a person should know, such as a certificate that ends soon.
  /// - Throws: which file cannot be used, why, and what to do.
  package init(
    _ options: Options, onNotice: @escaping @Sendable (TLSNotice) -> Void
  ) throws(TLSError) {
    self.options = options
    self.onNotice = onNotice
    let stamps = Self.stamps(options)
    let loaded = try Self.load(options)
    state = Mutex(State(loaded: loaded, stamps: stamps))
    warn(loaded.certificate)
  }

  package func addHandlers(to channel: any Channel) throws {
    look()
    let loaded = state.withLock { $0.loaded }
    try channel.pipeline.syncOperations.addHandler(
      NIOSSLServerHandler(
        context: loaded.context, customVerificationCallback: loaded.pinned?.verification,
        configuration: .init()))
  }

  package func identity(on channel: any Channel) -> PeerIdentity? {
    // Without client CAs nobody is asked, and nothing that is shown was verified.
    guard options.clientCA != nil,
      let certificate = try? channel.pipeline.syncOperations.nioSSL_peerCertificate()
    else { return nil }
    return Certificate(certificate).identity
  }

  package func failure(_ error: any Error, on channel: any Channel) -> SecurityFailure? {
    HandshakeFailure(of: .client, roots: options.clientCA?.description).read(error, on: channel)
  }

  /// Reads the files now, changed or not.
  package func reload() {
    state.withLock { $0.lastLook = .now }
    load(stamps: Self.stamps(options))
  }

  /// Reads the files if they look different, and warns of the certificate's end once a day.
  private func look() {
    let now = ContinuousClock.now
    let (isDue, known) = state.withLock { state in
      let isDue = now - state.lastLook >= options.lookInterval
      if isDue { state.lastLook = now }
      return (isDue, state.stamps)
    }
    guard isDue else { return }
    let stamps = Self.stamps(options)
    if stamps != known { load(stamps: stamps) }
    let late = state.withLock { state -> Certificate? in
      guard now - state.lastWarning >= .seconds(86_400) else { return nil }
      state.lastWarning = now
      return state.loaded.certificate
    }
    if let late { warn(late) }
  }

  private func load(stamps: [FileStamp?]) {
    do throws(TLSError) {
      let loaded = try Self.load(options)
      state.withLock { state in
        state.loaded = loaded
        state.stamps = stamps
      }
      onNotice(.reloaded(loaded.certificate.description))
      warn(loaded.certificate)
    } catch {
      // The same broken files are told of once.
      state.withLock { $0.stamps = stamps }
      onNotice(.reloadFailed(error))
    }
  }

  private func warn(_ certificate: Certificate) {
    switch certificate.validity() {
    case .valid: break
    case .notYet(let date): onNotice(.notYetValid(from: date))
    case .expired(let date): onNotice(.expired(on: date))
    case .endsSoon(let date, let days): onNotice(.endsSoon(on: date, days: days))
    }
  }

  private static func stamps(_ options: Options) -> [FileStamp?] {
    [options.certificate.stamp, options.key.stamp, options.clientCA?.stamp]
  }

  private static func load(_ options: Options) throws(TLSError) -> Loaded {
    let credentials = try Credentials(options.certificate, key: options.key)
    var configuration = TLSConfiguration.makeServerConfiguration(
      certificateChain: credentials.chain, privateKey: credentials.key)
    var pinned: PinnedCertificates?
    if let clientCA = options.clientCA {
      pinned = try PinnedCertificates(clientCA)
      configuration.trustRoots = try TLSContext.roots(clientCA)
      configuration.sendCANameList = true
      configuration.certificateVerification =
        options.clientCertificates == .required ? .noHostnameVerification : .optionalVerification
    } else {
      configuration.certificateVerification = .none
    }
    let context = try TLSContext.make(
      configuration, versions: options.versions, of: (options.certificate, options.key))
    return Loaded(context: context, certificate: credentials.certificate, pinned: pinned)
  }
}

/// What whoever runs a server should know about its certificate.
package enum TLSNotice: Sendable, Hashable {
  /// New connections get this certificate.
  case reloaded(String)
  /// The files cannot be used; new connections get the certificate from before.
  case reloadFailed(TLSError)
  case endsSoon(on: String, days: Int)
  case expired(on: String)
  case notYetValid(from: String)
}

extension Certificate: CustomStringConvertible {
  /// `'tally.school.example', valid until 2026-01-31 09:30 UTC`
  var description: String {
    "'\(dnsNames.first ?? commonName ?? "without a name")', valid until \(Self.text(notAfter))"
  }
}
