internal import CPrefetch
internal import LMDB

/// Walks the records of one table under one prefix, checking each: its checksum, and that it comes
/// behind the one before. What ends the walk is checked too: it may be a record whose key changed.
struct RecordCursor: ~Copyable {
  private var cursor: Cursor
  let table: TableID
  private let prefix: [UInt8]
  private let size: Int
  /// The least key that the walk may begin with.
  private var firstKey: [UInt8]
  private var hasStarted = false
  /// The number of the page of 4 KiB that holds the record here.
  private var page: UInt = 0
  private(set) var key = UnsafeRawBufferPointer.none
  private(set) var body = UnsafeRawBufferPointer.none
  /// Of the records shown so far, as `tally` has it of whole tables.
  private(set) var tally = RecordTally()

  init(
    _ cursor: consuming Cursor, _ table: TableID, prefix: UnsafeRawBufferPointer,
    atLeast size: Int
  ) {
    self.cursor = cursor
    self.table = table
    self.prefix = prefix.array
    firstKey = self.prefix
    self.size = size
  }

  /// Begins behind the record whose key is the prefix and `id`, there or not. Before the first
  /// move.
  mutating func start(after id: [UInt8]) {
    precondition(!hasStarted, "a walk begins once")
    // Ids hold no NUL: no key lies between the one of `id` and this.
    firstKey = prefix + id + [0]
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
        let key = firstKey
        found = key.isEmpty ? try cursor.move(.first) : try cursor.seek(key.span.bytes)
      }
    } catch { throw StoreError(error) }
    guard found else { return false }
    let previous = key
    guard try take() else { return false }
    if previous.count > 0, previous.order(key) >= 0 { throw Self.disorder(in: table) }
    return true
  }

  /// Moves to the first record whose key is not less than `key`; false if there is none under the
  /// prefix.
  mutating func seek(_ key: UnsafeRawBufferPointer) throws(StoreError) -> Bool {
    hasStarted = true
    let found: Bool
    do { found = try cursor.seek(key.bytes) } catch { throw StoreError(error) }
    guard found, try take() else { return false }
    if self.key.order(key) < 0 { throw Self.disorder(in: table) }
    return true
  }

  private static func disorder(in table: TableID) -> StoreError {
    StoreError(
      code: .dataLoss,
      message: "keys of table '\(table.name)' are not in order: run tally verify, or restore a"
        + " backup; the log brings it up to date")
  }

  @inline(__always)
  private mutating func take() throws(StoreError) -> Bool {
    guard cursor.hasPrefix(prefix.span.bytes) else {
      _ = try Checksum.open(cursor.uncheckedValue, at: cursor.uncheckedKey, in: table, atLeast: 0)
      return false
    }
    key = cursor.uncheckedKey
    readAhead()
    let value = cursor.uncheckedValue
    body = try Checksum.open(value, at: key, in: table, atLeast: size)
    tally.records += 1
    tally.checksums &+= UInt64(value.little(body.count, as: UInt32.self))
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
