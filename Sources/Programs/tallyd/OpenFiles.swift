internal import GRPC
internal import Glibc

/// How many files and connections the process may have open.
enum OpenFiles {
  /// What the store, the log and the listener need besides connections.
  private static let reserve = 128

  /// Raises the process's own bound to what the system allows, and fits `limits` into it: else the
  /// store would be refused a file because clients have them all.
  ///
  /// - Returns: the connections that were asked for, if fewer fit.
  static func fit(_ limits: inout ServerLimits) -> Int? {
    var bound = rlimit()
    guard getrlimit(__rlimit_resource_t(RLIMIT_NOFILE.rawValue), &bound) == 0 else { return nil }
    bound.rlim_cur = bound.rlim_max
    // It fails only for a bound above the system's, which this is not.
    _ = setrlimit(__rlimit_resource_t(RLIMIT_NOFILE.rawValue), &bound)
    let room = max(1, Int(clamping: bound.rlim_cur) - reserve)
    guard limits.maxConnections > room else { return nil }
    defer { limits.maxConnections = room }
    return limits.maxConnections
  }
}
