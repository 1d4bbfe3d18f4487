/// Swift source under construction, two spaces a level.
struct Source {
  private(set) var text = ""
  private var level = 0

  mutating func header() {
    line("// swift-format-ignore-file")
    line("// Made by Scripts/generate from proto/. Do not edit.")
  }

  mutating func line(_ line: String = "") {
    text += line.isEmpty ? "\n" : String(repeating: "  ", count: level) + line + "\n"
  }

  mutating func block(_ first: String, end: String = "}", _ body: (inout Source) -> Void) {
    line(first)
    level += 1
    body(&self)
    level -= 1
    line(end)
  }

  /// The comment of the .proto file, or else a sentence made for the purpose.
  mutating func doc(_ comment: String, else fallback: String) {
    var lines = comment.split(separator: "\n", omittingEmptySubsequences: false).map {
      $0.hasPrefix(" ") ? $0.dropFirst() : $0
    }
    while lines.last?.isEmpty == true { lines.removeLast() }
    while lines.first?.isEmpty == true { lines.removeFirst() }
    for line in lines.isEmpty ? [fallback[...]] : lines {
      self.line(line.isEmpty ? "///" : "/// \(line)")
    }
  }
}
