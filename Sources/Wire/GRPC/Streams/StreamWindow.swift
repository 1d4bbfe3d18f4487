/// When bytes of a stream may be credited to its sender again.
///
/// Bytes of whole messages are credited when the consumer takes them, so a slow consumer stops the
/// sender after one window. Bytes of a message that is still arriving are credited as they come
/// while nothing else waits: otherwise a message larger than the window could never arrive.
struct StreamWindow {
  /// Bytes received and not credited.
  private var held = 0
  /// Bytes of whole messages that wait for the consumer, prefixes included.
  private var untaken = 0

  /// Whether whole messages wait for the consumer.
  var holdsMessages: Bool { untaken > 0 }

  /// Counts bytes that arrived, of which `delivered` belong to messages that are now complete.
  ///
  /// - Returns: how many to credit now.
  mutating func arrive(_ count: Int, delivered: Int) -> Int {
    held += count
    untaken += delivered
    return creditIfIdle()
  }

  /// Counts bytes that the consumer took, prefixes included.
  ///
  /// - Returns: how many to credit now.
  mutating func take(_ count: Int) -> Int {
    untaken -= count
    let credit = min(count, held)
    held -= credit
    return credit + creditIfIdle()
  }

  private mutating func creditIfIdle() -> Int {
    guard untaken <= 0 else { return 0 }
    defer { held = 0 }
    return held
  }
}
