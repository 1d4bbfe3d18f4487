package import GRPC

/// One bound of the reports and watches. The raw value names it on the command line and in Status;
/// <doc:reading> says what each is for.
package enum ReadingLimit: String, CaseIterable, Sendable {
  case readerThreads = "reader-threads"
  case ringChunks = "report-chunks"
  case openTransactions = "max-open-reports"
  case largeTransactions = "max-large-reports"
  case largeReportRows = "large-report-rows"
  case waitingReports = "max-waiting-reports"
  case parkLimit = "report-park-time"
  case transactionLimit = "max-transaction-age"
  case keepUpLimit = "keep-up-time"
  case stallLimit = "report-stall-timeout"
  case spoolBytes = "max-spool-bytes"
  case spoolShares = "spool-shares"
  case watches = "max-watches"
  case watchInterval = "watch-interval"
  case watchMarkInterval = "watch-mark-interval"
  case watchQueueBytes = "watch-queue-bytes"
}

extension ReadingLimit: SettableLimit {
  package var effect: String {
    switch self {
    case .readerThreads: "so many threads read the store for reports"
    case .ringChunks: "a report with so many chunks of 128 KiB unsent waits for its client"
    case .openTransactions: "a report more waits for its turn"
    case .largeTransactions: "a large report more waits for its turn"
    case .largeReportRows: "a report with more rows is large"
    case .waitingReports: "a report more is refused: RESOURCE_EXHAUSTED"
    case .parkLimit: "a report that waits so long for its client goes on to the spool"
    case .transactionLimit: "a report that takes so long goes on to the spool"
    case .keepUpLimit: "a report may do so long without the spool while that is full"
    case .stallLimit: "a report whose client takes nothing ends: RESOURCE_EXHAUSTED"
    case .spoolBytes: "a slow report that needs more ends: RESOURCE_EXHAUSTED"
    case .spoolShares: "of the spool a client address has one part in so many"
    case .watches: "a watch more is refused: RESOURCE_EXHAUSTED"
    case .watchInterval: "a watched report is looked through no more often"
    case .watchMarkInterval: "a watch without changes gets a mark after so long"
    case .watchQueueBytes: "changes beyond wait for a watch in the spool"
    }
  }

  package var place: LimitPlace<ReadingOptions> {
    switch self {
    case .readerThreads: .count(\.readerThreads, 1...64)
    case .ringChunks: .count(\.ringChunks, 2...1024)
    // Each has a reader's slot of LMDB, which has 512.
    case .openTransactions: .count(\.openTransactions, 1...400)
    case .largeTransactions: .count(\.largeTransactions, 1...400)
    case .largeReportRows: .count(\.largeReportRows, 0...1_000_000_000)
    case .waitingReports: .count(\.waitingReports, 0...1_000_000)
    case .parkLimit: .span(\.parkLimit)
    case .transactionLimit: .span(\.transactionLimit)
    case .keepUpLimit: .span(\.keepUpLimit)
    case .stallLimit: .span(\.stallLimit)
    case .spoolBytes: .bytes(\.spoolBytes, 0...1 << 50)
    case .spoolShares: .count(\.spoolShares, 1...1024)
    case .watches: .count(\.watches, 0...1_000_000)
    case .watchInterval: .span(\.watchInterval)
    case .watchMarkInterval: .span(\.watchMarkInterval)
    case .watchQueueBytes: .bytes(\.watchQueueBytes, 0...1 << 30)
    }
  }
}
