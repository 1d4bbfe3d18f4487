internal import Foundation
internal import TestSupport
internal import Testing

@testable internal import EventLog

/// Files of the log that were flipped, cut, lost, exchanged or brought from elsewhere: opening it
/// says so, or gives the records that were acknowledged.
@Suite struct `damage to the log` {
  /// Every file of a log's directory, and its records.
  struct Image {
    var files: [String: [UInt8]] = [:]
    var newest = ""
    var records: [UInt64: [UInt8]] = [:]

    var names: [String] { files.keys.sorted() }
  }

  enum Outcome: Equatable {
    case refused(EventLogError.Code)
    /// Up to where the records were read, and whether a torn tail was reported.
    case opened(position: UInt64, isTorn: Bool)
  }

  private static let options: LogOptions = {
    var options = LogDirectory.options()
    options.segmentBytes = 8 << 10
    return options
  }()

  /// A log of three segments with marks and a clean stop.
  private func image(identity: LogIdentity = LogDirectory.identity) throws -> Image {
    let directory = try LogDirectory()
    for start in 0..<3 {
      let log = try directory.open(options: Self.options, identity: identity)
      for number in 1...3 { _ = log.addAndWait(payload(start * 3 + number, count: 9 * number)) }
      log.close()
    }
    return try image(of: directory, identity: identity)
  }

  private func image(
    of directory: LogDirectory, identity: LogIdentity = LogDirectory.identity
  ) throws -> Image {
    var image = Image()
    for name in try directory.segments { image.files[name] = try directory.bytes(of: name) }
    image.newest = try FileManager.default.destinationOfSymbolicLink(
      atPath: directory.path + "/newest")
    let log = try directory.open(options: Self.options, identity: identity)
    image.records = try log.payloads()
    log.abandon()
    return image
  }

  private func write(_ image: Image, to directory: LogDirectory) throws {
    for name in try directory.segments where image.files[name] == nil {
      try FileManager.default.removeItem(atPath: directory.path + "/" + name)
    }
    for (name, bytes) in image.files { try directory.replace(name, with: bytes) }
    try? FileManager.default.removeItem(atPath: directory.path + "/newest")
    try FileManager.default.createSymbolicLink(
      atPath: directory.path + "/newest", withDestinationPath: image.newest)
  }

  /// What recovery says; each record that it would let be read must be the one that was written.
  private func recover(
    _ directory: LogDirectory, applied: UInt64 = 0
  ) -> (outcome: Outcome, message: String) {
    let files = SegmentFiles(
      directory: directory.path, segmentBytes: 8 << 10, operations: FileOperations())
    do throws(EventLogError) {
      let found = try LogRecovery(
        files: files, identity: LogDirectory.identity, applied: applied)
      let report = found.report
      return (
        .opened(position: report.position, isTorn: report.tornTail != nil),
        report.tornTail?.reason ?? ""
      )
    } catch { return (.refused(error.code), error.message) }
  }

  @Test func `every byte flipped is refused, reported or means nothing`() throws {
    let image = try image()
    let directory = try LogDirectory()
    try write(image, to: directory)
    var random = SplitMix64(seed: 7)
    let whole = Outcome.opened(position: 9, isTorn: false)
    #expect(recover(directory).outcome == whole)

    for (index, name) in image.names.enumerated() {
      let bytes = try #require(image.files[name])
      let isNewest = index == image.names.count - 1
      let end = try #require(bytes.lastIndex { $0 != 0 }) + 1
      // Behind the records one byte in 31: what is there is never read.
      for place in bytes.indices where place < end + 16 || place % 31 == 0 {
        // The rest of the header's page means nothing.
        if (128..<SegmentHeader.pageBytes).contains(place), place % 31 != 0 { continue }
        var flipped = bytes
        flipped[place] ^= 1 << UInt8.random(in: 0...7, using: &random)
        try directory.replace(name, with: flipped)
        let (outcome, message) = recover(directory)
        switch outcome {
        case .refused:
          #expect(message.contains(name) || message.contains("missing"), "\(message)")
          #expect(message.contains("Nothing was changed") || message.contains("use the Tally"))
        case .opened(let position, let isTorn):
          // No record may be lost; all that may be read as torn is the mark of the clean stop.
          #expect(position == 9, "\(name) at \(place)")
          let isPadding = (128..<SegmentHeader.pageBytes).contains(place)
          #expect(isPadding || (isNewest ? isTorn : place >= end), "\(name) at \(place)")
        }
      }
      try directory.replace(name, with: bytes)
    }
  }

  @Test func `a file cut at any offset is refused`() throws {
    let image = try image()
    let directory = try LogDirectory()
    try write(image, to: directory)

    for name in image.names {
      let bytes = try #require(image.files[name])
      let end = try #require(bytes.lastIndex { $0 != 0 }) + 1
      for cut in 0..<bytes.count where cut < 200 || cut > 4_000 && cut < end + 16 || cut % 61 == 0 {
        try directory.replace(name, with: Array(bytes[..<cut]))
        let (outcome, message) = recover(directory)
        #expect(outcome == .refused(.damaged), "\(name) cut at \(cut)")
        #expect(message.contains(name) && message.contains("backup"), "\(message)")
        // What is applied is not read again; only its header has to be there.
        let isApplied = recover(directory, applied: 9).outcome
        if name != image.names.last, cut >= SegmentHeader.headerBytes {
          #expect(isApplied == .opened(position: 9, isTorn: false))
        } else {
          #expect(isApplied == .refused(.damaged))
        }
      }
      try directory.replace(name, with: bytes)
    }
  }

