internal import LMDB

/// What the pipeline asks before there is a fold.
extension Database {
  /// How far the log is applied; position 0 in a new store.
  func appliedMark() throws(StoreError) -> AppliedMark {
    let key = withUnsafeTemporaryAllocation(byteCount: 16, alignment: 1) { memory in
      var key = ByteWriter(memory)
      AppliedMark.key(partition: 0, into: &key)
      return Array(key.bytes)
    }
    return try read(.meta, key, atLeast: AppliedMark.size) { AppliedMark($0) }
      ?? AppliedMark(position: 0, time: 0)
  }

  /// Whether the tables have a tenant of this name.
  func knowsTenant(_ name: [UInt8]) throws(StoreError) -> Bool {
    try read(.tenant, name, atLeast: Tenant.size) { _ in true } ?? false
  }

  private func read<Value>(
    _ table: TableID, _ key: [UInt8], atLeast size: Int,
    _ body: (UnsafeRawBufferPointer) -> Value
  ) throws(StoreError) -> Value? {
    let handle = tables[table]
    let transaction = try storing { () throws(LMDBError) in try environment.read() }
    do throws(LMDBError) {
      guard let found = try transaction.get(handle, key.span.bytes) else { return nil }
      let result = found.withUnsafeBytes { value in
        key.withUnsafeBytes { key in
          Result { () throws(StoreError) in
            body(try Checksum.open(value, at: key, in: table, atLeast: size))
          }
        }
      }
      return try result.mapError { LMDBError(code: .damaged, message: $0.message) }.get()
    } catch { throw StoreError(error) }
  }
}
