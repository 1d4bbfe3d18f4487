/// Why certificates, keys or CAs cannot be used.
package struct TLSError: Error, Sendable, Hashable, CustomStringConvertible {
  /// What to switch on.
  package enum Code: Sendable, Hashable {
    /// A file is missing, or may not be read.
    case file
    /// A file holds something else than it should.
    case format
    /// The key is encrypted, or belongs to another certificate.
    case key
    /// There is no CA to verify anybody with.
    case roots
    /// A name that no certificate can be for.
    case name
  }

  /// What to switch on.
  package let code: Code
  /// For a person: which file, what is wrong with it, and what to do.
  package let message: String

  init(_ code: Code, _ message: String) {
    self.code = code
    self.message = message
  }

  package var description: String { message }
}
