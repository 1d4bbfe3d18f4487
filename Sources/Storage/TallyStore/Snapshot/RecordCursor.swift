internal import CPrefetch
internal import LMDB

/// Walks the records of one table under one prefix, checking each.
struct RecordCursor: ~Copyable {
  private var cursor: Cursor
  let table: TableID
  private let prefix: [UInt8]
  private let size: Int
  private var hasStarted = false
  /// The number of the page of 4 KiB that holds the record here.
  private var page: UInt = 0
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
    readAhead()
    body = try Checksum.open(cursor.uncheckedValue, at: key, in: table, atLeast: size)
    return true
  }

  /// A walk that has come from one page to another will most likely read all of it, and its records
  /// lie in it in no order: asked for at once, their memory comes while the first is checked.
  @inline(__always)
  private mutating func readAhead() {
    let here = UInt(bitPattern: key.baseAddress) >> 12
    if here == page { return }
    if page != 0, let start = key.baseAddress { tally_prefetch_page(start) }
    page = here
  }
}
