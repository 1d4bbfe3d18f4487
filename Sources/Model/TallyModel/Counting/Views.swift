/// An attempt as its record holds it.
package struct AttemptState: Equatable, Sendable {
  package enum Target: UInt8, Sendable {
    case activity, course
  }

  package var user: EntityNumber
  /// The activity or the course: the number in the key.
  package var number: EntityNumber
  package var target: Target
  package var withdrawn: Bool

  package init(user: EntityNumber, target: Target, number: EntityNumber, withdrawn: Bool) {
    self.user = user
    self.number = number
    self.target = target
    self.withdrawn = withdrawn
  }
}

/// Views: distinct standing attempts at the activity, or at the course itself. Every user counts.
///
/// - Source: rules.md, sections 4 and 5.
package func contributions(of attempt: AttemptState) -> Contributions {
  if attempt.withdrawn { return Contributions() }
  switch attempt.target {
  case .activity: return Contributions(activity: .init(.views, of: attempt.number))
  case .course: return Contributions(course: .init(.views, of: attempt.number))
  }
}
