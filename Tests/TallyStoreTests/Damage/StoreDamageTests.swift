internal import EventLog
internal import Foundation
internal import LMDB
internal import TallyModel
internal import Testing

@testable internal import TallyStore

/// A data directory whose files are missing, damaged, or of different stores and times: opening it
/// says which and what to do, or all records are those of the original.
@Suite struct `damage to the data directory` {
  /// Stops in order after `batches` batches of attempts.
  private func fill(_ directory: PipelineDirectory, _ numbers: [Range<Int>]) throws {
    let store = try directory.open()
    for range in numbers { _ = try store.applyAndWait(attempts(range)).get() }
    store.close()
  }

  private func copy(_ directory: PipelineDirectory) throws -> PipelineDirectory {
    let copy = PipelineDirectory()
    try FileManager.default.copyItem(atPath: directory.path, toPath: copy.path)
    return copy
  }

  private func replace(
    _ name: String, of directory: PipelineDirectory, from other: PipelineDirectory
  ) throws {
    try? FileManager.default.removeItem(atPath: directory.path + "/" + name)
    try FileManager.default.copyItem(
      atPath: other.path + "/" + name, toPath: directory.path + "/" + name)
  }

  private func refusal(_ directory: PipelineDirectory) -> StoreError? {
    do {
      let store = try directory.open()
      store.close()
      return nil
    } catch { return error as? StoreError }
  }

  /// All records once the log is applied.
  private func dump(_ directory: PipelineDirectory) throws -> Dump {
    let store = try directory.open()
    defer { store.close() }
    _ = try store.waitUntilApplied(store.durablePosition).get()
    return try Dump(try store.database)
  }

  @Test func `a data file or log of another store is refused, nothing is changed`() throws {
    let (one, other) = (PipelineDirectory(), PipelineDirectory())
    try fill(one, [0..<20, 20..<40])
    try fill(other, [0..<20])
    let original = try dump(one)

    for name in ["data.mdb", "log"] {
      let mixed = try copy(one)
      try replace(name, of: mixed, from: other)
      let before = try Data(contentsOf: URL(fileURLWithPath: mixed.path + "/data.mdb"))
      let error = refusal(mixed)
      #expect(error?.message.contains("another store") == true)
      #expect(error?.message.contains("backup") == true)
      let after = try Data(contentsOf: URL(fileURLWithPath: mixed.path + "/data.mdb"))
      #expect(before == after)
      try replace(name, of: mixed, from: one)
      #expect(try dump(mixed) == original)
    }
  }

  @Test func `an older data file meets the log, an older log is refused`() throws {
    let directory = PipelineDirectory()
    try fill(directory, [0..<20])
    let older = try copy(directory)
    try fill(directory, [20..<60, 10..<70])
    let original = try dump(directory)

    let early = try copy(directory)
    try replace("data.mdb", of: early, from: older)
    #expect(try dump(early) == original)

    let late = try copy(directory)
    try replace("log", of: late, from: older)
    let error = refusal(late)
    #expect(error?.code == .dataLoss)
    #expect(error?.message.contains("ends at position") == true)
    #expect(error?.message.contains("backup") == true)
  }

  @Test func `without its data file a log is no new store`() throws {
    let directory = PipelineDirectory()
    try fill(directory, [0..<20])
    let original = try dump(directory)

    for isEmpty in [false, true] {
      let broken = try copy(directory)
      try FileManager.default.removeItem(atPath: broken.path + "/data.mdb")
      if isEmpty { try Data().write(to: URL(fileURLWithPath: broken.path + "/data.mdb")) }
      let error = refusal(broken)
      #expect(error?.code == .dataLoss)
      #expect(error?.message.contains("data.mdb' is missing or empty") == true)
      try replace("data.mdb", of: broken, from: directory)
      #expect(try dump(broken) == original)
    }
    let broken = try copy(directory)
    try FileManager.default.removeItem(atPath: broken.path + "/log")
    #expect(refusal(broken)?.code == .dataLoss)
  }

  @Test func `a damaged or missing format is refused, locks do not matter`() throws {
    let directory = PipelineDirectory()
    try fill(directory, [0..<20])
    let original = try dump(directory)
    let path = directory.path + "/format"
    let line = Array(try Data(contentsOf: URL(fileURLWithPath: path)))

    for place in line.indices {
      for bit in 0..<8 {
        var flipped = line
        flipped[place] ^= 1 << bit
        try Data(flipped).write(to: URL(fileURLWithPath: path))
        let error = refusal(directory)
        #expect(error != nil, "\(flipped)")
        #expect(error?.message.contains("format") == true)
      }
    }
    // The first line alone says all that the tables do not.
    for length in 0..<(line.count - 1) where length != 7 && length != 8 {
      try Data(line[..<length]).write(to: URL(fileURLWithPath: path))
      #expect(refusal(directory)?.code == .dataLoss)
    }
    try FileManager.default.removeItem(atPath: path)
    let missing = refusal(directory)
    #expect(missing?.code == .dataLoss)
    #expect(missing?.message.contains("'tally 2'") == true)

    try Data(line).write(to: URL(fileURLWithPath: path))
    for name in ["lock", "lock.mdb"] {
      try FileManager.default.removeItem(atPath: directory.path + "/" + name)
      #expect(try dump(directory) == original)
      let garbage = Data((0..<8_192).map { UInt8(truncatingIfNeeded: $0 &* 7) })
      try garbage.write(to: URL(fileURLWithPath: directory.path + "/" + name))
      #expect(try dump(directory) == original)
    }
  }

  @Test func `flipped bytes of the directory's files are found, or no record changes`() throws {
    let directory = PipelineDirectory()
    try fill(directory, [0..<30, 30..<50])
    let original = try dump(directory)
    let broken = try copy(directory)
    var random = SystemRandomNumberGenerator()
    var files = ["data.mdb"]
    for name in try FileManager.default.contentsOfDirectory(atPath: broken.path + "/log")
    where name.hasSuffix(".seg") { files.append("log/" + name) }
    for name in files {
      let url = URL(fileURLWithPath: broken.path + "/" + name)
      let bytes = Array(try Data(contentsOf: url))
      let used = bytes.indices.filter { bytes[$0] != 0 }
      for place in used.shuffled(using: &random).prefix(SmallStore.isLong ? 2_000 : 12) {
        var flipped = bytes
        flipped[place] ^= 1 << UInt8.random(in: 0...7, using: &random)
        try Data(flipped).write(to: url)
        if let error = refusal(broken) {
          #expect(error.message.contains(name) || error.code == .newerFormat, "\(error)")
          #expect([.dataLoss, .failed, .newerFormat].contains(error.code), "\(error)")
        } else {
          #expect(try dump(broken) == original, "byte \(place) of \(name)")
        }
        for file in files { try replace(file, of: broken, from: directory) }
        try replace("log", of: broken, from: directory)
      }
    }
  }
}
