internal import Testing

@testable internal import LMDB

@Suite struct `transactions` {
  @Test func `show what was committed`() throws {
    let fixture = try Fixture()
    try fixture.put(["a": "1", "b": ""])

    #expect(try fixture.get("a") == "1")
    #expect(try fixture.get("b") == "")
    #expect(try fixture.get("c") == nil)
  }

  @Test func `change nothing when they are dropped or aborted`() throws {
    let fixture = try Fixture()
    let key: [UInt8] = [1]
    do {
      let dropped = try fixture.environment.write()
      try dropped.put(fixture.table, key.span.bytes, key.span.bytes)
    }
    let aborted = try fixture.environment.write()
    try aborted.put(fixture.table, key.span.bytes, key.span.bytes)
    aborted.abort()

    #expect(try fixture.environment.read().count(of: fixture.table) == 0)
  }

  @Test func `that read keep their snapshot`() throws {
    let fixture = try Fixture()
    try fixture.put(["a": "old"])
    let reader = try fixture.environment.read()
    try fixture.put(["a": "new"])

    let key = Array("a".utf8)
    let bytes = try key.withUnsafeBytes { Array(try reader.uncheckedGet(fixture.table, $0)!) }
    #expect(bytes == Array("old".utf8))
    #expect(try fixture.get("a") == "new")
  }

  @Test func `delete what is there and say what is not`() throws {
    let fixture = try Fixture()
    try fixture.put(["a": "1"])
    let transaction = try fixture.environment.write()
    let key = Array("a".utf8)

    #expect(try transaction.delete(fixture.table, key.span.bytes))
    #expect(try !transaction.delete(fixture.table, key.span.bytes))
    try transaction.commit()
    #expect(try fixture.get("a") == nil)
  }

  @Test func `append in ascending order alone`() throws {
    let fixture = try Fixture()
    let transaction = try fixture.environment.write()
    let (low, high): ([UInt8], [UInt8]) = ([1], [2])
    try transaction.append(fixture.table, high.span.bytes, low.span.bytes)

    let error = #expect(throws: LMDBError.self) {
      try transaction.append(fixture.table, low.span.bytes, low.span.bytes)
    }
    #expect(error?.code == .keyExists)
  }

  @Test func `refuse keys of 0 and 512 bytes`() throws {
    let fixture = try Fixture()
    let transaction = try fixture.environment.write()
    for size in [0, 512] {
      let key = [UInt8](repeating: 1, count: size)
      let error = #expect(throws: LMDBError.self) {
        try transaction.put(fixture.table, key.span.bytes, key.span.bytes)
      }
      #expect(error?.code == .badValueSize)
    }
  }

  @Test func `that fill the map fail and leave the data as it was`() throws {
    let fixture = try Fixture(mapSizeBytes: 256 << 10)
    try fixture.put(["a": "1"])
    let transaction = try fixture.environment.write()
    let big = [UInt8](repeating: 1, count: 64 << 10)
    let error = #expect(throws: LMDBError.self) {
      for number in UInt8(0)..<100 {
        let key = [number]
        try transaction.put(fixture.table, key.span.bytes, big.span.bytes)
      }
    }
    transaction.abort()

    #expect(error?.code == .mapFull)
    #expect(try fixture.get("a") == "1")
  }
}

@Suite struct `cursors` {
  @Test func `walk in the order of bytes`() throws {
    let fixture = try Fixture()
    try fixture.put(["b": "2", "a": "1", "ab": "3", "\u{E9}": "4"])
    var cursor = try fixture.environment.read().cursor(fixture.table)
    var keys: [String] = []
    var found = try cursor.move(.first)
    while found {
      keys.append(String(decoding: cursor.uncheckedKey, as: UTF8.self))
      found = try cursor.move(.next)
    }

    #expect(keys == ["a", "ab", "b", "\u{E9}"])
    #expect(try cursor.move(.last))
    #expect(String(decoding: cursor.uncheckedValue, as: UTF8.self) == "4")
  }

  @Test func `find keys, the next greater one and prefixes`() throws {
    let fixture = try Fixture()
    try fixture.put(["a1": "1", "a3": "3"])
    var cursor = try fixture.environment.read().cursor(fixture.table)
    let (there, between, after, prefix) = (
      Array("a1".utf8), Array("a2".utf8), Array("b".utf8), Array("a".utf8)
    )

    #expect(try cursor.find(there.span.bytes))
    #expect(try !cursor.find(between.span.bytes))
    #expect(try cursor.seek(between.span.bytes))
    #expect(cursor.hasPrefix(prefix.span.bytes) && !cursor.hasPrefix(there.span.bytes))
    #expect(try !cursor.seek(after.span.bytes))
  }

  @Test func `keep their snapshot when the transaction value is gone`() throws {
    let fixture = try Fixture()
    try fixture.put(["a": "old"])
    var cursor = try fixture.environment.read().cursor(fixture.table)
    try fixture.put(["a": "new"])

    #expect(try cursor.move(.first))
    #expect(String(decoding: cursor.uncheckedValue, as: UTF8.self) == "old")
  }

  @Test func `write over, insert and delete`() throws {
    let fixture = try Fixture()
    try fixture.put(["a": "1", "b": "2"])
    let transaction = try fixture.environment.write()
    do {
      var cursor = try transaction.cursor(fixture.table)
      let (a, b, c, value) = (
        Array("a".utf8), Array("b".utf8), Array("c".utf8), Array("longer".utf8)
      )
      #expect(try cursor.find(a.span.bytes))
      try cursor.replace(a.span.bytes, value.span.bytes)
      try cursor.put(c.span.bytes, value.span.bytes)
      #expect(try cursor.find(b.span.bytes))
      try cursor.delete()
    }
    try transaction.commit()

    #expect(try fixture.get("a") == "longer")
    #expect(try fixture.get("b") == nil)
    #expect(try fixture.get("c") == "longer")
  }

  @Test func `may outlive the commit of their transaction`() throws {
    let fixture = try Fixture()
    let transaction = try fixture.environment.write()
    let cursor = try transaction.cursor(fixture.table)
    try transaction.commit()
    _ = consume cursor
    try fixture.put(["a": "1"])

    #expect(try fixture.get("a") == "1")
  }
}
