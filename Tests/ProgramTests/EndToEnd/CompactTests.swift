internal import Foundation
internal import TestSupport
internal import Testing

@testable internal import tally
@testable internal import tallyd

@Suite(.serialized, .timeLimit(.minutes(2))) struct `tally compact` {
  @Test func `says what it gave back, and reports are as before`() async throws {
    let server = try await TestServer()
    let report = ["report", "courses", "--format", "csv"]
    for _ in 0..<2 {
      _ = try await Programs.tally(
        ["ingest", Fixture.edgeCases.eventFile], server: server.address)
    }
    let before = try await Programs.tally(report, server: server.address)

    let output = try await Programs.tally(["compact", "--quiet"], server: server.address)
    let json = try await Programs.tally(["compact", "--json"], server: server.address)

    #expect(output.status == 0, "\(output.errors)")
    #expect(output.errors.isEmpty)
    let line = String(decoding: output.out, as: UTF8.self)
    #expect(line.contains(" before, ") && line.contains("reports stood still for"))
    #expect(String(decoding: json.out, as: UTF8.self).contains("\"fileSizeAfter\""))
    let after = try await Programs.tally(report, server: server.address)
    #expect(after.out == before.out)
  }

  @Test func `a server that is not there is an error`() async throws {
    let output = try await Programs.tally(
      ["compact", "--timeout", "1s", "--wait", "0"], server: "127.0.0.1:1")

    #expect(output.status == 1)
    #expect(output.out.isEmpty)
  }

  @Test func `ages are numbers with a unit`() {
    let ages = ["90s": 90, "30m": 1_800, "12h": 43_200, "7d": 604_800, "0s": 0]
    for (text, seconds) in ages { #expect(Age(argument: text)?.seconds == seconds) }
    for bad in ["", "7", "d", "-1d", "7w", "1.5h", "99999999999d"] {
      #expect(Age(argument: bad) == nil, "\(bad)")
    }
    #expect(Age(seconds: 604_800).defaultValueDescription == "7d")
    #expect(Age(seconds: 5_400).defaultValueDescription == "90m")
    #expect(Age(seconds: 0).defaultValueDescription == "0s")
  }
}
