internal import TestSupport
internal import Testing

@testable internal import EventLog

/// The article's tables against the bytes that the log writes.
@Suite struct `layout of the log` {
  private let article: Article

  init() throws { article = try Article("Sources/Storage/EventLog/EventLog.docc/EventLog.md") }

  private func table(_ words: String) throws -> Article.Table {
    try #require(article.tables.first { $0.caption.contains(words) }, "no table for '\(words)'")
  }

  @Test func `the article has a table for each structure`() {
    #expect(article.tables.count == 3)
  }

  @Test func `header of a segment`() throws {
    let header = SegmentHeader(
      identity: LogIdentity(storeID: Array(101...116), timeline: 0x0403_0201, partition: 0x0605),
      first: 0x0102_0304_0506_0708, previousFirst: 0x1112_1314_1516_1718,
      previousEnd: SegmentEnd(
        position: 0x2122_2324_2526_2728, offset: 0x3132_3334_3536_3738, checksum: 0x4142_4344),
      fileBytes: 0x5152_5354_5556_5758)
    let page = header.encoded()

    #expect(page.count == 4_096)
    #expect(page[128...].allSatisfy { $0 == 0 })
    let bytes = Array(page[..<128])
    let faults = try table("is the header").faults(
      reading: bytes,
      [
        .init("`TALLYLOG`", Array("TALLYLOG".utf8)), .init("format, 1", UInt16(1)),
        .init("partition", UInt16(0x0605)), .init("timeline", UInt32(0x0403_0201)),
        .init("store id", Array(101...116)),
        .init("first position", UInt64(0x0102_0304_0506_0708)),
        .init("first position of the segment before it", UInt64(0x1112_1314_1516_1718)),
        .init("position at which that one ends", UInt64(0x2122_2324_2526_2728)),
        .init("offset at which that one ends", UInt64(0x3132_3334_3536_3738)),
        .init("checksum of its last record", UInt32(0x4142_4344)),
        .init("size with which the file was made", UInt64(0x5152_5354_5556_5758)),
        .init("zeros", [UInt8](repeating: 0, count: 48)),
        .init("CRC32C of the 124 bytes before", plainCRC32C(Array(page[..<124]))),
      ])
    #expect(faults == [])
  }

  @Test func `record`() throws {
    let header = SegmentHeader(
      identity: LogDirectory.identity, first: 77, previousFirst: 0,
      previousEnd: SegmentEnd(position: 0, offset: 0, checksum: 0))
    let entry = LogEntry(
      kind: .tenant, tenant: Array("tenant".utf8), payload: Array(1...13),
      eventCount: 0x0A0B_0C0D, acceptedAt: 0x0102_0304_0506_0708, completion: { _ in })
    let place = RecordPlace(
      position: 0x1112_1314_1516_1718, durable: 0x2122_2324_2526_2728, synced: 0x3132_3334,
      flags: RecordLayout.cleanStopFlag)
    var bytes: [UInt8] = []
    _ = RecordLayout.append(entry, at: place, seed: header.seed, to: &bytes)

    let first = withUnsafeBytes(of: UInt64(77).littleEndian) { Array($0) }
    let seed = plainCRC32C(LogDirectory.identity.storeID + first)
    let size = (48 + 6 + 13 + 7) / 8 * 8
    let faults = try table("the records follow").faults(
      reading: bytes,
      [
        .init("length of all from byte 8 on", UInt32(size - 8)),
        .init("CRC32C of those bytes", plainCRC32C(Array(bytes[8...]), from: seed)),
        .init("position", UInt64(0x1112_1314_1516_1718)),
        .init("`durable`", UInt64(0x2122_2324_2526_2728)),
        .init("time at which it was accepted", Int64(0x0102_0304_0506_0708)),
        .init("`synced`", UInt32(0x3132_3334)), .init("kind", UInt8(3)),
        .init("length of the tenant's name", UInt8(6)),
        .init("flags; 1: the mark of a clean stop", UInt16(1)),
        .init("number of events", UInt32(0x0A0B_0C0D)),
        .init("length of the payload", UInt32(13)),
        .init(
          "the tenant's name, then the payload",
          Array("tenant".utf8) + Array(1...13) + [UInt8](repeating: 0, count: size - 67)),
      ])
    #expect(faults == [])
    let kinds: [RecordKind] = [.batch, .erase, .tenant, .mark]
    #expect(kinds.map(\.rawValue) == [1, 2, 3, 4])
    let stated = try table("the records follow").fields.first { $0.what.hasPrefix("kind:") }
    #expect(stated?.what == "kind: 1 batch, 2 erase, 3 tenant, 4 mark")
  }
}
