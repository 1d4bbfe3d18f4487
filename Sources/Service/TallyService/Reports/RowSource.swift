internal import GRPC
internal import TallyMessages

/// The rows of one report, in one snapshot that the source owns.
protocol RowSource: AnyObject {
  /// The columns that the trailer sums, named as the row's fields, in their order.
  static var columns: [String] { get }

  /// How many rows will come.
  var rowCount: RowCount { get }

  /// The sums of all rows written so far, in the order of `columns`.
  var sums: [UInt64] { get }

  /// Writes rows until there are no more, or `rows` has no room for the next.
  ///
  /// - Returns: whether there are more.
  func write(to rows: inout RowWriter) throws -> Bool
}

/// How many rows a report will have.
enum RowCount {
  case exactly(UInt64)
  case atMost(UInt64)

  var bound: UInt64 {
    switch self {
    case .exactly(let count), .atMost(let count): count
    }
  }

  var isExact: Bool {
    switch self {
    case .exactly: true
    case .atMost: false
    }
  }
}
