internal import LMDB

/// Walks the records of one table under one prefix, checking each.
struct RecordCursor: ~Copyable {
  private var cursor: Cursor
  let table: TableID
  private let prefix: [UInt8]
  private let size: Int
  private var hasStarted = false
  private(set) var key = UnsafeRawBufferPointer.none
  private(set) var body = UnsafeRawBufferPointer.none

  init(
    _ cursor: consuming Cursor, _ table: TableID, prefix: UnsafeRawBufferPointer,
    atLeast size: Int
  ) {
    self.cursor = cursor
    self.table = table
    self.prefix = prefix.array
    self.size = size
  }

  /// Moves to the next record, at first to the first; false after the last.
  @inline(__always)
  mutating func next() throws(StoreError) -> Bool {
    let found: Bool
    do throws(LMDBError) {
      if hasStarted {
        found = try cursor.move(.next)
      } else {
        hasStarted = true
        let prefix = prefix
        found = prefix.isEmpty ? try cursor.move(.first) : try cursor.seek(prefix.span.bytes)
      }
    } catch { throw StoreError(error) }
    return found ? try take() : false
  }

  /// Moves to the first record whose key is not less than `key`; false if there is none under the
  /// prefix.
  mutating func seek(_ key: UnsafeRawBufferPointer) throws(StoreError) -> Bool {
    hasStarted = true
    let found: Bool
    do { found = try cursor.seek(key.bytes) } catch { throw StoreError(error) }
    return found ? try take() : false
  }

  @inline(__always)
  private mutating func take() throws(StoreError) -> Bool {
    guard cursor.hasPrefix(prefix.span.bytes) else { return false }
    key = cursor.uncheckedKey
    body = try Checksum.open(cursor.uncheckedValue, at: key, in: table, atLeast: size)
    return true
  }
}
