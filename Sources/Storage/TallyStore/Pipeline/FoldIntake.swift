internal import EventLog

/// Moves records of the log into an open fold, within the bounds of one fold.
struct FoldIntake {
  private let bytesMax: Int
  private let keysMax: Int
  /// What is taken.
  private(set) var count = LogCount()
  /// When the first record was accepted.
  private(set) var firstAcceptedAt: Int64?
  /// Whether the next record belongs into the next fold.
  private(set) var isFull = false
  private var failure: StoreError?

  init(_ options: StoreOptions) {
    bytesMax = options.foldBytesMax
    keysMax = options.foldKeysMax
  }

  /// Adds the next record up to position `end`.
  ///
  /// - Returns: false if there is none, or the fold is full without it.
  /// - Throws: what reading or applying it met; the fold is then to be aborted.
  mutating func take(
    from reader: LogReader, upTo end: UInt64 = .max, into fold: Fold
  ) throws(StoreError) -> Bool {
    guard reader.position < end else { return false }
    let isTaken = try logging { () throws(EventLogError) in
      try reader.next { record in offer(record, to: fold) }
    }
    if let failure { throw failure }
    return isTaken ?? false
  }

  /// - Returns: nil if the record was not taken.
  private mutating func offer(_ record: LogRecord, to fold: Fold) -> Bool? {
    if count.records > 0 && isTooMuch(record, fold) {
      isFull = true
      return nil
    }
    if count.records == 0 { firstAcceptedAt = record.acceptedAt }
    count.add(record)
    do throws(StoreError) { try Self.apply(record, to: fold) } catch { failure = error }
    return failure == nil
  }

  /// A directory event touches 3 keys or more.
  private func isTooMuch(_ record: LogRecord, _ fold: Fold) -> Bool {
    count.bytes + record.loggedBytes > bytesMax
      || fold.touchedKeys + 3 * record.eventCount > keysMax
  }

  private static func apply(_ record: LogRecord, to fold: Fold) throws(StoreError) {
    switch record.kind {
    case .batch:
      try fold.applyBatch(
        position: record.position, acceptedAt: record.acceptedAt, tenant: record.tenant,
        events: record.payload, count: record.eventCount)
    case .tenant:
      try fold.applyTenant(
        position: record.position, acceptedAt: record.acceptedAt, name: record.tenant,
        secret: record.payload)
    case .mark: break
    case .erase:
      throw StoreError(
        code: .badRecord,
        message: "log record \(record.position) is of a kind that this Tally does not apply:"
          + " use a newer one")
    }
  }
}
