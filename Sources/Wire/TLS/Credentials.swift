internal import NIOSSL

/// A certificate with its chain, and the key that belongs to it, as they were read.
struct Credentials {
  let chain: [NIOSSLCertificateSource]
  let key: NIOSSLPrivateKeySource
  /// The certificate itself, first of the chain.
  let certificate: Certificate

  init(_ source: PEMSource, key keySource: PEMSource) throws(TLSError) {
    let certificates = try Self.certificates(source)
    guard let first = certificates.first else {
      throw TLSError(.format, "\(source) holds no certificate")
    }
    chain = certificates.map { .certificate($0) }
    certificate = Certificate(first)
    key = .privateKey(try Self.key(keySource))
  }

  /// All certificates of a source, at least one.
  static func certificates(_ source: PEMSource) throws(TLSError) -> [NIOSSLCertificate] {
    let bytes = try source.read()
    guard bytes.holds("CERTIFICATE-----") else {
      if bytes.holds("PRIVATE KEY-----") {
        throw TLSError(
          .format, "\(source) holds a key, no certificate: are certificate and key swapped?")
      }
      throw TLSError(.format, "\(source) holds no certificate as PEM" + bytes.hint("x509"))
    }
    do {
      return try NIOSSLCertificate.fromPEMBytes(bytes)
    } catch {
      throw TLSError(.format, "a certificate in \(source) is damaged: copy the file again")
    }
  }

  private static func key(_ source: PEMSource) throws(TLSError) -> NIOSSLPrivateKey {
    let bytes = try source.read()
    guard bytes.holds("PRIVATE KEY-----") else {
      if bytes.holds("CERTIFICATE-----") {
        throw TLSError(
          .format, "\(source) holds a certificate, no key: are certificate and key swapped?")
      }
      throw TLSError(.format, "\(source) holds no private key as PEM" + bytes.hint("pkey"))
    }
    guard !bytes.holds("BEGIN ENCRYPTED PRIVATE KEY"), !bytes.holds("Proc-Type: 4,ENCRYPTED") else {
      throw TLSError(
        .key,
        "the key \(source) is encrypted, and nobody is there to type its passphrase: take it off "
          + "with openssl pkey -in KEY -out NEW, and let nobody else read NEW")
    }
    do {
      return try NIOSSLPrivateKey(bytes: bytes, format: .pem)
    } catch {
      throw TLSError(
        .format, "the key in \(source) is damaged, or of a kind that TLS has no use for")
    }
  }
}

extension [UInt8] {
  fileprivate func holds(_ text: StaticString) -> Bool {
    let pattern = UnsafeRawBufferPointer(start: text.utf8Start, count: text.utf8CodeUnitCount)
    guard count >= pattern.count else { return false }
    return withUnsafeBytes { bytes in
      (0...bytes.count - pattern.count).contains { start in
        bytes[start] == pattern[0] && bytes[start..<start + pattern.count].elementsEqual(pattern)
      }
    }
  }

  /// What to do about a file that is DER, which begins with a SEQUENCE.
  fileprivate func hint(_ command: String) -> String {
    first == 0x30 ? ": convert it with openssl \(command) -inform der -in FILE -out NEW" : ""
  }
}
