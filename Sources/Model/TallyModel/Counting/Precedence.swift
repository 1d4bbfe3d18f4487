/// Which of two versions of a fact stands.
///
/// The later `occurred_at`; of equal ones that which is deleted or withdrawn; then the greater
/// fixed form, compared bytewise. So the order of arrival means nothing.
/// - Source: rules.md, section 1.
package enum Precedence {
  package enum Outcome: Equatable, Sendable {
    /// The new version stands.
    case applied
    /// The stored version is the same in every field.
    case duplicate
    /// The stored version stands.
    case superseded
  }

  /// What of a version decides before its fixed form does.
  package struct Version: Equatable, Sendable {
    package var time: Timestamp
    /// Deleted or withdrawn; `Fact.isDeletedOrWithdrawn`.
    package var isGone: Bool

    package init(time: Timestamp, isGone: Bool) {
      self.time = time
      self.isGone = isGone
    }
  }

  /// What becomes of `new` where `stored` stands.
  ///
  /// - Parameter fixedForms: of the new and the stored fact; called only when they must decide.
  package static func outcome<Failure: Error>(
    of new: Version, against stored: Version,
    fixedForms: () throws(Failure) -> (new: [UInt8], stored: [UInt8])
  ) throws(Failure) -> Outcome {
    if new.time != stored.time { return new.time > stored.time ? .applied : .superseded }
    if new.isGone != stored.isGone { return new.isGone ? .applied : .superseded }
    let forms = try fixedForms()
    if forms.new == forms.stored { return .duplicate }
    return forms.stored.lexicographicallyPrecedes(forms.new) ? .applied : .superseded
  }
}
