/// Who is at the other end, by a certificate that was verified: never by what a peer merely claims.
package struct PeerIdentity: Sendable, Hashable {
  /// The common name of the certificate's subject, if it has one.
  package var commonName: String?
  /// The subject's alternative names of type URI, such as `spiffe://school/worker`, in order.
  package var uris: [String]
  /// The subject's alternative names of type DNS, in order.
  package var dnsNames: [String]
  /// The certificate itself (X.509, DER).
  package var certificate: [UInt8]

  package init(
    commonName: String? = nil, uris: [String] = [], dnsNames: [String] = [],
    certificate: [UInt8] = []
  ) {
    self.commonName = commonName
    self.uris = uris
    self.dnsNames = dnsNames
    self.certificate = certificate
  }
}
