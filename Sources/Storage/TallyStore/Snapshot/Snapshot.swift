internal import LMDB

/// The store at one revision.
///
/// Every `UnsafeRawBufferPointer` that a snapshot, its cursors and their rows give points into the
/// data file's map: valid while the snapshot or one of its cursors is there, for reading. Nothing
/// allocates for a row. Used by one thread at a time.
package struct Snapshot: ~Copyable {
  let transaction: ReadTransaction
  let tables: Tables
  let keys = Scratch(bytes: 1 << 10)
  /// The position of the last log record that it contains.
  package let revision: UInt64
  /// When that record was accepted, in nanoseconds since 1970.
  package let time: Int64
  package let identity: StoreIdentity

  init(_ database: Database) throws(StoreError) {
    let transaction: ReadTransaction
    do { transaction = try database.environment.read() } catch { throw StoreError(error) }
    let mark = try Self.applied(transaction, database.tables)
    self.transaction = transaction
    tables = database.tables
    identity = database.identity
    revision = mark.position
    time = mark.time
  }

  private static func applied(
    _ transaction: borrowing ReadTransaction, _ tables: Tables
  ) throws(StoreError) -> AppliedMark {
    let scratch = Scratch(bytes: 32)
    var key = scratch.writer
    AppliedMark.key(partition: 0, into: &key)
    let found: UnsafeRawBufferPointer?
    do { found = try transaction.uncheckedGet(tables[.meta], key.bytes) } catch {
      throw StoreError(error)
    }
    defer { withExtendedLifetime(scratch) {} }
    guard let found else { return AppliedMark(position: 0, time: 0) }
    return AppliedMark(
      try Checksum.open(found, at: key.bytes, in: .meta, atLeast: AppliedMark.size))
  }

  /// The value at `key` without its checksum.
  ///
  /// - Throws: `dataLoss` if it is damaged.
  @inline(__always)
  func get(
    _ id: TableID, _ key: UnsafeRawBufferPointer, atLeast size: Int
  ) throws(StoreError) -> UnsafeRawBufferPointer? {
    let found: UnsafeRawBufferPointer?
    do { found = try transaction.uncheckedGet(tables[id], key) } catch { throw StoreError(error) }
    guard let found else { return nil }
    return try Checksum.open(found, at: key, in: id, atLeast: size)
  }

  /// A walk over the records of `id` whose key starts with `prefix`.
  ///
  /// - Parameter after: what follows the prefix in the key behind which to begin.
  func records(
    _ id: TableID, prefix: UnsafeRawBufferPointer, atLeast size: Int, after: [UInt8]? = nil
  ) throws(StoreError) -> RecordCursor {
    do {
      var records = RecordCursor(
        try transaction.cursor(tables[id]), id, prefix: prefix, atLeast: size)
      if let after { records.start(after: after) }
      return records
    } catch { throw StoreError(error) }
  }

  func entityKey(_ tenant: Tenant, _ id: UnsafeRawBufferPointer) -> UnsafeRawBufferPointer {
    var key = keys.writer
    Key.entity(tenant.number, id, into: &key)
    return key.bytes
  }

  func numberKey(_ tenant: Tenant, _ number: UInt32) -> UnsafeRawBufferPointer {
    var key = keys.writer
    Key.number(tenant.number, number, into: &key)
    return key.bytes
  }
}

extension Database {
  /// The newest revision.
  package func snapshot() throws(StoreError) -> Snapshot { try Snapshot(self) }

  /// How far the log is applied.
  package func applied() throws(StoreError) -> AppliedMark {
    let snapshot = try snapshot()
    return AppliedMark(position: snapshot.revision, time: snapshot.time)
  }

  /// Whether the tenant has its record.
  package func hasTenant(_ name: String) throws(StoreError) -> Bool {
    try snapshot().tenant(name) != nil
  }
}
