internal import GRPC
internal import Testing

@testable internal import TallyService

@Suite struct `limits of reports on a command line` {
  @Test(arguments: ReadingLimit.allCases)
  func `the default of each is what it says, and no name is taken twice`(
    limit: ReadingLimit
  ) throws {
    var options = ReadingOptions()
    let text = limit.text(in: options)

    try limit.set(text, in: &options)

    #expect(limit.text(in: options) == text)
    #expect(ServerLimit(rawValue: limit.rawValue) == nil)
  }

  @Test func `each sets what it is called by`() throws {
    var options = ReadingOptions()
    let settings: [(ReadingLimit, String)] = [
      (.readerThreads, "3"), (.ringChunks, "5"), (.openTransactions, "6"),
      (.largeTransactions, "7"), (.largeReportRows, "8"), (.waitingReports, "9"),
      (.parkLimit, "11ms"), (.transactionLimit, "12s"), (.keepUpLimit, "13m"),
      (.stallLimit, "14h"), (.spoolBytes, "15K"), (.spoolShares, "16"), (.watches, "17"),
      (.watchInterval, "18s"), (.watchMarkInterval, "19s"), (.watchQueueBytes, "20M"),
    ]
    #expect(settings.map(\.0) == ReadingLimit.allCases)

    for (limit, text) in settings { try limit.set(text, in: &options) }

    #expect(options.readerThreads == 3)
    #expect(options.ringChunks == 5)
    #expect(options.openTransactions == 6)
    #expect(options.largeTransactions == 7)
    #expect(options.largeReportRows == 8)
    #expect(options.waitingReports == 9)
    #expect(options.parkLimit == .milliseconds(11))
    #expect(options.transactionLimit == .seconds(12))
    #expect(options.keepUpLimit == .seconds(13 * 60))
    #expect(options.stallLimit == .seconds(14 * 3600))
    #expect(options.spoolBytes == 15 << 10)
    #expect(options.spoolShares == 16)
    #expect(options.watches == 17)
    #expect(options.watchInterval == .seconds(18))
    #expect(options.watchMarkInterval == .seconds(19))
    #expect(options.watchQueueBytes == 20 << 20)
  }

  @Test(arguments: [
    (ReadingLimit.parkLimit, "off"), (.openTransactions, "0"), (.openTransactions, "401"),
    (.spoolBytes, "-1"), (.spoolShares, "0"), (.ringChunks, "1"),
  ])
  func `what is not allowed is refused, with what is`(limit: ReadingLimit, text: String) {
    var options = ReadingOptions()
    let error = #expect(throws: ServerLimitError.self) { try limit.set(text, in: &options) }

    #expect(error?.message.hasPrefix("\(limit.rawValue) is \(limit.allowed), not") == true)
  }
}
