internal import CChecksum

/// Where the valid records of a segment end.
package struct SegmentEnd: Sendable, Equatable {
  /// Of the last batch, erase or tenant record up to there, whichever segment holds it.
  package var position: UInt64
  /// In bytes from the beginning of the file, just after the last record.
  package var offset: Int
  /// Of the last record, marks included. 0: there is none.
  package var checksum: UInt32
}

/// The first page of a segment file. Little-endian:
///
/// | at | bytes | what |
/// | --- | --- | --- |
/// | 0 | 8 | `TALLYLOG` |
/// | 8 | 2 | format, 1 |
/// | 10 | 2 | partition |
/// | 12 | 4 | timeline |
/// | 16 | 16 | store id |
/// | 32 | 8 | first position |
/// | 40 | 8 | first position of the segment before it, 0 for none |
/// | 48 | 8 | position at which that one ends |
/// | 56 | 8 | offset at which that one ends |
/// | 64 | 4 | checksum of its last record |
/// | 68 | 8 | size with which the file was made, 0: not known |
/// | 76 | 48 | zeros, for what a rewritten segment has to remember |
/// | 124 | 4 | CRC32C of the 124 bytes before |
///
/// A page of its own, so that no later write of a record touches it.
struct SegmentHeader: Equatable {
  static let pageBytes = 4_096
  static let headerBytes = 128
  static let format: UInt16 = 1
  private static let magic = Array("TALLYLOG".utf8)

  let identity: LogIdentity
  let first: UInt64
  /// First position of the segment before it, 0 if this is the store's first.
  let previousFirst: UInt64
  /// Where the segment before it ends: proof that everything up to there was on disk.
  let previousEnd: SegmentEnd
  /// The size with which the file was made, 0 if that is not known: a shorter file was cut.
  let fileBytes: UInt64

  init(
    identity: LogIdentity, first: UInt64, previousFirst: UInt64, previousEnd: SegmentEnd,
    fileBytes: Int = 0
  ) {
    self.identity = identity
    self.first = first
    self.previousFirst = previousFirst
    self.previousEnd = previousEnd
    self.fileBytes = UInt64(fileBytes)
  }

  /// What the checksum of each record starts from: bytes of another store or of another segment
  /// that lie in the file for whatever reason are no records.
  var seed: UInt32 {
    var bytes = identity.storeID
    withUnsafeBytes(of: first.littleEndian) { bytes.append(contentsOf: $0) }
    return tally_crc32c(0, bytes, bytes.count)
  }

  func encoded() -> [UInt8] {
    var page = [UInt8](repeating: 0, count: Self.pageBytes)
    page.withUnsafeMutableBytes { page in
      page.put(Self.magic, at: 0)
      page.put(Self.format, at: 8)
      page.put(identity.partition, at: 10)
      page.put(identity.timeline, at: 12)
      page.put(identity.storeID, at: 16)
      page.put(first, at: 32)
      page.put(previousFirst, at: 40)
      page.put(previousEnd.position, at: 48)
      page.put(UInt64(previousEnd.offset), at: 56)
      page.put(previousEnd.checksum, at: 64)
      page.put(fileBytes, at: 68)
      page.put(tally_crc32c(0, page.baseAddress, 124), at: 124)
    }
    return page
  }

  /// - Throws: `damaged` if the bytes are no header, `newerFormat` if a later Tally wrote them.
  init(decoding bytes: [UInt8], path: String) throws(EventLogError) {
    let parsed = bytes.withUnsafeBytes { bytes -> Result<SegmentHeader, EventLogError> in
      guard bytes.count >= Self.headerBytes, bytes.prefix(8).elementsEqual(Self.magic),
        bytes.number(at: 124, as: UInt32.self) == tally_crc32c(0, bytes.baseAddress, 124)
      else {
        return .failure(
          .damage(path, offset: 0, "its header does not match its checksum"))
      }
      let format = bytes.number(at: 8, as: UInt16.self)
      guard format == Self.format else {
        return .failure(
          EventLogError(
            code: .newerFormat,
            message: "'\(path)' has the log format \(format), this Tally reads \(Self.format):"
              + " use the Tally that wrote it, or a newer one"))
      }
      guard Int(exactly: bytes.number(at: 56, as: UInt64.self)) != nil,
        bytes.number(at: 32, as: UInt64.self) > 0
      else {
        return .failure(.damage(path, offset: 0, "its header names a place that cannot be"))
      }
      return .success(SegmentHeader(fields: bytes))
    }
    self = try parsed.get()
  }

  private init(fields bytes: UnsafeRawBufferPointer) {
    identity = LogIdentity(
      storeID: Array(bytes[16..<32]), timeline: bytes.number(at: 12, as: UInt32.self),
      partition: bytes.number(at: 10, as: UInt16.self))
    first = bytes.number(at: 32, as: UInt64.self)
    previousFirst = bytes.number(at: 40, as: UInt64.self)
    previousEnd = SegmentEnd(
      position: bytes.number(at: 48, as: UInt64.self),
      offset: Int(truncatingIfNeeded: bytes.number(at: 56, as: UInt64.self)),
      checksum: bytes.number(at: 64, as: UInt32.self))
    fileBytes = bytes.number(at: 68, as: UInt64.self)
  }
}

extension EventLogError {
  /// Acknowledged records cannot be read: where, why, and the way out.
  static func damage(_ path: String, offset: Int, _ reason: String) -> EventLogError {
    EventLogError(
      code: .damaged,
      message: "'\(path)' is damaged at byte \(offset): \(reason). Nothing was changed."
        + " Put an undamaged copy of this file in its place, or restore the newest backup into"
        + " a new data directory")
  }
}
