internal import CCrypto

/// HMAC-SHA-256 with the key of the data directory: what it signs came from this store.
///
/// - Source: RFC 2104, FIPS 180-4.
struct Signature: Sendable {
  /// Bytes of a signature.
  static let size = 32

  private let key: [UInt8]

  /// - Parameter key: 32 random bytes that nobody else has.
  init(key: [UInt8]) {
    precondition(key.count == 32, "the key of a store has 32 bytes")
    self.key = key
  }

  func callAsFunction(of bytes: some Sequence<UInt8>) -> [UInt8] {
    let bytes = Array(bytes)
    var out = [UInt8](repeating: 0, count: Self.size)
    let isMade = tally_hmac_sha256(key, Int32(key.count), bytes, bytes.count, &out)
    // Fails only if libcrypto cannot allocate, or was built without SHA-256.
    precondition(isMade == 1, "libcrypto has HMAC-SHA-256")
    return out
  }

  /// Compares in a time that does not tell where they differ.
  static func areEqual(_ first: some Sequence<UInt8>, _ second: some Sequence<UInt8>) -> Bool {
    let (first, second) = (Array(first), Array(second))
    return first.count == second.count && tally_equal(first, second, first.count) == 1
  }
}
