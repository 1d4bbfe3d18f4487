internal import EventLog
internal import Foundation
internal import LMDB
internal import Synchronization
internal import TallyModel
internal import Testing

@testable internal import TallyStore

@Suite struct `store on a full disk` {
  @Test func `below the reserve batches are refused, and above it taken again`() throws {
    let directory = PipelineDirectory()
    let free = Mutex(1 << 30)
    let store = try directory.open { options in
      options.diskReserveBytes = 100 << 20
      options.log.operations.freeBytes = { _ in free.withLock { $0 } }
    }
    defer { directory.close(store) }
    #expect(try store.appendAndWait(attempts(0..<1)).get() == 2)
    #expect(store.disk.look() == store.status().disk)
    #expect(store.status().alarms == [])
    #expect(store.status().intake == .open)

    free.withLock { $0 = 150 << 20 }
    _ = store.disk.look()
    #expect(store.status().alarms.map(\.name) == [.diskLow])
    #expect(store.status().intake == .open)
    #expect(try store.appendAndWait(attempts(1..<2)).get() == 3)

    free.withLock { $0 = 99 << 20 }
    _ = store.disk.look()
    #expect(store.status().alarms.map(\.name) == [.diskFull])
    guard case .failure(let refusal) = store.appendAndWait(attempts(2..<3)),
      case .paused = store.status().intake
    else {
      Issue.record("taken below the reserve")
      return
    }
    #expect(refusal.code == .diskFull)
    #expect(refusal.message.contains("make room"))
    #expect(try store.waitUntilApplied(3).get() == 3)

    // Not at once above it: it would go to and fro.
    free.withLock { $0 = 110 << 20 }
    #expect(store.disk.look().isShort)
    free.withLock { $0 = 125 << 20 }
    #expect(!store.disk.look().isShort)
    #expect(try store.appendAndWait(attempts(2..<3)).get() == 4)
  }

  @Test func `alarms say what comes near, each by its own figures`() {
    var status = StoreStatus()
    #expect(status.alarms == [])
    status.log.limitBytes = 1_000
    status.log.segmentBytes = 100
    status.log.sizeBytes = 1_200
    #expect(status.alarms == [])
    status.log.sizeBytes = 1_201
    #expect(status.alarms.map(\.name) == [.logTooLarge])
    status.log.sizeBytes = 0
    status.log.upkeepError = "no spare"
    #expect(status.alarms.map(\.name) == [.logUpkeep])
    status.log.upkeepError = nil
    (status.log.backup, status.log.oldest) = (30, 31)
    #expect(status.alarms == [])
    status.log.oldest = 32
    #expect(status.alarms.map(\.name) == [.backupOutOfReach])
    status.log.backup = nil
    status.compaction.error = "no"
    #expect(status.alarms.map(\.name) == [.compactionFailed])
    status.compaction.error = nil
    status.log.upkeepError = nil
    status.log.error = "stopped"
    #expect(status.alarms.map(\.name) == [.logStopped])
    #expect(status.intake == .stopped("stopped"))
    status.log.isFull = true
    #expect(status.intake == .paused("stopped"))
  }

  @Test func `a disk that says nothing refuses nothing`() throws {
    let directory = PipelineDirectory()
    let store = try directory.open { options in
      options.diskReserveBytes = 1 << 60
      options.log.operations.freeBytes = { _ in nil }
    }
    defer { directory.close(store) }

    #expect(try store.appendAndWait(attempts(0..<1)).get() == 2)
    #expect(store.status().disk.freeBytes == nil)
  }

  @Test func `reader slots have their blocks from the start`() throws {
    let directory = PipelineDirectory()
    let store = try directory.open()
    defer { directory.close(store) }

    var status = stat()
    #expect(stat(directory.path + "/lock.mdb", &status) == 0)
    #expect(status.st_size >= 512 * 64)
    #expect(Int(status.st_blocks) * 512 >= Int(status.st_size))
  }
}
