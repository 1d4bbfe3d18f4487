internal import GRPC
internal import TallyMessages

extension TallyError {
  /// What a server says about a failure for programs to read: google.rpc's error details.
  ///
  /// Empty if the failure is the client's own, the network's, or of a server that says nothing.
  public struct Details: Sendable, Equatable {
    /// Why, in a word that never changes, such as `TOO_MANY_REPORTS`; api.md lists them.
    public var reason: String?
    /// What goes with the reason, such as the id of a failure in the server's log.
    public var metadata: [String: String] = [:]
    /// What is wrong with the request, by field.
    public var fieldViolations: [FieldViolation] = []
    /// What the directory does not know.
    public var resource: Resource?
    /// The same request may succeed after this time; `nil` if it would not, or nobody knows.
    public var retryDelay: Duration?

    /// Says nothing.
    public init() {}
  }

  /// A field of a request that breaks a rule.
  public struct FieldViolation: Sendable, Equatable {
    /// Its path in the request, such as `course_ids[3]`.
    public let field: String
    /// What it would have to be, or what it is.
    public let rule: String

    /// A violation as the server has it.
    public init(field: String, rule: String) {
      self.field = field
      self.rule = rule
    }
  }

  /// Something that a request names.
  public struct Resource: Sendable, Equatable {
    /// Such as `course`.
    public let kind: String
    /// As in the request.
    public let id: String

    /// A resource as the server has it.
    public init(kind: String, id: String) {
      self.kind = kind
      self.id = id
    }
  }
}

extension TallyError.Details {
  /// What `grpc-status-details-bin` says; nothing if it cannot be read or is of another status,
  /// since the status matters more.
  init(_ error: RPCError) {
    self.init()
    guard let bytes = error.metadata[binary: "grpc-status-details-bin"],
      let status = try? Google.Rpc.Status(decoding: bytes), Int(status.code) == error.code.rawValue
    else { return }
    for detail in status.details { take(detail) }
  }

  private mutating func take(_ detail: Google.Protobuf.AnyMessage) {
    if let info = Google.Rpc.ErrorInfo(packed: detail) {
      reason = info.reason
      // A map: of entries with the same key the last stands.
      for entry in info.metadata { metadata[entry.key] = entry.value }
    } else if let request = Google.Rpc.BadRequest(packed: detail) {
      fieldViolations += request.fieldViolations.map {
        TallyError.FieldViolation(field: $0.field, rule: $0.description)
      }
    } else if let info = Google.Rpc.ResourceInfo(packed: detail) {
      resource = TallyError.Resource(kind: info.resourceType, id: info.resourceName)
    } else if let delay = Google.Rpc.RetryInfo(packed: detail)?.retryDelay,
      // protobuf's own bound of a Duration; beyond it a sum could overflow.
      (0...315_576_000_000).contains(delay.seconds), (0...999_999_999).contains(delay.nanos)
    {
      retryDelay = .seconds(delay.seconds) + .nanoseconds(Int64(delay.nanos))
    }
  }
}

extension Message {
  /// `nil` if `packed` is of another type or cannot be read.
  fileprivate init?(packed: Google.Protobuf.AnyMessage) {
    guard packed.typeUrl.hasSuffix("/" + Self.fullName),
      let message = try? Self(decoding: packed.value)
    else { return nil }
    self = message
  }
}
