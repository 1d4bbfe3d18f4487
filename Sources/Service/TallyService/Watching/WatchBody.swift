internal import GRPC
internal import Synchronization

/// The network loop's end of one watch: copies what the scans pushed.
final class WatchBody: ResponseBody {
  private struct State {
    var pipe: WatchPipe
    var wake: (@Sendable () -> Void)?
    /// When the client last took something, or there was nothing for it to take.
    var lastProgress = ContinuousClock.now
  }

  let rows: WatchedRows
  /// Where the caller is when the watch begins.
  let since: UInt64
  let compression: Compression
  private let call: ServerCall
  private let watches: Watches
  private let state: Mutex<State>

  init(
    _ rows: WatchedRows, since: UInt64, call: ServerCall, watches: Watches, queueBytes: Int
  ) {
    self.rows = rows
    self.since = since
    self.call = call
    self.watches = watches
    compression = call.compression
    state = Mutex(State(pipe: WatchPipe(queueBytes: queueBytes)))
  }

  // MARK: The network loop

  func start(wake: @escaping @Sendable () -> Void) {
    state.withLock { $0.wake = wake }
    watches.add(self)
  }

  func fill(_ out: UnsafeMutableRawBufferPointer) -> Fill {
    let action = state.withLock { state in
      state.lastProgress = .now
      return state.pipe.next(into: out)
    }
    switch action {
    case .copied(let size): return .bytes(size)
    case .read(let file, let offset, let available):
      let part = UnsafeMutableRawBufferPointer(rebasing: out[..<min(available, out.count)])
      guard let size = file.read(at: offset, into: part) else {
        let error = RPCError(
          .unavailable, .spoolFailed,
          "the server cannot read its spool: watch on from the last mark")
        watches.remove(self)
        return .finished(error)
      }
      state.withLock { $0.pipe.sent(size) }
      return .bytes(size)
    case .wait: return .deferred
    case .finish(let error):
      watches.remove(self)
      return .finished(error)
    }
  }

  func cancel() {
    state.withLock { state in
      state.pipe.cancel()
      state.wake = nil
    }
    watches.remove(self)
  }

  // MARK: The reader loop

  /// Whether the client has everything that was pushed.
  var isDrained: Bool { state.withLock { $0.pipe.isDrained } }

  /// Whether nobody wants more.
  var isOver: Bool { state.withLock { $0.pipe.isOver } }

  func beginScan() { state.withLock { $0.pipe.beginScan() } }

  func endScan() { state.withLock { $0.pipe.endScan() } }

  /// Takes a framed message. What does not fit into memory goes to a file of `spool`; if that
  /// fails the watch ends.
  func push(_ message: [UInt8], spool: Spool) {
    switch state.withLock({ $0.pipe.push(message) }) {
    case .drop: break
    case .queued(let wakes): if wakes { wake() }
    case .spool(let open):
      do throws(SpoolFile.WriteError) {
        let file: SpoolFile
        if let open { file = open } else { file = try spool.makeFile(for: call.callerHost) }
        try message.lend { bytes throws(SpoolFile.WriteError) in try file.write(bytes) }
        if state.withLock({ $0.pipe.spooled(message.count, to: file) }) { wake() }
      } catch {
        end(Self.status(of: error))
      }
    }
  }

  private func wake() {
    state.withLock { $0.wake }?()
  }

  // MARK: The end

  /// Ends the watch; what is not sent is dropped. The client goes on from its last mark.
  func fail(_ error: RPCError) {
    if state.withLock({ $0.pipe.fail(error) }) { wake() }
  }

  /// The same for a client that takes nothing: it may not even take the status.
  private func end(_ error: RPCError) {
    fail(error)
    call.end(error)
  }

  /// Ends the watch if its client has taken nothing for `limit` though there was something.
  func endIfStalled(for limit: Duration, at now: ContinuousClock.Instant) {
    let isStalled = state.withLock { state in
      if state.pipe.isDrained { state.lastProgress = now }
      return now - state.lastProgress > limit
    }
    guard isStalled else { return }
    end(
      RPCError(
        .resourceExhausted, .clientStalled,
        "the client took nothing for \(limit.components.seconds) s: watch on from the last mark"))
  }

  private static func status(of error: SpoolFile.WriteError) -> RPCError {
    switch error {
    case .quota:
      RPCError(
        .resourceExhausted, .spoolFull,
        "slow readers use up the spool: read faster, and watch on from the last mark")
    case .disk(let code):
      RPCError(
        .unavailable, .spoolFailed,
        "the server cannot write its spool (errno \(code)): watch on from the last mark")
    }
  }
}
