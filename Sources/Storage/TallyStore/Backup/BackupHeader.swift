internal import CChecksum

/// What a backup is of: the first 128 bytes of its file. Little-endian:
///
/// | at | bytes | what |
/// | --- | --- | --- |
/// | 0 | 8 | `TALLYBAK` |
/// | 8 | 2 | format of the backup, 1 |
/// | 10 | 6 | zeros |
/// | 16 | 2 | format of the data directory |
/// | 18 | 2 | version of the rules |
/// | 20 | 16 | store id |
/// | 36 | 4 | timeline |
/// | 40 | 8 | position of the last log record in it |
/// | 48 | 8 | when that record was accepted |
/// | 56 | 8 | when the backup was made |
/// | 64 | 8 | bytes of the data file |
/// | 72 | 4 | bytes of a block, 65,536 |
/// | 76 | 48 | zeros |
/// | 124 | 4 | CRC32C of the 124 bytes before |
package struct BackupHeader: Sendable, Equatable {
  package static let size = 128
  static let format: UInt16 = 1
  static let blockBytes = 64 << 10
  private static let magic: StaticString = "TALLYBAK"

  package let identity: StoreIdentity
  /// The last log record that the backup contains.
  package let applied: AppliedMark
  /// Nanoseconds since 1970.
  package let madeAt: Int64
  /// Of the data file, without what the backup adds to it.
  let dataBytes: Int

  init(identity: StoreIdentity, applied: AppliedMark, madeAt: Int64, dataBytes: Int) {
    self.identity = identity
    self.applied = applied
    self.madeAt = madeAt
    self.dataBytes = dataBytes
  }

  var blocks: Int { (dataBytes + Self.blockBytes - 1) / Self.blockBytes }

  /// Of the whole file: header, blocks with their checksums, trailer.
  package var fileBytes: Int {
    Self.size + dataBytes + blocks * BackupBlock.checksumBytes + BackupTrailer.size
  }

  func encoded() -> [UInt8] {
    var bytes = [UInt8](repeating: 0, count: Self.size)
    bytes.withUnsafeMutableBytes { memory in
      var writer = ByteWriter(memory)
      writer.raw(staticBytes(Self.magic))
      writer.little(Self.format)
      writer.zeros(6)
      identity.write(into: &writer)
      writer.little(applied.position)
      writer.little(applied.time)
      writer.little(madeAt)
      writer.little(UInt64(dataBytes))
      writer.little(UInt32(Self.blockBytes))
      writer.zeros(Self.size - 4 - writer.count)
      writer.little(tally_crc32c(0, memory.baseAddress, Self.size - 4))
    }
    return bytes
  }

  /// - Throws: `failed` if the bytes are not the beginning of a backup, `dataLoss` if they are
  ///   damaged, `newerFormat` or `olderFormat` for a backup that this Tally does not read.
  init(decoding bytes: [UInt8], path: String) throws(StoreError) {
    let parsed = bytes.withUnsafeBytes { Self.parse($0, path) }
    self = try parsed.get()
    try identity.check("the backup '\(path)'")
  }

  private static func parse(
    _ bytes: UnsafeRawBufferPointer, _ path: String
  ) -> Result<BackupHeader, StoreError> {
    guard bytes.count >= 8, bytes.part(0, 8).order(staticBytes(magic)) == 0 else {
      return .failure(
        StoreError(
          code: .failed,
          message: "'\(path)' is no backup of Tally: name a file that 'tally backup' wrote"))
    }
    guard bytes.count >= size else {
      return .failure(.damagedBackup(path, at: bytes.count, "it ends there, inside its header"))
    }
    guard bytes.little(size - 4) == tally_crc32c(0, bytes.baseAddress, size - 4) else {
      return .failure(.damagedBackup(path, at: 0, "its header does not match its checksum"))
    }
    let format = bytes.little(8, as: UInt16.self)
    guard format == Self.format else {
      return .failure(
        StoreError(
          code: .newerFormat,
          message: "'\(path)' is a backup of form \(format), this Tally reads \(Self.format): "
            + "restore it with the Tally that wrote it, or a newer one"))
    }
    guard let dataBytes = Int(exactly: bytes.little(64, as: UInt64.self)),
      dataBytes < Int.max / 2, bytes.little(72, as: UInt32.self) == UInt32(blockBytes)
    else {
      return .failure(.damagedBackup(path, at: 64, "it states sizes that cannot be"))
    }
    return .success(
      BackupHeader(
        identity: StoreIdentity(bytes.part(16, StoreIdentity.size)),
        applied: AppliedMark(bytes.part(40, AppliedMark.size)), madeAt: bytes.little(56),
        dataBytes: dataBytes))
  }
}

/// The data file in pieces: every block but the last has 65,536 bytes, and behind each stands the
/// CRC32C of its offset in the data file (u64) and its bytes, begun with the header's checksum. So
/// a block of another backup or of another place is none.
enum BackupBlock {
  static let checksumBytes = 4

  static func checksum(
    _ bytes: UnsafeRawBufferPointer, at offset: Int, seed: UInt32
  ) -> UInt32 {
    let place = withUnsafeBytes(of: UInt64(offset).littleEndian) { place in
      tally_crc32c(seed, place.baseAddress, place.count)
    }
    return tally_crc32c(place, bytes.baseAddress, bytes.count)
  }
}

/// The last 32 bytes of a backup. Little-endian:
///
/// | at | bytes | what |
/// | --- | --- | --- |
/// | 0 | 8 | `TALLYEND` |
/// | 8 | 8 | bytes of the whole file |
/// | 16 | 4 | CRC32C of all bytes before the trailer |
/// | 20 | 4 | the header's checksum |
/// | 24 | 4 | zeros |
/// | 28 | 4 | CRC32C of the 28 bytes before |
enum BackupTrailer {
  static let size = 32
  private static let magic: StaticString = "TALLYEND"

  static func encoded(fileBytes: Int, digest: UInt32, seed: UInt32) -> [UInt8] {
    var bytes = [UInt8](repeating: 0, count: size)
    bytes.withUnsafeMutableBytes { memory in
      var writer = ByteWriter(memory)
      writer.raw(staticBytes(magic))
      writer.little(UInt64(fileBytes))
      writer.little(digest)
      writer.little(seed)
      writer.zeros(4)
      writer.little(tally_crc32c(0, memory.baseAddress, size - 4))
    }
    return bytes
  }
}

extension StoreError {
  static func damagedBackup(_ path: String, at offset: Int, _ reason: String) -> StoreError {
    StoreError(
      code: .dataLoss,
      message: "'\(path)' is damaged at byte \(offset): \(reason). Nothing was restored: use "
        + "another copy of this backup, or another backup")
  }
}

extension ByteWriter {
  /// So many zero bytes.
  mutating func zeros(_ count: Int) {
    for _ in 0..<count { little(UInt8(0)) }
  }
}
