internal import LMDB

/// One table of an open fold: finds, writes and removes records with their checksums, and notes
/// what `tally` has to change by.
final class RecordTable {
  let id: TableID
  private var cursor: Cursor
  private let scratch: Scratch
  private var isFound = false
  private var foundChecksum: UInt32 = 0
  /// Keys written or removed in this fold.
  private(set) var touched = 0
  private var tenant: UInt32 = 0
  private var change = RecordTally()
  private var parked: [UInt32: RecordTally] = [:]

  init(
    _ id: TableID, _ tables: Tables, _ transaction: borrowing WriteTransaction, _ scratch: Scratch
  ) throws(StoreError) {
    self.id = id
    self.scratch = scratch
    let table = tables[id]
    do { cursor = try transaction.cursor(table) } catch { throw StoreError(error) }
  }

  /// The value at `key` without its checksum, valid until the next write; nil if there is none.
  ///
  /// - Throws: `dataLoss` if it is damaged or shorter than `size`.
  func find(
    _ key: UnsafeRawBufferPointer, atLeast size: Int
  ) throws(StoreError) -> UnsafeRawBufferPointer? {
    do { isFound = try cursor.find(key.bytes) } catch { throw StoreError(error) }
    guard isFound else { return nil }
    return try here(key, atLeast: size)
  }

  /// Writes the record at `key`, for which `find` was called just before.
  @inline(__always)
  func put(
    _ key: UnsafeRawBufferPointer, _ fill: (inout ByteWriter) -> Void
  ) throws(StoreError) {
    var value = scratch.writer
    fill(&value)
    let checksum = Checksum.of(key, value.bytes)
    value.little(checksum)
    try put(key, sealed: value.bytes, checksum)
  }

  private func put(
    _ key: UnsafeRawBufferPointer, sealed value: UnsafeRawBufferPointer, _ checksum: UInt32
  ) throws(StoreError) {
    do throws(LMDBError) {
      if isFound {
        try cursor.replace(key.bytes, value.bytes)
      } else {
        try cursor.put(key.bytes, value.bytes)
      }
    } catch { throw StoreError(error) }
    note(
      key, records: isFound ? 0 : 1,
      checksums: UInt64(checksum) &- (isFound ? UInt64(foundChecksum) : 0))
    isFound = true
    foundChecksum = checksum
  }

  /// Removes the record at `key`, for which `find` found something just before.
  func delete(_ key: UnsafeRawBufferPointer) throws(StoreError) {
    do { try cursor.delete() } catch { throw StoreError(error) }
    note(key, records: UInt64.max, checksums: 0 &- UInt64(foundChecksum))
    isFound = false
  }

  /// Calls `body` with every key that starts with `prefix` and its value without checksum.
  func scan(
    _ prefix: UnsafeRawBufferPointer, atLeast size: Int,
    _ body: (UnsafeRawBufferPointer, UnsafeRawBufferPointer) throws(StoreError) -> Void
  ) throws(StoreError) {
    var found: Bool
    do throws(LMDBError) {
      found = prefix.isEmpty ? try cursor.move(.first) : try cursor.seek(prefix.bytes)
    } catch { throw StoreError(error) }
    while found, cursor.hasPrefix(prefix.bytes) {
      let key = cursor.uncheckedKey
      try body(key, try here(key, atLeast: size))
      do { found = try cursor.move(.next) } catch { throw StoreError(error) }
    }
  }

  private func here(
    _ key: UnsafeRawBufferPointer, atLeast size: Int
  ) throws(StoreError) -> UnsafeRawBufferPointer {
    let value = cursor.uncheckedValue
    let body = try Checksum.open(value, at: key, in: id, atLeast: size)
    foundChecksum = value.little(body.count)
    return body
  }

  private func note(_ key: UnsafeRawBufferPointer, records: UInt64, checksums: UInt64) {
    touched += 1
    guard id.isTallied else { return }
    let owner = key.big(0, as: UInt32.self)
    if owner != tenant {
      parked[tenant, default: RecordTally()].add(change)
      tenant = owner
      change = RecordTally()
    }
    change.records &+= records
    change.checksums &+= checksums
  }

  /// What the fold changed, by tenant.
  func changes() -> [UInt32: RecordTally] {
    var all = parked
    all[tenant, default: RecordTally()].add(change)
    return all.filter { $0.value != RecordTally() }
  }
}

extension RecordTally {
  mutating func add(_ other: RecordTally) {
    records &+= other.records
    checksums &+= other.checksums
  }
}

/// The tables of one open fold.
final class FoldTables {
  private let tables: [RecordTable]

  init(
    _ database: Tables, _ transaction: borrowing WriteTransaction, _ scratch: Scratch
  ) throws(StoreError) {
    var tables: [RecordTable] = []
    for id in TableID.allCases {
      tables.append(try RecordTable(id, database, transaction, scratch))
    }
    self.tables = tables
  }

  @inline(__always)
  subscript(_ id: TableID) -> RecordTable { tables[Int(id.rawValue) - 1] }

  var touched: Int { tables.reduce(0) { $0 + $1.touched } }

  /// Adds what the fold changed to the sums in `tally`.
  func writeTallies(_ keys: Scratch) throws(StoreError) {
    for table in tables where table.id.isTallied {
      for (tenant, change) in table.changes().sorted(by: { $0.key < $1.key }) {
        var key = keys.writer
        RecordTally.key(tenant: tenant, table: table.id, into: &key)
        var sum = RecordTally()
        if let body = try self[.tally].find(key.bytes, atLeast: RecordTally.size) {
          sum = RecordTally(body)
        }
        sum.add(change)
        try self[.tally].put(key.bytes) { sum.write(into: &$0) }
      }
    }
  }
}
