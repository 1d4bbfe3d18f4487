internal import EventLog
internal import Foundation
internal import TallyStore

/// A store, a backup of it, and a place to restore into, gone with the test.
final class BackupDirectory {
  let root = NSTemporaryDirectory() + "tally-backup-" + UUID().uuidString
  var storePath: String { root + "/store" }
  var backupPath: String { root + "/file.backup" }
  var targetPath: String { root + "/target" }

  init() throws {
    try FileManager.default.createDirectory(atPath: root, withIntermediateDirectories: false)
  }

  deinit { try? FileManager.default.removeItem(atPath: root) }

  func open(_ path: String, _ change: (inout StoreOptions) -> Void = { _ in }) throws -> Store {
    var options = StoreOptions.small
    options.log.segmentBytes = 256 << 10
    change(&options)
    return try Store(path, options: options)
  }

  /// Writes all pieces of a backup of the store to a file, as a client does.
  func writeBackup(of store: Store) throws -> BackupHeader {
    let pieces = BackupPieces(try store.makeBackup())
    let bytes = try Self.bytes(of: pieces)
    try Data(bytes).write(to: URL(filePath: backupPath))
    return pieces.header
  }

  static func bytes(of pieces: BackupPieces) throws -> [UInt8] {
    var piece = [UInt8](repeating: 0, count: BackupPieces.bytesMax)
    var bytes: [UInt8] = []
    while true {
      let size = try piece.withUnsafeMutableBytes { try pieces.next(into: $0) }
      if size == 0 { return bytes }
      bytes += piece[..<size]
    }
  }

  func restore(seconds: Int64 = 1_800_000_000) throws -> Restored {
    try Restore.run(backupPath, into: targetPath, seconds: seconds)
  }

  /// What lies in the target; nil if it is not there.
  var targetNames: [String]? {
    (try? FileManager.default.contentsOfDirectory(atPath: targetPath))?.sorted()
  }

  func remove(_ path: String) throws { try FileManager.default.removeItem(atPath: path) }

  func move(_ path: String, to newPath: String) throws {
    try FileManager.default.moveItem(atPath: path, toPath: newPath)
  }

  func write(_ text: String, to path: String) throws {
    try Data(text.utf8).write(to: URL(filePath: path))
  }

  func makeDirectory(_ path: String) throws {
    try FileManager.default.createDirectory(atPath: path, withIntermediateDirectories: true)
  }
}

/// The error of the store that a body throws.
func storeError(_ body: () throws -> Void) -> StoreError? {
  do {
    try body()
    return nil
  } catch { return error as? StoreError }
}
