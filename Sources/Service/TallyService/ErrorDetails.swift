internal import GRPC
internal import TallyMessages

/// Why a call failed, for programs: the reason in ErrorInfo, under the domain `tally`.
///
/// Released names never change; api.md lists them.
enum FailureReason: String, CaseIterable {
  case invalidField = "INVALID_FIELD"
  case unknownResource = "UNKNOWN_RESOURCE"
  case revisionAhead = "REVISION_AHEAD"
  case otherStore = "OTHER_STORE"
  case otherCaller = "OTHER_CALLER"
  case tooManyReports = "TOO_MANY_REPORTS"
  case tooManyWatches = "TOO_MANY_WATCHES"
  case spoolFull = "SPOOL_FULL"
  case spoolFailed = "SPOOL_FAILED"
  case clientStalled = "CLIENT_STALLED"
  case storeFull = "STORE_FULL"
  case diskFull = "DISK_FULL"
  case backupRunning = "BACKUP_RUNNING"
  case compactionRunning = "COMPACTION_RUNNING"
  case storeUnavailable = "STORE_UNAVAILABLE"
  case storeDamaged = "STORE_DAMAGED"
  case verifyRunning = "VERIFY_RUNNING"
  case serverStopping = "SERVER_STOPPING"
  case serverFailed = "SERVER_FAILED"

  /// When the same call may go well, for what passes by itself.
  fileprivate var retryDelay: Google.Protobuf.Duration? {
    switch self {
    case .serverStopping: .init(nanos: 250_000_000)
    case .tooManyReports: .init(seconds: 1)
    case .tooManyWatches: .init(seconds: 10)
    case .spoolFull, .storeFull, .diskFull: .init(seconds: 5)
    default: nil
    }
  }
}

extension RPCError {
  /// A status that says the same to a person and, in `grpc-status-details-bin`, to a program.
  ///
  /// - Parameters:
  ///   - field: the path in the request of what broke a rule, as in `course_ids[3]`, and the rule.
  ///   - resource: what is not there: its kind and id.
  ///   - failureID: what the server's log has it under.
  init(
    _ code: StatusCode, _ reason: FailureReason, _ message: String,
    field: (path: String, rule: String)? = nil, resource: (kind: String, id: String)? = nil,
    failureID: String? = nil
  ) {
    // The same in both places: grpcio-status refuses details that disagree with their status.
    let message = cut(message)
    let info = Google.Rpc.ErrorInfo(
      reason: reason.rawValue, domain: "tally",
      metadata: failureID.map { [.init(key: "failureId", value: $0)] } ?? [])
    var details = [packed(info)]
    if let field {
      let violation = Google.Rpc.BadRequest.FieldViolation(
        field: cut(field.path), description: cut(field.rule), reason: reason.rawValue)
      details.append(packed(Google.Rpc.BadRequest(fieldViolations: [violation])))
    }
    if let resource {
      details.append(
        packed(
          Google.Rpc.ResourceInfo(
            resourceType: resource.kind, resourceName: cut(resource.id),
            description: "the directory does not know it")))
    }
    if let delay = reason.retryDelay {
      details.append(packed(Google.Rpc.RetryInfo(retryDelay: delay)))
    }
    let status = Google.Rpc.Status(
      code: Int32(code.rawValue), message: message, details: details)
    var metadata = Metadata()
    metadata.add(binary: status.encoded(), name: "grpc-status-details-bin")
    self.init(code, message, metadata: metadata)
  }

  /// A field of a request breaks a rule.
  static func invalid(_ field: String, _ rule: String) -> RPCError {
    RPCError(.invalidArgument, .invalidField, "\(field) \(rule)", field: (field, rule))
  }

  /// Nothing has that id, as far as the directory knows; nor does anything that may not be seen.
  static func notFound(_ kind: String, _ id: String) -> RPCError {
    RPCError(.notFound, .unknownResource, "no \(kind) '\(id)'", resource: (kind, id))
  }
}

/// A message as google.protobuf.Any holds it.
private func packed(_ message: some Message) -> Google.Protobuf.AnyMessage {
  .init(
    typeUrl: "type.googleapis.com/" + type(of: message).fullName, value: message.encoded())
}

/// Clients limit all trailers to 8 KiB, and what a request held may be in a text: message, id and
/// path make a quarter of that at most.
private func cut(_ text: String) -> String {
  let limit = 512
  guard text.utf8.count > limit else { return text }
  var end = text.utf8.index(text.utf8.startIndex, offsetBy: limit)
  while end.samePosition(in: text.unicodeScalars) == nil { end = text.utf8.index(before: end) }
  return String(text[..<end])
}
