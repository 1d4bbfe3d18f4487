internal import CChecksum

@testable internal import EventLog

/// What was written as one record.
struct WrittenRecord {
  var kind: RecordKind
  var tenant: [UInt8]
  var payload: [UInt8]
  var eventCount = 1
  var acceptedAt: Int64 = 7
  var position: UInt64 = 1
  var durable: UInt64 = 0
  var synced = 0
  var flags: UInt16 = 0
  /// Where in the file it lies.
  var start = 0
  var end = 0

  init(kind: RecordKind, tenant: [UInt8], payload: [UInt8]) {
    self.kind = kind
    self.tenant = tenant
    self.payload = payload
  }

  init(_ record: LogRecord) {
    self.init(kind: record.kind, tenant: Array(record.tenant), payload: Array(record.payload))
    eventCount = record.eventCount
    acceptedAt = record.acceptedAt
    position = record.position
    durable = record.durable
    synced = record.synced
    flags = record.isCleanStop ? RecordLayout.cleanStopFlag : 0
  }

  func equals(_ record: LogRecord) -> Bool {
    kind == record.kind && record.tenant.elementsEqual(tenant)
      && record.payload.elementsEqual(payload) && eventCount == record.eventCount
      && acceptedAt == record.acceptedAt && position == record.position
      && durable == record.durable && synced == record.synced
      && record.isCleanStop == (flags & RecordLayout.cleanStopFlag != 0)
  }

  func bytes(seed: UInt32) -> [UInt8] {
    let entry = LogEntry(
      kind: kind, tenant: tenant, payload: payload, eventCount: eventCount,
      acceptedAt: acceptedAt, completion: { _ in })
    var bytes: [UInt8] = []
    let place = RecordPlace(position: position, durable: durable, synced: synced, flags: flags)
    _ = RecordLayout.append(entry, at: place, seed: seed, to: &bytes)
    return bytes
  }
}

extension RecordLayout {
  static func bytes(of record: WrittenRecord) -> [UInt8] {
    record.bytes(seed: LogImage.header.seed)
  }
}

/// A segment as the log writes it.
struct LogImage {
  static let header = SegmentHeader(
    identity: LogIdentity(storeID: Array(1...16), timeline: 1), first: 1, previousFirst: 0,
    previousEnd: SegmentEnd(position: 0, offset: 0, checksum: 0))

  private(set) var bytes = LogImage.header.encoded()
  private(set) var records: [WrittenRecord] = []

  mutating func add(_ choices: inout Choices) {
    let shape = choices.byte()
    let kind = RecordKind(rawValue: shape & 3) ?? .mark
    let isMark = kind == .mark
    var record = WrittenRecord(
      kind: kind, tenant: isMark ? [] : choices.take(Int(choices.byte() & 7)),
      payload: isMark ? [] : choices.short())
    let last = records.last?.position ?? 0
    // A mark has the position of the record before it, so a log never begins with one.
    if isMark, last == 0 { return }
    record.position = isMark ? last : last + 1
    // What is durable was written before.
    record.durable = min(last, UInt64(shape >> 2 & 7))
    let offset = min(Int(shape >> 5), records.count)
    record.synced = offset == 0 ? 0 : records[offset - 1].end
    record.acceptedAt = Int64(choices.byte())
    record.flags = UInt16(shape >> 7)
    record.start = bytes.count
    bytes += record.bytes(seed: Self.header.seed)
    record.end = bytes.count
    records.append(record)
  }

  /// Puts right length and checksum of each record that lies behind the other, as no fuzzer would.
  static func mend(_ bytes: inout [UInt8]) {
    var start = 0
    while start + RecordLayout.fixedBytes <= bytes.count {
      let next = bytes.withUnsafeMutableBytes { all -> Int in
        let rest = UnsafeMutableRawBufferPointer(rebasing: all[start...])
        let payload = Int(rest[44]) | Int(rest[45] & 1) << 8
        let size = RecordLayout.paddedBytes(tenant: Int(rest[37]), payload: payload)
        guard size <= rest.count else { return all.count }
        rest.put(UInt32(size - 8), at: 0)
        rest.put(UInt32(payload), at: 44)
        rest.put(tally_crc32c(header.seed, rest.baseAddress.map { $0 + 8 }, size - 8), at: 4)
        return start + size
      }
      start = next
    }
  }

  static func mendHeader(_ bytes: inout [UInt8]) {
    bytes.withUnsafeMutableBytes { all in
      all.copyBytes(from: Array("TALLYLOG".utf8))
      all.put(tally_crc32c(0, all.baseAddress, 124), at: 124)
    }
  }
}
