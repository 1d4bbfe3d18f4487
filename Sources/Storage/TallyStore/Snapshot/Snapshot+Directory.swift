/// Who and what there is.
extension Snapshot {
  /// The tenant, nil before its first batch.
  package func tenant(_ name: String) throws(StoreError) -> Tenant? {
    guard !name.utf8.isEmpty, name.utf8.count <= 511 else { return nil }
    var key = keys.writer
    key.raw(name)
    return try get(.tenant, key.bytes, atLeast: Tenant.size).map { Tenant($0) }
  }

  /// The exact number of records in a table, and the sum of their checksums.
  package func recordTally(_ table: TableID, in tenant: Tenant) throws(StoreError) -> RecordTally {
    var key = keys.writer
    RecordTally.key(tenant: tenant.number, table: table, into: &key)
    let body = try get(.tally, key.bytes, atLeast: RecordTally.size)
    return body.map { RecordTally($0) } ?? RecordTally()
  }

  /// The exact number of records in a table: of `courseRow`, rows of the courses report.
  package func recordCount(_ table: TableID, in tenant: Tenant) throws(StoreError) -> UInt64 {
    try recordTally(table, in: tenant).records
  }

  /// The number of an id that was ever mentioned, known or not.
  package func number(
    of kind: EntityKind, id: UnsafeRawBufferPointer, in tenant: Tenant
  ) throws(StoreError) -> UInt32? {
    try entity(kind, id, in: tenant, atLeast: 4)?.little(0)
  }

  /// The id behind a number, nil for 0, which is nobody.
  ///
  /// - Throws: `dataLoss` also if there is none: what has a number has had a name since.
  package func name(
    of number: UInt32, in tenant: Tenant
  ) throws(StoreError) -> UnsafeRawBufferPointer? {
    if number == 0 { return nil }
    guard
      let body = try get(.name, numberKey(tenant, number), atLeast: NameRecord.size)
    else { throw StoreError.damaged(.name, "number \(number) has lost its name") }
    return NameRecord.id(body)
  }

  /// A user by id, mentioned or known.
  package func user(
    id: UnsafeRawBufferPointer, in tenant: Tenant
  ) throws(StoreError) -> UserView? {
    try entity(.user, id, in: tenant, atLeast: UserRecord.size).map { UserView(UserRecord($0)) }
  }

  /// A user by number.
  package func user(number: UInt32, in tenant: Tenant) throws(StoreError) -> UserView? {
    guard let id = try name(of: number, in: tenant) else { return nil }
    guard let user = try user(id: id, in: tenant) else {
      throw StoreError.damaged(.user, "number \(number) has lost its record")
    }
    return user
  }

  /// A group by id, mentioned or known.
  package func group(
    id: UnsafeRawBufferPointer, in tenant: Tenant
  ) throws(StoreError) -> GroupView? {
    try entity(.group, id, in: tenant, atLeast: GroupRecord.size)
      .map { GroupView(id: id, GroupRecord($0)) }
  }

  /// A group by number.
  package func group(number: UInt32, in tenant: Tenant) throws(StoreError) -> GroupView? {
    guard let id = try name(of: number, in: tenant) else { return nil }
    guard let group = try group(id: id, in: tenant) else {
      throw StoreError.damaged(.group, "number \(number) has lost its record")
    }
    return group
  }

  /// An activity by id, mentioned or known.
  package func activity(
    id: UnsafeRawBufferPointer, in tenant: Tenant
  ) throws(StoreError) -> ActivityView? {
    try entity(.activity, id, in: tenant, atLeast: ActivityRecord.size)
      .map { ActivityView(ActivityRecord($0)) }
  }

  /// The number of a course of which the directory has a fact, whatever its status.
  package func knownCourse(
    id: UnsafeRawBufferPointer, in tenant: Tenant
  ) throws(StoreError) -> UInt32? {
    guard let body = try entity(.course, id, in: tenant, atLeast: CourseRecord.size) else {
      return nil
    }
    let record = try CourseRecord(body)
    return record.version == noVersion ? nil : record.number
  }

  /// A path by id, mentioned or known.
  package func path(
    id: UnsafeRawBufferPointer, in tenant: Tenant
  ) throws(StoreError) -> PathView? {
    guard let body = try entity(.path, id, in: tenant, atLeast: PathRecord.size) else {
      return nil
    }
    let record = try PathRecord(body)
    return PathView(
      isKnown: record.flags.contains(.known), isDeleted: record.flags.contains(.deleted),
      courses: record.courses)
  }

  private func entity(
    _ kind: EntityKind, _ id: UnsafeRawBufferPointer, in tenant: Tenant, atLeast size: Int
  ) throws(StoreError) -> UnsafeRawBufferPointer? {
    // Ids have 1 to 128 bytes; a longer one would be no key.
    guard !id.isEmpty, id.count <= 128 else { return nil }
    return try get(kind.table, entityKey(tenant, id), atLeast: size)
  }
}
