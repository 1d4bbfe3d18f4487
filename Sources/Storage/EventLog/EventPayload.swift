/// The payload of a batch record: its events, one after the other, each as `occurred_at` i64,
/// kind u8, length u32 (little-endian), then the fact in its fixed form (rules.md, section 1).
///
/// To the log kind and fixed form are opaque: they are the model's.
package enum EventPayload {
  static let headBytes = 13

  /// Adds an event; `fixedForm` appends the fact's bytes.
  package static func append(
    to bytes: inout [UInt8], occurredAt: Int64, kind: UInt8,
    fixedForm: (inout [UInt8]) -> Void
  ) {
    let start = bytes.count
    withUnsafeBytes(of: occurredAt.littleEndian) { bytes.append(contentsOf: $0) }
    bytes.append(kind)
    bytes.append(contentsOf: repeatElement(0, count: 4))
    fixedForm(&bytes)
    let length = UInt32(bytes.count - start - headBytes)
    bytes.withUnsafeMutableBytes { $0.put(length, at: start + 9) }
  }
}

/// One event of a batch record.
package struct LoggedEvent {
  /// Nanoseconds since 1970.
  package let occurredAt: Int64
  /// Number of the fact's field in `tally.v1.Event`.
  package let kind: UInt8
  package let fixedForm: UnsafeRawBufferPointer
}

/// The events of a batch record, in order. Ends early, with `isWhole` false, at bytes that are no
/// event.
package struct LoggedEvents: Sequence, IteratorProtocol {
  private let payload: UnsafeRawBufferPointer
  private var offset = 0

  package init(payload: UnsafeRawBufferPointer) {
    self.payload = payload
  }

  /// Whether all bytes so far were events, up to the last.
  package var isWhole: Bool { offset == payload.count }

  package mutating func next() -> LoggedEvent? {
    let head = EventPayload.headBytes
    guard payload.count - offset >= head else { return nil }
    let length = Int(payload.number(at: offset + 9, as: UInt32.self))
    guard payload.count - offset - head >= length else { return nil }
    defer { offset += head + length }
    return LoggedEvent(
      occurredAt: payload.number(at: offset, as: Int64.self), kind: payload[offset + 8],
      fixedForm: payload.part(offset + head, length))
  }
}
