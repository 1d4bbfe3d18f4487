internal import GRPC
internal import NIOCore
internal import Synchronization

/// The network loop's end of a report: copies what the reader loop made ready.
final class ReportBody: ResponseBody {
  private struct Outgoing {
    var chunk: Chunk?
    /// Bytes of the spool file that are sent.
    var spoolOffset = 0
    /// When the client last took something, or there was nothing for it to take.
    var lastProgress = ContinuousClock.now
  }

  private struct Shared {
    var pipe: Pipe
    var wake: (@Sendable () -> Void)?
  }

  /// Locked before `shared` wherever both are.
  private let outgoing = Mutex(Outgoing())
  private let shared: Mutex<Shared>
  private let job: ReportJob
  private let call: ServerCall
  private let readers: Readers
  private let whenSent: (@Sendable () -> Void)?

  init(opening: ReportOpening, call: ServerCall, readers: Readers) {
    self.call = call
    self.readers = readers
    whenSent = opening.whenSent
    shared = Mutex(Shared(pipe: Pipe(ringChunks: readers.options.ringChunks)))
    job = ReportJob(opening: opening, caller: call.callerHost, readers: readers)
  }

  // MARK: The network loop

  func start(wake: @escaping @Sendable () -> Void) {
    shared.withLock { $0.wake = wake }
    readers.add(self)
    job.start(body: self)
  }

  func fill(_ out: UnsafeMutableRawBufferPointer) -> Fill {
    var filled = 0
    let ending = outgoing.withLock { outgoing -> Fill? in
      outgoing.lastProgress = .now
      while filled < out.count {
        let rest = UnsafeMutableRawBufferPointer(rebasing: out[filled...])
        if let size = outgoing.chunk?.take(into: rest), size > 0 {
          filled += size
        } else if let ending = next(&outgoing, rest, &filled) {
          return ending
        }
      }
      return nil
    }
    if filled > 0 { return .bytes(filled) }
    if case .finished(let error) = ending {
      readers.remove(self)
      if error == nil { whenSent?() }
    }
    return ending ?? .deferred
  }

  func cancel() {
    shared.withLock { shared in
      shared.pipe.cancel()
      shared.wake = nil
    }
    outgoing.withLock { $0 = Outgoing() }
    readers.remove(self)
    job.stop()
  }

  /// Takes the next thing there is to send; nil after progress, else how the turn ends.
  private func next(
    _ outgoing: inout Outgoing, _ out: UnsafeMutableRawBufferPointer, _ filled: inout Int
  ) -> Fill? {
    let emptied = outgoing.chunk.take()
    let offset = outgoing.spoolOffset
    let action = shared.withLock { $0.pipe.take(emptied: emptied, offset: offset) }
    switch action {
    case .send(let chunk, let resume):
      outgoing.chunk = chunk
      if resume { job.resume() }
      return nil
    case .read(let file, let available):
      let part = UnsafeMutableRawBufferPointer(rebasing: out[..<min(available, out.count)])
      guard let size = file.read(at: offset, into: part) else {
        let error = RPCError(
          .unavailable, .spoolFailed, "the server cannot read its spool: call again")
        fail(error)
        return .finished(error)
      }
      filled += size
      outgoing.spoolOffset += size
      return nil
    case .wait:
      return .deferred
    case .finish(let error):
      return .finished(error)
    }
  }

  // MARK: The reader loop

  /// What the reader loop may do next, with a chunk of at least `capacity` bytes.
  func room(capacity: Int) -> Pipe.OnRoom {
    shared.withLock { $0.pipe.room(capacity: capacity) }
  }

  func put(_ chunk: Chunk) {
    wake { $0.put(chunk) }
  }

  func spooled(_ bytes: Int) {
    wake { $0.spooled(bytes) }
  }

  /// How much of the spool file is sent, and whether that is all that it holds.
  var sentOfSpool: (bytes: Int, isAll: Bool) {
    outgoing.withLock { outgoing in
      let offset = outgoing.spoolOffset
      return (offset, !shared.withLock { $0.pipe.hasBytes(after: offset) })
    }
  }

  /// Empties the spool file, of which all is sent.
  ///
  /// - Returns: false if the disk fails, or the call is over.
  func restartSpool() -> Bool {
    outgoing.withLock { outgoing in
      guard shared.withLock({ $0.pipe.restartSpool() }) else { return false }
      outgoing.spoolOffset = 0
      return true
    }
  }

  func complete() {
    wake { $0.complete() }
  }

  /// Ends the call with `error`; what is not sent is dropped.
  func fail(_ error: RPCError) {
    wake { $0.fail(error) }
  }

  /// The same for a client that takes nothing: it may not even take the status.
  func give(up error: RPCError) {
    fail(error)
    call.end(error)
  }

  /// The one-way switch: writes to `file` whatever is not sent, and lets the call read it.
  func switchToSpool(_ file: SpoolFile) throws(SpoolFile.WriteError) {
    let outcome = outgoing.withLock { outgoing -> Result<Int, SpoolFile.WriteError> in
      var chunks = shared.withLock { $0.pipe.unsentChunks() }
      if let chunk = outgoing.chunk.take() { chunks.insert(chunk, at: 0) }
      var bytes = 0
      for chunk in chunks {
        do throws(SpoolFile.WriteError) {
          try chunk.withRemaining { bytes -> Result<Void, SpoolFile.WriteError> in
            Result { () throws(SpoolFile.WriteError) in try file.write(bytes) }
          }.get()
        } catch {
          return .failure(error)
        }
        bytes += chunk.remaining
      }
      return .success(bytes)
    }
    let bytes = try outcome.get()
    wake { $0.switchToSpool(file, bytes: bytes) }
  }

  /// Ends the call if its client has taken nothing for `limit` though there was something.
  func endIfStalled(for limit: Duration, at now: ContinuousClock.Instant) {
    let isStalled = outgoing.withLock { outgoing in
      let offset = outgoing.spoolOffset
      let hasRest =
        (outgoing.chunk?.remaining ?? 0) > 0
        || shared.withLock { $0.pipe.hasBytes(after: offset) }
      if !hasRest { outgoing.lastProgress = now }
      return now - outgoing.lastProgress > limit
    }
    guard isStalled else { return }
    readers.strike(.stallLimit)
    outgoing.withLock { $0.chunk = nil }
    let error = RPCError(
      .resourceExhausted, .clientStalled,
      "the client took nothing for \(limit.components.seconds) s: call again")
    give(up: error)
    job.stop()
  }

  private func wake(_ change: (inout Pipe) -> Bool) {
    let wake = shared.withLock { shared in
      change(&shared.pipe) ? shared.wake : nil
    }
    wake?()
  }
}

extension ServerCall {
  /// The caller, as far as it is known: its address without the port.
  var callerHost: String {
    guard let colon = peer.utf8.lastIndex(of: UInt8(ascii: ":")) else { return peer }
    return String(peer[..<colon])
  }
}
