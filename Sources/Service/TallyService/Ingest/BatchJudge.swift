internal import TallyMessages
internal import TallyStore

/// Says what would become of a batch, without taking it: on a reader loop, against the newest
/// snapshot with the batch laid over it, so that neither the network nor the fold waits.
struct BatchJudge: Sendable {
  let store: Store
  let readers: Readers
  let failures: Failures

  func answer(_ batch: Batch, tenant: String) async -> AnswerQueue.Answer {
    await withCheckedContinuation { done in
      readers.run { [self] in done.resume(returning: judge(batch, tenant)) }
    }
  }

  private func judge(_ batch: Batch, _ tenant: String) -> AnswerQueue.Answer {
    let revision = store.newestRevision
    do throws(StoreError) {
      let outcomes = try store.snapshot().judge(tenant: tenant, batch.events)
      let answered = batch.withoutEvents
      return .success { answered.answer(revision, outcomes: outcomes) }
    } catch {
      return .failure(failures.status(of: error))
    }
  }
}
