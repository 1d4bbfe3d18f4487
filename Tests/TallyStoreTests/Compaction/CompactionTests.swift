internal import EventLog
internal import Foundation
internal import Synchronization
internal import TallyModel
internal import Testing

@testable internal import TallyStore

@Suite struct `compaction` {
  @Test func `gives free pages back and keeps every record`() throws {
    let directory = PipelineDirectory()
    let store = try directory.open()
    defer { directory.close(store) }
    try store.makeFreePages()
    let before = try Dump(store.database)
    let applied = store.status().applied

    let result = try store.compact().wait()

    #expect(result.before.freePages > 20)
    #expect(result.after.freePages == 0)
    #expect(result.after.fileBytes < result.before.fileBytes)
    #expect(result.position == applied.position)
    #expect(try Dump(store.database).differences(from: before) == [])
    #expect(store.status().applied == applied)
    #expect(store.status().compaction.count == 1)
    #expect(MapRule.fileBytes(in: directory.path) < result.before.fileBytes)
    #expect(!directory.holds("compact"))
    #expect(try store.applyAndWait(attempts(0..<30, at: 9_000)).get().applied == 30)
  }

  @Test func `is what the next start finds`() throws {
    let directory = PipelineDirectory()
    let store = try directory.open()
    try store.makeFreePages()
    try store.compact().wait()
    _ = try store.applyAndWait(attempts(0..<30, at: 9_000)).get()
    let before = try Dump(store.database)
    store.close()

    let again = try directory.open()
    defer { directory.close(again) }

    #expect(again.recovery.unappliedBatches == 0)
    #expect(try Dump(again.database).differences(from: before) == [])
  }

  @Test func `a reader of the old file reads on, and the file goes with it`() throws {
    let directory = PipelineDirectory()
    let store = try directory.open()
    defer { directory.close(store) }
    _ = try store.applyAndWait(attempts(0..<100)).get()

    try readThroughCompaction(of: store)

    // The fold's thread lets go of the old file a moment after the compaction has ended.
    #expect(waitBriefly { store.status().compaction.replacedFiles == 0 })
    #expect(store.status().openTransactions == 0)
  }

  private func readThroughCompaction(of store: Store) throws {
    let snapshot = try store.snapshot()
    let tenant = try #require(try snapshot.tenant("t"))

    try store.compact().wait()
    _ = try store.applyAndWait(attempts(100..<300)).get()
    try store.compact().wait()

    #expect(try snapshot.recordCount(.attempt, in: tenant) == 100)
    #expect(try store.snapshot().recordCount(.attempt, in: tenant) == 300)
    #expect(waitBriefly { store.status().compaction.replacedFiles == 1 })
    #expect(store.status().compaction.replacedBytes > 0)
    #expect(store.status().openTransactions == 1)
  }

  @Test func `beside ingest and readers changes nothing that the log does not say`() throws {
    let directory = PipelineDirectory()
    let store = try directory.open { $0.foldNanoseconds = 2_000_000 }
    let isDone = Atomic(false)
    let writers = (0..<3).map { writer in
      WorkerThread(name: "test-writer") {
        var number = 0
        while !isDone.load(ordering: .acquiring) {
          let start = writer * 40 + number * 7 % 300
          let batch = attempts(start..<start + 20, at: Int64(number + 1))
          if case .failure(let error) = store.applyAndWait(batch, tenant: "tenant-\(writer % 2)") {
            Issue.record("\(error)")
          }
          number += 1
        }
      }
    }
    let reader = WorkerThread(name: "test-reader") {
      var newest: UInt64 = 0
      while !isDone.load(ordering: .acquiring) {
        guard let snapshot = try? store.snapshot() else { continue }
        if snapshot.revision < newest { Issue.record("\(snapshot.revision) after \(newest)") }
        newest = snapshot.revision
        usleep(100)
      }
    }

    for _ in 0..<6 { try store.compact().wait() }
    isDone.store(true, ordering: .releasing)
    for thread in writers + [reader] { thread.join() }
    let compacted = try Dump(store.database)
    store.close()

    #expect(try Dump(directory.replayed()).differences(from: compacted) == [])
  }

  @Test func `one that is stopped leaves the old file, and the store goes on`() throws {
    let directory = PipelineDirectory()
    for round in 0..<4 {
      let store = try directory.open()
      _ = try store.applyAndWait(attempts(round * 50..<round * 50 + 50)).get()
      let run = try store.compact()
      if round % 2 == 0 { store.close() } else { store.abandon() }

      switch run.outcome {
      case .success: break
      case .failure(let error): #expect(error.code == .closed)
      case nil: Issue.record("it runs without a store")
      }
      #expect(!directory.holds("compact"))
    }
    let store = try directory.open()
    defer { directory.close(store) }
    #expect(try store.applyAndWait(attempts(0..<200)).get().duplicates == 200)
  }
}

