internal import Glibc

@testable internal import EventLog

/// Segments of the log: whatever happens to the file, a record that is read is one that was
/// written, and all before the damage is read.
enum LogTarget: FuzzTarget {
  static let name = "log"

  /// The input: what it is for u8, then that.
  static func run(_ bytes: UnsafeRawBufferPointer) {
    var choices = Choices(bytes)
    switch choices.byte() & 3 {
    case 0, 1: judgeDamage(&choices)
    case 2: judgeRecord(choices.takeRest())
    default: judgeHeader(choices.takeRest())
    }
  }

  static func seeds() -> [[UInt8]] {
    var random = SystemRandomNumberGenerator()
    return (0..<24).map { _ in (0..<90).map { _ in UInt8.random(in: 0...255, using: &random) } }
      + [
        [0, 3, 1, 1, 0, 1, 116, 3, 1, 2, 3, 2, 1, 1, 1, 116, 4, 9, 9, 9, 9, 1, 16, 20, 1, 0, 0],
        [2] + RecordLayout.bytes(of: WrittenRecord(kind: .batch, tenant: [116], payload: [1, 2])),
        [3] + LogImage.header.encoded().prefix(SegmentHeader.headerBytes),
      ]
  }

  /// The input: records u8, the records, damages u8, the damages, where the file is cut u16.
  private static func judgeDamage(_ choices: inout Choices) {
    var image = LogImage()
    for _ in 0..<Int(choices.byte() & 7) { image.add(&choices) }
    var bytes = image.bytes
    for _ in 0..<Int(choices.byte() & 3) {
      let place = SegmentHeader.pageBytes + choices.pair() % max(1, image.bytes.count - 4_096)
      bytes[min(place, bytes.count - 1)] ^= choices.byte()
    }
    let cut = choices.pair()
    if cut > 0 {
      bytes.removeLast(cut % (bytes.count - SegmentHeader.pageBytes + 1))
    }
    let applied = UInt64(choices.byte() & 3)
    // Padding that is cut off was zero anyway.
    let damage = image.bytes.indices.first { index in
      index >= bytes.count || bytes[index] != image.bytes[index]
    }
    let whole = image.records.prefix { record in record.end <= damage ?? .max }

    LogFolder.write(bytes)
    let outcome = LogFolder.recover(applied: applied)
    let position = whole.last?.position ?? 0
    let proof = image.records.dropFirst(whole.count).dropFirst().contains { record in
      record.end <= bytes.count
        && bytes[record.start..<record.end].elementsEqual(image.bytes[record.start..<record.end])
        && (record.durable > position
          || record.synced > (whole.last?.end ?? SegmentHeader.pageBytes))
    }
    switch outcome {
    case .success(let report):
      require(report.position == position, "\(report.position) is read, \(position) was written")
      require(!proof, "durable records are lost without a word")
      require(applied <= position, "applied records are lost without a word")
      require(
        damage != nil || report.tornTail == nil, "an undamaged log has a torn tail: \(report)")
    case .failure(let error):
      require(error.code == .damaged, "damage is reported as \(error.code)")
      require(damage != nil || applied > position, "an undamaged log is refused: \(error.message)")
    }
    LogFolder.read { index, record in
      require(index < whole.count, "a record is read that was never written")
      require(whole[index].equals(record), "record \(index) is not the one that was written")
    }
  }

  /// Any bytes whose checksum is right.
  private static func judgeRecord(_ bytes: [UInt8]) {
    var bytes = bytes
    while bytes.count % 8 != 0 { bytes.append(0) }
    LogImage.mend(&bytes)
    let seed = LogImage.header.seed
    bytes.withUnsafeBytes { all in
      guard case .record(let record) = RecordLayout.parse(all, seed: seed) else { return }
      require(record.loggedBytes <= all.count, "a record is larger than its bytes")
      let written = WrittenRecord(record)
      let again = written.bytes(seed: seed)
      again.withUnsafeBytes { again in
        guard case .record(let read) = RecordLayout.parse(again, seed: seed) else {
          fatalError("a record that we write we cannot read")
        }
        require(written.equals(read), "a record is another one when written again")
      }
    }
    LogFolder.write(LogImage.header.encoded() + bytes)
    if case .failure(let error) = LogFolder.recover(applied: 0) {
      require(error.code == .damaged, "strange records are reported as \(error.code)")
    }
  }

  private static func judgeHeader(_ bytes: [UInt8]) {
    var bytes = Array(bytes.prefix(SegmentHeader.headerBytes))
    if bytes.count == SegmentHeader.headerBytes { LogImage.mendHeader(&bytes) }
    do throws(EventLogError) {
      let header = try SegmentHeader(decoding: bytes, path: "f")
      require(
        header.encoded().prefix(68).elementsEqual(bytes.prefix(68)), "a header is another one")
    } catch {
      require(error.code == .damaged || error.code == .newerFormat, "refused as \(error.code)")
    }
    LogFolder.write(bytes)
    _ = LogFolder.recover(applied: 0)
  }
}

/// The folder with the one segment that each input is written to.
private enum LogFolder {
  private static let path: String = {
    let parent = getenv("TMPDIR").map { String(cString: $0) } ?? "/tmp"
    var name = Array("\(parent)/tally-fuzz-log-XXXXXX".utf8CString)
    guard let made = mkdtemp(&name) else { fatalError("cannot make a folder in '\(parent)'") }
    return String(cString: made)
  }()

  private static let files = SegmentFiles(
    directory: path, segmentBytes: 64 << 10, operations: FileOperations())

  static func write(_ bytes: [UInt8]) {
    guard let file = fopen(files.path(first: 1), "w") else { fatalError("cannot write a segment") }
    require(fwrite(bytes, 1, bytes.count, file) == bytes.count, "the disk is full")
    fclose(file)
  }

  static func recover(applied: UInt64) -> Result<RecoveryReport, EventLogError> {
    Result { () throws(EventLogError) in
      try LogRecovery(files: files, identity: LogImage.header.identity, applied: applied).report
    }
  }

  /// Shows the records from the first on, until one is bad.
  static func read(_ body: (Int, LogRecord) -> Void) {
    guard
      let reader = try? SegmentReader(path: files.path(first: 1), seed: LogImage.header.seed),
      let size = try? reader.sizeBytes()
    else { return }
    var offset = SegmentHeader.pageBytes
    var index = 0
    while true {
      let next = try? reader.show(at: offset, end: size) { parsed -> Int? in
        guard case .record(let record) = parsed else { return nil }
        body(index, record)
        return offset + record.loggedBytes
      }
      guard let next else { return }
      offset = next
      index += 1
    }
  }
}
