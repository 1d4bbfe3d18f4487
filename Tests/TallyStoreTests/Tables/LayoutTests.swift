internal import LMDB
internal import TallyModel
internal import TestSupport
internal import Testing

@testable internal import TallyStore

/// The article's tables against the bytes that the fold writes: a record of every table, with
/// values that all differ, read by the article's offsets.
@Suite struct `layout of the tables` {
  private let article: Article
  private let records: [TableID: [[UInt8]: [UInt8]]]

  init() throws {
    article = try Article("Sources/Storage/TallyStore/TallyStore.docc/storage.md")
    let directory = try StoreDirectory()
    let driver = FoldDriver(try directory.open())
    try driver.apply([LayoutEvents.all])
    var records: [TableID: [[UInt8]: [UInt8]]] = [:]
    let transaction = try driver.database.environment.read()
    for table in TableID.allCases {
      var cursor = try transaction.cursor(driver.database.tables[table])
      var found = try cursor.move(.first)
      while found {
        records[table, default: [:]][cursor.uncheckedKey.array] = cursor.uncheckedValue.array
        found = try cursor.move(.next)
      }
    }
    self.records = records
  }

  @Test func `every table is in the article, and every table of the article is one`() {
    let captions = article.tables.map(\.caption).filter { $0.hasPrefix("`") }
    let stated = captions.map { $0.split(separator: "`")[0] }
    let expected = TableID.allCases.map(\.name) + ["meta"]
    #expect(stated.map { String($0) }.sorted() == expected.sorted())
  }

  @Test(arguments: StatedRecord.all) func `the record of a table`(record: StatedRecord) throws {
    let table = try #require(
      article.tables.first { $0.caption.hasPrefix("`\(record.table.name)`, \(record.keyText)") },
      "no table of '\(record.table.name)' with \(record.keyText)")
    let key = record.key.flatMap { $0 }
    let value = try #require(records[record.table]?[key], "no record at \(key)")

    var stated = record.fields
    stated.append(.init("crc", plainCRC32C(key + value.dropLast(4))))
    #expect(table.faults(reading: value, stated) == [])
    // The caption says the size: "(28 bytes)", or "(27 bytes and more)" with what has no size.
    let sizes = table.caption.split(separator: "(").compactMap { part -> (Int, Bool)? in
      let words = part.split(separator: " ")
      guard words.count > 1, words[1].hasPrefix("bytes"), let size = Int(words[0]) else {
        return nil
      }
      return (size, part.contains("bytes and more"))
    }
    let size = try #require(sizes.first)
    #expect(size.1 ? value.count >= size.0 : value.count == size.0)
  }

  @Test func `nothing is written that the article does not state`() {
    let stated = Set(StatedRecord.all.map(\.table))
    #expect(Set(TableID.allCases).subtracting(stated) == [.erased])
    #expect(records[.erased] == nil)
  }

  @Test func `of an event in the log`() throws {
    let article = try Article("Sources/Storage/EventLog/EventLog.docc/EventLog.md")
    let table = try #require(
      article.tables.first { $0.caption.contains("its accepted events") })
    let event = Event(
      occurredAt: Timestamp(nanoseconds: 0x0102_0304_0506_0708),
      fact: .like(.init(userID: "u", postID: "p", commentID: "", withdrawn: true)))
    var bytes: [UInt8] = []
    event.appendRecord(to: &bytes)
    let form = event.fact.fixedForm

    let faults = table.faults(
      reading: bytes,
      [
        .init("`occurred_at`", Int64(0x0102_0304_0506_0708)), .init("kind of the fact", UInt8(12)),
        .init("length of the fixed form", UInt32(form.count)),
        .init("the fact in its fixed form", form),
      ])
    #expect(faults == [])
  }
}
