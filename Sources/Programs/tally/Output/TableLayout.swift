/// The widths of a table's columns, and lines that fit them.
struct TableLayout {
  /// Narrower than this no column is cut.
  static let narrowestCut = 8
  private static let gap = 2

  /// Columns of the terminal, one number a column of the table.
  private(set) var widths: [Int]
  private let alignsRight: [Bool]

  private let titles: [String]

  /// Fits the columns to their titles and first rows, and to the terminal: if they do not fit,
  /// titles are broken between words, then text is cut.
  ///
  /// - Parameters:
  ///   - rows: those known so far, with as many cells as there are titles.
  ///   - alignsRight: which columns hold numbers.
  ///   - terminalWidth: `nil` for no limit.
  init(titles: [String], rows: [[String]], alignsRight: [Bool], terminalWidth: Int?) {
    self.titles = titles
    self.alignsRight = alignsRight
    widths = titles.map(\.displayWidth)
    for row in rows { widen(by: row) }
    guard let terminalWidth, total > terminalWidth else { return }
    widths = titles.map { $0.split(separator: " ").map { String($0).displayWidth }.max() ?? 0 }
    for row in rows { widen(by: row) }
    shrink(to: terminalWidth)
  }

  /// The titles over their columns, in as many lines as they need.
  var titleLines: [String] {
    let broken = zip(titles, widths).map { title, width in Self.broken(title, at: width) }
    let height = broken.map(\.count).max() ?? 0
    return (0..<height).map { index in
      // Short titles stand at the foot, next to their numbers.
      line(
        broken.map { lines in
          let place = index - (height - lines.count)
          return place >= 0 ? lines[place] : ""
        })
    }
  }

  /// One line without its end and blanks before it. Text that does not fit is cut, numbers never.
  func line(_ cells: [String]) -> String {
    var line = ""
    for (index, text) in cells.enumerated() {
      let width = widths[index]
      let shown = alignsRight[index] ? text : text.cut(toWidth: width)
      let padding = String(repeating: " ", count: max(0, width - shown.displayWidth))
      if index > 0 { line += String(repeating: " ", count: Self.gap) }
      if alignsRight[index] {
        line += padding + shown
      } else {
        line += shown + padding
      }
    }
    while line.hasSuffix(" ") { line.removeLast() }
    return line
  }

  /// A rule under the titles.
  var rule: String {
    widths.map { String(repeating: "─", count: $0) }
      .joined(separator: String(repeating: " ", count: Self.gap))
  }

  private mutating func widen(by row: [String]) {
    for (index, text) in row.enumerated() { widths[index] = max(widths[index], text.displayWidth) }
  }

  /// Breaks between words; a word that is too long stays whole.
  private static func broken(_ title: String, at width: Int) -> [String] {
    var lines: [String] = []
    for word in title.split(separator: " ") {
      if let last = lines.last, last.displayWidth + 1 + String(word).displayWidth <= width {
        lines[lines.count - 1] = last + " " + word
      } else {
        lines.append(String(word))
      }
    }
    return lines
  }

  private var total: Int { widths.reduce(0, +) + Self.gap * max(0, widths.count - 1) }

  /// Takes from the widest text column, one by one, until the table fits or none is left to cut.
  private mutating func shrink(to limit: Int) {
    while total > limit {
      let candidates = widths.indices.filter { !alignsRight[$0] && widths[$0] > Self.narrowestCut }
      guard let widest = candidates.max(by: { widths[$0] < widths[$1] }) else { return }
      widths[widest] -= 1
    }
  }
}
