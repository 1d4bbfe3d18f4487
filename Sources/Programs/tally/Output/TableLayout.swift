/// The widths of a table's columns, and lines that fit them.
struct TableLayout {
  /// Narrower than this no column is cut.
  static let narrowestCut = 8
  private static let gap = 2

  /// Columns of the terminal, one number a column of the table.
  private(set) var widths: [Int]
  private let alignsRight: [Bool]

  /// Fits the columns to their titles and first rows, and to the terminal.
  ///
  /// - Parameters:
  ///   - lines: the title line, then the rows known so far, all of one length.
  ///   - alignsRight: which columns hold numbers.
  ///   - terminalWidth: `nil` for no limit.
  init(lines: [[String]], alignsRight: [Bool], terminalWidth: Int?) {
    self.alignsRight = alignsRight
    widths = alignsRight.map { _ in 0 }
    for line in lines {
      for (index, text) in line.enumerated() {
        widths[index] = max(widths[index], text.displayWidth)
      }
    }
    if let terminalWidth { shrink(to: terminalWidth) }
  }

  /// One line without its end; text that does not fit is cut, numbers never are.
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
        line += index == cells.count - 1 ? shown : shown + padding
      }
    }
    return line
  }

  /// A rule under the titles.
  var rule: String {
    widths.map { String(repeating: "─", count: $0) }
      .joined(separator: String(repeating: " ", count: Self.gap))
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
