internal import CChecksum
internal import TallyMessages

/// Counts, adds up and digests the encoded rows of one report, to compare with its trailer.
struct ReportCheck {
  private(set) var rowCount: UInt64 = 0
  private var digest: UInt32 = 0
  /// By field number of the row; other fields stay 0.
  private var sums: [UInt64]
  private let columns: [CountColumn]

  /// - Parameter columns: the row's count columns in ascending number.
  init(columns: [CountColumn]) {
    self.columns = columns
    sums = Array(repeating: 0, count: (columns.last?.number ?? 0) + 1)
  }

  /// Takes in one encoded row.
  ///
  /// - Returns: false if it is no message.
  mutating func add(_ row: UnsafeRawBufferPointer) -> Bool {
    rowCount += 1
    digest = tally_crc32c(digest, row.baseAddress, row.count)
    var fields = FieldScanner(row)
    sums.withUnsafeMutableBufferPointer { sums in
      // Fields of text have the value 0, and numbers that are no count are never asked for.
      while let field = fields.next() {
        if field.number < sums.count { sums[field.number] &+= field.value }
      }
    }
    return !fields.isMalformed
  }

  /// What differs between the rows received and the server's trailer; `nil` if nothing does.
  func difference(from trailer: ReportTrailer) -> String? {
    if trailer.rowCount != rowCount {
      return "\(trailer.rowCount) rows were sent and \(rowCount) came"
    }
    for sum in trailer.sums {
      // A column that a newer server adds cannot be checked by its sum; the digest covers it.
      guard let column = columns.first(where: { $0.name == sum.column }) else { continue }
      let own = sums[column.number]
      if own != sum.sum { return "'\(sum.column)' adds up to \(own), not \(sum.sum)" }
    }
    if trailer.digest != digest { return "the digest of the rows is another one" }
    return nil
  }
}
