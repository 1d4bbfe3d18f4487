/// What one cell of a report holds, whatever it is written as.
enum Cell: Equatable, Sendable {
  case text(String)
  case count(UInt64)
  case number(Int32)
  case list([String])
  /// No value: not zero.
  case unset
}

/// One column of a report: its title in files and tables, and what stands in it.
struct Column<Row: Sendable>: Sendable {
  /// As in the header of the downloaded file.
  let title: String
  /// The name of the row's field in reports.proto, by which the trailer's sums are found.
  let field: String
  let cell: @Sendable (borrowing Row) -> Cell

  init(_ title: String, _ field: String, _ cell: @escaping @Sendable (borrowing Row) -> Cell) {
    self.title = title
    self.field = field
    self.cell = cell
  }
}
