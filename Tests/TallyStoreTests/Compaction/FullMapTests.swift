internal import EventLog
internal import Foundation
internal import Synchronization
internal import TallyModel
internal import Testing

@testable internal import TallyStore

/// A disk whose size a test decides.
final class FakeDisk: Sendable {
  let total: Mutex<Int>

  init(total: Int) { self.total = Mutex(total) }

  var rule: MapRule {
    MapRule(
      leastBytes: 1 << 20,
      freeDisk: { directory in
        let used = [directory, directory + "/compact"].map { MapRule.fileBytes(in: $0) }
        return max(0, self.total.withLock { $0 } - used.reduce(0, +))
      })
  }
}

@Suite struct `full map` {
  /// Appends until the store takes nothing more; how many attempts it acknowledged.
  private func fill(_ store: Store) throws -> (acknowledged: Int, error: StoreError) {
    for number in 0..<200 {
      let batch = attempts(number * 500..<number * 500 + 500)
      if case .failure(let error) = store.appendAndWait(batch) { return (number * 500, error) }
      _ = waitBriefly { store.appliedPosition == store.durablePosition || store.isStopped }
    }
    throw StoreError(code: .failed, message: "100,000 attempts fit")
  }

  @Test func `grows by compaction once there is room, and nothing acknowledged is lost`() throws {
    let directory = PipelineDirectory()
    let disk = FakeDisk(total: 4 << 20)
    let store = try directory.open { $0.map = disk.rule }
    defer { directory.close(store) }
    let (acknowledged, refusal) = try fill(store)
    let size = try store.database.usage().mapSizeBytes

    #expect(refusal.code == .mapFull)
    #expect(refusal.message.contains("grows by itself"))
    #expect(size < 2 << 20)
    #expect(store.hasRoom)
    #expect(try store.snapshot().revision == store.appliedPosition)

    disk.total.withLock { $0 = 1 << 30 }

    // A smaller fold may fit before the compaction comes: then more events fill the map again.
    #expect(
      waitBriefly {
        if !store.isStopped { _ = store.appendAndWait(attempts(0..<500, at: 9_000)) }
        return store.status().database?.mapSizeBytes ?? 0 > 100 << 20
      })
    #expect(waitBriefly { !store.isStopped && store.appliedPosition == store.durablePosition })
    let outcome = try store.applyAndWait(attempts(0..<acknowledged)).get()
    #expect(outcome.applied == 0)
  }

  @Test func `grows before it is full if the disk has room`() throws {
    let directory = PipelineDirectory()
    let disk = FakeDisk(total: 4 << 20)
    let store = try directory.open { $0.map = disk.rule }
    defer { directory.close(store) }
    disk.total.withLock { $0 = 1 << 30 }

    var number = 0
    while try store.status().compaction.count == 0 && !store.database.usage().isNearlyFull {
      _ = try store.applyAndWait(attempts(number * 50..<number * 50 + 50)).get()
      number += 1
    }

    #expect(waitBriefly { store.status().compaction.count == 1 })
    #expect(try store.database.usage().mapSizeBytes > 100 << 20)
  }

  @Test func `does not pass what the operator allows, and says so`() throws {
    let directory = PipelineDirectory()
    let acknowledged: Int
    do {
      let store = try directory.open { $0.mapSizeBytes = 1 << 20 }
      let (count, refusal) = try fill(store)
      acknowledged = count
      #expect(refusal.code == .mapFull)
      #expect(refusal.message.contains("--map-size allows 1048576 bytes"))
      #expect(store.status().database?.isFilling == true)
      #expect(store.status().compaction.count == 0)
      store.close()
    }

    let store = try directory.open()
    defer { directory.close(store) }
    _ = try store.waitUntilApplied(store.durablePosition).get()
    #expect(try store.applyAndWait(attempts(0..<acknowledged)).get().duplicates == acknowledged)
    #expect(store.status().foldError == nil)
  }

  @Test func `pages that a reader pinned are written again when it ends`() throws {
    let directory = PipelineDirectory()
    let store = try directory.open { $0.mapSizeBytes = 2 << 20 }
    defer { directory.close(store) }

    try fillBesideReader(store)

    #expect(waitBriefly { !store.isStopped })
    #expect(try store.applyAndWait(attempts(0..<500, at: 9_000_000)).get().applied == 500)
  }

  private func fillBesideReader(_ store: Store) throws {
    _ = try store.applyAndWait(attempts(0..<500)).get()
    let snapshot = try store.snapshot()
    for round in 0..<200 {
      // The same records: what fills the map is old pages only.
      let batch = attempts(0..<500, at: Int64(2_000 + round))
      if case .failure(let error) = store.applyAndWait(batch) {
        #expect(error.code == .mapFull)
        withExtendedLifetime(snapshot.revision) {}
        return
      }
    }
    Issue.record("the reader pinned nothing")
  }

  @Test func `a file of free pages is compacted without being asked`() throws {
    let directory = PipelineDirectory()
    let store = try directory.open { $0.compactAboveBytes = 64 << 10 }
    defer { directory.close(store) }

    try store.makeFreePages()

    #expect(waitBriefly { store.status().compaction.count == 1 })
    #expect(try store.applyAndWait(attempts(0..<1_000)).get().superseded == 1_000)
  }
}

extension Store {
  fileprivate var isStopped: Bool { status().foldError != nil }
}

@Suite struct `map rule` {
  private func directory(holding bytes: Int) throws -> EmptyDirectory {
    let directory = try EmptyDirectory()
    try Data(count: bytes).write(to: URL(fileURLWithPath: directory.path + "/data.mdb"))
    return directory
  }

  @Test(arguments: [
    // free, file: 40 % of both
    (100 << 20, 0, 40 << 20), (60 << 20, 40 << 20, 40 << 20 + 20 << 20),
  ])
  func `takes its share, and where others have filled the disk a half more`(
    free: Int, file: Int, size: Int
  ) throws {
    let directory = try directory(holding: file)
    let rule = MapRule(leastBytes: 1 << 20, freeDisk: { _ in free })

    let first = rule.firstMapSize(in: directory.path)

    #expect(first <= size && first > size - 8_192)
  }

  @Test func `ends at the disk's end, and at what the operator allows`() throws {
    let directory = try directory(holding: 40 << 20)
    let full = MapRule(leastBytes: 1 << 20, freeDisk: { _ in 1 << 20 })
    let bounded = MapRule(ceilingBytes: 8 << 20, freeDisk: { _ in 1 << 40 })

    #expect(full.firstMapSize(in: directory.path) == 41 << 20)
    #expect(bounded.firstMapSize(in: directory.path) == 8 << 20)
    #expect(bounded.mapSize(in: directory.path, fileBytes: 40 << 20) == 8 << 20)
  }
}
