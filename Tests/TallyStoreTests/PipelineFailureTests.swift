internal import EventLog
internal import Foundation
internal import Synchronization
internal import TallyModel
internal import TallyStore
internal import Testing

@Suite struct `pipeline that cannot` {
  private func code(_ body: () throws -> Void) -> StoreError.Code? {
    do {
      try body()
      return nil
    } catch { return (error as? StoreError)?.code }
  }

  @Test func `a directory is open once`() throws {
    let directory = PipelineDirectory()
    let store = try directory.open()
    defer { directory.close(store) }

    #expect(code { _ = try directory.open() } == .alreadyOpen)

    store.close()
    let next = try directory.open()
    defer { directory.close(next) }
    #expect(code { _ = try store.snapshot() } == .closed)
    #expect(store.status().openTransactions == 0)
  }

  @Test func `a damaged log refuses the start and changes nothing`() throws {
    let directory = PipelineDirectory()
    do {
      let store = try directory.open { $0.foldNanoseconds = 3_600_000_000_000 }
      for number in 0..<5 { _ = store.appendAndWait(attempts(number..<number + 1)) }
      store.abandon()
    }
    let segment = URL(fileURLWithPath: directory.path + "/log/0000000000000001.seg")
    var bytes = try Data(contentsOf: segment)
    bytes[4_200] ^= 1
    try bytes.write(to: segment)

    #expect(code { _ = try directory.open() } == .dataLoss)

    bytes[4_200] ^= 1
    try bytes.write(to: segment)
    let store = try directory.open()
    defer { directory.close(store) }
    #expect(try store.waitUntilApplied(6).get() == 6)
  }

  @Test func `a record that cannot be applied stops the fold there, and reads go on`() throws {
    let directory = PipelineDirectory()
    try directory.open().close()
    let secret = [UInt8](repeating: 1, count: 32)
    let good = (0..<9).map { number in
      (kind: RecordKind.batch, payload: attempts(number..<number + 1).bytes, count: 1)
    }
    try directory.appendToLog(
      [(kind: .tenant, payload: secret, count: 0)] + good
        + [(kind: .batch, payload: [1, 2, 3], count: 1)] + good)

    let store = try directory.open()
    defer { directory.close(store) }

    #expect(waitBriefly { store.status().foldError != nil })
    #expect(store.status().foldError?.position == 11)
    #expect(store.status().foldError?.code == .badRecord)
    #expect(store.appliedPosition == 10)
    #expect(store.durablePosition == 20)
    #expect(store.hasRoom)
    #expect(try store.waitUntilApplied(10).get() == 10)
    guard case .failure(let wait) = store.waitUntilApplied(11),
      case .failure(let append) = store.appendAndWait(attempts(0..<1))
    else {
      Issue.record("answered as if nothing were wrong")
      return
    }
    #expect(wait.code == .unavailable)
    #expect(append.code == .unavailable)
    #expect(append.message.contains("11"))
  }

  @Test func `a batch before its tenant's record is never skipped`() throws {
    let directory = PipelineDirectory()
    try directory.open().close()
    try directory.appendToLog([(kind: .batch, payload: attempts(0..<1).bytes, count: 1)])

    let store = try directory.open()
    defer { directory.close(store) }

    #expect(waitBriefly { store.status().foldError?.position == 1 })
    #expect(store.appliedPosition == 0)
  }

  @Test func `a full map is an error of its own`() throws {
    let directory = PipelineDirectory()
    let store = try directory.open { $0.mapSizeBytes = 1 << 20 }
    defer { directory.close(store) }
    var last: Result<BatchOutcome, StoreError>?
    for number in 0..<50 {
      last = store.applyAndWait(attempts(number * 1_000..<number * 1_000 + 1_000))
      if case .failure = last { break }
    }

    guard case .failure(let error) = last else {
      Issue.record("50,000 events fit into 1 MiB")
      return
    }
    #expect(error.code == .mapFull, "\(error)")
    #expect(store.status().foldError?.code == .mapFull)
    #expect(store.hasRoom)
  }

  @Test func `when the tenant's record fails its batches fail, and the next try succeeds`() throws {
    let directory = PipelineDirectory()
    let writes = Mutex(0)
    let store = try directory.open { options in
      options.log.operations.fault = { operation, _ in
        guard operation == .syncRecords else { return nil }
        return writes.withLock { writes in
          writes += 1
          return writes == 1 ? .error(EIO) : nil
        }
      }
    }
    defer { directory.close(store) }

    guard case .failure(let error) = store.appendAndWait(attempts(0..<1)) else {
      Issue.record("taken")
      return
    }
    #expect(error.code == .unavailable)
    #expect(try store.applyAndWait(attempts(0..<1)).get().position == 2)
  }

  @Test func `an outcome is asked for in vain when the write fails`() throws {
    let directory = PipelineDirectory()
    let writes = Mutex(0)
    let store = try directory.open { options in
      options.log.operations.fault = { operation, _ in
        guard operation == .writeRecords else { return nil }
        return writes.withLock { writes in
          writes += 1
          return writes == 2 ? .torn(bytes: 40, error: ENOSPC) : nil
        }
      }
    }
    defer { directory.close(store) }

    guard case .failure(let error) = store.applyAndWait(attempts(0..<1)) else {
      Issue.record("taken")
      return
    }
    #expect(error.code == .unavailable)
    let outcome = try store.applyAndWait(attempts(0..<1)).get()
    #expect(outcome.position == 2)
    #expect(outcome.applied == 1)
  }
}
