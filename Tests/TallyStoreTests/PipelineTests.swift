internal import EventLog
internal import Foundation
internal import Synchronization
internal import TallyModel
internal import TallyStore
internal import Testing

@Suite struct `pipeline` {
  @Test func `a batch is durable, then applied, and the outcome says what it changed`() throws {
    let directory = PipelineDirectory()
    let store = try directory.open()
    defer { directory.close(store) }

    let first = try store.applyAndWait(attempts(0..<10)).get()
    let again = try store.applyAndWait(attempts(5..<12)).get()
    let older = try store.applyAndWait(attempts(0..<3, at: 500)).get()
    let newer = try store.applyAndWait(attempts(0..<3, at: 2_000)).get()

    // Position 1 is the tenant's record.
    #expect(first.position == 2)
    #expect(first.applied == 10)
    #expect(first.verdicts == Array(repeating: .applied, count: 10))
    #expect(again.position == 3)
    #expect(again.duplicates == 5)
    #expect(again.verdicts == Array(repeating: .duplicate, count: 5) + [.applied, .applied])
    #expect(older.superseded == 3)
    #expect(newer.applied == 3)
    #expect(store.appliedPosition == 5)
    #expect(store.durablePosition == 5)
  }

  @Test func `what is durable survives a kill and is applied at the next start`() throws {
    let directory = PipelineDirectory()
    do {
      let store = try directory.open { $0.foldNanoseconds = 3_600_000_000_000 }
      for number in 0..<20 {
        let position = try store.appendAndWait(attempts(number * 3..<number * 3 + 3)).get()
        #expect(position == UInt64(number + 2))
      }
      store.abandon()
      #expect(store.appliedPosition == 0)
    }

    let store = try directory.open()
    defer { directory.close(store) }

    #expect(store.recovery.unappliedBatches == 21)
    #expect(!store.recovery.isCleanStop)
    #expect(try store.waitUntilApplied(21).get() == 21)
    #expect(try store.applyAndWait(attempts(0..<60)).get().duplicates == 60)
  }

  @Test func `kills at any moment lose nothing that was acknowledged`() throws {
    let directory = PipelineDirectory()
    var acknowledged = 0
    for round in 0..<8 {
      let store = try directory.open { $0.foldNanoseconds = 3_000_000 }
      let count = Monitor(0)
      let start = acknowledged
      for number in 0..<60 {
        let batch = attempts((start + number) * 2..<(start + number) * 2 + 2)
        store.append(
          tenant: "t", batch: batch, acceptedAt: .epoch,
          whenDurable: { result in
            if case .success = result { count.change { $0 += 1 } }
          })
      }
      _ = count.wait { $0 >= 7 * round ? true : nil }
      store.abandon()
      acknowledged += count.withLock { $0 }
    }

    let store = try directory.open()
    defer { directory.close(store) }
    let outcome = try store.applyAndWait(attempts(0..<acknowledged * 2)).get()

    // Batches that were written and not answered may be there too; none that was answered is not.
    #expect(acknowledged > 100)
    #expect(outcome.duplicates == acknowledged * 2)
  }

  @Test func `a clean stop applies what is durable`() throws {
    let directory = PipelineDirectory()
    do {
      let store = try directory.open { $0.foldNanoseconds = 3_600_000_000_000 }
      for number in 0..<5 { _ = store.appendAndWait(attempts(number..<number + 1)) }
      store.close()
      #expect(store.appliedPosition == 6)
    }
    let store = try directory.open()
    defer { directory.close(store) }
    #expect(store.recovery.isCleanStop)
    #expect(store.recovery.unappliedBatches == 0)
    #expect(store.appliedPosition == 6)
    #expect(store.status().applied.position == 6)
  }

  @Test func `many threads and tenants get positions of their own`() throws {
    let directory = PipelineDirectory()
    let store = try directory.open()
    defer { directory.close(store) }
    let positions = Monitor<Set<UInt64>>([])
    let threads = (0..<4).map { thread in
      WorkerThread(name: "test") {
        for number in 0..<100 {
          let tenant = "tenant-\((thread + number) % 3)"
          store.append(
            tenant: tenant, batch: attempts(number..<number + 1), acceptedAt: .epoch,
            whenDurable: { result in
              if case .success(let position) = result {
                positions.change { _ = $0.insert(position) }
              }
            })
        }
      }
    }
    for thread in threads { thread.join() }

    #expect(waitBriefly { positions.withLock { $0.count } == 400 })
    // Three of 403 are the tenants' records.
    #expect(store.durablePosition == 403)
    #expect(try store.waitUntilApplied(403).get() == 403)
    for tenant in 0..<3 {
      let outcome = store.applyAndWait(attempts(0..<100), tenant: "tenant-\(tenant)")
      #expect(try outcome.get().duplicates == 100)
    }
  }

  @Test func `who waits is answered without the full quarter of a second`() throws {
    let directory = PipelineDirectory()
    let store = try directory.open { $0.foldNanoseconds = 3_600_000_000_000 }
    defer { directory.close(store) }

    let position = try store.appendAndWait(attempts(0..<1)).get()

    #expect(try store.waitUntilApplied(position).get() == position)
    #expect(try store.applyAndWait(attempts(1..<2)).get().applied == 1)
    #expect(try store.waitUntilApplied(1).get() == 3)
  }

