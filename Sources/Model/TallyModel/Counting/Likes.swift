/// A like as its record holds it, and what became of the post or comment that is liked.
package struct LikeState: Equatable, Sendable {
  package var user: EntityNumber
  package var withdrawn: Bool
  /// Whether the post or comment is deleted. One that never came is not.
  package var targetIsDeleted: Bool

  package init(user: EntityNumber, withdrawn: Bool, targetIsDeleted: Bool) {
    self.user = user
    self.withdrawn = withdrawn
    self.targetIsDeleted = targetIsDeleted
  }
}

/// Reactions of a user include standing likes on posts and comments that are not deleted, those in
/// path sessions and archived ones included.
///
/// - Source: rules.md, section 2.
package func contributions(of like: LikeState) -> Contributions {
  if like.withdrawn || like.targetIsDeleted { return Contributions() }
  return Contributions(user: .init(.reactions, of: like.user))
}
