/// Why the log could not do something.
package struct EventLogError: Error, Sendable, Equatable, CustomStringConvertible {
  package enum Code: Sendable {
    /// Acknowledged records cannot be read. Nothing was changed.
    case damaged
    /// A segment of another store, timeline or partition lies in the directory.
    case otherStore
    /// Written by a newer Tally.
    case newerFormat
    /// The record is larger than the log takes.
    case tooLarge
    /// The write failed halfway: the record may or may not be stored. Sending it again is harmless.
    case unavailable
    /// The log takes nothing more until a restart. The record is not stored.
    case readOnly
    /// The disk is full. The record is not stored; the log takes more once there is room.
    case full
    /// The log is closed. The record is not stored.
    case closed
    /// The file system refused something.
    case io
  }

  package let code: Code
  /// What failed, on which file, with which numbers, and what to do next.
  package let message: String

  package init(code: Code, message: String) {
    self.code = code
    self.message = message
  }

  package var description: String { message }
}
