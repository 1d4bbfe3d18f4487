internal import EventLog
internal import Foundation
internal import TallyModel
internal import Testing

@testable internal import TallyStore

@Suite struct `restore` {
  private let directory: BackupDirectory
  private let header: BackupHeader

  /// A store of 50 attempts, a backup of the first 30 of them.
  init() throws {
    directory = try BackupDirectory()
    let store = try directory.open(directory.storePath)
    for number in 0..<3 {
      _ = try store.applyAndWait(attempts(number * 10..<number * 10 + 10)).get()
    }
    header = try directory.writeBackup(of: store)
    for number in 3..<5 {
      _ = try store.applyAndWait(attempts(number * 10..<number * 10 + 10)).get()
    }
    store.abandon()
  }

  private func restoreIntoStore() throws -> Restored {
    try Restore.run(directory.backupPath, into: directory.storePath)
  }

  @Test func `beside its own log keeps the timeline and all that was acknowledged`() throws {
    try directory.remove(directory.storePath + "/data.mdb")
    let refused = storeError { _ = try directory.open(directory.storePath) }
    #expect(refused?.code == .dataLoss)
    #expect(refused?.message.contains("tallyd restore") == true)

    let restored = try restoreIntoStore()

    #expect(restored.identity == header.identity)
    #expect(restored.unappliedEvents == 20)
    let store = try directory.open(directory.storePath)
    defer { store.close() }
    _ = try store.waitUntilApplied(6).get()
    #expect(try store.applyAndWait(attempts(0..<50)).get().duplicates == 50)
  }

  @Test func `beside the log alone, in a new directory, does the same`() throws {
    try directory.makeDirectory(directory.targetPath)
    try directory.move(directory.storePath + "/log", to: directory.targetPath + "/log")

    let restored = try directory.restore()

    #expect(restored.identity == header.identity && restored.unappliedEvents == 20)
    let store = try directory.open(directory.targetPath)
    defer { store.close() }
    #expect(try store.applyAndWait(attempts(0..<50)).get().duplicates == 50)
  }

  @Test func `with an emptied data file is asked for, and the file is not made a new store`() throws
  {
    truncate(directory.storePath + "/data.mdb", 0)

    #expect(storeError { _ = try directory.open(directory.storePath) }?.code == .dataLoss)
    #expect(try Data(contentsOf: URL(filePath: directory.storePath + "/data.mdb")).isEmpty)
  }

  @Test func `beside another log is refused, and the log stays`() throws {
    let log = directory.targetPath + "/log"
    let other = try directory.open(directory.targetPath)
    _ = try other.applyAndWait(attempts(0..<10)).get()
    other.close()
    try directory.remove(directory.targetPath + "/data.mdb")
    let before = try FileManager.default.contentsOfDirectory(atPath: log).sorted()

    let foreign = storeError { _ = try directory.restore() }
    #expect(foreign?.code == .failed && foreign?.message.contains("another store") == true)
    #expect(try FileManager.default.contentsOfDirectory(atPath: log).sorted() == before)

    // Another timeline of the same store.
    try directory.remove(directory.targetPath)
    _ = try directory.restore()
    let restored = try directory.open(directory.targetPath)
    _ = try restored.applyAndWait(attempts(30..<40)).get()
    restored.close()
    try directory.remove(directory.targetPath + "/data.mdb")
    let timeline = storeError { _ = try directory.restore() }
    #expect(timeline?.message.contains("timeline") == true)
    #expect(directory.targetNames?.contains("data.mdb") == false)
    #expect(directory.targetNames?.contains("restore.unfinished") == false)
  }

  @Test func `beside a log that does not reach the backup is refused`() throws {
    let log = directory.storePath + "/log"
    try directory.remove(directory.storePath + "/data.mdb")
    for name in ["0000000000000001.seg", "newest"] { try directory.remove(log + "/" + name) }
    let identity = LogIdentity(
      storeID: header.identity.storeID, timeline: header.identity.timeline)
    let short = try EventLog(directory: log, identity: identity, applied: 0)
    short.close()

    let refused = storeError { _ = try restoreIntoStore() }

    #expect(refused?.code == .dataLoss)
    #expect(refused?.message.contains("applied 4") == true)
  }

  @Test func `into a directory with something in it is refused and leaves nothing`() throws {
    let held = storeError { _ = try restoreIntoStore() }
    #expect(held?.code == .failed && held?.message.contains("holds a store") == true)

    try directory.makeDirectory(directory.targetPath)
    try directory.write("mine", to: directory.targetPath + "/letter")
    let foreign = storeError { _ = try directory.restore() }
    #expect(foreign?.code == .failed && foreign?.message.contains("'letter'") == true)
    #expect(directory.targetNames == ["letter"])

    try directory.remove(directory.targetPath)
    try directory.write("a file", to: directory.targetPath)
    #expect(storeError { _ = try directory.restore() } != nil)
  }

  @Test func `into a directory in use is refused`() throws {
    let store = try directory.open(directory.targetPath)
    let lock = try DataDirectory.takeLockOf(directory.root + "/held")
    defer { close(lock) }

    let open = storeError { _ = try directory.restore() }
    let held = storeError {
      _ = try Restore.run(directory.backupPath, into: directory.root + "/held")
    }
    store.close()

    #expect(open != nil)
    #expect(held?.code == .alreadyOpen)
  }

  @Test func `into an empty directory that exists is the same as into a new one`() throws {
    try directory.makeDirectory(directory.targetPath + "/lost+found")
    _ = try directory.restore()
    try directory.open(directory.targetPath).close()
  }

  @Test func `that was killed is refused by a server and can be done again`() throws {
    // As after a kill in the middle of the copy.
    let unfinished = directory.targetPath + "/restore.unfinished"
    try directory.makeDirectory(unfinished)
    try directory.write("half", to: unfinished + "/data.mdb")
    try directory.write("", to: directory.targetPath + "/lock")

    let refused = storeError { _ = try directory.open(directory.targetPath) }
    #expect(refused?.code == .failed && refused?.message.contains("restore") == true)
    #expect(directory.targetNames == ["lock", "restore.unfinished"])

    // As after a kill just before the last rename.
    try directory.write("tally 2\n", to: directory.targetPath + "/format")
    #expect(storeError { _ = try directory.open(directory.targetPath) }?.code == .failed)

    _ = try directory.restore()
    #expect(directory.targetNames == ["data.mdb", "format", "lock"])

    // As after a kill just behind it.
    try directory.makeDirectory(unfinished)
    let store = try directory.open(directory.targetPath)
    defer { store.close() }
    #expect(store.appliedPosition == 4)
    #expect(directory.targetNames?.contains("restore.unfinished") == false)
  }

  @Test func `takes no key and no note of a store that was there before`() throws {
    try directory.makeDirectory(directory.targetPath)
    for name in ["key", "newest-backup"] {
      try directory.write("old", to: directory.targetPath + "/" + name)
    }

    _ = try directory.restore()

    #expect(directory.targetNames == ["data.mdb", "format", "lock"])
  }
}

extension DataDirectory {
  /// Holds the lock of a new directory.
  static func takeLockOf(_ path: String) throws -> Int32 {
    try FileManager.default.createDirectory(atPath: path, withIntermediateDirectories: true)
    return try takeLock(path)
  }
}
