internal import Foundation
internal import GRPC
internal import Testing

@testable internal import TallyService

@Suite struct `reports on reader loops` {
  private let directory: String

  init() throws {
    directory = NSTemporaryDirectory() + "tally-spool-\(UUID())"
    try FileManager.default.createDirectory(atPath: directory, withIntermediateDirectories: true)
  }

  private func withReaders(
    _ change: (inout ReadingOptions) -> Void = { _ in }, _ body: (Readers) async throws -> Void
  ) async throws {
    var options = ReadingOptions()
    change(&options)
    let readers = Readers(options: options, spoolDirectory: directory)
    try await body(readers)
    await readers.shutDown()
    try FileManager.default.removeItem(atPath: directory)
  }

  private func start(_ report: FakeReport, peer: String = "a:1", _ readers: Readers) -> Client {
    Client(readers.body(report.opening, for: ServerCall(path: "/r", peer: peer)))
  }

  @Test func `a client that reads gets every byte in order and no spool`() async throws {
    try await withReaders { readers in
      let report = FakeReport(messages: 3000)

      let (bytes, end) = await start(report, readers).read()

      #expect(report.isWhole(bytes))
      #expect(end?.isComplete == true)
      #expect(readers.spool.sizeBytes == 0)
      #expect(await eventually { readers.load.openTransactions == 0 })
      #expect(report.alive == 0)
    }
  }

  @Test func `the first chunk is small so that the first rows leave at once`() async throws {
    try await withReaders({ $0.parkLimit = .seconds(60) }) { readers in
      let report = FakeReport(messages: 3000)
      let body = readers.body(report.opening, for: ServerCall(path: "/r"))

      guard case .fill(let chunk) = body.room(capacity: 1) else { return }

      #expect(chunk.capacity == 1)
      let client = Client(body)
      #expect(report.isWhole(await client.read().bytes))
    }
  }

  @Test func `a report without a reader stops at a full ring`() async throws {
    try await withReaders({ $0.parkLimit = .seconds(60) }) { readers in
      let report = FakeReport(messages: 3000)
      let client = start(report, readers)

      // 4 KiB, then three chunks of 128 KiB.
      let full = 5 + 3 * 131
      #expect(await eventually { report.produced >= full })
      try await Task.sleep(for: .milliseconds(20))

      #expect(report.produced <= full + 6)
      #expect(readers.load.openTransactions == 1)
      #expect(report.isWhole(await client.read().bytes))
    }
  }

  @Test func `a parked report goes to the spool and frees its transaction`() async throws {
    try await withReaders({ $0.parkLimit = .milliseconds(10) }) { readers in
      let report = FakeReport(messages: 3000)
      let client = start(report, readers)
      let first = await client.read(1).bytes

      #expect(await eventually { report.alive == 0 })
      #expect(readers.load.openTransactions == 0)
      #expect(readers.spool.sizeBytes > 2_000_000)
      let files = try FileManager.default.contentsOfDirectory(atPath: directory)
      #expect(files.isEmpty)

      let (rest, end) = await client.read()
      #expect(report.isWhole(first + rest))
      #expect(end?.isComplete == true)
      #expect(await eventually { readers.spool.sizeBytes == 0 })
    }
  }

  @Test func `an old transaction ends though the client keeps up`() async throws {
    try await withReaders({ $0.transactionLimit = .zero }) { readers in
      let report = FakeReport(messages: 3000)

      let (bytes, end) = await start(report, readers).read()

      #expect(report.isWhole(bytes))
      #expect(end?.isComplete == true)
    }
  }

  @Test func `without room in the spool a stalled client fails and others do not`() async throws {
    // Long enough that a busy machine does not make the second client look stalled.
    try await withReaders({
      $0.parkLimit = .seconds(3)
      $0.spoolBytes = 4_000_000
    }) { readers in
      let report = FakeReport(messages: 3000)
      let stalled = start(report, peer: "a:1", readers)
      #expect(await eventually { report.openings == 1 })
      #expect(await eventually { report.alive == 0 })

      let (_, end) = await stalled.read()
      #expect(end?.error?.code == .resourceExhausted)
      #expect(await eventually { readers.spool.sizeBytes == 0 })

      // It fits into its caller's part: on a busy machine this client may be slow too.
      let other = FakeReport(messages: 800)
      let (bytes, _) = await start(other, peer: "b:1", readers).read()
      #expect(other.isWhole(bytes))
    }
  }

