internal import Foundation
internal import Testing

@testable internal import LMDB

/// A directory for one test's environment, gone with it.
final class EnvironmentDirectory {
  let path: String

  init() throws {
    path = NSTemporaryDirectory() + "tally-lmdb-" + UUID().uuidString
    try FileManager.default.createDirectory(atPath: path, withIntermediateDirectories: false)
  }

  deinit { try? FileManager.default.removeItem(atPath: path) }

  func open(mapSizeBytes: Int = 64 << 20) throws(LMDBError) -> Environment {
    try Environment(path: path, limits: .init(mapSizeBytes: mapSizeBytes))
  }
}

/// An open environment with one table.
struct Fixture {
  let directory: EnvironmentDirectory
  let environment: Environment
  let table: Table

  init(mapSizeBytes: Int = 64 << 20) throws {
    directory = try EnvironmentDirectory()
    environment = try directory.open(mapSizeBytes: mapSizeBytes)
    let transaction = try environment.write()
    table = try transaction.table(named: "t")
    try transaction.commit()
  }

  func put(_ records: KeyValuePairs<String, String>) throws {
    let transaction = try environment.write()
    for (key, value) in records {
      let (key, value) = (Array(key.utf8), Array(value.utf8))
      try transaction.put(table, key.span.bytes, value.span.bytes)
    }
    try transaction.commit()
  }

  func get(_ key: String) throws -> String? {
    let transaction = try environment.read()
    let key = Array(key.utf8)
    guard let value = try transaction.get(table, key.span.bytes) else { return nil }
    return value.withUnsafeBytes { String(decoding: $0, as: UTF8.self) }
  }
}

@Suite struct `environment` {
  @Test func `is open in a process once, whatever the path to it`() throws {
    let directory = try EnvironmentDirectory()
    let first = try directory.open()

    for path in [directory.path, directory.path + "/.", directory.path + "/../" + name(directory)] {
      let error = #expect(throws: LMDBError.self) {
        try Environment(path: path, limits: .init(mapSizeBytes: 1 << 20))
      }
      #expect(error?.code == .alreadyOpen)
    }
    withExtendedLifetime(first) {}
  }

  @Test func `can be opened again once it is closed`() throws {
    let directory = try EnvironmentDirectory()
    _ = try directory.open()
    _ = try directory.open()
  }

  @Test func `can be opened again after an open that failed`() throws {
    let directory = try EnvironmentDirectory()
    try Data(repeating: 7, count: 8192).write(
      to: URL(fileURLWithPath: directory.path + "/data.mdb"))
    for _ in 0..<2 {
      let error = #expect(throws: LMDBError.self) { try directory.open() }
      #expect(error?.code == .damaged)
    }
  }

  @Test func `names the directory that is missing`() {
    let error = #expect(throws: LMDBError.self) {
      try Environment(path: "/nowhere/at/all", limits: .init(mapSizeBytes: 1 << 20))
    }
    #expect(error?.code == .system(ENOENT))
    #expect(error?.message.contains("/nowhere/at/all") == true)
  }

  @Test func `refuses network filesystems by their magic numbers`() {
    #expect(Filesystem.name(ofMagic: 0x6969) == "nfs")
    #expect(Filesystem.name(ofMagic: 0x0102_1997) == "9p")
    #expect(Filesystem.name(ofMagic: 0x6573_5546) == "fuse")
    // As a signed number: CIFS has the top bit.
    #expect(Filesystem.name(ofMagic: Int(Int32(bitPattern: 0xFF53_4D42))) == "cifs")
    #expect(Filesystem.name(ofMagic: 0xEF53) == nil)
  }

  @Test func `says how full it is`() throws {
    let fixture = try Fixture()
    try fixture.put(["a": String(repeating: "x", count: 20_000)])
    let before = try fixture.environment.usage()
    try fixture.put(["a": "short"])
    try fixture.put(["b": "short"])
    let after = try fixture.environment.usage()

    #expect(before.pageSizeBytes == 4096 && before.mapSizeBytes == 64 << 20)
    #expect(before.usedBytes > 20_000)
    #expect(after.freePages > before.freePages)
  }

  private func name(_ directory: EnvironmentDirectory) -> String {
    String(directory.path.split(separator: "/").last!)
  }
}
