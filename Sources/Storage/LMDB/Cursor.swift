internal import CLMDB
internal import Glibc

/// A place in a table. Keeps its transaction open; closes itself.
///
/// `key` and `value` are those of the last move that found something. In a write transaction they
/// are valid until the next write, through whatever cursor.
package struct Cursor: ~Copyable {
  private let pointer: OpaquePointer
  private let owner: TransactionHandle
  private var currentKey = MDB_val()
  private var currentValue = MDB_val()

  /// Where to move.
  package enum Step: Sendable {
    case first
    case next
    case previous
    case last

    var operation: MDB_cursor_op {
      switch self {
      case .first: MDB_FIRST
      case .next: MDB_NEXT
      case .previous: MDB_PREV
      case .last: MDB_LAST
      }
    }
  }

  init(_ owner: TransactionHandle, table: Table) throws(LMDBError) {
    var cursor: OpaquePointer?
    let result = mdb_cursor_open(owner.pointer, table.index, &cursor)
    guard result == MDB_SUCCESS, let cursor else {
      throw LMDBError(result, doing: "cannot open a cursor on '\(owner.environment.path)'")
    }
    self.pointer = cursor
    self.owner = owner
  }

  deinit {
    // The end of a write transaction has freed its cursors; a read transaction frees none, and
    // this one's is still open, since the cursor holds it.
    if owner.isOpen { mdb_cursor_close(pointer) }
  }

  /// The key here.
  package var key: RawSpan {
    @_lifetime(borrow self)
    get {
      _overrideLifetime(
        RawSpan(_unsafeStart: currentKey.mv_data, byteCount: currentKey.mv_size), borrowing: self)
    }
  }

  /// The value here.
  package var value: RawSpan {
    @_lifetime(borrow self)
    get {
      _overrideLifetime(
        RawSpan(_unsafeStart: currentValue.mv_data, byteCount: currentValue.mv_size),
        borrowing: self)
    }
  }

  /// The key here, for a caller that keeps the cursor: valid as `key` is, and nobody checks.
  package var uncheckedKey: UnsafeRawBufferPointer {
    UnsafeRawBufferPointer(start: currentKey.mv_data, count: currentKey.mv_size)
  }

  /// The value here, for a caller that keeps the cursor: valid as `value` is, and nobody checks.
  package var uncheckedValue: UnsafeRawBufferPointer {
    UnsafeRawBufferPointer(start: currentValue.mv_data, count: currentValue.mv_size)
  }

  /// Moves one step; false at the end of the table.
  package mutating func move(_ step: Step) throws(LMDBError) -> Bool {
    try take(mdb_cursor_get(pointer, &currentKey, &currentValue, step.operation))
  }

  /// Moves to `key`; false if it is not there.
  package mutating func find(_ key: RawSpan) throws(LMDBError) -> Bool {
    currentKey = MDB_val(key)
    return try take(mdb_cursor_get(pointer, &currentKey, &currentValue, MDB_SET_KEY))
  }

  /// Moves to the first key that is not less than `key`; false if there is none.
  package mutating func seek(_ key: RawSpan) throws(LMDBError) -> Bool {
    currentKey = MDB_val(key)
    return try take(mdb_cursor_get(pointer, &currentKey, &currentValue, MDB_SET_RANGE))
  }

  /// Whether the key here starts with `prefix`.
  package func hasPrefix(_ prefix: RawSpan) -> Bool {
    let key = MDB_val(prefix)
    // Every key starts with nothing, which has no address to compare at.
    if key.mv_size == 0 { return true }
    guard currentKey.mv_size >= key.mv_size else { return false }
    return memcmp(currentKey.mv_data, key.mv_data, key.mv_size) == 0
  }

  /// Writes `value` at `key`, whatever was there.
  package mutating func put(_ key: RawSpan, _ value: RawSpan) throws(LMDBError) {
    currentKey = MDB_val(key)
    currentValue = MDB_val(value)
    try check(mdb_cursor_put(pointer, &currentKey, &currentValue, 0))
  }

  /// Writes over the value here, found by `find`: one search less than `put` if the size stays.
  package mutating func replace(_ key: RawSpan, _ value: RawSpan) throws(LMDBError) {
    currentKey = MDB_val(key)
    currentValue = MDB_val(value)
    try check(mdb_cursor_put(pointer, &currentKey, &currentValue, UInt32(MDB_CURRENT)))
  }

  /// Removes the record here.
  package mutating func delete() throws(LMDBError) { try check(mdb_cursor_del(pointer, 0)) }

  private func take(_ result: Int32) throws(LMDBError) -> Bool {
    if result == MDB_SUCCESS { return true }
    if result == MDB_NOTFOUND { return false }
    throw LMDBError(result, doing: "cannot read from '\(owner.environment.path)'")
  }

  private func check(_ result: Int32) throws(LMDBError) {
    guard result == MDB_SUCCESS else {
      throw LMDBError(result, doing: "cannot write to '\(owner.environment.path)'")
    }
  }
}
