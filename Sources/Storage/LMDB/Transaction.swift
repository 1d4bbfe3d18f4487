internal import CLMDB

/// A named table of an environment, open for its lifetime.
package struct Table: Sendable, Hashable {
  let index: UInt32

  init(unchecked index: UInt32) { self.index = index }
}

/// An open transaction, held by its transaction value and by each of its cursors.
final class TransactionHandle {
  let pointer: OpaquePointer
  let environment: Environment
  let writes: Bool
  /// A write transaction that committed or failed has freed its cursors with it.
  private(set) var isOpen = true

  init(_ pointer: OpaquePointer, of environment: Environment, writes: Bool) {
    self.pointer = pointer
    self.environment = environment
    self.writes = writes
    if !writes { environment.reads.enter(self) }
  }

  deinit { abort() }

  func abort() {
    guard isOpen else { return }
    isOpen = false
    if !writes { environment.reads.leave(self) }
    mdb_txn_abort(pointer)
  }

  func commit() throws(LMDBError) {
    precondition(isOpen, "a transaction is committed once")
    isOpen = false
    // liblmdb frees the transaction even if the commit fails.
    let result = mdb_txn_commit(pointer)
    guard result == MDB_SUCCESS else {
      throw LMDBError(result, doing: "cannot commit to '\(environment.path)'")
    }
  }

  func get(_ table: Table, _ key: RawSpan) throws(LMDBError) -> MDB_val? {
    var key = MDB_val(key)
    var value = MDB_val()
    let result = mdb_get(pointer, table.index, &key, &value)
    if result == MDB_SUCCESS { return value }
    if result == MDB_NOTFOUND { return nil }
    throw LMDBError(result, doing: "cannot read from '\(environment.path)'")
  }

  func count(of table: Table) throws(LMDBError) -> Int {
    var statistics = MDB_stat()
    let result = mdb_stat(pointer, table.index, &statistics)
    guard result == MDB_SUCCESS else {
      throw LMDBError(result, doing: "cannot count in '\(environment.path)'")
    }
    return Int(statistics.ms_entries)
  }
}

extension MDB_val {
  /// The bytes of `span`, for one call: liblmdb does not write through it.
  init(_ span: RawSpan) {
    self = span.withUnsafeBytes {
      MDB_val(mv_size: $0.count, mv_data: UnsafeMutableRawPointer(mutating: $0.baseAddress))
    }
  }
}

/// A view of one snapshot. It ends when it and the last of its cursors are gone.
package struct ReadTransaction: ~Copyable {
  let handle: TransactionHandle

  init(_ handle: TransactionHandle) { self.handle = handle }

  /// The number of the last commit that this snapshot shows.
  package var number: UInt64 { UInt64(mdb_txn_id(handle.pointer)) }

  /// The value at `key`, nil if there is none.
  @_lifetime(borrow self)
  package func get(_ table: Table, _ key: RawSpan) throws(LMDBError) -> RawSpan? {
    guard let value = try handle.get(table, key) else { return nil }
    return _overrideLifetime(
      RawSpan(_unsafeStart: value.mv_data, byteCount: value.mv_size), borrowing: self)
  }

  /// The value at `key`, for a caller that keeps the transaction: valid while it or one of its
  /// cursors is there, and nobody checks.
  package func uncheckedGet(
    _ table: Table, _ key: UnsafeRawBufferPointer
  ) throws(LMDBError) -> UnsafeRawBufferPointer? {
    guard let value = try handle.get(table, key.bytes) else { return nil }
    return UnsafeRawBufferPointer(start: value.mv_data, count: value.mv_size)
  }

  /// A cursor, which keeps the snapshot open.
  package func cursor(_ table: Table) throws(LMDBError) -> Cursor {
    try Cursor(handle, table: table)
  }

  /// Records in `table`.
  package func count(of table: Table) throws(LMDBError) -> Int { try handle.count(of: table) }
}

/// The one transaction that changes the environment. Dropped without `commit` it changes nothing.
///
/// A span that a read returned is valid until the next write in the same transaction.
package struct WriteTransaction: ~Copyable {
  let handle: TransactionHandle

  init(_ handle: TransactionHandle) { self.handle = handle }

  /// Opens a table, made if it is not there.
  package func table(named name: String) throws(LMDBError) -> Table {
    var index: UInt32 = 0
    let result = mdb_dbi_open(handle.pointer, name, UInt32(MDB_CREATE), &index)
    guard result == MDB_SUCCESS else {
      throw LMDBError(result, doing: "cannot open table '\(name)'")
    }
    return Table(unchecked: index)
  }

  /// The value at `key`, nil if there is none.
  @_lifetime(borrow self)
  package func get(_ table: Table, _ key: RawSpan) throws(LMDBError) -> RawSpan? {
    guard let value = try handle.get(table, key) else { return nil }
    return _overrideLifetime(
      RawSpan(_unsafeStart: value.mv_data, byteCount: value.mv_size), borrowing: self)
  }

  /// Writes `value` at `key`, whatever was there.
  package func put(_ table: Table, _ key: RawSpan, _ value: RawSpan) throws(LMDBError) {
    var key = MDB_val(key)
    var value = MDB_val(value)
    let result = mdb_put(handle.pointer, table.index, &key, &value, 0)
    guard result == MDB_SUCCESS else { throw failure(result) }
  }

  /// Writes `value` at `key`, which must be greater than every key in the table.
  ///
  /// - Throws: `keyExists` if it is not.
  package func append(_ table: Table, _ key: RawSpan, _ value: RawSpan) throws(LMDBError) {
    var key = MDB_val(key)
    var value = MDB_val(value)
    let result = mdb_put(handle.pointer, table.index, &key, &value, UInt32(MDB_APPEND))
    guard result == MDB_SUCCESS else { throw failure(result) }
  }

  /// Removes `key`; false if it was not there.
  @discardableResult
  package func delete(_ table: Table, _ key: RawSpan) throws(LMDBError) -> Bool {
    var key = MDB_val(key)
    let result = mdb_del(handle.pointer, table.index, &key, nil)
    if result == MDB_NOTFOUND { return false }
    guard result == MDB_SUCCESS else { throw failure(result) }
    return true
  }

  /// A cursor that can write. It is dead once the transaction has committed.
  package func cursor(_ table: Table) throws(LMDBError) -> Cursor {
    try Cursor(handle, table: table)
  }

  /// Records in `table`.
  package func count(of table: Table) throws(LMDBError) -> Int { try handle.count(of: table) }

  /// Makes every change visible and durable.
  package consuming func commit() throws(LMDBError) { try handle.commit() }

  /// Drops every change.
  package consuming func abort() { handle.abort() }

  private func failure(_ result: Int32) -> LMDBError {
    LMDBError(result, doing: "cannot write to '\(handle.environment.path)'")
  }
}
