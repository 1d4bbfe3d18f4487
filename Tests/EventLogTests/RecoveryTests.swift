internal import Foundation
internal import Testing

@testable internal import EventLog

@Suite struct `recovery of the log` {
  /// A log of five records without marks, as a kill leaves it; and where each record ends.
  private func small(_ directory: LogDirectory) throws -> (bytes: [UInt8], ends: [Int]) {
    let log = try directory.open()
    var ends = [SegmentHeader.pageBytes]
    for number in 1...5 {
      _ = log.addAndWait(payload(number, count: number * 9))
      ends.append(
        ends[number - 1] + RecordLayout.paddedBytes(tenant: 1, payload: number * 9))
    }
    log.abandon()
    return (try directory.bytes(of: "0000000000000001.seg"), ends)
  }

  private func recover(
    _ directory: LogDirectory, _ bytes: [UInt8], applied: UInt64 = 0
  ) throws -> RecoveryReport {
    try directory.replace("0000000000000001.seg", with: bytes)
    let files = SegmentFiles(
      directory: directory.path, segmentBytes: 64 << 10, operations: FileOperations())
    return try LogRecovery(files: files, identity: LogDirectory.identity, applied: applied).report
  }

  private func code(_ body: () throws -> Void) -> EventLogError.Code? {
    do {
      try body()
      return nil
    } catch { return (error as? EventLogError)?.code }
  }

  @Test func `cut anywhere, every record before the cut is there`() throws {
    let directory = try LogDirectory()
    let (bytes, ends) = try small(directory)

    for cut in SegmentHeader.pageBytes...(ends[5] + 24) {
      let image = Array(bytes[..<cut] + [UInt8](repeating: 0, count: bytes.count - cut))
      // A cut through padding that is zero anyway takes nothing away.
      let same = bytes.indices.first { image[$0] != bytes[$0] }
      let whole = UInt64(ends.dropFirst().count { $0 <= same ?? bytes.count })
      let report = try recover(directory, image)
      #expect(report.position == whole, "cut at \(cut)")
      #expect(!report.isCleanStop)
      let isTorn = image.dropFirst(ends[Int(whole)]).contains { $0 != 0 }
      #expect((report.tornTail != nil) == isTorn, "cut at \(cut)")
      if let torn = report.tornTail {
        #expect(torn.offset == ends[Int(whole)])
        #expect(torn.position == whole + 1)
      }
      if whole < 5 {
        let lost = code { _ = try recover(directory, image, applied: whole + 1) }
        #expect(lost == .damaged, "cut at \(cut)")
      }
      // The file has its full size before it has its name: no crash makes it shorter.
      #expect(code { _ = try recover(directory, Array(bytes[..<cut])) } == .damaged)
    }
    for cut in 0..<SegmentHeader.headerBytes {
      #expect(code { _ = try recover(directory, Array(bytes[..<cut])) } == .damaged)
    }
  }

  @Test func `a cut log goes on, and what was cut never comes back`() throws {
    let directory = try LogDirectory()
    let (bytes, ends) = try small(directory)
    for cut in stride(from: ends[2] + 3, to: ends[5], by: 17) {
      for name in try directory.segments + ["newest"] {
        try? FileManager.default.removeItem(atPath: directory.path + "/" + name)
      }
      // The length of the cut record stays, all after it is old.
      var image = bytes
      image[cut] ^= 0x5A
      let whole = ends.dropFirst().count { $0 <= cut }
      guard whole == 4 else { continue }
      try directory.replace("0000000000000001.seg", with: image)

      let log = try directory.open()
      #expect(log.recovery.position == UInt64(whole))
      #expect(log.recovery.tornTail != nil)
      #expect(log.addAndWait(payload(77)) == .success(UInt64(whole + 1)))
      log.abandon()

      let again = try directory.open()
      #expect(try again.payloads()[UInt64(whole + 1)] == payload(77))
      #expect(again.recovery.tornTail == nil)
      again.abandon()
    }
  }

  @Test func `a flip in a record that a later one proves durable is damage`() throws {
    let directory = try LogDirectory()
    let (bytes, ends) = try small(directory)

    for place in SegmentHeader.pageBytes..<ends[5] {
      var image = bytes
      image[place] ^= 0x10
      let whole = UInt64(ends.dropFirst().count { $0 <= place })
      // Each record was synced before the next was written, so only the last has no witness.
      if whole < 4 {
        #expect(code { _ = try recover(directory, image) } == .damaged, "flip at \(place)")
      } else {
        let report = try recover(directory, image)
        #expect(report.position == 4, "flip at \(place)")
        #expect(report.tornTail?.position == 5)
        #expect(code { _ = try recover(directory, image, applied: 5) } == .damaged)
      }
    }
    for place in 0..<SegmentHeader.headerBytes {
      var image = bytes
      image[place] ^= 0x10
      let found = code { _ = try recover(directory, image) }
      #expect(found == .damaged, "flip at \(place)")
    }
  }

