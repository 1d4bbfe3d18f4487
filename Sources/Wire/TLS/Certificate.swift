internal import GRPC
internal import Glibc
internal import NIOSSL

/// A certificate as people and handlers see it.
struct Certificate {
  let commonName: String?
  let issuer: String?
  let uris: [String]
  let dnsNames: [String]
  let notBefore: Int
  let notAfter: Int
  /// Whether it says that it is a CA or that it is none; `nil` if it says neither.
  let isAuthority: Bool?
  let der: [UInt8]

  init(_ certificate: NIOSSLCertificate) {
    // It fails for want of memory only.
    der = (try? certificate.toDERBytes()) ?? []
    let names = CertificateNames(der: der)
    commonName = names.subject
    issuer = names.issuer
    isAuthority = names.isAuthority
    notBefore = Int(certificate.notValidBefore)
    notAfter = Int(certificate.notValidAfter)
    var uris: [String] = []
    var dnsNames: [String] = []
    for name in certificate._subjectAlternativeNames() {
      let text = name.contents.withUnsafeBufferPointer { String(decoding: $0, as: UTF8.self) }
      switch name.nameType {
      case .uri: uris.append(text)
      case .dnsName: dnsNames.append(text)
      default: break
      }
    }
    self.uris = uris
    self.dnsNames = dnsNames
  }

  var identity: PeerIdentity {
    PeerIdentity(commonName: commonName, uris: uris, dnsNames: dnsNames, certificate: der)
  }

  /// Whether one of the DNS names is the host's. A star stands for the whole first label, and not
  /// in front of a single one; the subject's common name does not count (RFC 9525, 6.3).
  func isFor(_ host: String) -> Bool {
    let host = host.hasSuffix(".") ? host.dropLast().lowercased() : host.lowercased()
    let parent = host.split(separator: ".", maxSplits: 1).dropFirst().first
    return dnsNames.contains { name in
      let name = name.lowercased()
      if name == host { return true }
      guard name.hasPrefix("*."), let parent, parent.contains(".") else { return false }
      return name.dropFirst(2) == parent
    }
  }

  /// What the clock says about the certificate.
  func validity(at now: Int = Certificate.now) -> Validity {
    if now < notBefore { return .notYet(from: Self.text(notBefore)) }
    if now > notAfter { return .expired(on: Self.text(notAfter)) }
    let days = (notAfter - now) / 86_400
    return days < 14 ? .endsSoon(on: Self.text(notAfter), days: days) : .valid
  }

  enum Validity: Equatable {
    case valid
    case notYet(from: String)
    case expired(on: String)
    case endsSoon(on: String, days: Int)
  }

  /// Seconds since 1970.
  static var now: Int { time(nil) }

  /// `2026-01-31 09:30 UTC`
  static func text(_ seconds: Int) -> String {
    var seconds = seconds
    var parts = tm()
    gmtime_r(&seconds, &parts)
    let numbers = [parts.tm_mon + 1, parts.tm_mday, parts.tm_hour, parts.tm_min]
    let padded = numbers.map { $0 < 10 ? "0\($0)" : "\($0)" }
    return "\(parts.tm_year + 1900)-\(padded[0])-\(padded[1]) \(padded[2]):\(padded[3]) UTC"
  }
}
