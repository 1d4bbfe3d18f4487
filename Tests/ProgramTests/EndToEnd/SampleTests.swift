internal import Foundation
internal import TestSupport
internal import Testing

/// The samples through the real programs: `tallyd`, `tally ingest`, `tally report`.
@Suite(.serialized, .timeLimit(.minutes(15))) struct `samples end to end` {
  @Test(arguments: Fixture.all)
  func `every expected file, byte for byte`(fixture: Fixture) async throws {
    let server = try await TestServer()

    let output = try await Programs.tally(
      ["ingest", fixture.eventFile], server: server.address)

    #expect(output.status == 0, "\(output.errors)")
    let comparison = Comparison(fixture: fixture, server: server)
    try await comparison.expectFiles()
    try await comparison.expectBehind()
    #expect(try await server.stop().status == 0)
  }

  @Test(arguments: [1, 7, 10_000])
  func `the edge cases shuffled, twice, with a crash in the middle`(batch: Int) async throws {
    try await expectSame(.edgeCases, inBatchesOf: [batch], seed: UInt64(batch))
  }

  /// As many batches of 1 as a server under test takes in seconds; the rest in larger ones.
  @Test(arguments: [Fixture.frenchMeta, .oulad])
  func `the large samples shuffled, twice, with a crash in the middle`(
    fixture: Fixture
  ) async throws {
    try await expectSame(fixture, inBatchesOf: [10_000, 7, 1], seed: 3)
  }

  /// Every size for the whole of every sample; minutes, so only Scripts/test-long asks for it.
  @Test(
    .enabled(if: ProcessInfo.processInfo.environment["TALLY_LONG"] != nil),
    arguments: [Fixture.frenchMeta, .oulad], [1, 7, 10_000])
  func `the large samples whole in batches of each size, with a crash in the middle`(
    fixture: Fixture, batch: Int
  ) async throws {
    try await expectSame(fixture, inBatchesOf: [batch], seed: UInt64(batch))
  }

  /// Sends a shuffled sample twice, each time in another order: first the larger part with the
  /// first batch size, then some thousand events with each of the others. The server is killed
  /// while the first file is on its way, and started again.
  private func expectSame(
    _ fixture: Fixture, inBatchesOf sizes: [Int], seed: UInt64
  ) async throws {
    let server = try await TestServer()
    var random = SplitMix64(seed: seed)
    let lines = try contentsOfFile(fixture.eventFile).split(separator: UInt8(ascii: "\n"))
    for round in 0..<2 {
      var rest = lines.shuffled(using: &random)[...]
      for size in sizes.dropFirst() {
        try await ingest(rest.prefix(1_000 * size), batch: size, server)
        rest = rest.dropFirst(1_000 * size)
      }
      if round == 0 {
        try await ingestWithCrash(Array(rest), batch: sizes[0], server)
      } else {
        try await ingest(rest, batch: sizes[0], server)
      }
    }

    let comparison = Comparison(fixture: fixture, server: server)
    try await comparison.expectFiles()
    if lines.count < 100_000 { try await comparison.expectBehind() }
  }

  private func ingest(
    _ lines: ArraySlice<ArraySlice<UInt8>>, batch: Int, _ server: TestServer
  ) async throws {
    let file = FileManager.default.temporaryDirectory.appending(path: "\(UUID().uuidString).ndjson")
    defer { try? FileManager.default.removeItem(at: file) }
    try Data(lines.joined(separator: [UInt8(ascii: "\n")])).write(to: file)
    let output = try await Programs.tally(
      ["ingest", "--batch-size", "\(batch)", file.path],
      server: server.address)
    #expect(output.status == 0, "\(output.errors)")
  }

  /// Half of the lines are on their way when the server is killed; `tally` goes on when it is
  /// back.
  private func ingestWithCrash(
    _ lines: [ArraySlice<UInt8>], batch: Int, _ server: TestServer
  ) async throws {
    let pipe = Pipe()
    let program = try Programs.start(
      "tally", ["ingest", "--batch-size", "\(batch)", "-"],
      server: server.address, input: pipe.fileHandleForReading)
    let half = lines.count / 2
    for part in [lines[..<half], lines[half...]] {
      let bytes = part.flatMap { $0 + [UInt8(ascii: "\n")] }
      try pipe.fileHandleForWriting.write(contentsOf: Data(bytes))
      if part.startIndex == 0 {
        try await server.crash()
        try await server.restart()
      }
    }
    try pipe.fileHandleForWriting.close()
    let output = try await program.end()
    #expect(output.status == 0, "\(output.errors)")
  }
}
