/// Who counts in the reports of groups.
///
/// - Source: rules.md, section 3.
extension Roles {
  /// A current member, whatever the role: has a row among the users of a group.
  package var isMember: Bool { rawValue != 0 }

  /// Counts in the row of the group among several groups.
  package var isLearner: Bool { contains(.learner) }
}

/// What the directory says of a user.
package struct UserState: Equatable, Sendable {
  /// Whether a fact of the user itself came.
  package var known: Bool
  package var deleted: Bool

  package init(known: Bool, deleted: Bool) {
    self.known = known
    self.deleted = deleted
  }

  /// Whether the user has rows and is in totals of groups: neither unknown nor deleted.
  package var hasRow: Bool { known && !deleted }
}
