/// Who a certificate says it is for and from, and whether it may vouch for others: the parts of
/// X.509 that NIOSSL does not give.
///
/// Source: RFC 5280, 4.1; X.690 for the bytes.
struct CertificateNames: Equatable {
  /// The last common name of the subject.
  private(set) var subject: String?
  /// The common name of the issuer, or its organization if it has none.
  private(set) var issuer: String?

  /// Whether it says that it is a CA or that it is none; `nil` if it says neither.
  private(set) var isAuthority: Bool?

  private static let commonName: [UInt8] = [0x55, 0x04, 0x03]
  private static let organization: [UInt8] = [0x55, 0x04, 0x0A]
  private static let basicConstraints: [UInt8] = [0x55, 0x1D, 0x13]

  /// No names for bytes that are no certificate.
  init(der: [UInt8]) {
    var outside = DERReader(der[...])
    guard let certificate = outside.next(.sequence) else { return }
    var fields = DERReader(certificate)
    guard let signed = fields.next(.sequence) else { return }
    var body = DERReader(signed)
    // Version (absent in version 1), serial number, signature's algorithm.
    _ = body.next(.version)
    _ = body.next(.integer)
    _ = body.next(.sequence)
    guard let issuer = body.next(.sequence), body.next(.sequence) != nil,
      let subject = body.next(.sequence)
    else { return }
    self.subject = Self.text(Self.commonName, in: subject)
    self.issuer =
      Self.text(Self.commonName, in: issuer) ?? Self.text(Self.organization, in: issuer)
    // The key; what is between it and the extensions nobody writes any more.
    _ = body.next(.sequence)
    guard let extensions = body.next(.extensions) else { return }
    isAuthority = Self.isAuthority(extensions)
  }

  /// Source: RFC 5280, 4.2.1.9. The flag is left out for FALSE.
  private static func isAuthority(_ extensions: ArraySlice<UInt8>) -> Bool? {
    var outside = DERReader(extensions)
    guard let list = outside.next(.sequence) else { return nil }
    var entries = DERReader(list)
    while let entry = entries.next(.sequence) {
      var parts = DERReader(entry)
      guard let kind = parts.next(.objectIdentifier), kind.elementsEqual(basicConstraints) else {
        continue
      }
      // Whether the extension is critical.
      _ = parts.next(.boolean)
      guard let value = parts.next(.octets) else { return nil }
      var constraints = DERReader(value)
      guard let fields = constraints.next(.sequence) else { return nil }
      var flags = DERReader(fields)
      return flags.next(.boolean).map { $0.first != 0 } ?? false
    }
    return nil
  }

  private static func text(_ type: [UInt8], in name: ArraySlice<UInt8>) -> String? {
    var found: String?
    var names = DERReader(name)
    while let set = names.next(.set) {
      var attributes = DERReader(set)
      while let attribute = attributes.next(.sequence) {
        var parts = DERReader(attribute)
        guard let kind = parts.next(.objectIdentifier), kind.elementsEqual(type) else { continue }
        if let text = parts.nextText() { found = text }
      }
    }
    return found
  }
}

/// Reads DER values one behind the other.
struct DERReader {
  enum Tag: UInt8 {
    case boolean = 0x01
    case integer = 0x02
    case octets = 0x04
    case objectIdentifier = 0x06
    case utf8 = 0x0C
    case printable = 0x13
    case teletex = 0x14
    case ia5 = 0x16
    case utf16 = 0x1E
    case sequence = 0x30
    case set = 0x31
    case version = 0xA0
    case extensions = 0xA3
  }

  private var rest: ArraySlice<UInt8>

  init(_ bytes: ArraySlice<UInt8>) {
    rest = bytes
  }

  /// The content of the next value, if it has this tag; else nothing is taken.
  mutating func next(_ tag: Tag) -> ArraySlice<UInt8>? {
    guard rest.first == tag.rawValue else { return nil }
    return take()
  }

  /// The next value as text.
  mutating func nextText() -> String? {
    guard let tag = rest.first.flatMap(Tag.init), let content = take() else { return nil }
    switch tag {
    case .utf8, .printable, .ia5: return String(decoding: content, as: UTF8.self)
    case .teletex: return String(String.UnicodeScalarView(content.map { Unicode.Scalar($0) }))
    case .utf16:
      let bytes = Array(content)
      let units = stride(from: 0, to: bytes.count - 1, by: 2).map {
        UInt16(bytes[$0]) << 8 | UInt16(bytes[$0 + 1])
      }
      return String(decoding: units, as: UTF16.self)
    case .boolean, .integer, .octets, .objectIdentifier, .sequence, .set, .version, .extensions:
      return nil
    }
  }

  /// The content of the next value; `nil` at the end, and where a length does not fit.
  private mutating func take() -> ArraySlice<UInt8>? {
    var bytes = rest.dropFirst()
    guard let first = bytes.popFirst() else { return nil }
    var length = Int(first)
    if first >= 0x80 {
      let count = Int(first & 0x7F)
      guard (1...4).contains(count), bytes.count >= count else { return nil }
      length = bytes.prefix(count).reduce(0) { $0 << 8 | Int($1) }
      bytes = bytes.dropFirst(count)
    }
    guard length <= bytes.count else { return nil }
    rest = bytes.dropFirst(length)
    return bytes.prefix(length)
  }
}
