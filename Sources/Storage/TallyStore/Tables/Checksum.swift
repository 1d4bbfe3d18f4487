internal import CChecksum

/// The last four bytes of every value: CRC32C of key and value. LMDB 0.9 has no checksums, so a
/// flipped bit would come back as a wrong number.
enum Checksum {
  static let size = 4

  @inline(__always)
  static func of(_ key: UnsafeRawBufferPointer, _ body: UnsafeRawBufferPointer) -> UInt32 {
    tally_crc32c(tally_crc32c(0, key.baseAddress, key.count), body.baseAddress, body.count)
  }

  /// Goes on with the checksum of a longer run of bytes; begins at 0.
  static func add(_ bytes: UnsafeRawBufferPointer, to checksum: UInt32) -> UInt32 {
    tally_crc32c(checksum, bytes.baseAddress, bytes.count)
  }

  /// The value without its checksum.
  ///
  /// - Throws: `dataLoss` if the checksum is not that of key and value.
  @inline(__always)
  static func open(
    _ value: UnsafeRawBufferPointer, at key: UnsafeRawBufferPointer, in table: TableID,
    atLeast size: Int
  ) throws(StoreError) -> UnsafeRawBufferPointer {
    let count = value.count - Self.size
    if count >= size {
      let body = UnsafeRawBufferPointer(start: value.baseAddress, count: count)
      if value.little(count, as: UInt32.self) == of(key, body) { return body }
    }
    throw damaged(value, at: key, in: table)
  }

  private static func damaged(
    _ value: UnsafeRawBufferPointer, at key: UnsafeRawBufferPointer, in table: TableID
  ) -> StoreError {
    let digits = Array("0123456789abcdef".utf8)
    let hex = String(
      decoding: key.flatMap { [digits[Int($0 >> 4)], digits[Int($0 & 15)]] }, as: UTF8.self)
    return StoreError(
      code: .dataLoss,
      message:
        "a record of \(value.count) bytes in table '\(table.name)' at key \(hex) is damaged: "
        + "restore a backup; the log brings it up to date")
  }
}
