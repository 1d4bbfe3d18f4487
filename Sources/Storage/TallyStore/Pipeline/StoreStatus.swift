package import EventLog

/// How a store is. What is slow to find out is at most about a second old.
package struct StoreStatus: Sendable {
  /// The newest fold.
  package struct LastFold: Sendable {
    /// From the first read of the log to the end of the commit, without waiting for events.
    package var nanoseconds: Int64 = 0
    package var events = 0
    package var touchedKeys = 0
  }

  package var durable: UInt64 = 0
  package var applied = AppliedMark(position: 0, time: 0)
  /// What is durable and not applied.
  package var lag = LogCount()
  /// How long the oldest of it has waited.
  package var lagNanoseconds: Int64 = 0
  /// Why and where the fold stopped; nil while it runs.
  package var foldError: FoldStop?
  package var lastFold = LastFold()
  /// Since the store was opened.
  package var folds: UInt64 = 0
  package var log = LogStatus()
  package var disk = DiskStatus()
  /// As of the last look; nil before the first.
  package var database: DatabaseUsage?
  package var compaction = CompactionStatus()
  /// The newest backup that was sent whole; nil if there was none on this timeline.
  package var newestBackup: BackupMark?
  /// Read transactions that are open, and the age of the oldest.
  package var openTransactions = 0
  package var oldestTransactionNanoseconds: Int64 = 0
}

/// Where the fold stopped: the record at `position` cannot be applied.
package struct FoldStop: Sendable, Equatable {
  package let position: UInt64
  package let code: StoreError.Code
  package let message: String

  /// What appends and waits are answered from then on.
  var error: StoreError {
    StoreError(
      code: code.asksForRoom ? code : .unavailable,
      message: "the store stopped applying events at position \(position): \(message)")
  }
}
