internal import CChecksum

/// What a record of the log is.
package enum RecordKind: UInt8, Sendable {
  /// Accepted events of one tenant.
  case batch = 1
  /// The erasure of a user.
  case erase = 2
  /// A tenant comes into being.
  case tenant = 3
  /// Nothing but `durable`. Takes no position: carries that of the record before it.
  case mark = 4
}

/// One record while a reader shows it: its bytes are valid during that call only.
///
/// In the file, little-endian, padded with zeros to a multiple of 8:
///
/// | at | bytes | what |
/// | --- | --- | --- |
/// | 0 | 4 | length of all from byte 8 on, padding included; 0 = end of the segment |
/// | 4 | 4 | CRC32C of those bytes, started from the segment's seed |
/// | 8 | 8 | position |
/// | 16 | 8 | `durable`: the highest position known to be synced when this was written |
/// | 24 | 8 | accepted_at in nanoseconds since 1970 |
/// | 32 | 4 | `synced`: the offset in this file up to which it was known to be synced then |
/// | 36 | 1 | kind |
/// | 37 | 1 | length of the tenant's name |
/// | 38 | 2 | flags; 1 = the mark of a clean stop |
/// | 40 | 4 | number of events |
/// | 44 | 4 | length of the payload |
/// | 48 | | the tenant's name, then the payload |
package struct LogRecord {
  /// Dense number of the record, from 1: the revision.
  package let position: UInt64
  /// The highest position that was synced when this was written.
  package let durable: UInt64
  /// When it was accepted, in nanoseconds since 1970.
  package let acceptedAt: Int64
  package let kind: RecordKind
  /// The tenant's name in UTF-8.
  package let tenant: UnsafeRawBufferPointer
  package let eventCount: Int
  /// Opaque to the log.
  package let payload: UnsafeRawBufferPointer
  /// What it takes in the file.
  package let loggedBytes: Int

  let checksum: UInt32
  let synced: Int
  let isCleanStop: Bool
}

/// What lies at an offset of a segment.
enum ParsedRecord {
  case record(LogRecord)
  /// Length 0, or nothing.
  case end
  case bad(reason: String)
}

enum RecordLayout {
  static let fixedBytes = 48
  /// Room for 8 MiB of payload, a tenant's name and padding.
  static let recordBytesMax = payloadBytesMax + 512
  static let payloadBytesMax = 8 << 20
  static let cleanStopFlag: UInt16 = 1

  static func paddedBytes(tenant: Int, payload: Int) -> Int {
    (fixedBytes + tenant + payload + 7) & ~7
  }

  /// The size of a record by its fixed part, or why that cannot be one: what is cheap to see, so
  /// that a search through damaged bytes computes few checksums.
  static func size(_ bytes: UnsafeRawBufferPointer) -> Result<Int, BadRecord> {
    let length = Int(bytes.number(at: 0, as: UInt32.self))
    guard bytes.count >= fixedBytes, length <= recordBytesMax - 8 else {
      return .failure(BadRecord(reason: "a record of \(length) bytes cannot be"))
    }
    let payload = Int(bytes.number(at: 44, as: UInt32.self))
    guard RecordKind(rawValue: bytes[36]) != nil,
      paddedBytes(tenant: Int(bytes[37]), payload: payload) == 8 + length
    else {
      return .failure(BadRecord(reason: "the bytes of a record of \(length) bytes are no record"))
    }
    return .success(8 + length)
  }

  /// Reads the record that `bytes` begin with.
  static func parse(_ bytes: UnsafeRawBufferPointer, seed: UInt32) -> ParsedRecord {
    guard bytes.count >= 8, bytes.number(at: 0, as: UInt32.self) != 0 else { return .end }
    let size: Int
    switch self.size(bytes) {
    case .success(let found): size = found
    case .failure(let bad): return .bad(reason: bad.reason)
    }
    guard size <= bytes.count else {
      return .bad(reason: "a record of \(size) bytes ends beyond the segment")
    }
    let checksum = bytes.number(at: 4, as: UInt32.self)
    guard tally_crc32c(seed, bytes.baseAddress.map { $0 + 8 }, size - 8) == checksum,
      let kind = RecordKind(rawValue: bytes[36])
    else { return .bad(reason: "a record of \(size) bytes does not match its checksum") }
    let tenantBytes = Int(bytes[37])
    let payloadBytes = Int(bytes.number(at: 44, as: UInt32.self))
    return .record(
      LogRecord(
        position: bytes.number(at: 8, as: UInt64.self),
        durable: bytes.number(at: 16, as: UInt64.self),
        acceptedAt: bytes.number(at: 24, as: Int64.self), kind: kind,
        tenant: bytes.part(fixedBytes, tenantBytes),
        eventCount: Int(bytes.number(at: 40, as: UInt32.self)),
        payload: bytes.part(fixedBytes + tenantBytes, payloadBytes), loggedBytes: size,
        checksum: checksum, synced: Int(bytes.number(at: 32, as: UInt32.self)),
        isCleanStop: bytes.number(at: 38, as: UInt16.self) & cleanStopFlag != 0))
  }
}

/// Why bytes are no record.
struct BadRecord: Error {
  let reason: String
}

/// The numbers that only the log thread knows when it writes a record.
struct RecordPlace {
  var position: UInt64
  var durable: UInt64
  var synced: Int
  var flags: UInt16 = 0
}

extension RecordLayout {
  /// Adds the record to `bytes`.
  ///
  /// - Returns: its checksum.
  static func append(
    _ entry: LogEntry, at place: RecordPlace, seed: UInt32, to bytes: inout [UInt8]
  ) -> UInt32 {
    let size = paddedBytes(tenant: entry.tenant.count, payload: entry.payload.count)
    let start = bytes.count
    bytes.append(contentsOf: repeatElement(0, count: fixedBytes))
    bytes.append(contentsOf: entry.tenant)
    bytes.append(contentsOf: entry.payload)
    bytes.append(contentsOf: repeatElement(0, count: start + size - bytes.count))
    return bytes.withUnsafeMutableBytes { all in
      let record = UnsafeMutableRawBufferPointer(rebasing: all[start...])
      record.put(UInt32(size - 8), at: 0)
      record.put(place.position, at: 8)
      record.put(place.durable, at: 16)
      record.put(entry.acceptedAt, at: 24)
      record.put(UInt32(place.synced), at: 32)
      record.put(entry.kind.rawValue, at: 36)
      record.put(UInt8(entry.tenant.count), at: 37)
      record.put(place.flags, at: 38)
      record.put(UInt32(entry.eventCount), at: 40)
      record.put(UInt32(entry.payload.count), at: 44)
      let checksum = tally_crc32c(seed, record.baseAddress.map { $0 + 8 }, size - 8)
      record.put(checksum, at: 4)
      return checksum
    }
  }
}
