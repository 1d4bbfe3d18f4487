internal import NIOCore
internal import NIOSSL

/// Certificates that are trusted themselves, and nothing that they vouch for.
///
/// A self-signed certificate that is no CA has nobody above it: BoringSSL looks for who signed it
/// and finds no one who may. So a peer has to show exactly one of these, within its time; NIOSSL
/// looks at the name of a server as always.
struct PinnedCertificates {
  private let certificates: [Certificate]

  /// `nil` if any certificate of the source may be a CA: then chains are built to those.
  init?(_ source: PEMSource) throws(TLSError) {
    let certificates = try Credentials.certificates(source).map { Certificate($0) }
    guard certificates.allSatisfy({ $0.isAuthority == false }) else { return nil }
    self.certificates = certificates
  }

  /// Takes the place of BoringSSL's verification, for one connection.
  var verification: NIOSSLCustomVerificationCallback {
    let certificates = certificates
    return { chain, promise in
      let isPinned = chain.first.map { first in
        let shown = Certificate(first)
        return shown.isInItsTime && certificates.contains { $0.der == shown.der }
      }
      promise.succeed(isPinned == true ? .certificateVerified : .failed)
    }
  }
}

extension Certificate {
  fileprivate var isInItsTime: Bool {
    switch validity() {
    case .valid, .endsSoon: true
    case .notYet, .expired: false
    }
  }
}
