/// Files, lines and functions that are too long to read.
enum LengthCheck {
  static let fileLines = 400
  static let columns = 100
  static let functionLines = 60

  static func findings(in file: SourceFile) -> [Finding] {
    guard !file.isGenerated else { return [] }
    var findings: [Finding] = []
    let count = file.lines.last == "" ? file.lines.count - 1 : file.lines.count
    if count > fileLines {
      findings.append(
        file.finding(count - 1, "the file has \(count) lines: split it, \(fileLines) are allowed"))
    }
    guard file.isSwift else { return findings }
    for (number, line) in file.lines.enumerated() where line.count > columns {
      findings.append(
        file.finding(number, "the line has \(line.count) columns: break it at \(columns)"))
    }
    return findings + longFunctions(in: file)
  }

  /// A function is what stands between the line of its `func`, `init` or `deinit` and the brace
  /// that closes its body.
  private static func longFunctions(in file: SourceFile) -> [Finding] {
    var findings: [Finding] = []
    var depth = 0
    /// Functions whose body is open, with the depth outside of it.
    var open: [(line: Int, depth: Int)] = []
    /// A function whose body has not opened yet.
    var announced: Int?
    for (number, line) in file.code.enumerated() {
      if isFunction(line) { announced = number }
      for character in line {
        if character == "{" {
          if let start = announced { open.append((start, depth)) }
          announced = nil
          depth += 1
        } else if character == "}" {
          depth -= 1
          guard let last = open.last, last.depth == depth else { continue }
          open.removeLast()
          let length = number - last.line + 1
          if length > functionLines {
            findings.append(
              file.finding(
                last.line,
                "the function has \(length) lines: split it, \(functionLines) are allowed"))
          }
        }
      }
    }
    return findings
  }

  private static func isFunction(_ line: String) -> Bool {
    let words = line.split { !($0.isLetter || $0 == "_" || $0 == "@" || $0 == ".") }
    guard let word = words.first(where: { !modifiers.contains(String($0)) && !$0.hasPrefix("@") })
    else { return false }
    return ["func", "init", "deinit", "subscript"].contains(word)
  }

  private static let modifiers: Set = [
    "public", "package", "internal", "fileprivate", "private", "static", "class", "final",
    "mutating", "borrowing", "consuming", "override", "convenience", "required", "nonisolated",
    "unsafe", "prefix", "postfix", "set",
  ]
}
