internal import GRPC
internal import Synchronization
internal import TallyMessages
internal import TallyStore

/// Verify: one at a time, in a process of its own, as long as its client listens.
final class VerifyService: Sendable {
  private struct State {
    var running: Verification?
    var isTaken = false
  }

  private let store: Store
  private let program: [String]
  private let failures: Failures
  private let stop: StopSignal
  private let state = Mutex(State())

  /// - Parameter program: the executable that checks and its first arguments.
  init(store: Store, program: [String], failures: Failures, stop: StopSignal) {
    self.store = store
    self.program = program
    self.failures = failures
    self.stop = stop
    store.removeVerifyDirectory()
  }

  var method: ServerMethod {
    ServerMethod(
      "/tally.v1.AdminService/Verify",
      .serverStreaming { [self] (message, call) throws(RPCError) in
        let request = try VerifyRequest(request: message)
        if let tenant = request.tenant {
          try RequestID.check(tenant, field: "tenant")
          try checkKnown(tenant)
        }
        try checkRoom()
        return WrittenBody { [self] writer async throws(RPCError) in
          try await run(request, writer)
        }
      })
  }

  /// Ends what is under way and waits for it. No call may be open any more.
  func shutDown() {
    let running = state.withLock { $0.running.take() }
    running?.cancel()
    running?.join()
  }

  private func checkKnown(_ name: String) throws(RPCError) {
    let isKnown: Bool
    do throws(StoreError) { isKnown = try store.snapshot().tenant(name) != nil } catch {
      throw failures.status(of: error)
    }
    if !isKnown { throw .notFound("tenant", name) }
  }

  private func checkRoom() throws(RPCError) {
    let room: (needed: Int, free: Int)
    do throws(StoreError) { room = try store.verifyRoom() } catch {
      throw failures.status(of: error)
    }
    if room.free >= room.needed { return }
    throw RPCError(
      .resourceExhausted, .diskFull,
      "the copy to check takes \(room.needed) bytes with the reserve, and the disk has "
        + "\(room.free): make room")
  }

  private func run(_ request: VerifyRequest, _ writer: ResponseWriter) async throws(RPCError) {
    guard take() else {
      throw RPCError(
        .resourceExhausted, .verifyRunning, "another verify runs: call again when it has ended")
    }
    let start = ContinuousClock.now
    let news = VerifyNews()
    let number = stop.onStop { news.stop() }
    defer { stop.forget(number) }
    let verification: Verification
    do throws(StoreError) {
      verification = try Verification(
        store, program: program, tenant: request.tenant, repairs: request.repair
      ) { [self] event in
        if case .ended = event { release() }
        news.add(event)
      }
    } catch {
      release()
      throw failures.status(of: error)
    }
    keep(verification)
    defer { verification.cancel() }
    try await tell(news, start, writer)
  }

  /// Writes what comes until the end.
  private func tell(
    _ news: VerifyNews, _ start: ContinuousClock.Instant, _ writer: ResponseWriter
  ) async throws(RPCError) {
    while let events = await news.take() {
      for event in events {
        switch event {
        case .ended(.success(let summary)):
          try await writer.write(
            VerifyResponse(part: .summary(self.summary(summary, start))).messageBytes())
          return
        case .ended(.failure(let error)): throw failures.status(of: error)
        default: try await writer.write(VerifyResponse(event).messageBytes())
        }
      }
    }
    if stop.isStopping {
      throw RPCError(.unavailable, .serverStopping, "the server stops: call again")
    }
    throw RPCError(.cancelled, "the call is over")
  }

  private func summary(
    _ summary: Verification.Summary, _ start: ContinuousClock.Instant
  ) -> VerifySummary {
    VerifySummary(
      revision: store.revision(summary.revision), records: summary.records,
      logEvents: summary.events, differences: summary.differences, repaired: summary.mended,
      remaining: summary.remaining, duration: .init(ContinuousClock.now - start))
  }

  // MARK: One at a time

  private func take() -> Bool {
    state.withLock { state in
      if state.isTaken { return false }
      state.isTaken = true
      return true
    }
  }

  /// The thread may have come to its end already: it is joined at the next one, or at the end.
  private func keep(_ verification: Verification) {
    let before = state.withLock { state in
      defer { state.running = verification }
      return state.running
    }
    before?.join()
  }

  private func release() { state.withLock { $0.isTaken = false } }
}

extension VerifyResponse {
  /// Any event but the last.
  fileprivate init(_ event: Verification.Event) {
    switch event {
    case .progress(let progress, let again):
      let step: VerifyStep =
        switch progress.step {
        case .copying: .copying
        case .tables: .records
        case .log: .log
        }
      self.init(
        part: .progress(
          VerifyProgress(
            step: step, again: again, table: progress.table, done: progress.done,
            total: progress.total)))
    case .repairing:
      self.init(part: .progress(VerifyProgress(step: .repairing)))
    case .difference(let difference): self.init(part: .difference(.init(difference)))
    case .mended(let difference): self.init(part: .repaired(.init(difference)))
    case .ended: preconditionFailure("the end is a summary or a status")
    }
  }
}

extension VerifyDifference {
  fileprivate init(_ difference: Difference) {
    self.init(
      kind: DifferenceKind(rawValue: Int32(difference.kind.rawValue)),
      tenant: difference.tenant, table: difference.table, key: difference.name,
      storedKey: difference.key, stored: difference.stored, expected: difference.expected,
      repairable: difference.isMendable)
  }
}
