internal import GRPC

/// An id as a request carries it.
enum RequestID {
  private static let maxBytes = 128

  /// - Throws: INVALID_ARGUMENT unless it has 1 to 128 bytes without NUL.
  static func check(_ id: String, field: String) throws(RPCError) {
    let count = id.utf8.count
    guard count > 0 else { throw .invalid(field, "is required") }
    guard count <= maxBytes else {
      throw .invalid(field, "has \(count) bytes, at most \(maxBytes) are allowed")
    }
    guard !id.utf8.contains(0) else { throw .invalid(field, "must not hold a NUL") }
  }
}
