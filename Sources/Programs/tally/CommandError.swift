internal import Glibc

/// What stops a command, with a sentence for the person who typed it.
struct CommandError: Error, Equatable, CustomStringConvertible {
  /// What kind of failure it is.
  enum Code: Equatable {
    /// A file cannot be opened, read or written.
    case file
    /// A file is not what it says it is.
    case format
    /// The reader of our output went away; nobody is left to tell.
    case outputClosed
    /// The server did not answer, or answered with an error.
    case server
    /// An option has a value that makes no sense.
    case usage
  }

  let code: Code
  /// What failed, on which thing, and what to do.
  let message: String

  var description: String { message }
}

/// The system's words for an error number.
func errorText(_ code: Int32) -> String {
  String(cString: strerror(code))
}
