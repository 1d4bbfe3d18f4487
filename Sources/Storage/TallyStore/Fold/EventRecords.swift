package import TallyModel

/// One event as the log holds it.
package struct EventRecord {
  package let occurredAt: Int64
  package let kind: FactKind
  package let fixedForm: UnsafeRawBufferPointer
}

/// The events of a batch, back to back:
///
/// ```
/// 0 occurred_at i64 | 8 kind u8 (number of the fact in tally.v1.Event) | 9 length u32
/// | 13 fixed form
/// ```
package struct EventRecords {
  package static let headerSize = 13

  private var rest: UnsafeRawBufferPointer
  private var left: Int
  private let position: UInt64

  package init(_ bytes: UnsafeRawBufferPointer, count: Int, position: UInt64) {
    rest = bytes
    left = count
    self.position = position
  }

  /// The next event, nil after the last.
  ///
  /// - Throws: `badRecord` if the bytes hold something else.
  package mutating func next() throws(StoreError) -> EventRecord? {
    guard left > 0 else {
      guard rest.isEmpty else { throw wrong("\(rest.count) bytes follow its last event") }
      return nil
    }
    guard rest.count >= Self.headerSize else { throw wrong("it ends inside an event") }
    let length = Int(rest.little(9, as: UInt32.self))
    guard let kind = FactKind(rawValue: rest[8]) else { throw wrong("fact kind \(rest[8])") }
    guard length <= rest.count - Self.headerSize else { throw wrong("it ends inside an event") }
    defer {
      rest = rest.tail(from: Self.headerSize + length)
      left -= 1
    }
    return EventRecord(
      occurredAt: rest.little(0), kind: kind, fixedForm: rest.part(Self.headerSize, length))
  }

  private func wrong(_ what: String) -> StoreError {
    StoreError(code: .badRecord, message: "log record \(position) cannot be applied: \(what)")
  }
}

extension Event {
  /// Appends the event as the log holds it.
  package func appendRecord(to bytes: inout [UInt8]) {
    let start = bytes.count
    withUnsafeBytes(of: occurredAt.nanoseconds.littleEndian) { bytes.append(contentsOf: $0) }
    bytes.append(fact.kind.rawValue)
    bytes.append(contentsOf: [0, 0, 0, 0])
    fact.fixedForm(into: &bytes)
    let length = UInt32(bytes.count - start - EventRecords.headerSize)
    bytes.withUnsafeMutableBytes {
      $0.storeBytes(of: length.littleEndian, toByteOffset: start + 9, as: UInt32.self)
    }
  }
}
