/// One whole fact at one time.
package struct Event: Equatable, Sendable {
  /// The version of the fact; `unset` where the source gave none.
  package var occurredAt: Timestamp
  package var fact: Fact

  package init(occurredAt: Timestamp, fact: Fact) {
    self.occurredAt = occurredAt
    self.fact = fact
  }
}
