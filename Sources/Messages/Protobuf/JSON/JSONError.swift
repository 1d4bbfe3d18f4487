/// Why a text is not the JSON form of a message, or a message has none.
public struct JSONError: Error, Sendable, Equatable, CustomStringConvertible {
  /// What is wrong, for a person.
  public var message: String
  /// Where, in bytes from the start, from 0.
  public var offset: Int
  /// The line, from 1.
  public var line: Int
  /// The column in bytes, from 1.
  public var column: Int

  public var description: String { "line \(line), column \(column): \(message)" }

  init(_ message: String, at offset: Int, in text: UnsafeRawBufferPointer) {
    self.message = message
    self.offset = offset
    let before = text[..<min(offset, text.count)]
    line = 1 + before.count { $0 == UInt8(ascii: "\n") }
    column = 1 + before.reversed().prefix { $0 != UInt8(ascii: "\n") }.count
  }

  /// An error without a place: of a message that has no JSON form.
  public init(_ message: String) {
    self.message = message
    (offset, line, column) = (0, 1, 1)
  }
}