  @Test func `a missing segment is refused, whichever it is`() throws {
    let image = try image()
    let directory = try LogDirectory()
    for missing in image.names {
      var rest = image
      rest.files[missing] = nil
      try write(rest, to: directory)

      let (outcome, message) = recover(directory)
      #expect(outcome == .refused(.damaged), "without \(missing)")
      #expect(message.contains("missing") && message.contains("Put"), "\(message)")
      // The oldest is not needed once it is applied: so old segments go.
      let applied = recover(directory, applied: 3).outcome
      let isOldest = missing == image.names[0]
      #expect(
        applied == (isOldest ? .opened(position: 9, isTorn: false) : .refused(.damaged)),
        "without \(missing)")
    }
    var none = image
    none.files = [:]
    try write(none, to: directory)
    #expect(recover(directory).outcome == .refused(.damaged))
  }

  @Test func `exchanged and doubled segments are refused`() throws {
    let image = try image()
    let directory = try LogDirectory()
    for first in image.names {
      for second in image.names where first < second {
        var exchanged = image
        exchanged.files[first] = image.files[second]
        exchanged.files[second] = image.files[first]
        try write(exchanged, to: directory)
        let (outcome, message) = recover(directory)
        #expect(outcome == .refused(.damaged))
        #expect(message.contains(first) && message.contains("under a wrong name"), "\(message)")
      }
      for double in ["0000000000000002.seg", "0000000000000063.seg"] {
        var doubled = image
        doubled.files[double] = image.files[first]
        try write(doubled, to: directory)
        #expect(recover(directory).outcome == .refused(.damaged), "\(first) as \(double)")
      }
      // No name of a segment: not looked at.
      var copied = image
      copied.files[String(first.dropLast(4)) + ".copy.seg"] = image.files[first]
      try write(copied, to: directory)
      #expect(recover(directory).outcome == .opened(position: 9, isTorn: false))
    }
  }

  @Test func `a segment of another store or timeline is refused`() throws {
    let image = try image()
    let identities = [
      LogIdentity(storeID: Array(repeating: 7, count: 16), timeline: 1),
      LogIdentity(storeID: LogDirectory.identity.storeID, timeline: 2),
      LogIdentity(storeID: LogDirectory.identity.storeID, timeline: 1, partition: 3),
    ]
    for (identity, word) in zip(identities, ["another store", "timeline 2", "partition 3"]) {
      let other = try self.image(identity: identity)
      for name in image.names {
        let directory = try LogDirectory()
        var mixed = image
        mixed.files[name] = other.files[name]
        try write(mixed, to: directory)
        let (outcome, message) = recover(directory)
        #expect(outcome == .refused(.otherStore))
        #expect(message.contains(name) && message.contains(word), "\(message)")
      }
    }
  }

  @Test func `records of another store or segment are none`() throws {
    let image = try image()
    let other = try self.image(
      identity: LogIdentity(storeID: Array(repeating: 7, count: 16), timeline: 1))
    let directory = try LogDirectory()
    for (name, source) in [
      (image.names[0], other.files[image.names[0]]), (image.names[2], image.files[image.names[1]]),
    ] {
      var mixed = image
      let foreign = try #require(source)
      mixed.files[name]?.replaceSubrange(
        SegmentHeader.pageBytes..., with: foreign[SegmentHeader.pageBytes...])
      try write(mixed, to: directory)
      let outcome = recover(directory).outcome
      if name == image.names[0] {
        #expect(outcome == .refused(.damaged))
      } else {
        // Nothing in the newest segment proves that there was more: the store does, if it applied.
        #expect(outcome == .opened(position: 6, isTorn: true))
        #expect(recover(directory, applied: 7).outcome == .refused(.damaged))
      }
    }
  }

  @Test func `an older copy of a segment is refused where its records are missed`() throws {
    let directory = try LogDirectory()
    let log = try directory.open(options: Self.options)
    _ = log.addAndWait(payload(1))
    log.close()
    let older = try directory.bytes(of: "0000000000000001.seg")
    // The same segment with more in it: the first start's records, copied while it ran.
    let second = try LogDirectory()
    let longer = try second.open(options: Self.options)
    _ = longer.addAndWait(payload(1))
    _ = longer.addAndWait(payload(2))
    longer.close()
    try second.open(options: Self.options).close()
    let image = try image(of: second)
    #expect(image.records.count == 2)

    var mixed = image
    mixed.files["0000000000000001.seg"] = older
    try write(mixed, to: directory)
    #expect(recover(directory).outcome == .refused(.damaged))
    // Applied is not read again: no report depends on it.
    #expect(recover(directory, applied: 2).outcome == .opened(position: 2, isTorn: false))
  }

  @Test func `the link to the newest segment is checked, and may be missing`() throws {
    let image = try image()
    let directory = try LogDirectory()
    for target in ["nonsense", "0000000000000007.seg.old", "000000000000000A.seg"] {
      var wrong = image
      wrong.newest = target
      try write(wrong, to: directory)
      let (outcome, message) = recover(directory)
      #expect(outcome == .refused(.damaged))
      #expect(message.contains(target))
    }
    // Of a start that ended between the two renames.
    var older = image
    older.newest = image.names[1]
    try write(older, to: directory)
    #expect(recover(directory).outcome == .opened(position: 9, isTorn: false))
    try FileManager.default.removeItem(atPath: directory.path + "/newest")
    #expect(recover(directory).outcome == .opened(position: 9, isTorn: false))
  }
}
