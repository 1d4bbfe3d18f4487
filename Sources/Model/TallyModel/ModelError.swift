/// Bytes that are no fixed form of a fact.
package struct ModelError: Error, Equatable, Sendable {
  package enum Code: Equatable, Sendable {
    /// The bytes end inside a field.
    case truncated
    /// A tag, wire type, number or text that no fixed form holds.
    case malformed
  }

  package let code: Code
  package let message: String

  package init(code: Code, message: String) {
    self.code = code
    self.message = message
  }
}
