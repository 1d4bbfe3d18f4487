internal import Testing

/// Each check against a bad snippet, and against a good one beside it.
@Suite struct checks {
  private func file(_ text: String, path: String = "Sources/Model/TallyModel/A.swift") -> SourceFile
  {
    SourceFile(path: path, text: text)
  }

  private func imports(_ text: String, path: String = "Sources/Model/TallyModel/A.swift") -> Int {
    ImportCheck(table: .tally).findings(in: file(text, path: path)).count
  }

  @Test func `an import without an access level is found, in tests too`() {
    let store = "Sources/Storage/TallyStore/A.swift"

    #expect(imports("import LMDB", path: store) == 1)
    #expect(imports("internal import LMDB", path: store) == 0)
    #expect(imports("@testable import TallyStore", path: "Tests/A/A.swift") == 1)
    #expect(imports("@testable internal import TallyStore", path: "Tests/A/A.swift") == 0)
  }

  @Test func `an import against the table is found`() {
    #expect(imports("internal import Foundation") == 1)
    #expect(imports("internal import Glibc") == 1)
    #expect(imports("internal import Synchronization") == 0)
    #expect(imports("package import TallyStore") == 1)
    #expect(imports("internal import NIOCore", path: "Sources/Storage/TallyStore/A.swift") == 1)
    #expect(imports("internal import NIOCore", path: "Sources/Wire/HTTP2/A.swift") == 0)
    #expect(imports("internal import struct Foundation.URL") == 1)
    #expect(imports("internal import Foundation", path: "Sources/Programs/tally/A.swift") == 0)
    #expect(imports("internal import LMDB", path: "Sources/Odd/Unknown/A.swift") == 1)
  }

  @Test func `a finding says where the code belongs`() {
    let findings = ImportCheck(table: .tally).findings(in: file("internal import LMDB"))

    #expect(
      findings.map(\.description) == [
        "Sources/Model/TallyModel/A.swift:1: TallyModel (facts, counting rules, score: pure code) "
          + "may not use LMDB: put this code where LMDB is allowed (TallyStore), or pass in a value"
      ])
  }

  @Test func `a C module that leaves its wrapper is found`() {
    #expect(imports("package import CLMDB", path: "Sources/Storage/LMDB/A.swift") == 1)
    #expect(imports("internal import CLMDB", path: "Sources/Storage/LMDB/A.swift") == 0)
  }

  @Test func `imports in comments and strings are none`() {
    #expect(
      imports("// import Foundation\nlet text = \"import LMDB\"\n/* import A\nimport B */") == 0)
  }

  @Test func `a file of more than 400 lines is found, generated ones apart`() {
    let long = String(repeating: "\n", count: 401)

    #expect(LengthCheck.findings(in: file(long)).count == 1)
    #expect(LengthCheck.findings(in: file(String(long.dropLast()))).isEmpty)
    #expect(LengthCheck.findings(in: file(long, path: "Sources/A/B/Generated/A.swift")).isEmpty)
  }

  @Test func `a line of more than 100 columns is found`() {
    let line = String(repeating: "\u{E9}", count: 101)

    #expect(LengthCheck.findings(in: file(line)).count == 1)
    #expect(LengthCheck.findings(in: file(String(line.dropLast()))).isEmpty)
  }

  @Test func `a function of more than 60 lines is found, a type is not one`() {
    let body = String(repeating: "  if a { b() }\n", count: 59)
    let long = "struct A {\n  package static func a(\n) {\n\(body)}\n}"
    let short = "struct A {\n  func a() {\n\(body.dropFirst(15))}\n  init() {}\n\(body)}"

    #expect(LengthCheck.findings(in: file(long)).map(\.place).count == 1)
    #expect(LengthCheck.findings(in: file(short)).isEmpty)
  }

  @Test(arguments: [
    "struct RowManager {}", "final class DataReader {}", "enum StringUtils {}",
    "protocol BaseRow {}", "actor HTTPInfo {}", "typealias Item = Int", "func process() {}",
    "mutating func perform(_ a: Int) {}",
  ])
  func `a banned name is found`(text: String) {
    #expect(NameCheck.findings(in: file(text)).count == 1)
  }

  @Test(arguments: [
    "struct Database {}", "struct Rebased {}", "let data = Data()", "func processed() {}",
    "// struct RowManager", "let text = \"class Helper\"", "struct Informer {}",
  ])
  func `other names are not`(text: String) {
    #expect(NameCheck.findings(in: file(text)).isEmpty)
  }

  @Test(arguments: [
    "let a = try! b()", "final class A: @unchecked Sendable {}",
    "nonisolated(unsafe) var a = 1", "do { try a() } catch {}",
    "/// Far above.\nlet b = 1\nnonisolated(unsafe) var a = 1",
  ])
  func `what lacks a proof is found`(text: String) {
    #expect(ProofCheck.findings(in: file(text)).count == 1)
  }

  @Test(arguments: [
    "let a = try? b()", "/// Behind a lock.\nfinal class A: @unchecked Sendable {}",
    "nonisolated(unsafe) var a = 1  // written once", "let text = \"try!\"",
    "// Never changed.\n@usableFromInline\nnonisolated(unsafe) let a = b",
  ])
  func `what has one is not`(text: String) {
    #expect(ProofCheck.findings(in: file(text)).isEmpty)
  }

  @Test func `comments and strings are no code`() {
    let lines = [
      "a /* b /* c */", "d */ e // f", "g \"h\\\"(i)\" j", "k \"\\(l(\"m)\"))\" n", "#\"o\"p\"# q",
      "\"\"\"", "r \" s", "\"\"\" t",
    ]

    #expect(
      codeOnly(lines) == ["a ", " e ", "g \"\" j", "k \"\" n", "\"\" q", "\"", "", "\" t"])
  }
}
