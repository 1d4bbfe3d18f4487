/// Imports: only what the table allows, each with its access level.
struct ImportCheck {
  let table: TargetTable

  func findings(in file: SourceFile) -> [Finding] {
    file.code.enumerated().flatMap { number, line -> [Finding] in
      guard let statement = ImportStatement(line) else { return [] }
      var messages: [String] = []
      if statement.access == nil {
        messages.append(
          "'import \(statement.module)' has no access level: write internal, package or public")
      }
      if file.top == "Sources" { messages += misuses(of: statement, in: file) }
      return messages.map { file.finding(number, $0) }
    }
  }

  private func misuses(of statement: ImportStatement, in file: SourceFile) -> [String] {
    guard let row = table[file.target] else {
      return ["target \(file.target) has no row in Tests/TidyTests/TargetTable.swift: add it"]
    }
    let module = statement.module
    if row.uses.contains(module) {
      guard TargetTable.keepsInside.contains(module), statement.access != "internal" else {
        return []
      }
      return ["\(module) is C: import it internal and keep its types inside \(row.target)"]
    }
    if table.isFreeToUse(module, in: row) { return [] }
    return [
      "\(row.target) (\(row.purpose)) may not use \(module): "
        + "put this code where \(module) is allowed (\(allowed(module))), or pass in a value"
    ]
  }

  private func allowed(_ module: String) -> String {
    let users = table.rows.filter { $0.uses.contains(module) || isFree(module, in: $0) }
    return users.isEmpty ? "nowhere yet" : users.map(\.target).joined(separator: ", ")
  }

  private func isFree(_ module: String, in row: TargetTable.Row) -> Bool {
    table.isFreeToUse(module, in: row)
  }
}

/// `@testable internal import struct A.B` and its like.
struct ImportStatement: Equatable {
  let access: String?
  let module: String

  init?(_ line: String) {
    let words = line.split { $0 == " " || $0 == ";" }.map(String.init)
    guard let keyword = words.firstIndex(of: "import"), keyword + 1 < words.count,
      words[..<keyword].allSatisfy({ $0.hasPrefix("@") || Self.levels.contains($0) })
    else { return nil }
    access = words[..<keyword].first { Self.levels.contains($0) }
    let kinds: Set = ["struct", "class", "enum", "protocol", "func", "var", "let", "typealias"]
    let path = words[(keyword + 1)...].first { !kinds.contains($0) } ?? ""
    module = String(path.prefix { $0 != "." })
  }

  private static let levels: Set = [
    "public", "package", "internal", "fileprivate", "private",
  ]
}
