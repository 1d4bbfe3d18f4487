internal import Foundation
internal import GRPC
internal import Synchronization
internal import Testing

@testable internal import TallyService

@Suite struct `spool on a full disk` {
  private func withReaders(
    _ change: (inout ReadingOptions) -> Void, hasDisk: @escaping @Sendable () -> Bool,
    _ body: (Readers) async throws -> Void
  ) async throws {
    let directory = NSTemporaryDirectory() + "tally-spool-\(UUID())"
    try FileManager.default.createDirectory(atPath: directory, withIntermediateDirectories: true)
    var options = ReadingOptions()
    change(&options)
    let readers = Readers(options: options, spoolDirectory: directory, hasDisk: hasDisk)
    try await body(readers)
    await readers.shutDown()
    try FileManager.default.removeItem(atPath: directory)
  }

  @Test func `a slow report ends alone, and says when to call again`() async throws {
    try await withReaders {
      $0.parkLimit = .milliseconds(10)
    } hasDisk: {
      false
    } _: { readers in
      let slow = FakeReport(messages: 3000)
      let stalled = Client(
        readers.body(slow.opening, for: ServerCall(path: "/r", peer: "a:1")))
      #expect(await eventually { slow.openings == 1 && slow.alive == 0 })

      let (_, end) = await stalled.read()

      #expect(end?.error?.code == .resourceExhausted)
      #expect(end?.error?.message.contains("disk is full") == true)
      #expect(await eventually { readers.load.openTransactions == 0 })
      #expect(readers.spool.sizeBytes == 0)
      let small = FakeReport(messages: 5)
      let other = Client(
        readers.body(small.opening, for: ServerCall(path: "/r", peer: "a:1")))
      #expect(small.isWhole(await other.read().bytes))
    }
  }

  @Test func `a client that keeps up goes on without a spool`() async throws {
    try await withReaders {
      $0.parkLimit = .seconds(60)
      $0.transactionLimit = .zero
    } hasDisk: {
      false
    } _: { readers in
      let report = FakeReport(messages: 3000)
      let client = Client(
        readers.body(report.opening, for: ServerCall(path: "/r", peer: "a:1")))

      let (bytes, end) = await client.read()

      #expect(report.isWhole(bytes))
      #expect(end?.isComplete == true)
    }
  }
}
