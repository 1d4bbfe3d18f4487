internal import TallyClient
internal import TallyMessages

/// Writes the rows of one report in one format to one output.
struct ReportWriter<Part: ReportPart> {
  typealias Row = Part.Row

  /// Rows whose cells decide the widths of a table; wider cells that come later are cut.
  static var rowsForWidths: Int { 1_000 }
  /// Written at once, so that neither memory nor the number of writes grows.
  private static var flushBytes: Int { 256 * 1024 }

  private let columns: [Column<Row>]
  private let format: OutputOptions.Format
  private let output: FileOutput
  private var csv: CSVWriter
  private var text: [UInt8] = []
  private var firstRows: [[Cell]] = []
  private var layout: TableLayout?
  private var rowCount: UInt64 = 0

  init(columns: [Column<Row>], format: OutputOptions.Format, csv: CSVWriter, output: FileOutput) {
    self.columns = columns
    self.format = format
    self.csv = csv
    self.output = output
  }

  /// Writes the titles, where the format has any.
  mutating func begin() {
    if format == .csv { csv.write(line: columns.map { .text($0.title) }) }
  }

  /// Writes rows.
  mutating func write(_ rows: [Row]) throws(CommandError) {
    rowCount += UInt64(rows.count)
    for row in rows {
      switch format {
      case .csv:
        for column in columns { csv.write(column.cell(row)) }
        csv.endLine()
      case .jsonl: append(line: try row.jsonLine())
      case .table: try add(columns.map { $0.cell(row) })
      }
      try flush(above: Self.flushBytes)
    }
  }

  /// Forgets all rows: they come anew.
  mutating func startAgain() throws(CommandError) {
    try output.startAgain()
    csv.clear()
    text.removeAll(keepingCapacity: true)
    firstRows = []
    layout = nil
    rowCount = 0
    begin()
  }

  /// Writes what is left, the sums under a table, and gives a file its name.
  mutating func end(_ trailer: ReportTrailer?) throws(CommandError) {
    if format == .table { endTable(trailer) }
    try flush(above: 0)
    try output.commit()
  }

  private mutating func flush(above limit: Int) throws(CommandError) {
    if csv.bytes.count > limit {
      try output.write(csv.bytes)
      csv.clear()
    }
    if text.count > limit {
      try output.write(text)
      text.removeAll(keepingCapacity: true)
    }
  }

  private mutating func append(line: String) {
    append(line: line.utf8)
  }

  private mutating func append(line: some Sequence<UInt8>) {
    text.append(contentsOf: line)
    text.append(UInt8(ascii: "\n"))
  }
}

// MARK: - Tables

extension ReportWriter {
  private mutating func add(_ cells: [Cell]) throws(CommandError) {
    if layout == nil {
      firstRows.append(cells)
      if firstRows.count == Self.rowsForWidths { beginTable(sums: []) }
    } else if let layout {
      append(line: layout.line(cells.map(\.forTables)))
    }
  }

  /// Chooses the widths and writes the rows that waited for them.
  private mutating func beginTable(sums: [String]) {
    let titles = columns.map(\.title)
    let rows = firstRows.map { $0.map(\.forTables) }
    let alignsRight = columns.indices.map { column in
      firstRows.contains { $0[column].isNumber }
    }
    let isTerminal = output.isTerminal
    let layout = TableLayout(
      titles: titles, rows: rows + (sums.isEmpty ? [] : [sums]), alignsRight: alignsRight,
      terminalWidth: isTerminal ? terminalWidth(1) : nil)
    for line in layout.titleLines { append(line: line) }
    append(line: layout.rule)
    for row in rows { append(line: layout.line(row)) }
    firstRows = []
    self.layout = layout
  }

  private mutating func endTable(_ trailer: ReportTrailer?) {
    let sums = columns.map { column in
      trailer?.sums.first { $0.column == column.field }.map { grouped($0.sum) } ?? ""
    }
    if layout == nil { beginTable(sums: sums) }
    if let layout, rowCount > 1, sums.contains(where: { !$0.isEmpty }) {
      append(line: layout.rule)
      append(line: layout.line(sums))
    }
    append(line: "\(grouped(rowCount)) \(rowCount == 1 ? "row" : "rows")")
  }
}

extension Cell {
  /// The cell for people: thousands grouped, controls shown, unset as a dash.
  fileprivate var forTables: String {
    switch self {
    case .text(let text): text.withoutControls
    case .count(let count): grouped(count)
    case .number(let number): grouped(number)
    case .list(let elements): elements.joined(separator: ", ").withoutControls
    case .unset: "–"
    }
  }

  fileprivate var isNumber: Bool {
    switch self {
    case .count, .number: true
    case .text, .list, .unset: false
    }
  }
}
