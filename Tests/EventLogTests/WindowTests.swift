internal import Glibc
internal import Synchronization
internal import Testing

@testable internal import EventLog

/// What cannot be decided: damage to the last group that was acknowledged, before anything behind
/// it says so. storage.md, section 1.
@Suite struct `the undecidable window` {
  /// A log whose last group has three records, and where its records end.
  private func grouped(_ directory: LogDirectory) throws -> [Int] {
    let faults = Faults()
    let log = try directory.open(options: LogDirectory.options(faults.operations))
    faults.hold()
    log.add(payload(1))
    while faults.count(.syncRecords) == 0 { usleep(100) }
    // The three wait while the first is synced, so one write takes them.
    for number in 2...3 { log.add(payload(number)) }
    let last = Monitor(false)
    log.add(payload(4)) { _ in last.change { $0 = true } }
    faults.release()
    _ = last.wait { $0 ? true : nil }
    #expect(faults.count(.syncRecords) == 2)
    log.abandon()
    let size = RecordLayout.paddedBytes(tenant: 1, payload: 20)
    return (0...4).map { SegmentHeader.pageBytes + $0 * size }
  }

  private func recover(
    _ directory: LogDirectory, _ bytes: [UInt8], applied: UInt64 = 0
  ) -> Result<RecoveryReport, EventLogError> {
    let files = SegmentFiles(
      directory: directory.path, segmentBytes: 64 << 10, operations: FileOperations())
    return Result { () throws(EventLogError) in
      try directory.overwrite("0000000000000001.seg", with: bytes)
      return try LogRecovery(files: files, identity: LogDirectory.identity, applied: applied)
        .report
    }
  }

  @Test func `is the last group, each byte of it, and nothing else`() throws {
    let directory = try LogDirectory()
    let ends = try grouped(directory)
    let bytes = try directory.bytes(of: "0000000000000001.seg")

    for place in ends[0]..<ends[4] {
      var image = bytes
      image[place] ^= 1
      let index = ends.dropFirst().count { $0 <= place }
      switch recover(directory, image) {
      case .failure(let error):
        // The first record has its witness in the group behind it.
        #expect(error.code == .damaged && index == 0, "flip at \(place)")
      case .success(let report):
        // Taken for torn, and reported; what is whole before it stays.
        #expect(index > 0, "flip at \(place)")
        #expect(report.position == UInt64(index))
        #expect(report.tornTail?.position == UInt64(index + 1))
        #expect(report.tornTail?.offset == ends[index])
      }
      // The store knows better if it has applied the record.
      if case .success = recover(directory, image, applied: UInt64(index + 1)) {
        Issue.record("flip at \(place) of an applied record")
      }
    }
  }

  @Test(arguments: [false, true]) func `ends with the next group or mark`(isMark: Bool) throws {
    let directory = try LogDirectory()
    let ends = try grouped(directory)
    var bytes = try directory.bytes(of: "0000000000000001.seg")
    let header = try SegmentHeader(
      decoding: Array(bytes[..<SegmentHeader.headerBytes]), path: "segment")
    var witness: [UInt8] = []
    let entry =
      isMark
      ? LogEntry.mark(acceptedAt: 9)
      : LogEntry(
        kind: .batch, tenant: [116], payload: payload(5), eventCount: 1, acceptedAt: 9,
        completion: { _ in })
    let place = RecordPlace(position: isMark ? 4 : 5, durable: 4, synced: ends[4])
    _ = RecordLayout.append(entry, at: place, seed: header.seed, to: &witness)
    bytes.replaceSubrange(ends[4]..<(ends[4] + witness.count), with: witness)

    for place in ends[0]..<ends[4] {
      var image = bytes
      image[place] ^= 0x40
      guard case .failure(let error) = recover(directory, image) else {
        Issue.record("flip at \(place)")
        continue
      }
      #expect(error.code == .damaged)
      #expect(error.message.contains("byte \(ends[ends.dropFirst().count { $0 <= place }])"))
    }
  }

  /// From the answer to the mark on disk. Printed: EventLog.md names what was measured.
  @Test func `is open for the mark's delay and one sync`() throws {
    let directory = try LogDirectory()
    let faults = Faults()
    var options = LogDirectory.options(faults.operations)
    options.markAfterNanoseconds = 20_000_000
    let log = try directory.open(options: options)
    var times: [Int64] = []
    for number in 1...25 {
      let answered = Monitor<Int64?>(nil)
      log.add(payload(number)) { _ in answered.change { $0 = Clocks.monotonic() } }
      let start = answered.wait { $0 } ?? 0
      let size = RecordLayout.paddedBytes(tenant: 1, payload: 20) + RecordLayout.fixedBytes
      let path = directory.path + "/0000000000000001.seg"
      // The mark is the second record of each round; it is there when its length is.
      let offset = off_t(SegmentHeader.pageBytes + number * size - RecordLayout.fixedBytes)
      let file = Glibc.open(path, O_RDONLY)
      var length: UInt32 = 0
      while length == 0, Clocks.monotonic() < start + 10_000_000_000 {
        _ = pread(file, &length, 4, offset)
        usleep(200)
      }
      Glibc.close(file)
      #expect(length != 0)
      times.append(Clocks.monotonic() - start)
    }
    log.close()
    times.sort()
    print(
      "window until the mark: median \(times[12] / 1_000) µs, longest \(times[24] / 1_000) µs")
    #expect(times[0] > 15_000_000)
  }
}

extension LogDirectory {
  /// `replace` for code that throws this module's error only.
  fileprivate func overwrite(_ name: String, with bytes: [UInt8]) throws(EventLogError) {
    do { try replace(name, with: bytes) } catch { throw .io("write", name, 0) }
  }
}
