extension Fold {
  /// The number of an id: the next free one at its first mention, whatever becomes of the event
  /// that mentions it. 0 for the empty id.
  @inline(__always)
  func number(
    _ kind: EntityKind, _ id: UnsafeRawBufferPointer, _ tenant: FoldTenant, at position: UInt64
  ) throws(StoreError) -> UInt32 {
    if id.isEmpty { return 0 }
    let cached = numbers.number(kind, tenant.number, id)
    if cached != 0 { return cached }
    return try lookUpNumber(kind, id, tenant, at: position)
  }

  private func lookUpNumber(
    _ kind: EntityKind, _ id: UnsafeRawBufferPointer, _ tenant: FoldTenant, at position: UInt64
  ) throws(StoreError) -> UInt32 {
    var key = keys.writer
    Key.entity(tenant.number, id, into: &key)
    let table = tables[kind.table]
    if let body = try table.find(key.bytes, atLeast: 4) {
      let number: UInt32 = body.little(0)
      numbers.insert(number, kind, tenant.number, id)
      return number
    }
    let number = tenant.takeNumber()
    try table.put(key.bytes) { mention(kind, number, id, at: position, into: &$0) }
    key.reset()
    Key.number(tenant.number, number, into: &key)
    _ = try tables[.name].find(key.bytes, atLeast: NameRecord.size)
    try tables[.name].put(key.bytes) { NameRecord.write(kind, id, into: &$0) }
    numbers.insert(number, kind, tenant.number, id)
    return number
  }

  /// The record of what is only mentioned so far.
  private func mention(
    _ kind: EntityKind, _ number: UInt32, _ id: UnsafeRawBufferPointer, at position: UInt64,
    into value: inout ByteWriter
  ) {
    switch kind {
    case .user:
      var fields: [UInt8] = []
      DirectoryFields.id(id, into: &fields)
      fields.withUnsafeBytes {
        UserRecord.write(
          number: number, version: noVersion, change: position, flags: [], fields: $0,
          basicSize: $0.count, into: &value)
      }
    case .group: GroupRecord(number: number, change: position).write(into: &value)
    case .course: CourseRecord(number: number).write(into: &value)
    case .activity:
      var fields: [UInt8] = []
      DirectoryFields.id(id, into: &fields)
      fields.withUnsafeBytes {
        var record = ActivityRecord(number: number, change: position)
        record.rowFields = $0
        record.write(into: &value)
      }
    case .path: PathRecord(number: number).write(into: &value)
    }
  }

  /// The id behind a number, valid until the next write.
  func name(of number: UInt32, _ tenant: UInt32) throws(StoreError) -> UnsafeRawBufferPointer {
    if number == 0 { return .none }
    var key = nameKeys.writer
    Key.number(tenant, number, into: &key)
    guard let body = try tables[.name].find(key.bytes, atLeast: NameRecord.size) else {
      throw StoreError.damaged(.name, "number \(number) of tenant \(tenant) has lost its name")
    }
    return NameRecord.id(body)
  }
}
