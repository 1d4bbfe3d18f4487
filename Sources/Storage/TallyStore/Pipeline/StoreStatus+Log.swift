internal import EventLog

/// What the log says of itself, for those who do not know the log.
extension StoreStatus {
  /// What is durable and not applied.
  package var lagBatches: Int { lag.records }
  package var lagEvents: Int { lag.events }
  package var lagBytes: Int { lag.bytes }
  /// Of all segments.
  package var logSizeBytes: Int { log.sizeBytes }
  package var logSegments: Int { log.segments }
  /// The 99th percentile of the last 1,024 calls of fdatasync.
  package var syncP99Nanoseconds: Int64 { log.syncP99Nanoseconds }
  /// What waits to be written.
  package var queuedBatches: Int { log.queuedEntries }
  package var queuedBytes: Int { log.queuedBytes }
  /// Above this much log what is applied is dropped.
  package var logLimitBytes: Int { log.limitBytes }
  /// Why the next segment could not be made, or an old one not be dropped.
  package var logUpkeepError: String? { log.upkeepError }
  /// Why the log takes nothing more.
  package var logError: String? { log.error }
}
