internal import Foundation
internal import TallyModel
internal import Testing

@testable internal import TallyStore

@Suite struct `damaged backup` {
  private let directory: BackupDirectory
  private let bytes: [UInt8]

  init() throws {
    directory = try BackupDirectory()
    bytes = try Self.backup(of: 3, in: directory)
  }

  /// A backup of a store with so many more attempts.
  private static func backup(of count: Int, in directory: BackupDirectory) throws -> [UInt8] {
    let store = try directory.open(directory.storePath)
    defer { store.close() }
    _ = try store.applyAndWait(attempts(0..<count)).get()
    return try BackupDirectory.bytes(of: BackupPieces(try store.makeBackup()))
  }

  private func refusal(_ bytes: some Sequence<UInt8>) throws -> StoreError? {
    try Data(bytes).write(to: URL(filePath: directory.backupPath))
    return storeError { _ = try directory.restore() }
  }

  /// As restoring does before it touches anything.
  private func check(_ path: String) throws(StoreError) {
    try BackupFile(path).readData { _ in }
  }

  @Test func `is refused wherever a bit is flipped, and nothing is made`() throws {
    try Data(bytes).write(to: URL(filePath: directory.backupPath))
    let file = open(directory.backupPath, O_RDWR)
    defer { close(file) }
    var accepted: [Int] = []
    // Header and trailer byte by byte; of the blocks every 61st byte, and all checksums.
    let block = BackupPieces.bytesMax
    let offsets = bytes.indices.filter { offset in
      offset < 256 || offset >= bytes.count - 128 || offset % 61 == 0
        || (offset - BackupHeader.size) % block >= block - 8
    }
    for offset in offsets {
      var byte = bytes[offset] ^ UInt8(1 << (offset % 8))
      pwrite(file, &byte, 1, off_t(offset))
      if storeError({ try check(directory.backupPath) }) == nil { accepted.append(offset) }
      byte = bytes[offset]
      pwrite(file, &byte, 1, off_t(offset))
    }

    #expect(offsets.count > 1_000)
    #expect(accepted == [])
    #expect(storeError { try check(directory.backupPath) } == nil)
    #expect(directory.targetNames == nil)
  }

  @Test func `is refused at every length but its own`() throws {
    try Data(bytes + [0]).write(to: URL(filePath: directory.backupPath))
    var accepted: [Int] = []
    for length in (0...(bytes.count + 1)).reversed() where length != bytes.count {
      truncate(directory.backupPath, off_t(length))
      if length == bytes.count + 1 {
        try Data(bytes + [0]).write(to: URL(filePath: directory.backupPath))
      }
      if storeError({ try check(directory.backupPath) }) == nil { accepted.append(length) }
    }

    #expect(accepted == [])
    #expect(directory.targetNames == nil)
  }

  @Test func `with two blocks exchanged, doubled or of another backup is refused`() throws {
    let (head, block) = (BackupHeader.size, BackupPieces.bytesMax)
    let bytes = try Self.backup(of: 3_000, in: directory)
    try #require(bytes.count > head + 2 * block)
    let first = head..<head + block
    let second = head + block..<head + 2 * block

    var exchanged = bytes
    exchanged.replaceSubrange(first, with: bytes[second])
    exchanged.replaceSubrange(second, with: bytes[first])
    var doubled = bytes
    doubled.replaceSubrange(second, with: bytes[first])
    var foreign = bytes
    let other = try Self.backup(of: 3_000, in: directory)
    foreign.replaceSubrange(second, with: other[second])
    var zeros = bytes
    zeros.replaceSubrange(second, with: [UInt8](repeating: 0, count: block))

    for damaged in [exchanged, doubled, foreign, zeros] {
      #expect(try refusal(damaged)?.code == .dataLoss)
    }
    #expect(directory.targetNames == nil)
  }

  @Test func `says what it is, where, and what to do`() throws {
    let empty = try refusal([])
    let foreign = try refusal(Array(repeating: 65, count: 1_000))
    let cut = try refusal(bytes.dropLast(1))
    var flipped = try Self.backup(of: 3_000, in: directory)
    flipped[BackupHeader.size + BackupPieces.bytesMax + 5] ^= 4
    let block = try refusal(flipped)
    let folder = storeError { _ = try Restore.run(directory.root, into: directory.targetPath) }
    let missing = storeError { _ = try Restore.run("/nowhere/x", into: directory.targetPath) }

    #expect(empty?.code == .failed)
    #expect(foreign?.code == .failed && foreign?.message.contains("no backup of Tally") == true)
    #expect(cut?.code == .dataLoss)
    #expect(cut?.message.contains("must have \(bytes.count)") == true)
    #expect(
      block?.message.contains("at byte \(BackupHeader.size + BackupPieces.bytesMax)") == true)
    #expect(block?.message.contains("another backup") == true)
    #expect(folder != nil)
    #expect(missing?.code == .system(ENOENT))
    #expect(directory.targetNames == nil)
  }

  @Test func `of other formats and rules is refused with the way out`() throws {
    func backup(format: UInt16 = 2, rules: UInt16 = 2, form: UInt16 = 1) throws -> StoreError? {
      var other = bytes
      other[8] = UInt8(form)
      other[16] = UInt8(format)
      other[18] = UInt8(rules)
      let checksum = other.withUnsafeBytes { Checksum.add($0.part(0, 124), to: 0) }
      withUnsafeBytes(of: checksum.littleEndian) { other.replaceSubrange(124..<128, with: $0) }
      return try refusal(other)
    }

    #expect(try backup(format: 3)?.code == .newerFormat)
    #expect(try backup(rules: 3)?.code == .newerFormat)
    #expect(try backup(form: 2)?.code == .newerFormat)
    #expect(try backup(format: 1)?.code == .olderFormat)
    #expect(try backup(rules: 1)?.code == .olderFormat)
    #expect(try backup(format: 1)?.message.contains("tally ingest") == true)
    #expect(try backup(rules: 3)?.message.contains("newer one") == true)
    #expect(directory.targetNames == nil)
  }
}
