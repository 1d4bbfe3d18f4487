/// What a check of a data file does with the records that it meets. A reason given back is damage.
package protocol RecordJudge: AnyObject {
  /// The records of this table follow, in the order of their keys.
  func begin(table name: String) -> String?
  func judge(_ key: UnsafeRawBufferPointer, _ value: UnsafeRawBufferPointer) -> String?
  /// All records of all tables came.
  func end() -> String?
}
