internal import Testing

/// What CONTRIBUTING.md asks of every file, as far as a tool can see it.
@Suite struct `the source tree` {
  @Test func `uses only what the table allows, with access levels`() {
    expectNone(SourceTree.swift.flatMap(ImportCheck(table: .tally).findings))
  }

  @Test func `has short files, lines and functions`() {
    expectNone(SourceTree.files.flatMap(LengthCheck.findings))
  }

  @Test func `uses no banned names`() {
    expectNone(SourceTree.swift.flatMap(NameCheck.findings))
  }

  @Test func `says why what the compiler cannot prove is safe`() {
    expectNone(SourceTree.swift.flatMap(ProofCheck.findings))
  }

  @Test func `has a row in the table for every folder, and a folder for every row`() {
    let folders = Set(
      SourceTree.files.filter { $0.top == "Sources" }.map { file in
        file.path.split(separator: "/").prefix(3).joined(separator: "/")
      })
    let rows = Set(TargetTable.tally.rows.map { "Sources/\($0.layer)/\($0.target)" })

    #expect(folders.subtracting(rows) == [])
    #expect(rows.subtracting(folders) == [])
  }

  @Test func `has a table in which nothing uses what stands below it`() {
    var above: Set<String> = []
    let targets = Set(TargetTable.tally.rows.map(\.target))
    for row in TargetTable.tally.rows {
      #expect(row.uses.intersection(targets).isSubset(of: above), "\(row.target)")
      above.insert(row.target)
    }
  }

  private func expectNone(
    _ findings: [Finding], location: SourceLocation = #_sourceLocation
  ) {
    #expect(!SourceTree.files.isEmpty, sourceLocation: location)
    for finding in findings { Issue.record("\(finding)", sourceLocation: location) }
  }
}
