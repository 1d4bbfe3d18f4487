/// What a scan finds at one record.
enum RecordChange {
  /// There are no more records.
  case end
  /// The row is as it was, or there is none, and there was none.
  case unchanged
  /// The row changed last at this position; `write` writes it.
  case row(UInt64)
  /// The row left the report at this position or before, if it ever was there.
  case gone(UInt64)
}

/// The rows of one report in one snapshot that it owns, each with the position of its last change.
///
/// - Source: storage.md, section 3: a row's change is the greatest of all records it is made of.
protocol ChangeSource: AnyObject {
  /// The field of WatchResponse that has its rows.
  static var rowField: UInt8 { get }

  /// What selects the rows beside their own records, if anything does that leaves no trace of what
  /// it selected before: whoever saw another selection has to start over.
  var selection: [[UInt8]]? { get }

  /// To be called at the start of each turn.
  func prepare()

  /// Looks at the next record.
  ///
  /// - Parameter since: changes up to here need not be found.
  func next(after since: UInt64) throws -> RecordChange

  /// The id of the row found last.
  var id: UnsafeRawBufferPointer { get }

  /// Writes the row found last.
  ///
  /// - Returns: false if it has no room.
  func write(to row: inout RowWriter) throws -> Bool
}

extension ChangeSource {
  var selection: [[UInt8]]? { nil }
  func prepare() {}
}
