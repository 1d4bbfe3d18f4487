/// The lines without comments, and with strings emptied: what is left is code.
///
/// Lexes as much of Swift as that needs: line and block comments, strings on one line and on
/// several, raw ones included. Code inside an interpolation is dropped with its string.
func codeOnly(_ lines: [String]) -> [String] {
  var lexer = CodeLexer()
  return lines.map { lexer.code(of: $0) }
}

private struct CodeLexer {
  private var commentDepth = 0
  /// Inside a string of several lines: what ends it.
  private var end: String?

  mutating func code(of line: String) -> String {
    var rest = Substring(line)
    var code = ""
    while !rest.isEmpty {
      if commentDepth > 0 {
        skipComment(&rest)
      } else if let end {
        guard let range = rest.firstRange(of: end) else { return code }
        rest = rest[range.upperBound...]
        self.end = nil
        code += "\""
      } else if rest.hasPrefix("//") {
        return code
      } else if rest.hasPrefix("/*") {
        commentDepth = 1
        rest = rest.dropFirst(2)
      } else if let quote = openingQuote(rest) {
        code += "\""
        rest = rest.dropFirst(quote.count)
        let hashes = quote.prefix { $0 == "#" }
        if quote.hasSuffix("\"\"\"") {
          end = "\"\"\"" + hashes
        } else {
          skipString(&rest, hashes: hashes)
          code += "\""
        }
      } else {
        code.append(rest.removeFirst())
      }
    }
    return code
  }

  private mutating func skipComment(_ rest: inout Substring) {
    if rest.hasPrefix("*/") {
      commentDepth -= 1
      rest = rest.dropFirst(2)
    } else if rest.hasPrefix("/*") {
      commentDepth += 1
      rest = rest.dropFirst(2)
    } else {
      rest = rest.dropFirst()
    }
  }

  private func openingQuote(_ rest: Substring) -> Substring? {
    let hashes = rest.prefix { $0 == "#" }
    let quotes = rest.dropFirst(hashes.count).prefix { $0 == "\"" }
    if quotes.isEmpty { return nil }
    return rest.prefix(hashes.count + (quotes.count >= 3 ? 3 : 1))
  }

  private func skipString(_ rest: inout Substring, hashes: Substring) {
    let end = "\"" + hashes
    while !rest.isEmpty, !rest.hasPrefix(end) {
      if hashes.isEmpty, rest.hasPrefix("\\(") {
        skipInterpolation(&rest)
      } else {
        rest = rest.dropFirst(hashes.isEmpty && rest.hasPrefix("\\") ? 2 : 1)
      }
    }
    rest = rest.dropFirst(end.count)
  }

  /// Up to the parenthesis that closes it; strings in it may hold parentheses of their own.
  private func skipInterpolation(_ rest: inout Substring) {
    var depth = 0
    rest = rest.dropFirst()
    while let character = rest.popFirst() {
      switch character {
      case "(": depth += 1
      case ")": depth -= 1
      case "\"": skipString(&rest, hashes: "")
      default: break
      }
      if depth == 0 { return }
    }
  }
}
