internal import GRPC

/// What went wrong between this client and its server.
public struct TallyError: Error, Sendable, Equatable, CustomStringConvertible {
  /// What to switch on.
  public enum Code: Sendable, Equatable {
    /// The server cannot be reached, or went away.
    case unavailable
    /// The time that the caller gave ran out.
    case deadlineExceeded
    /// The task that waited was cancelled.
    case cancelled
    /// The client was told to use something that cannot be used, such as a file without a key.
    case invalidSettings
    /// The request can never be answered as it is.
    case invalidRequest
    /// The tenant, group, course, activity or path is not in the directory.
    case notFound
    /// A revision that the server has not reached.
    case outOfRange
    /// A revision of another store or timeline.
    case wrongStore
    /// The server is out of room: try later.
    case busy
    /// The caller may not do this, or client and server do not accept each other's certificates.
    case denied
    /// The server does not know the call.
    case unsupported
    /// The server found stored bytes damaged.
    case storeDamaged
    /// A report broke, and the store has moved on since: its rows would be of two revisions.
    case revisionMoved
    /// A report ended before its trailer.
    case incompleteReport
    /// The rows of a report are not the ones that the server sent.
    case damagedReport
    /// A backup ended before its trailer.
    case incompleteBackup
    /// The bytes of a backup are not the ones that the server sent.
    case damagedBackup
    /// The server answered with bytes that make no sense.
    case invalidAnswer
    /// The server failed for a reason of its own.
    case serverFailed
  }

  /// What to switch on.
  public let code: Code
  /// For a person: what failed, on which thing, and what to do.
  public let message: String
  /// For a program that wants more than the code.
  public let details: Details

  /// An error for a person and a program.
  public init(_ code: Code, _ message: String, details: Details = Details()) {
    self.code = code
    self.message = message
    self.details = details
  }

  public var description: String { message }

  /// Whether the same request may succeed in a moment: the server cannot be reached, or says so.
  public var isTransient: Bool { code == .unavailable || details.retryDelay != nil }
}

extension TallyError {
  /// - Parameter endpoint: where the call went, for the message.
  init(_ error: RPCError, from endpoint: Endpoint) {
    let details = Details(error)
    switch error.code {
    case .unavailable, .aborted:
      self.init(
        .unavailable,
        "no answer from \(endpoint) (\(error.message)): check that tallyd runs there, or try again",
        details: details)
    case .deadlineExceeded:
      self.init(
        .deadlineExceeded,
        "\(endpoint) did not answer in time (\(error.message)): allow more time or ask for less",
        details: details)
    case .cancelled:
      self.init(.cancelled, "the call was cancelled (\(error.message))", details: details)
    case .invalidArgument: self.init(.invalidRequest, error.message, details: details)
    case .notFound: self.init(.notFound, error.message, details: details)
    case .outOfRange: self.init(.outOfRange, error.message, details: details)
    case .failedPrecondition: self.init(.wrongStore, error.message, details: details)
    case .resourceExhausted: self.init(.busy, error.message, details: details)
    case .permissionDenied, .unauthenticated: self.init(.denied, error.message, details: details)
    case .unimplemented:
      self.init(
        .unsupported, "\(endpoint) cannot do this (\(error.message)): update tallyd",
        details: details)
    case .dataLoss: self.init(.storeDamaged, error.message, details: details)
    case .ok, .unknown, .internal, .alreadyExists:
      self.init(
        .serverFailed, "\(endpoint) failed (\(error.code.name) \(error.message)): see its log",
        details: details)
    }
  }

  static func invalidAnswer(_ what: String, from endpoint: Endpoint) -> TallyError {
    TallyError(
      .invalidAnswer, "\(endpoint) answered with \(what): check that tallyd and client fit together"
    )
  }
}
