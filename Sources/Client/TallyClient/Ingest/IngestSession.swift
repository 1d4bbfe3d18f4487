internal import GRPC
internal import Synchronization
public import TallyMessages

/// Sends batches of events over one stream, many under way at once, and matches the answers.
///
/// When the connection is lost, it is made again, and every batch that has no answer yet is sent
/// again: facts are registers, so a batch that arrives twice changes nothing. `TallyClient.ingest`
/// makes a session and ends it.
///
/// ```
///               send                  written                answer
///   (has room) ─────► queued ───────────────────► under way ───────► answered
///                        ▲    connection lost        │
///                        └───────────────────────────┘
/// ```
public final class IngestSession: Sendable {
  let client: TallyClient
  let options: IngestOptions
  let queue: Mutex<BatchQueue>

  init(_ client: TallyClient, options: IngestOptions) {
    self.client = client
    self.options = options
    queue = Mutex(BatchQueue(options))
  }

  /// More batches than this are not under way at once.
  public var mostUnderWay: Int { options.mostUnderWay }

  /// Sends a batch and waits for its answer; from many tasks at once for speed.
  ///
  /// Waits for room first while too many batches are under way.
  ///
  /// - Throws: what ended the session: whether the batch was stored is then unknown, and sending it
  ///   again in another session is harmless.
  public func send(_ batch: IngestBatch) async throws(TallyError) -> IngestResponse {
    await withUnsafeContinuation { (continuation: UnsafeContinuation<Void, Never>) in
      resume(queue.withLock { $0.enter(bytes: batch.encodedEvents.count, continuation) })
    }
    let answer: Result<IngestResponse, TallyError> = await withUnsafeContinuation { continuation in
      let wakes = queue.withLock { queue in
        queue.add(continuation, bytes: batch.encodedEvents.count) { sequence in
          batch.request(sequence: sequence, tenant: client.tenant, options: options)
        }
      }
      resume(wakes)
    }
    return try answer.get()
  }

  /// Encodes events, sends them as one batch and waits for the answer.
  public func send(_ events: some Collection<Event>) async throws(TallyError) -> IngestResponse {
    try await send(IngestBatch(events))
  }

  /// Carries out what the queue decided, outside its lock.
  func resume(_ wakes: BatchQueue.Wakes) {
    for waiter in wakes.entered { waiter.resume() }
    for (continuation, answer) in wakes.answered { continuation.resume(returning: answer) }
    wakes.sender?.resume()
  }
}

extension TallyClient {
  /// Opens a session, hands it to `body`, and ends it when all answers are there.
  ///
  /// - Returns: what `body` returned.
  public func ingest<R, Failure: Error>(
    _ options: IngestOptions = IngestOptions(),
    _ body: (IngestSession) async throws(Failure) -> R
  ) async throws(Failure) -> R {
    let session = IngestSession(self, options: options)
    var outcome: Result<R, Failure>?
    await withTaskGroup(of: Void.self) { group in
      group.addTask { await session.run() }
      do throws(Failure) {
        outcome = .success(try await body(session))
      } catch {
        outcome = .failure(error)
      }
      session.finish()
    }
    guard let outcome else { preconditionFailure("the body has returned or thrown") }
    return try outcome.get()
  }
}
