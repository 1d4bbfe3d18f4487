/// Settings of the log.
package struct LogOptions: Sendable {
  /// Size of a segment file.
  package var segmentBytes = 64 << 20
  /// What may wait to be written before ingest streams are no longer read.
  package var queueBytesMax = 16 << 20
  /// After so long without work a mark says that all before it was durable.
  package var markAfterNanoseconds: Int64 = 20_000_000
  /// Applied segments younger than this are kept for backups, in seconds.
  package var keepSeconds = 7 * 24 * 3_600
  /// Above this much log applied segments go whatever their age.
  package var keepBytesMax = 4 << 30
  /// The position of the newest completed backup, as known before the log is opened: what came
  /// after it is kept from the first moment on.
  package var backup: UInt64?
  package var operations = FileOperations()

  package init() {}
}

/// How the log is.
package struct LogStatus: Sendable, Equatable {
  /// Of all segment files, and of the spare.
  package var sizeBytes = 0
  package var segments = 0
  /// The oldest position that is still there.
  package var oldest: UInt64 = 1
  /// The position of the newest completed backup.
  package var backup: UInt64?
  /// Whether that backup can be brought up to date: what came after it is there still.
  package var reachesBackup: Bool { backup.map { oldest <= $0 + 1 } ?? true }
  /// The 99th percentile of the last 1,024 calls of fdatasync.
  package var syncP99Nanoseconds: Int64 = 0
  package var queuedEntries = 0
  package var queuedBytes = 0
  /// Above this much applied segments are dropped.
  package var limitBytes = 0
  /// Of a segment file.
  package var segmentBytes = 0
  /// Why the log takes nothing more.
  package var error: String?
  /// Whether that passes by itself once the disk has room.
  package var isFull = false
  /// Why the last attempt to make a spare segment or to drop an old one failed.
  package var upkeepError: String?

  package init() {}
}

/// Times of the last 1,024 syncs.
struct SyncTimes {
  private var times: [Int64] = []
  private var next = 0

  mutating func add(_ nanoseconds: Int64) {
    if times.count < 1_024 {
      times.append(nanoseconds)
    } else {
      times[next] = nanoseconds
      next = (next + 1) % times.count
    }
  }

  /// 0 if there was no sync yet.
  var p99: Int64 {
    guard !times.isEmpty else { return 0 }
    return times.sorted()[(times.count * 99 - 1) / 100]
  }
}
