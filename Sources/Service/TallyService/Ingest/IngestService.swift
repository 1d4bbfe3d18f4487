internal import GRPC
internal import TallyMessages
internal import TallyModel
internal import TallyStore

/// Takes batches of events and answers each once it is safe.
///
/// One task reads, converts and appends; one writes the answers in the order of the requests.
struct IngestService: IngestServiceServer {
  let store: Store
  let limits: Limits
  let judge: BatchJudge
  let failures: Failures
  let stop: StopSignal
  /// The server's clock.
  let clock: @Sendable () -> Timestamp

  /// Batches of one stream under way.
  private static let batchesUnderWay = 256
  /// Verdicts of one stream that wait for their client.
  private static let verdictsUnderWay = 10_000
  private static let maxEvents = 10_000
  private static let stopping = RPCError(
    .unavailable, .serverStopping, "the server stops: send what was not answered to the next one")

  func ingest(
    _ requests: Requests<IngestRequest>, _ replies: Replies<IngestResponse>, _ call: ServerCall
  ) async throws(RPCError) {
    let answers = AnswerQueue(
      limit: Self.batchesUnderWay, verdictLimit: Self.verdictsUnderWay)
    let reading = Task { await read(requests, into: answers) }
    let registration = stop.onStop { reading.cancel() }
    let end = await withTaskCancellationHandler {
      await write(answers, to: replies)
    } onCancel: {
      reading.cancel()
    }
    stop.forget(registration)
    reading.cancel()
    answers.abandon()
    await reading.value
    if let end { throw end }
  }

  /// Reads until the client has finished or something is wrong, which then is the last answer.
  private func read(_ requests: Requests<IngestRequest>, into answers: AnswerQueue) async {
    do throws(RPCError) {
      var iterator = requests.makeAsyncIterator()
      while let request = try await iterator.next() {
        await roomInStore()
        let place = await answers.nextPlace()
        do throws(RPCError) {
          try await take(request, at: place, answers)
        } catch {
          answers.fill(place, .failure(error))
          break
        }
      }
    } catch {
      let end = stop.isStopping ? Self.stopping : error
      answers.fill(await answers.nextPlace(), .failure(end))
    }
    answers.finish()
  }

  /// Writes answers until the last; the error that ended the stream, if one did.
  private func write(_ answers: AnswerQueue, to replies: Replies<IngestResponse>) async -> RPCError?
  {
    do throws(RPCError) {
      while let ready = await answers.take() {
        for answer in ready { try await replies.write(try answer.get()()) }
      }
      return nil
    } catch {
      return error
    }
  }

  /// Waits while the store has no room: meanwhile the client is not read.
  private func roomInStore() async {
    while !store.hasRoom, !Task.isCancelled {
      await withCheckedContinuation { continuation in
        store.whenRoom { continuation.resume() }
      }
    }
  }

  private func take(
    _ request: IngestRequest, at place: Int, _ answers: AnswerQueue
  ) async throws(RPCError) {
    try RequestID.check(request.tenant, field: "tenant")
    guard request.events.count <= Self.maxEvents else {
      throw .invalid(
        "events", "has \(request.events.count) events, at most \(Self.maxEvents) are allowed")
    }
    let now = clock()
    let batch = Batch(request, now: now, limits: limits)
    answers.expect(verdicts: batch.verdicts.count, at: place)
    if request.dryRun {
      // Judged before the next request is read: nothing else bounds what waits for a dry run.
      answers.fill(place, await judge.answer(batch, tenant: request.tenant))
      return
    }
    let isApplied = request.answerWhen == .applied
    guard batch.events.count > 0 else {
      let revision = store.newestRevision
      answers.fill(
        place,
        .success { isApplied ? batch.answer(revision, outcomes: []) : batch.answer(revision) })
      return
    }
    append(batch, tenant: request.tenant, now, isApplied: isApplied) { answers.fill(place, $0) }
  }

  private func append(
    _ batch: Batch, tenant: String, _ now: Timestamp, isApplied: Bool,
    _ answer: @escaping @Sendable (AnswerQueue.Answer) -> Void
  ) {
    let (store, failures) = (store, failures)
    let answered = batch.withoutEvents
    if isApplied {
      store.append(
        tenant: tenant, batch: batch.events, acceptedAt: now,
        whenApplied: { result in
          answer(
            result.map { outcome in
              {
                answered.answer(
                  store.revision(outcome.position), outcomes: outcome.verdicts)
              }
            }.mapError { failures.status(of: $0) })
        })
    } else {
      store.append(
        tenant: tenant, batch: batch.events, acceptedAt: now,
        whenDurable: { result in
          answer(
            result.map { position in { answered.answer(store.revision(position)) } }
              .mapError { failures.status(of: $0) })
        })
    }
  }
}

extension Store {
  /// A position of this store's log, for a client.
  func revision(_ position: UInt64) -> Revision {
    Revision(storeId: identity.storeID, timeline: identity.timeline, position: position)
  }

  /// The newest batch that is on disk.
  var newestRevision: Revision { revision(durablePosition) }
}