@Suite struct `compaction that cannot` {
  @Test func `one at a time`() throws {
    let directory = PipelineDirectory()
    let store = try directory.open()
    try store.makeFreePages()

    let run = try store.compact()
    let second = Result { try store.compact() }

    // Unless the first has ended already.
    if case .failure(let error) = second {
      #expect((error as? StoreError)?.code == .compacting)
    } else {
      #expect(run.outcome != nil)
    }
    try run.wait()
    store.close()
    let error = #expect(throws: StoreError.self) { try store.compact() }
    #expect(error?.code == .closed)
  }

  @Test func `not while somebody else changes the tables`() throws {
    let directory = PipelineDirectory()
    let store = try directory.open()
    defer { directory.close(store) }

    let error = try store.withoutCompaction { _ in
      #expect(throws: StoreError.self) { try store.compact() }
    }

    #expect(error?.code == .compacting)
    try store.compact().wait()
    let position = try store.withoutCompaction { database throws(StoreError) in
      try database.applied().position
    }
    #expect(position == 0)
  }

  @Test func `a disk without room for the copy`() throws {
    let directory = PipelineDirectory()
    let store = try directory.open { $0.map.freeDisk = { _ in 4_096 } }
    defer { directory.close(store) }

    let error = #expect(throws: StoreError.self) { try store.compact() }

    #expect(error?.code == .noRoom)
    #expect(error?.message.contains("4096") == true)
    #expect(try store.applyAndWait(attempts(0..<3)).get().applied == 3)
  }

  @Test func `a copy that cannot be made leaves the store as it is`() throws {
    let directory = PipelineDirectory()
    let store = try directory.open()
    defer { directory.close(store) }
    _ = try store.applyAndWait(attempts(0..<3)).get()
    try Data().write(to: URL(fileURLWithPath: directory.path + "/compact"))

    let error = #expect(throws: StoreError.self) { try store.compact().wait() }

    #expect(error?.code == .system(ENOTDIR))
    #expect(store.status().compaction.error == error?.message)
    #expect(store.status().compaction.count == 0)
    #expect(try store.applyAndWait(attempts(0..<3)).get().duplicates == 3)
    try FileManager.default.removeItem(atPath: directory.path + "/compact")
    try store.compact().wait()
    #expect(store.status().compaction.error == nil)
  }

  @Test func `killed before the rename: the copy is dropped`() throws {
    let directory = PipelineDirectory()
    let store = try directory.open()
    _ = try store.applyAndWait(attempts(0..<100)).get()
    try FileManager.default.createDirectory(
      atPath: directory.path + "/compact", withIntermediateDirectories: false)
    _ = try store.copy(to: directory.path + "/compact")
    _ = try store.applyAndWait(attempts(100..<200)).get()
    let before = try Dump(store.database)
    store.abandon()

    let again = try directory.open()
    defer { directory.close(again) }

    #expect(!directory.holds("compact"))
    #expect(try Dump(again.database).differences(from: before) == [])
  }

  @Test func `killed after the rename: the copy goes on where it is`() throws {
    let directory = PipelineDirectory()
    let store = try directory.open()
    _ = try store.applyAndWait(attempts(0..<100)).get()
    let target = try EmptyDirectory()
    _ = try store.copy(to: target.path)
    _ = try store.applyAndWait(attempts(100..<200)).get()
    let before = try Dump(store.database)
    store.abandon()
    // The folder and its lock file are what is removed last.
    try FileManager.default.createDirectory(
      atPath: directory.path + "/compact", withIntermediateDirectories: false)
    try Data().write(to: URL(fileURLWithPath: directory.path + "/compact/lock.mdb"))
    #expect(rename(target.path + "/data.mdb", directory.path + "/data.mdb") == 0)

    let again = try directory.open()
    defer { directory.close(again) }

    #expect(try again.waitUntilApplied(again.durablePosition).get() == 3)
    #expect(!directory.holds("compact"))
    #expect(try Dump(again.database).differences(from: before) == [])
  }
}

extension PipelineDirectory {
  func holds(_ name: String) -> Bool {
    FileManager.default.fileExists(atPath: path + "/" + name)
  }

  /// The tables that the log makes, from its first record on.
  func replayed() throws -> Database {
    let identity = try Database(directory: path, options: .init(mapSizeBytes: 256 << 20)).identity
    try FileManager.default.removeItem(atPath: path + "/data.mdb")
    _ = try Database(
      directory: path, options: .init(mapSizeBytes: 256 << 20, newStoreID: identity.storeID))
    let store = try open()
    _ = try store.waitUntilApplied(store.durablePosition).get()
    store.close()
    return try Database(directory: path, options: .init(mapSizeBytes: 256 << 20))
  }
}

extension Store {
  /// Writes the same records again and again while somebody reads an old snapshot.
  func makeFreePages() throws {
    _ = try applyAndWait(attempts(0..<1_000)).get()
    let snapshot = try self.snapshot()
    for round in 0..<5 { _ = try applyAndWait(attempts(0..<1_000, at: Int64(2_000 + round))).get() }
    withExtendedLifetime(snapshot.revision) {}
  }
}