  @Test func `a fold ends at its time when nobody waits`() throws {
    let directory = PipelineDirectory()
    let store = try directory.open { $0.foldNanoseconds = 30_000_000 }
    defer { directory.close(store) }

    _ = store.appendAndWait(attempts(0..<1))

    #expect(waitBriefly { store.appliedPosition == 2 })
  }

  @Test func `a fold ends before too many keys, and a larger batch is folded alone`() throws {
    let directory = PipelineDirectory()
    let store = try directory.open {
      $0.foldKeysMax = 100
      $0.foldNanoseconds = 3_600_000_000_000
    }
    defer { directory.close(store) }
    _ = store.appendAndWait(attempts(0..<500))
    for number in 0..<10 { _ = store.appendAndWait(attempts(number * 20..<number * 20 + 20)) }

    #expect(try store.waitUntilApplied(12).get() == 12)

    // The tenant, 500 events alone, then two batches of 20 a fold: 2 keys an event are counted,
    // 3 are feared.
    #expect(store.status().folds == 7)
  }

  @Test func `waits can be given up, and end with the store`() throws {
    let directory = PipelineDirectory()
    let store = try directory.open { $0.foldNanoseconds = 3_600_000_000_000 }
    let answers = Mutex<[String]>([])
    let wait = store.whenApplied(atLeast: 50) { _ in answers.withLock { $0.append("cancelled") } }
    _ = store.whenApplied(atLeast: 60) { result in
      if case .failure(let error) = result, error.code == .closed {
        answers.withLock { $0.append("closed") }
      }
    }

    wait.cancel()
    store.close()

    #expect(answers.withLock { $0 } == ["closed"])
    guard case .failure(let error) = store.appendAndWait(attempts(0..<1)) else {
      Issue.record("taken")
      return
    }
    #expect(error.code == .closed)
  }

  @Test func `too much that is not applied stops the reading of streams`() throws {
    let directory = PipelineDirectory()
    let store = try directory.open {
      $0.foldNanoseconds = 3_600_000_000_000
      $0.lagBytesMax = 10_000
    }
    defer { directory.close(store) }
    #expect(store.hasRoom)
    var position: UInt64 = 0
    for number in 0..<10 {
      position = try store.appendAndWait(attempts(number * 20..<number * 20 + 20)).get()
    }
    let isTold = Monitor(false)

    #expect(!store.hasRoom)
    store.whenRoom { isTold.change { $0 = true } }
    #expect(!isTold.withLock { $0 })
    let status = store.status()
    #expect(status.lag.records == 11)
    #expect(status.lag.events == 200)
    #expect(status.lag.bytes > 10_000)
    #expect(status.lagNanoseconds > 0)

    _ = store.waitUntilApplied(position)

    #expect(isTold.wait { $0 ? true : nil } == true)
    #expect(store.hasRoom)
    #expect(store.status().lag == LogCount())
    #expect(store.status().lagNanoseconds == 0)
    #expect(store.status().lastFold.events == 200)
  }

  @Test func `batches that wait for their tenant's record count as waiting`() throws {
    let directory = PipelineDirectory()
    let isHeld = Monitor(true)
    let store = try directory.open { options in
      options.log.queueBytesMax = 20_000
      options.log.operations.fault = { operation, _ in
        if operation == .syncRecords { _ = isHeld.wait { $0 ? nil : true } }
        return nil
      }
    }
    defer { directory.close(store) }
    let count = Monitor(0)
    var sent = 0
    while store.hasRoom {
      store.append(
        tenant: "t", batch: attempts(sent * 10..<sent * 10 + 10), acceptedAt: .epoch,
        whenDurable: { _ in count.change { $0 += 1 } })
      sent += 1
    }
    let isTold = Monitor(false)
    store.whenRoom { isTold.change { $0 = true } }
    #expect(sent > 10 && sent < 200)
    #expect(!isTold.withLock { $0 })

    isHeld.change { $0 = false }

    #expect(isTold.wait { $0 ? true : nil } == true)
    _ = count.wait { $0 == sent ? true : nil }
    #expect(store.durablePosition == UInt64(sent + 1))
    #expect(waitBriefly { store.hasRoom })
  }

  @Test func `the status shows log and data file`() throws {
    let directory = PipelineDirectory()
    let store = try directory.open()
    defer { directory.close(store) }

    #expect(waitBriefly { store.status().database != nil })
    #expect(waitBriefly { store.status().log.sizeBytes >= 512 << 10 })
    #expect(store.status().database?.mapSizeBytes == 256 << 20)
    #expect(store.status().log.segments == 1)
  }

  @Test func `open snapshots are counted with the age of the oldest`() throws {
    let directory = PipelineDirectory()
    let store = try directory.open()
    defer { directory.close(store) }
    _ = store.applyAndWait(attempts(0..<1))

    do {
      let snapshot = try store.snapshot()
      #expect(waitBriefly { store.status().openTransactions == 1 })
      #expect(store.status().oldestTransactionNanoseconds > 0)
      #expect(snapshot.revision == 2)
    }

    #expect(waitBriefly { store.status().openTransactions == 0 })
    #expect(store.status().oldestTransactionNanoseconds == 0)
  }
}
