/// What the compiler cannot prove carries a comment with the proof; what would crash is not
/// written.
enum ProofCheck {
  static let needProof = ["@unchecked Sendable", "nonisolated(unsafe)"]

  static func findings(in file: SourceFile) -> [Finding] {
    guard file.isSwift, !file.isGenerated else { return [] }
    return file.code.enumerated().flatMap { number, line -> [Finding] in
      var findings: [Finding] = []
      if line.contains("try!") {
        findings.append(file.finding(number, "'try!' crashes: catch the error or throw it on"))
      }
      if line.firstRange(of: /catch\s*\{\s*\}/) != nil {
        findings.append(file.finding(number, "'catch {}' hides an error: handle it or say why not"))
      }
      for mark in needProof where line.contains(mark) && !hasComment(number, in: file) {
        findings.append(
          file.finding(number, "'\(mark)' has no comment: say above it why it is safe"))
      }
      return findings
    }
  }

  /// A comment on the line, or right above the declaration, attributes in between apart.
  private static func hasComment(_ number: Int, in file: SourceFile) -> Bool {
    if file.lines[number].contains("//") { return true }
    for above in file.lines[..<number].reversed() {
      let text = above.drop { $0 == " " }
      if text.hasPrefix("//") { return true }
      if !text.hasPrefix("@") { return false }
    }
    return false
  }
}