  @Test func `one caller has a quarter of the spool`() {
    var options = ReadingOptions()
    options.spoolBytes = 400
    let spool = Spool(directory: directory, options: options)

    #expect(spool.reserve(100, for: "a") == nil)
    #expect(spool.reserve(1, for: "a") == .spoolShares)
    for caller in ["b", "c", "d"] { #expect(spool.reserve(100, for: caller) == nil) }
    #expect(spool.reserve(1, for: "e") == .spoolBytes)
    spool.release(100, for: "a")
    #expect(spool.reserve(100, for: "a") == nil)
    #expect(spool.sizeBytes == 400)
  }

  @Test func `a client that keeps up goes on without a spool that is full`() async throws {
    try await withReaders({
      $0.parkLimit = .seconds(60)
      $0.transactionLimit = .zero
      $0.spoolBytes = 0
    }) { readers in
      let report = FakeReport(messages: 3000)

      let (bytes, end) = await start(report, readers).read()

      #expect(report.isWhole(bytes))
      #expect(end?.isComplete == true)
    }
  }

  @Test func `a report larger than its part of the spool reaches a client that keeps up`()
    async throws
  {
    try await withReaders({
      $0.parkLimit = .seconds(60)
      $0.transactionLimit = .zero
      $0.spoolBytes = 5_000_000
    }) { readers in
      let report = FakeReport(messages: 3000)

      let (bytes, end) = await start(report, readers).read()

      #expect(report.isWhole(bytes))
      #expect(end?.isComplete == true)
      #expect(await eventually { readers.spool.sizeBytes == 0 })
    }
  }

  @Test func `who keeps up goes on though others take the last room of the spool`() async throws {
    try await withReaders({
      $0.parkLimit = .seconds(60)
      $0.transactionLimit = .zero
      $0.chunkBytes = 32 << 10
      $0.messageBytes = 8 << 10
      $0.spoolBytes = 1_000_000
      $0.spoolShares = 1
    }) { readers in
      let report = FakeReport(messages: 3000)
      let client = start(report, readers)
      let first = await client.read(100_000).bytes
      #expect(await eventually { readers.spool.sizeBytes > 0 })

      // All that is left, and all that comes free, is another's.
      var taken = 0
      while readers.spool.reserve(1000, for: "b") == nil { taken += 1000 }
      let (rest, end) = await client.read()

      #expect(report.isWhole(first + rest))
      #expect(end?.isComplete == true)
      #expect(await eventually { readers.spool.sizeBytes == taken })
      readers.spool.release(taken, for: "b")
    }
  }

  @Test func `a client that keeps up does so for a time only`() async throws {
    try await withReaders({
      $0.parkLimit = .seconds(60)
      $0.transactionLimit = .zero
      $0.keepUpLimit = .milliseconds(50)
      $0.spoolBytes = 5_000_000
    }) { readers in
      let report = FakeReport(messages: 3000)
      let client = start(report, readers)
      #expect(await eventually { report.openings == 1 })
      #expect(await eventually { report.alive == 0 })

      #expect(await client.read().end?.error?.code == .resourceExhausted)
      #expect(await eventually { readers.spool.sizeBytes == 0 })
    }
  }

  @Test func `no progress ends the call and frees everything`() async throws {
    try await withReaders({
      $0.parkLimit = .milliseconds(1)
      $0.stallLimit = .milliseconds(100)
    }) { readers in
      let report = FakeReport(messages: 3000)
      let client = start(report, readers)

      #expect(await eventually { report.openings == 1 })
      #expect(await eventually { report.alive == 0 })
      #expect(await eventually { readers.spool.sizeBytes == 0 })

      #expect(await client.read().end?.error?.code == .resourceExhausted)
    }
  }

  @Test func `cancelling frees the transaction`() async throws {
    try await withReaders({ $0.parkLimit = .seconds(60) }) { readers in
      let report = FakeReport(messages: 3000)
      let client = start(report, readers)
      #expect(await eventually { report.alive == 1 })

      client.body.cancel()

      #expect(await eventually { report.alive == 0 })
      #expect(await eventually { readers.load.openTransactions == 0 })
      #expect(readers.load.runningReports == 0)
    }
  }

  @Test func `a failure in the middle ends the call with its status`() async throws {
    try await withReaders { readers in
      let report = FakeReport(messages: 3000, failsAt: 2000)

      let (_, end) = await start(report, readers).read()

      #expect(end?.error?.code == .dataLoss)
      #expect(await eventually { report.alive == 0 })
    }
  }

  @Test func `large reports wait for each other and small ones pass them`() async throws {
    try await withReaders({
      $0.parkLimit = .seconds(60)
      $0.largeTransactions = 1
    }) { readers in
      let first = FakeReport(messages: 3000, rowBound: 200_000)
      let second = FakeReport(messages: 3000, rowBound: 200_000)
      let small = FakeReport(messages: 3000, rowBound: 10)
      let firstClient = start(first, readers)
      #expect(await eventually { first.alive == 1 })
      let secondClient = start(second, readers)
      #expect(await eventually { readers.load.waitingReports == 1 })

      #expect(small.isWhole(await start(small, readers).read().bytes))
      #expect(second.produced == 0)
      #expect(first.isWhole(await firstClient.read().bytes))
      #expect(second.isWhole(await secondClient.read().bytes))
    }
  }

  @Test func `a report that waits can be cancelled and too many are refused`() async throws {
    try await withReaders({
      $0.parkLimit = .seconds(60)
      $0.openTransactions = 1
      $0.waitingReports = 1
    }) { readers in
      let report = FakeReport(messages: 3000)
      let running = start(report, readers)
      #expect(await eventually { report.alive == 1 })
      let waiting = start(report, readers)
      #expect(await eventually { readers.load.waitingReports == 1 })

      #expect(await start(report, readers).read().end?.error?.code == .resourceExhausted)
      waiting.body.cancel()
      #expect(await eventually { readers.load.waitingReports == 0 })
      let next = start(report, readers)
      #expect(report.isWhole(await running.read().bytes))
      #expect(report.isWhole(await next.read().bytes))
    }
  }
}
