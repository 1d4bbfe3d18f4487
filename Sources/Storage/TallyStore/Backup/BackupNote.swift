internal import EventLog
internal import Synchronization

/// The newest backup that was sent whole.
package struct BackupMark: Sendable, Equatable {
  /// The last log record in it: the log from there on brings it up to date.
  package let position: UInt64
  /// When it was made, in nanoseconds since 1970.
  package let madeAt: Int64
}

/// The file `newest-backup` of a data directory, which keeps the log back to the newest backup over
/// restarts: one line `backup POSITION MADE_AT TIMELINE CRC32C`, the checksum (hexadecimal) over
/// what stands before it.
///
/// Not in the tables: those follow from the log alone, on every replica.
enum BackupNote {
  static let name = "newest-backup"

  static func write(
    _ mark: BackupMark, timeline: UInt32, in directory: String
  ) throws(StoreError) {
    let text = "backup \(mark.position) \(mark.madeAt) \(timeline)"
    try Files.write("\(text) \(checksum(of: text))\n", to: directory + "/" + name)
    try Files.sync(directory: directory)
  }

  /// The note, if there is one of this timeline and it is whole: one that is not costs no more
  /// than log that is kept for a shorter time.
  static func read(in directory: String, timeline: UInt32) throws(StoreError) -> BackupMark? {
    guard let text = try Files.text(of: directory + "/" + name) else { return nil }
    let words = text.split(whereSeparator: \.isWhitespace)
    guard words.count == 5, words[0] == "backup", let position = UInt64(words[1]),
      let madeAt = Int64(words[2]), UInt32(words[3]) == timeline,
      words[4] == checksum(of: words[..<4].joined(separator: " "))
    else { return nil }
    return BackupMark(position: position, madeAt: madeAt)
  }

  private static func checksum(of text: String) -> String {
    String(Array(text.utf8).withUnsafeBytes { Checksum.add($0, to: 0) }, radix: 16)
  }
}

extension Store {
  /// Notes that a backup was sent whole, so that the log is kept back to it.
  ///
  /// - Throws: `system` if that cannot be kept over a restart.
  package func noteBackup(_ header: BackupHeader) throws(StoreError) {
    let mark = BackupMark(position: header.applied.position, madeAt: header.madeAt)
    try BackupNote.write(mark, timeline: identity.timeline, in: directory.path)
    log.setBackup(mark.position)
    newestBackup.withLock { $0 = mark }
  }
}
