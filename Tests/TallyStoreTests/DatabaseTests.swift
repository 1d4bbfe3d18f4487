internal import Foundation
internal import LMDB
internal import TallyModel
internal import TestSupport
internal import Testing

@testable internal import TallyStore

@Suite struct `data file` {
  @Test func `keeps its identity`() throws {
    let directory = try StoreDirectory()
    let id = try directory.open().identity
    let again = try Database(directory: directory.path, options: .init(mapSizeBytes: 64 << 20))

    #expect(id.storeID == [UInt8](repeating: 5, count: 16))
    #expect(again.identity == id)
    #expect(id.timeline == 1 && id.format == 2 && id.rulesVersion == 2)
  }

  @Test func `is open in a process once`() throws {
    let directory = try StoreDirectory()
    let database = try directory.open()
    let error = #expect(throws: StoreError.self) { try directory.open() }

    #expect(error?.code == .alreadyOpen)
    withExtendedLifetime(database) {}
  }

  @Test func `of a newer format is refused with both numbers`() throws {
    let directory = try StoreDirectory()
    try overwrite(.meta, Array("store".utf8), in: try directory.open()) { body in body[0] = 3 }
    let error = #expect(throws: StoreError.self) { try directory.open() }

    #expect(error?.code == .newerFormat)
    #expect(
      error?.message.contains("format 3") == true && error?.message.contains("up to 2") == true)
  }

  @Test func `with a flipped bit is found damaged when it is read`() throws {
    let directory = try StoreDirectory()
    let database = try directory.open()
    try FoldDriver(database).apply([[.course("c"), .attempt("t", by: "u", in: "c")]])
    let key = [0, 0, 0, 1] + Array("c".utf8)
    try overwrite(.courseCounts, key, in: database, seals: false) { body in body[8] ^= 1 }

    let snapshot = try database.snapshot()
    let tenant = try #require(try snapshot.tenant(FoldDriver.tenant))
    var cursor = try snapshot.courses(in: tenant)
    var found: StoreError?
    do { _ = try cursor.next() } catch { found = error }
    #expect(found?.code == .dataLoss)
    #expect(found?.message.contains("course_counts") == true)
  }

  @Test func `whose counter is wrong has no list, but an error`() throws {
    let directory = try StoreDirectory()
    let database = try directory.open()
    try FoldDriver(database).apply([[.course("c"), .attempt("t", by: "u", in: "c")]])
    let key = [0, 0, 0, 1] + Array("c".utf8)
    try overwrite(.courseCounts, key, in: database) { body in body[8] = 7 }

    let snapshot = try database.snapshot()
    let tenant = try #require(try snapshot.tenant(FoldDriver.tenant))
    var found: StoreError?
    let id = Bytes("c")
    do { _ = try snapshot.behind(.view, ofCourse: id.raw, in: tenant) } catch { found = error }
    #expect(found?.code == .dataLoss)
  }

  @Test func `keeps the snapshot of a cursor while folds go on`() throws {
    let directory = try StoreDirectory()
    let driver = FoldDriver(try directory.open())
    try driver.apply([[.course("c"), .course("d")]])
    let snapshot = try driver.database.snapshot()
    let tenant = try #require(try snapshot.tenant(FoldDriver.tenant))
    var cursor = try snapshot.courses(in: tenant)
    try driver.apply([[.course("e"), .course("c", status: .archived, time: 9)]])

    var names: [String] = []
    while let course = try cursor.next() { names.append(EncodedFields(course.fields).text(2)) }
    #expect(names == ["c", "d"])
    #expect(snapshot.revision == 2)
    #expect(try driver.database.snapshot().revision == 3)
  }

  @Test func `has no trace of a fold that was aborted`() throws {
    let directory = try StoreDirectory()
    let driver = FoldDriver(try directory.open())
    try driver.apply([[.course("c")]])
    let before = try Dump(driver.database)
    var bytes: [UInt8] = []
    Event.attempt("t", by: "new", in: "c").appendRecord(to: &bytes)
    let name = Bytes(FoldDriver.tenant)
    try driver.fold.begin()
    try bytes.withUnsafeBytes {
      try driver.fold.applyBatch(
        position: 9, acceptedAt: 9, tenant: name.raw, events: $0, count: 1)
    }
    driver.fold.abort()
    #expect(try Dump(driver.database) == before)

    // The number of "new" was never given.
    try driver.apply([[.attempt("t", by: "other", in: "c"), .attempt("s", by: "new", in: "c")]])
    let reports = SnapshotReports(database: driver.database)
    #expect(try reports.read(.behindCourse("c", .view)).map(\.id) == ["new", "other"])
  }

  @Test func `refuses log records that are no events`() throws {
    let directory = try StoreDirectory()
    let driver = FoldDriver(try directory.open())
    try driver.apply([[.course("c")]])
    let name = Bytes(FoldDriver.tenant)
    for bytes: [UInt8] in [
      [1], [UInt8](repeating: 0, count: 13), event(length: 9), event(kind: 99),
    ] {
      try driver.fold.begin()
      let error = #expect(throws: StoreError.self) {
        try bytes.withUnsafeBytes {
          try driver.fold.applyBatch(
            position: 7, acceptedAt: 1, tenant: name.raw, events: $0, count: 1)
        }
      }
      driver.fold.abort()
      #expect(error?.code == .badRecord)
      #expect(error?.message.contains("7") == true)
    }
  }

  private func event(kind: UInt8 = 8, length: UInt8 = 0) -> [UInt8] {
    [UInt8](repeating: 0, count: 8) + [kind, length, 0, 0, 0]
  }
}
