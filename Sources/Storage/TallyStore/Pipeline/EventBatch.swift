package import TallyModel

/// Events of one tenant in the bytes of the log: encoded once, when they are taken.
///
/// Each is `occurred_at` i64, kind u8, length u32 (little-endian), then the fact's fixed form.
package struct EventBatch: Sendable {
  package private(set) var bytes: [UInt8] = []
  package private(set) var count = 0

  package init() {}

  /// A batch of events that were validated.
  package init(_ events: [Event]) {
    bytes.reserveCapacity(events.count * 80)
    for event in events { append(event) }
  }

  package mutating func append(_ event: Event) {
    event.appendRecord(to: &bytes)
    count += 1
  }
}

/// What became of a batch in the reports.
package struct BatchOutcome: Sendable, Equatable {
  package let position: UInt64
  package let applied: Int
  package let duplicates: Int
  package let superseded: Int
  /// One for each event, in order.
  package let verdicts: [EventVerdict]
}