  @Test func `a record wiped with zeros is damage where a later one proves it`() throws {
    let directory = try LogDirectory()
    let (bytes, ends) = try small(directory)

    for index in 0..<4 {
      var image = bytes
      for place in ends[index]..<ends[index + 1] { image[place] = 0 }
      #expect(code { _ = try recover(directory, image) } == .damaged)
    }
  }

  @Test func `the mark of a clean stop covers the last record`() throws {
    let directory = try LogDirectory()
    let log = try directory.open()
    for number in 1...3 { _ = log.addAndWait(payload(number)) }
    log.close()
    let bytes = try directory.bytes(of: "0000000000000001.seg")
    #expect(try recover(directory, bytes).isCleanStop)
    let size = RecordLayout.paddedBytes(tenant: 1, payload: 20)
    let markAt = SegmentHeader.pageBytes + 3 * size

    for place in SegmentHeader.pageBytes..<markAt {
      var image = bytes
      image[place] ^= 1
      #expect(code { _ = try recover(directory, image) } == .damaged, "flip at \(place)")
    }
    for place in markAt..<(markAt + 48) {
      var image = bytes
      image[place] ^= 1
      let report = try recover(directory, image)
      #expect(report.position == 3)
      #expect(!report.isCleanStop)
    }
  }

  @Test func `after a short time without work a mark covers the last record`() throws {
    let directory = try LogDirectory()
    let faults = Faults()
    var options = LogDirectory.options(faults.operations)
    options.markAfterNanoseconds = 1_000_000
    let log = try directory.open(options: options)
    _ = log.addAndWait(payload(1))
    let bound = Clocks.monotonic() + 5_000_000_000
    while faults.count(.syncRecords) < 2 && Clocks.monotonic() < bound { usleep(500) }
    log.abandon()
    #expect(faults.count(.syncRecords) == 2)
    var bytes = try directory.bytes(of: "0000000000000001.seg")
    bytes[SegmentHeader.pageBytes + 50] ^= 1

    #expect(code { _ = try recover(directory, bytes) } == .damaged)
  }

  @Test func `damage in a segment that has a successor is damage`() throws {
    let directory = try LogDirectory()
    let (bytes, ends) = try small(directory)
    try directory.open().abandon()

    for place in SegmentHeader.pageBytes..<ends[5] {
      var image = bytes
      image[place] ^= 0x80
      #expect(code { _ = try recover(directory, image) } == .damaged, "flip at \(place)")
    }
    #expect(try recover(directory, bytes).position == 5)
  }

  @Test func `missing segments, other stores and newer formats are refused`() throws {
    let directory = try LogDirectory()
    for number in 1...4 {
      let log = try directory.open()
      _ = log.addAndWait(payload(number))
      log.close()
    }
    let names = try directory.segments
    let other = LogIdentity(storeID: Array(repeating: 9, count: 16), timeline: 1)
    #expect(code { _ = try directory.open(identity: other) } == .otherStore)
    let later = LogIdentity(storeID: LogDirectory.identity.storeID, timeline: 2)
    #expect(code { _ = try directory.open(identity: later) } == .otherStore)

    for name in names.dropLast() {
      let bytes = try directory.bytes(of: name)
      try FileManager.default.removeItem(atPath: directory.path + "/" + name)
      #expect(code { _ = try directory.open() } == .damaged, "without \(name)")
      try directory.replace(name, with: bytes)
    }
    #expect(code { _ = try directory.open(applied: 9) } == .damaged)

    var bytes = try directory.bytes(of: names[0])
    bytes[8] = 9
    let sum = bytes.withUnsafeBytes { oneBitAtATime(Array($0[..<124])) }
    withUnsafeBytes(of: sum.littleEndian) { bytes.replaceSubrange(124..<128, with: $0) }
    try directory.replace(names[0], with: bytes)
    #expect(code { _ = try directory.open() } == .newerFormat)
  }

  @Test func `a failed recovery changes nothing`() throws {
    let directory = try LogDirectory()
    let (bytes, _) = try small(directory)
    var image = bytes
    image[SegmentHeader.pageBytes + 60] ^= 1
    try directory.replace("0000000000000001.seg", with: image)
    let before = try FileManager.default.contentsOfDirectory(atPath: directory.path).sorted()

    #expect(code { _ = try directory.open() } == .damaged)

    let after = try FileManager.default.contentsOfDirectory(atPath: directory.path).sorted()
    #expect(after == before)
    #expect(try directory.bytes(of: "0000000000000001.seg") == image)
  }
}
