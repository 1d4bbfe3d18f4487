/// A moment as nanoseconds since 1970 in UTC; also the version of a fact.
///
/// Valid moments run from 1970 to April 2262, where 64 bits end. Two values stand for what is no
/// moment, so that an event can be carried to its validation: `unset` and `outOfRange`.
/// - Source: rules.md, sections 1 and 5; storage.md, section 3 (unset is -1).
package struct Timestamp: Hashable, Comparable, Sendable {
  package var nanoseconds: Int64

  package init(nanoseconds: Int64) {
    self.nanoseconds = nanoseconds
  }

  /// The moment of a protobuf Timestamp, `outOfRange` if it is none that can be kept.
  package init(seconds: Int64, nanos: Int32) {
    guard seconds >= 0, seconds <= Self.latest.seconds, nanos >= 0, nanos < 1_000_000_000 else {
      self = .outOfRange
      return
    }
    let (whole, overflow) = (seconds * 1_000_000_000).addingReportingOverflow(Int64(nanos))
    self = overflow ? .outOfRange : Timestamp(nanoseconds: whole)
  }

  package static let unset = Timestamp(nanoseconds: -1)
  package static let outOfRange = Timestamp(nanoseconds: .min)
  package static let epoch = Timestamp(nanoseconds: 0)
  package static let latest = Timestamp(nanoseconds: .max)

  package var isValid: Bool { nanoseconds >= 0 }

  package var seconds: Int64 { nanoseconds / 1_000_000_000 }
  package var nanos: Int32 { Int32(nanoseconds % 1_000_000_000) }

  package static func < (left: Timestamp, right: Timestamp) -> Bool {
    left.nanoseconds < right.nanoseconds
  }
}
