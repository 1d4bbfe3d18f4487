internal import TallyModel
internal import TestSupport
internal import Testing

/// The recount is the oracle of the other tests: here it meets files made by another program.
@Suite struct samples {
  @Test(arguments: Fixture.all)
  func `the naive recount gives exactly the expected files`(fixture: Fixture) throws {
    let expected = try fixture.expected()

    let files = try Recount(fixture.events()).files()

    #expect(files.keys.sorted() == expected.keys.sorted())
    for (name, content) in expected where files[name] != content {
      Issue.record("\(name): \(firstDifference(files[name] ?? [], content))")
    }
  }

  @Test(arguments: Fixture.all)
  func `every event of the samples is valid`(fixture: Fixture) throws {
    let now = Timestamp(seconds: 1_900_000_000, nanos: 0)

    for event in try fixture.events() { #expect(validate(event, now: now) == nil) }
  }

  private func firstDifference(_ found: [UInt8], _ expected: [UInt8]) -> String {
    let found = found.split(separator: 0x0A, omittingEmptySubsequences: false)
    let expected = expected.split(separator: 0x0A, omittingEmptySubsequences: false)
    for (line, (one, other)) in zip(found, expected).enumerated() where one != other {
      return "line \(line + 1) is \(text(one)), expected \(text(other))"
    }
    return "\(found.count) lines, expected \(expected.count)"
  }

  private func text(_ line: ArraySlice<UInt8>) -> String { String(decoding: line, as: UTF8.self) }
}
