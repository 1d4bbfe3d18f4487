internal import Foundation
internal import Testing

@testable internal import LMDB

@Suite struct `copy` {
  private let manager = FileManager.default

  @Test func `holds the snapshot and no free pages, and the original goes on`() throws {
    let fixture = try Fixture()
    let text = String(repeating: "x", count: 1_000)
    for round in 0..<5 {
      try fixture.fill(0..<500, with: text + "\(round)")
    }
    try fixture.remove(100..<500)
    let target = try EnvironmentDirectory()

    try fixture.environment.copy(to: target.path)
    try fixture.put(["later": "1"])

    let copy = try target.open()
    let usage = try copy.usage()
    #expect(usage.freePages == 0)
    #expect(try fixture.environment.usage().freePages > usage.filePages)
    let transaction = try copy.write()
    let table = try transaction.table(named: "t")
    #expect(try transaction.count(of: table) == 100)
    transaction.abort()
    #expect(try fixture.get("later") == "1")
    let mode = try manager.attributesOfItem(atPath: target.path + "/data.mdb")[.posixPermissions]
    #expect(mode as? Int == 0o600)
  }

  @Test func `a data file that is there stays as it is`() throws {
    let fixture = try Fixture()
    let target = try EnvironmentDirectory()
    let file = target.path + "/data.mdb"
    try Data("mine".utf8).write(to: URL(fileURLWithPath: file))

    let error = #expect(throws: LMDBError.self) { try fixture.environment.copy(to: target.path) }

    #expect(error?.code == .system(EEXIST))
    #expect(manager.contents(atPath: file) == Data("mine".utf8))
  }

  @Test func `a directory that is not there is refused`() throws {
    let fixture = try Fixture()
    let error = #expect(throws: LMDBError.self) {
      try fixture.environment.copy(to: fixture.directory.path + "/none")
    }
    #expect(error?.code == .system(ENOENT))
    #expect(fixture.environment.openReads.count == 0)
  }

  @Test func `one that is stopped leaves nothing`() throws {
    let fixture = try Fixture()
    try fixture.fill(0..<2_000, with: String(repeating: "x", count: 1_000))
    let target = try EnvironmentDirectory()
    let before = CopyStop()
    let during = CopyStop()
    before.stop()

    let first = #expect(throws: LMDBError.self) {
      try fixture.environment.copy(to: target.path, unless: before)
    }
    let second = #expect(throws: LMDBError.self) {
      try fixture.environment.copy(to: target.path, unless: during) { path in
        let file = open(path, O_WRONLY | O_CREAT | O_EXCL, 0o600)
        during.stop()
        return file
      }
    }
    let unused = CopyStop()
    try fixture.environment.copy(to: target.path, unless: unused)
    unused.stop()

    #expect(first?.code == .stopped)
    #expect(second?.code == .stopped)
    let copy = try target.open()
    #expect(try copy.usage().freePages == 0)
  }

  @Test func `a write that fails leaves nothing`() throws {
    let fixture = try Fixture()
    try fixture.fill(0..<2_000, with: String(repeating: "x", count: 1_000))
    let target = try EnvironmentDirectory()
    let error = #expect(throws: LMDBError.self) {
      try fixture.environment.copy(to: target.path, unless: nil) { path in
        _ = manager.createFile(atPath: path, contents: nil)
        return open("/dev/full", O_WRONLY)
      }
    }

    #expect(error?.code == .system(ENOSPC))
    #expect(try manager.contentsOfDirectory(atPath: target.path) == [])
  }
}

extension Fixture {
  /// One record each, in one commit.
  func fill(_ numbers: Range<Int>, with text: String) throws {
    let transaction = try environment.write()
    let value = Array(text.utf8)
    for number in numbers {
      let key = Array("key-\(number)".utf8)
      try transaction.put(table, key.span.bytes, value.span.bytes)
    }
    try transaction.commit()
  }

  func remove(_ numbers: Range<Int>) throws {
    let transaction = try environment.write()
    for number in numbers {
      let key = Array("key-\(number)".utf8)
      try transaction.delete(table, key.span.bytes)
    }
    try transaction.commit()
  }
}
