internal import GRPC
internal import TallyMessages
internal import TallyStore

/// Says what would become of a batch, without taking it. Works on a reader loop.
struct BatchJudge: Sendable {
  let store: Store
  let readers: Readers
  let failures: Failures

  /// Calls `answer` on a reader loop.
  func judge(
    _ batch: Batch, tenant: String, _ answer: @escaping @Sendable (AnswerQueue.Answer) -> Void
  ) {
    readers.run { [store, failures] in
      let revision = store.newestRevision
      do throws(StoreError) {
        let outcomes =
          batch.events.count > 0
          ? try store.database.judge(tenant: tenant, batch.events) : []
        let answered = batch.withoutEvents
        answer(.success { answered.answer(revision, outcomes: outcomes) })
      } catch {
        answer(.failure(failures.status(of: error)))
      }
    }
  }
}
