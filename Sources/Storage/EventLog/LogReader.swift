/// Reads durable records in order, for the fold. Lives on one thread.
package final class LogReader {
  private let log: EventLog
  /// Of the last record shown.
  package private(set) var position: UInt64
  private var segment: LogSegment?
  private var file: SegmentReader?
  private var offset = 0

  init(log: EventLog, after position: UInt64) {
    self.log = log
    self.position = position
  }

  /// Shows the next durable record; its bytes are valid during the call. Marks are not shown.
  ///
  /// - Returns: what `body` gives; `nil` if there is no record yet. If `body` gives `nil`, the
  ///   record is not taken: the next call shows it again.
  /// - Throws: `damaged` if it cannot be read, `io`; the next call tries the same record again.
  package func next<R>(_ body: (LogRecord) -> R?) throws(EventLogError) -> R? {
    while log.durable > position {
      try moveToSegment()
      guard let segment, let file else { return nil }
      var shown: R?
      var size = 0
      var reason = "the segment ends before position \(position + 1)"
      let expected = position + 1
      var found: UInt64?
      var isShown = false
      try file.show(at: offset, end: segment.end.offset) { parsed in
        switch parsed {
        case .end: break
        case .bad(let bad): reason = bad
        case .record(let record):
          size = record.loggedBytes
          if record.kind == .mark || record.position < expected { return }
          found = record.position
          if record.position == expected {
            isShown = true
            shown = body(record)
          }
        }
      }
      guard size > 0, found == nil || found == expected else {
        throw .damage(file.path, offset: offset, reason)
      }
      if isShown && shown == nil { return nil }
      offset += size
      if isShown {
        position = expected
        return shown
      }
    }
    return nil
  }

  /// Opens the segment that holds the next record, or learns how far it reaches by now.
  private func moveToSegment() throws(EventLogError) {
    if let segment, position < segment.end.position { return }
    guard let next = log.segment(after: position) else { return }
    if let segment, segment.header == next.header {
      self.segment = next
      return
    }
    file = try SegmentReader(
      path: log.files.path(first: next.header.first), seed: next.header.seed)
    offset = SegmentHeader.pageBytes
    segment = next
  }
}
