internal import EventLog
internal import Foundation
internal import TallyModel
internal import TallyStore

/// A data directory for one test, gone with it.
final class PipelineDirectory {
  let path = NSTemporaryDirectory() + "tally-pipeline-" + UUID().uuidString

  deinit { try? FileManager.default.removeItem(atPath: path) }

  func open(_ change: (inout StoreOptions) -> Void = { _ in }) throws -> Store {
    var options = StoreOptions.small
    options.log.segmentBytes = 256 << 10
    change(&options)
    return try Store(path, options: options)
  }

  /// Closes the store while its directory is still there.
  func close(_ store: Store) { store.close() }

  /// Appends records that no store would, as long as none is open.
  func appendToLog(_ entries: [(kind: RecordKind, payload: [UInt8], count: Int)]) throws {
    let database = try Database(directory: path, options: .init(mapSizeBytes: 64 << 20))
    let identity = LogIdentity(
      storeID: database.identity.storeID, timeline: database.identity.timeline)
    var options = LogOptions()
    options.segmentBytes = 256 << 10
    let log = try EventLog(
      directory: path + "/log", identity: identity, applied: 0, options: options)
    for entry in entries {
      log.append(
        LogEntry(
          kind: entry.kind, tenant: Array("t".utf8), payload: entry.payload,
          eventCount: entry.count, acceptedAt: 1, completion: { _ in }))
    }
    log.close()
  }
}

extension Store {
  func appendAndWait(
    _ batch: EventBatch, tenant: String = "t"
  ) -> Result<UInt64, StoreError> {
    let answer = Monitor<Result<UInt64, StoreError>?>(nil)
    append(tenant: tenant, batch: batch, acceptedAt: Timestamp(nanoseconds: 5)) { durable in
      answer.change { $0 = durable }
    }
    return answer.wait { $0 } ?? .failure(StoreError(code: .failed, message: "no answer"))
  }

  func applyAndWait(
    _ batch: EventBatch, tenant: String = "t"
  ) -> Result<BatchOutcome, StoreError> {
    let answer = Monitor<Result<BatchOutcome, StoreError>?>(nil)
    append(
      tenant: tenant, batch: batch, acceptedAt: Timestamp(nanoseconds: 5),
      whenApplied: { applied in answer.change { $0 = applied } })
    return answer.wait { $0 } ?? .failure(StoreError(code: .failed, message: "no answer"))
  }

  func waitUntilApplied(_ position: UInt64) -> Result<UInt64, StoreError> {
    let answer = Monitor<Result<UInt64, StoreError>?>(nil)
    _ = whenApplied(atLeast: position) { applied in answer.change { $0 = applied } }
    return answer.wait { $0 } ?? .failure(StoreError(code: .failed, message: "no answer"))
  }
}

/// Attempts `numbers`, each by one of 7 users at one of 5 activities, at the given version.
func attempts(_ numbers: Range<Int>, at nanoseconds: Int64 = 1_000) -> EventBatch {
  EventBatch(
    numbers.map { number in
      Event(
        occurredAt: Timestamp(nanoseconds: nanoseconds),
        fact: .attempt(
          Fact.Attempt(
            attemptID: ID("attempt-\(number)"), userID: ID("user-\(number % 7)"),
            activityID: ID("activity-\(number % 5)"), courseID: "course")))
    })
}

/// Ends a wait for something that never comes.
func waitBriefly(until isTrue: () -> Bool) -> Bool {
  let bound = Clocks.monotonic() + 10_000_000_000
  while !isTrue() {
    if Clocks.monotonic() > bound { return false }
    usleep(500)
  }
  return true
}
