internal import CChecksum
internal import TallyMessages

/// Counts, adds up and digests the encoded rows of a report, to compare with its trailer: the one
/// of the call under way for its rows, and what the server promised at first for all of them.
struct ReportCheck {
  /// Rows of the call under way.
  private(set) var rowCount: UInt64 = 0
  private var digest: UInt32 = 0
  /// By field number of the row; other fields stay 0.
  private var sums: [UInt64]
  /// The same of the calls before it, which broke; the digest goes on over all rows.
  private var earlierRows: UInt64 = 0
  private var earlierSums: [UInt64]
  private var wholeDigest: UInt32?
  private let columns: [CountColumn]

  /// - Parameter columns: the row's count columns in ascending number.
  init(columns: [CountColumn]) {
    self.columns = columns
    sums = Array(repeating: 0, count: (columns.last?.number ?? 0) + 1)
    earlierSums = sums
  }

  /// Rows of all calls.
  var totalRows: UInt64 { earlierRows + rowCount }

  /// Takes in one encoded row.
  ///
  /// - Returns: false if it is no message.
  mutating func add(_ row: UnsafeRawBufferPointer) -> Bool {
    rowCount += 1
    digest = tally_crc32c(digest, row.baseAddress, row.count)
    if let whole = wholeDigest { wholeDigest = tally_crc32c(whole, row.baseAddress, row.count) }
    var fields = FieldScanner(row)
    sums.withUnsafeMutableBufferPointer { sums in
      // Fields of text have the value 0, and numbers that are no count are never asked for.
      while let field = fields.next() {
        if field.number < sums.count { sums[field.number] &+= field.value }
      }
    }
    return !fields.isMalformed
  }

  /// The call broke, and another one goes on behind its last row.
  mutating func goOn() {
    earlierRows += rowCount
    for index in sums.indices { earlierSums[index] &+= sums[index] }
    wholeDigest = wholeDigest ?? digest
    startCall()
  }

  /// The call broke, and another one brings all rows anew.
  mutating func startAgain() {
    earlierRows = 0
    earlierSums = earlierSums.map { _ in 0 }
    wholeDigest = nil
    startCall()
  }

  private mutating func startCall() {
    rowCount = 0
    digest = 0
    sums = sums.map { _ in 0 }
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

  /// The trailer of all calls together, from the last one's.
  func whole(_ trailer: ReportTrailer) -> ReportTrailer {
    guard let wholeDigest else { return trailer }
    var whole = trailer
    whole.rowCount = totalRows
    whole.digest = wholeDigest
    // Of a column that only the server knows the earlier rows were not added up.
    whole.sums = trailer.sums.compactMap { sum in
      columns.first { $0.name == sum.column }.map { column in
        ColumnSum(column: sum.column, sum: sum.sum &+ earlierSums[column.number])
      }
    }
    return whole
  }
}
