internal import EventLog

/// Applies to a copy of the tables what the log has beyond it.
final class Replay {
  let fold: Fold
  private let reader: LogReader
  private let options: StoreOptions

  init(_ copy: Database, _ log: EventLog, options: StoreOptions) throws(StoreError) {
    fold = Fold(copy, numberSlots: options.numberSlots)
    reader = log.reader(after: try copy.applied().position)
    self.options = options
  }

  /// The newest position that the copy contains.
  var position: UInt64 { reader.position }

  /// One fold, to `end` at the latest.
  func step(upTo end: UInt64) throws(StoreError) {
    do throws(StoreError) {
      try fold.begin()
      var intake = FoldIntake(options)
      while try intake.take(from: reader, upTo: end, into: fold) {}
      _ = try fold.finish()
    } catch {
      fold.abort()
      throw error
    }
  }
}
