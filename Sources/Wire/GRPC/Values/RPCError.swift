/// A call that ended with a status other than OK.
package struct RPCError: Error, Sendable, Hashable, CustomStringConvertible {
  /// Never `.ok`.
  package var code: StatusCode
  /// For a person: what failed, on which thing, and what to do next. Cut at about 1 KiB on the
  /// wire.
  package var message: String
  /// Trailing metadata that goes with the status, such as `grpc-status-details-bin`.
  package var metadata: Metadata

  package init(_ code: StatusCode, _ message: String, metadata: Metadata = Metadata()) {
    precondition(code != .ok, "an error has a status other than OK")
    self.code = code
    self.message = message
    self.metadata = metadata
  }

  package var description: String {
    message.isEmpty ? code.name : "\(code.name): \(message)"
  }
}
