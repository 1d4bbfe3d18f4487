/// The bounds within which reports run; ``ReadingLimit`` names those that a command line sets.
/// Tests use small ones.
///
/// Source: storage.md, section 4.
package struct ReadingOptions: Sendable {
  /// Threads that read the store for reports.
  package var readerThreads = 2
  /// The first chunk is small, so that the first rows leave at once.
  package var firstChunkBytes = 4 << 10
  /// A chunk: what one turn of a report fills, and what crosses threads.
  package var chunkBytes = 128 << 10
  /// A message ends at about this size.
  package var messageBytes = 64 << 10
  /// Chunks that wait for the network, a call.
  package var ringChunks = 4
  /// A report that waited this long for room in a row goes on to the spool.
  package var parkLimit = Duration.milliseconds(50)
  /// So does one whose transaction is older than this.
  package var transactionLimit = Duration.seconds(1)
  /// A report whose client keeps up goes on for so long if the spool has no room for all of it.
  package var keepUpLimit = Duration.seconds(30)
  /// A client that takes nothing for so long loses its call.
  package var stallLimit = Duration.seconds(30)
  /// Read transactions at one time.
  package var openTransactions = 64
  /// Of these, for reports with more than `largeReportRows` rows.
  package var largeTransactions = 8
  /// See `largeTransactions`.
  package var largeReportRows = 100_000
  /// Reports that wait for a transaction; one more is refused.
  package var waitingReports = 4096
  /// Bytes of all spool files together.
  package var spoolBytes = 4 << 30
  /// The part of the spool that one caller may use: one in so many.
  package var spoolShares = 4
  /// Watches at one time; one more is refused.
  package var watches = 1024
  /// A watched report is looked through for changes once in so long at most.
  package var watchInterval = Duration.seconds(1)
  /// How often it is asked whether something was applied since.
  package var watchLookInterval = Duration.milliseconds(50)
  /// A watch gets a mark after so long when nothing is applied.
  package var watchMarkInterval = Duration.seconds(10)
  /// Bytes of changes that wait in memory for the network, a watch; more go to the spool.
  package var watchQueueBytes = 256 << 10
  /// What a report whose client keeps up takes of the spool at once and has for good: so no other
  /// report can take its last room. It does without the spool where that is not left.
  var keepUpBytes: Int { chunkBytes * 8 }

  package init() {}
}
