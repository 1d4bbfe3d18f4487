/// Which store it is, and in which form. Table `meta`, key `store`:
///
/// ```
/// 0 format u16 | 2 rules version u16 | 4 store id 16 bytes | 20 timeline u32 | checksum
/// ```
package struct StoreIdentity: Sendable, Equatable {
  /// The form of the data file that this version writes, and the newest it reads.
  package static let newestFormat: UInt16 = 2
  /// The version of the counting rules (rules.md).
  package static let rules: UInt16 = 2

  package let format: UInt16
  package let rulesVersion: UInt16
  /// 16 bytes, made by chance when the store was.
  package let storeID: [UInt8]
  /// 1, and one more after each restore.
  package let timeline: UInt32

  package init(storeID: [UInt8], timeline: UInt32 = 1) {
    precondition(storeID.count == 16, "a store id has 16 bytes")
    self.format = Self.newestFormat
    self.rulesVersion = Self.rules
    self.storeID = storeID
    self.timeline = timeline
  }

  static let size = 24
  static let key: StaticString = "store"

  init(_ body: UnsafeRawBufferPointer) {
    format = body.little(0)
    rulesVersion = body.little(2)
    storeID = body.part(4, 16).array
    timeline = body.little(20)
  }

  func write(into writer: inout ByteWriter) {
    writer.little(format)
    writer.little(rulesVersion)
    storeID.withUnsafeBytes { writer.raw($0) }
    writer.little(timeline)
  }
}

/// How far the log of a partition is applied. Table `meta`, key `applied/` and the partition u16:
///
/// ```
/// 0 position u64 | 8 time i64 (accepted_at of that record) | checksum
/// ```
package struct AppliedMark: Sendable, Equatable {
  /// The position of the last record that the tables contain; 0 before the first.
  package var position: UInt64
  /// When that record was accepted, in nanoseconds since 1970.
  package var time: Int64

  package init(position: UInt64, time: Int64) {
    self.position = position
    self.time = time
  }

  static let size = 16

  static func key(partition: UInt16, into writer: inout ByteWriter) {
    writer.raw(staticBytes("applied/"))
    writer.big(partition)
  }

  init(_ body: UnsafeRawBufferPointer) {
    position = body.little(0)
    time = body.little(8)
  }

  func write(into writer: inout ByteWriter) {
    writer.little(position)
    writer.little(time)
  }
}

/// The bytes of a literal.
func staticBytes(_ text: StaticString) -> UnsafeRawBufferPointer {
  UnsafeRawBufferPointer(start: text.utf8Start, count: text.utf8CodeUnitCount)
}

/// A tenant. Table `tenant`, key: its name's bytes.
///
/// ```
/// 0 number T u32 | 4 partition u16 | 6 next entity number u32 | 10 last directory change u64
/// 18 last erasure u64 | 26 secret of erasures, 32 bytes | checksum
/// ```
package struct Tenant: Sendable, Equatable {
  /// T, with which the keys of its records start; from 1.
  package let number: UInt32
  package let partition: UInt16
  /// The number that the next new user, group, course, activity or path gets; from 1.
  package internal(set) var nextNumber: UInt32
  /// The position of the last change of a user, group or membership: names and an author's group
  /// are as they were while this is.
  package internal(set) var directoryChange: UInt64
  package internal(set) var eraseChange: UInt64
  /// 32 bytes by which an erased id is hashed.
  let secret: [UInt8]

  static let size = 58
  static let secretSize = 32

  init(number: UInt32, partition: UInt16, secret: [UInt8]) {
    self.number = number
    self.partition = partition
    self.nextNumber = 1
    self.directoryChange = 0
    self.eraseChange = 0
    self.secret = secret
  }

  init(_ body: UnsafeRawBufferPointer) {
    number = body.little(0)
    partition = body.little(4)
    nextNumber = body.little(6)
    directoryChange = body.little(10)
    eraseChange = body.little(18)
    secret = body.part(26, Self.secretSize).array
  }

  func write(into writer: inout ByteWriter) {
    writer.little(number)
    writer.little(partition)
    writer.little(nextNumber)
    writer.little(directoryChange)
    writer.little(eraseChange)
    secret.withUnsafeBytes { writer.raw($0) }
  }

  /// The partition of the log that a tenant's records go to: a hash of its name modulo 64.
  static func partition(of name: UnsafeRawBufferPointer) -> UInt16 {
    // FNV-1a, 64 bits: fixed for ever, since it is stored.
    var hash: UInt64 = 0xCBF2_9CE4_8422_2325
    for byte in name { hash = (hash ^ UInt64(byte)) &* 0x0000_0100_0000_01B3 }
    return UInt16((hash ^ hash >> 32) % 64)
  }
}

/// How many records a table has of a tenant, and the sum of their checksums. Table `tally`, key:
/// T u32, table u8.
///
/// ```
/// 0 records u64 | 8 sum of checksums u64, wrapping | checksum
/// ```
package struct RecordTally: Sendable, Equatable {
  package var records: UInt64 = 0
  package var checksums: UInt64 = 0

  static let size = 16

  init() {}

  init(_ body: UnsafeRawBufferPointer) {
    records = body.little(0)
    checksums = body.little(8)
  }

  func write(into writer: inout ByteWriter) {
    writer.little(records)
    writer.little(checksums)
  }

  static func key(tenant: UInt32, table: TableID, into writer: inout ByteWriter) {
    writer.big(tenant)
    writer.little(table.rawValue)
  }

  /// - Throws: `dataLoss` if a walk over all of a table's records did not meet those that are
  ///   summed up: some were lost, came twice or were exchanged.
  static func check(
    _ found: RecordTally, _ stated: RecordTally, _ table: TableID
  ) throws(StoreError) {
    guard found != stated else { return }
    let what =
      found.records == stated.records
      ? "others than those that 'tally' sums up" : "and 'tally' says \(stated.records)"
    throw StoreError(
      code: .dataLoss,
      message: "table '\(table.name)' has \(found.records) records, \(what): run tally verify,"
        + " or restore a backup; the log brings it up to date")
  }
}
