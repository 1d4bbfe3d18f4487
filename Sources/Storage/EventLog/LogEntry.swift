/// What waits to be written.
package struct LogEntry: Sendable {
  package let kind: RecordKind
  /// The tenant's name in UTF-8, at most 255 bytes.
  package let tenant: [UInt8]
  package let payload: [UInt8]
  package let eventCount: Int
  /// Nanoseconds since 1970.
  package let acceptedAt: Int64
  /// Told the position on the log thread, before a reader of the log can see the record.
  package let beforeDurable: (@Sendable (UInt64) -> Void)?
  /// Told on the log thread once the record is durable, or is not: must be quick, must not block.
  package let completion: @Sendable (Result<UInt64, EventLogError>) -> Void

  package init(
    kind: RecordKind, tenant: [UInt8], payload: [UInt8], eventCount: Int, acceptedAt: Int64,
    beforeDurable: (@Sendable (UInt64) -> Void)? = nil,
    completion: @escaping @Sendable (Result<UInt64, EventLogError>) -> Void
  ) {
    self.kind = kind
    self.tenant = tenant
    self.payload = payload
    self.eventCount = eventCount
    self.acceptedAt = acceptedAt
    self.beforeDurable = beforeDurable
    self.completion = completion
  }

  var loggedBytes: Int {
    RecordLayout.paddedBytes(tenant: tenant.count, payload: payload.count)
  }

  static func mark(acceptedAt: Int64) -> LogEntry {
    LogEntry(
      kind: .mark, tenant: [], payload: [], eventCount: 0, acceptedAt: acceptedAt,
      completion: { _ in })
  }
}
