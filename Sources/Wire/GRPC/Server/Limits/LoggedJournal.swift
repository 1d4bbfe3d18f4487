package import Logging
internal import Synchronization

/// Writes a server's journal to a log: one line a failed call, none a successful one.
///
/// Bounded, since a client can fail as fast as it likes: at most 20 calls a second, 20 handshakes,
/// and one line a second and limit; what was left out is counted in the next line. Neither messages
/// nor status texts: those may name a user.
package final class LoggedJournal: ServerJournal {
  private let logger: Logger
  private let state = Mutex(State())

  private struct State {
    var calls = Window()
    var handshakes = Window()
    var limits: [ServerLimit: Window] = [:]
  }

  /// What may be written within a second.
  private struct Window {
    private var begun: ContinuousClock.Instant?
    private var lines = 0
    private var leftOut = 0

    /// - Returns: how many were left out before this one; `nil` if it is left out too.
    mutating func take(_ allowed: Int, now: ContinuousClock.Instant) -> Int? {
      if begun.map({ now - $0 >= .seconds(1) }) ?? true {
        begun = now
        lines = 0
      }
      guard lines < allowed else {
        leftOut += 1
        return nil
      }
      lines += 1
      defer { leftOut = 0 }
      return leftOut
    }
  }

  package init(_ logger: Logger) {
    self.logger = logger
  }

  package func failed(_ path: String, _ error: RPCError, peer: String) {
    // A client that changes its mind is no failure that anybody looks for.
    guard error.code != .cancelled else { return }
    write("call failed", path, error.code.name, peer)
  }

  package func refused(_ path: String, httpStatus: Int, peer: String) {
    write("request refused", path, "HTTP \(httpStatus)", peer)
  }

  package func struck(_ limit: ServerLimit, peer: String) {
    let leftOut = state.withLock { $0.limits[limit, default: Window()].take(1, now: .now) }
    guard let leftOut else { return }
    logger.warning(
      "limit struck",
      metadata: [
        "limit.name": "\(limit.rawValue)", "limit.strikes": "\(leftOut + 1)",
        "call.peer": "\(peer)",
      ])
  }

  /// The TLS handshake of a connection failed. A limit that struck is told of as such.
  package func failedHandshake(_ failure: SecurityFailure, peer: String) {
    guard !failure.isTimeout,
      let leftOut = state.withLock({ $0.handshakes.take(20, now: .now) })
    else { return }
    var metadata: Logger.Metadata = [
      "client.address": "\(peer)", "failure.cause": "\(failure.reason.printable(500))",
    ]
    if leftOut > 0 { metadata["handshakes.left-out"] = "\(leftOut)" }
    logger.notice("handshake failed", metadata: metadata)
  }

  private func write(
    _ message: Logger.Message, _ path: String, _ status: String, _ peer: String
  ) {
    let leftOut = state.withLock { $0.calls.take(20, now: .now) }
    guard let leftOut else { return }
    var metadata: Logger.Metadata = [
      "call.method": "\(path.printable(200))", "call.status": "\(status)", "call.peer": "\(peer)",
    ]
    if leftOut > 0 { metadata["calls.left-out"] = "\(leftOut)" }
    logger.notice(message, metadata: metadata)
  }
}
