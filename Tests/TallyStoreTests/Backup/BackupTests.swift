internal import Foundation
internal import TallyModel
internal import Testing

@testable internal import TallyStore

@Suite struct `backup` {
  /// A store with some events, and a backup of it.
  private func make(_ directory: BackupDirectory) throws -> (BackupHeader, Dump) {
    let store = try directory.open(directory.storePath)
    defer { store.close() }
    for number in 0..<5 {
      _ = try store.applyAndWait(attempts(number * 10..<number * 10 + 10)).get()
    }
    let header = try directory.writeBackup(of: store)
    return (header, try Dump(try store.database))
  }

  @Test func `restored has every record, at its position, on a later timeline`() throws {
    let directory = try BackupDirectory()
    let (header, dump) = try make(directory)

    let restored = try directory.restore()
    let store = try directory.open(directory.targetPath)
    defer { store.close() }

    #expect(header.applied.position == 6)
    #expect(restored.backup == header)
    #expect(restored.unappliedEvents == nil)
    #expect(restored.identity.storeID == header.identity.storeID)
    #expect(restored.identity.timeline > 1_800_000_000)
    #expect(store.identity == restored.identity)
    #expect(store.appliedPosition == 6 && store.durablePosition == 6)
    var found = try Dump(try store.database)
    var expected = dump
    found.records[.meta] = nil
    expected.records[.meta] = nil
    #expect(found.differences(from: expected) == [])
  }

  @Test func `restored takes events, over restarts too`() throws {
    let directory = try BackupDirectory()
    _ = try make(directory)
    _ = try directory.restore()

    do {
      let store = try directory.open(directory.targetPath)
      let outcome = try store.applyAndWait(attempts(45..<60)).get()
      #expect(outcome.position == 7)
      #expect(outcome.duplicates == 5 && outcome.applied == 10)
      store.abandon()
    }
    do {
      let store = try directory.open(directory.targetPath)
      _ = try store.appendAndWait(attempts(60..<70)).get()
      store.abandon()
    }
    let store = try directory.open(directory.targetPath)
    defer { store.close() }
    #expect(try store.applyAndWait(attempts(60..<70)).get().duplicates == 10)
    #expect(store.durablePosition == 9)
  }

  @Test func `of a restored store is of the new timeline, and two restores have two`() throws {
    let directory = try BackupDirectory()
    _ = try make(directory)
    let first = try directory.restore(seconds: 1_800_000_000)
    let store = try directory.open(directory.targetPath)
    _ = try store.applyAndWait(attempts(100..<110)).get()
    let header = try directory.writeBackup(of: store)
    store.close()
    try directory.remove(directory.targetPath)

    #expect(header.identity == first.identity)
    // A clock that went back: the timeline still goes on.
    let second = try directory.restore(seconds: 5)
    #expect(second.identity.timeline > first.identity.timeline)
    let again = try directory.open(directory.targetPath)
    #expect(again.appliedPosition == 7)
    again.close()
  }

  @Test func `made while events come is one revision`() throws {
    let directory = try BackupDirectory()
    let store = try directory.open(directory.storePath)
    let writer = Thread {
      for number in 0..<200 { _ = store.appendAndWait(attempts(number * 5..<number * 5 + 5)) }
    }
    writer.start()
    _ = try store.waitUntilApplied(20).get()
    let header = try directory.writeBackup(of: store)
    _ = try store.waitUntilApplied(201).get()
    store.close()

    _ = try directory.restore()
    let restored = try directory.open(directory.targetPath)
    defer { restored.close() }
    // Position 1 is the tenant's; each later one holds 5 attempts.
    let events = Int(header.applied.position - 1) * 5
    #expect(header.applied.position >= 20)
    #expect(try restored.applyAndWait(attempts(0..<1_000)).get().duplicates == events)
  }

  @Test func `holds no transaction and leaves no file`() throws {
    let directory = try BackupDirectory()
    let store = try directory.open(directory.storePath)
    defer { store.close() }
    _ = try store.applyAndWait(attempts(0..<10)).get()

    let backup = try store.makeBackup()

    #expect(store.status().openTransactions == 0)
    #expect(
      try FileManager.default.contentsOfDirectory(atPath: directory.storePath + "/spool") == [])
    withExtendedLifetime(backup) {}
  }

  @Test func `left by a killed server goes at the next start`() throws {
    let directory = try BackupDirectory()
    try directory.open(directory.storePath).close()
    try directory.makeDirectory(directory.storePath + "/spool/backup-abc")
    try directory.write("x", to: directory.storePath + "/spool/backup-abc/data.mdb")

    try directory.open(directory.storePath).close()

    #expect(
      try FileManager.default.contentsOfDirectory(atPath: directory.storePath + "/spool") == [])
  }

  @Test func `that was sent whole is known after a restart, and not after a restore`() throws {
    let directory = try BackupDirectory()
    let store = try directory.open(directory.storePath)
    _ = try store.applyAndWait(attempts(0..<10)).get()
    #expect(store.status().newestBackup == nil)
    let header = try directory.writeBackup(of: store)
    try store.noteBackup(header)
    let mark = BackupMark(position: 2, madeAt: header.madeAt)
    #expect(store.status().newestBackup == mark)
    store.close()

    let again = try directory.open(directory.storePath)
    #expect(again.status().newestBackup == mark)
    again.close()
    let note = directory.storePath + "/newest-backup"
    let text = try String(contentsOfFile: note, encoding: .utf8)
    try directory.write(text.replacingOccurrences(of: "backup 2", with: "backup 3"), to: note)
    let third = try directory.open(directory.storePath)
    #expect(third.status().newestBackup == nil)
    third.close()

    _ = try directory.restore()
    let restored = try directory.open(directory.targetPath)
    #expect(restored.status().newestBackup == nil)
    restored.close()
  }
}
