internal import TallyModel
internal import TestSupport
internal import Testing

@testable internal import TallyStore

/// The bytes of the records, written out by hand from storage.md, section 3: they lie on disks.
@Suite struct `records` {
  private func dump(_ events: [Event]) throws -> Dump {
    let directory = try StoreDirectory()
    let database = try directory.open()
    try FoldDriver(database).apply([events])
    return try Dump(database)
  }

  private func little<Number: FixedWidthInteger>(_ number: Number) -> [UInt8] {
    withUnsafeBytes(of: number.littleEndian) { Array($0) }
  }

  private let tenant: [UInt8] = [0, 0, 0, 1]
  private let unset = [UInt8](repeating: 255, count: 8)
  private let c = UInt8(ascii: "c")
  private let t = UInt8(ascii: "t")
  private let u = UInt8(ascii: "u")

  @Test func `of a course and an attempt at it`() throws {
    let records = try dump([.course("c"), .attempt("t", by: "u", in: "c")]).records

    // The course is number 1, the user number 2; the batch is at position 2.
    #expect(
      records[.course] == [
        tenant + [c]: little(UInt32(1)) + little(Int64(1)) + [1] + unset + unset
          + little(UInt32(0)) + [0] + [2 << 3 | 2, 1, c]
      ])
    #expect(
      records[.courseRow] == [
        tenant + [c]: little(UInt32(1)) + little(UInt64(2)) + [1] + little(UInt32(0)) + unset
          + [UInt8](repeating: 0, count: 16) + [0]
          + [1 << 3 | 2, 1, c, 2 << 3 | 2, 1, c, 3 << 3, 1]
      ])
    #expect(
      records[.courseCounts] == [
        tenant + [c]: little(UInt64(2)) + little(UInt32(1)) + [UInt8](repeating: 0, count: 28)
      ])
    #expect(
      records[.attempt] == [
        tenant + [0, 0] + [0, 0, 0, 1] + [4, t, 0]: little(Int64(1)) + little(UInt32(0))
          + little(UInt32(2)) + little(UInt32(0)) + [2]
      ])
    #expect(
      records[.user] == [
        tenant + [u]: little(UInt32(2)) + unset + little(UInt64(2)) + [0] + little(UInt16(3))
          + [1 << 3 | 2, 1, u]
      ])
    #expect(
      records[.name] == [tenant + [0, 0, 0, 1]: [3, c], tenant + [0, 0, 0, 2]: [1, u]])
    #expect(records[.userCounts] == nil)
  }

  @Test func `of reactions, comments and downloads`() throws {
    let second: Int64 = 1_000_000_000
    let records = try dump([
      .reaction(.outdated, by: "u", on: "a", in: "c", time: 7 * second),
      .reaction(.useful, by: "u", in: "c", time: second),
      .comment("t", by: "u", on: "a", in: "c", time: 3 * second),
      .download("t", by: "u", of: "a", in: "c", time: second),
    ]).records

    // User 1, activity 2, course 3.
    let (one, two, three) = (little(UInt32(1)), little(UInt32(2)), little(UInt32(3)))
    #expect(
      records[.reaction] == [
        tenant + [0, 0, 0, 2, 3, 0, 0, 0, 1]: little(7 * second) + little(UInt32(7)) + three
          + [3 << 4],
        tenant + [0, 0, 0, 3, 5, 0, 0, 0, 1]: little(second) + one + little(UInt32(0))
          + [5 << 4 | 2],
      ])
    #expect(
      records[.comment] == [
        tenant + [4, t, 0]: little(3 * second) + three + one + two + three + [0, 0]
      ])
    #expect(
      records[.download] == [
        tenant + [4, t, 0]: little(second) + one + one + two + three + [1 << 4]
      ])
    #expect(
      records[.behind] == [
        tenant + [0, 0, 0, 0, 0, 2, 1, 4, t, 0]: one + three,
        tenant + [0, 0, 0, 0, 0, 2, 2, 4, t, 0]: one + three,
      ])
    #expect(records[.stamped] == [tenant + [0, 0, 0, 3, 0, 0, 0, 2]: []])
    #expect(
      records[.userCounts] == [
        tenant + [0, 0, 0, 1]: little(UInt64(2)) + [0] + little(UInt32(0)) + one + one
      ])
    #expect(
      records[.activityCounts] == [
        tenant + [0, 0, 0, 2]: little(UInt64(2)) + [UInt8](repeating: 0, count: 12) + one
          + little(UInt32(0)) + one + one
      ])
  }

  @Test func `of the store and how far the log is applied`() throws {
    let records = try dump([.course("c")]).records

    #expect(
      records[.meta] == [
        Array("store".utf8): [2, 0, 2, 0] + [UInt8](repeating: 5, count: 16) + little(UInt32(1)),
        Array("applied/".utf8) + [0, 0]: little(UInt64(2)) + little(Int64(2)),
      ])
    #expect(
      records[.tenant] == [
        Array("default".utf8): little(UInt32(1))
          + little(Tenant.partition(of: Bytes("default").raw)) + little(UInt32(2))
          + little(UInt64(0)) + little(UInt64(0)) + [UInt8](repeating: 9, count: 32)
      ])
  }

  @Test func `of one tenant are not another's`() throws {
    let directory = try StoreDirectory()
    let driver = FoldDriver(try directory.open())
    try driver.apply([[.course("c"), .attempt("t", by: "u", in: "c")]])
    try driver.apply([[.course("d"), .attempt("t", by: "u", in: "d")]], tenant: "other")

    let snapshot = try driver.database.snapshot()
    let other = try #require(try snapshot.tenant("other"))
    var courses = try snapshot.courses(in: other)
    let first = try courses.next().map(\.id.text)
    let second = try courses.next().map(\.id.text)
    #expect(first == "d" && second == nil)
    #expect(try snapshot.recordCount(.courseRow, in: other) == 1)
    #expect(try snapshot.number(of: .user, id: Bytes("u").raw, in: other) == 2)
    #expect(try snapshot.tenant("nobody") == nil)
  }
}
