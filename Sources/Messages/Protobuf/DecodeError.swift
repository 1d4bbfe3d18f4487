/// Why bytes are not the message that they should be.
public struct DecodeError: Error, Sendable, Equatable, CustomStringConvertible {
  public enum Code: Sendable, Equatable {
    /// The bytes are no message of this type: cut off, or with a field of another type.
    case malformed
    /// A text is not UTF-8.
    case invalidText
    /// Messages lie too deep in one another.
    case tooDeep
    /// The message would take more memory than is allowed for its size.
    case tooLarge
  }

  public var code: Code
  /// What is wrong, and where: for a person.
  public var message: String

  public init(_ code: Code, _ message: String) {
    self.code = code
    self.message = message
  }

  public var description: String { message }
}
