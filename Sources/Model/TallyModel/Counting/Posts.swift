/// Where a post stands. The number is the one that records keep.
package enum PostPlace: UInt8, Sendable {
  /// A deleted post may have no place.
  case none
  case group, session, profile
}

/// A post in Messages, or a reply to one, as its record holds it.
package struct PostState: Equatable, Sendable {
  package var user: EntityNumber
  package var isReply: Bool
  package var deleted: Bool

  package init(user: EntityNumber, isReply: Bool, deleted: Bool) {
    self.user = user
    self.isReply = isReply
    self.deleted = deleted
  }
}

/// Publications: posts that are not deleted, archived ones included. A reply is a comment.
///
/// - Source: rules.md, section 2.
package func contributions(of post: PostState) -> Contributions {
  if post.deleted { return Contributions() }
  return Contributions(user: .init(post.isReply ? .comments : .publications, of: post.user))
}

extension PostPlace {
  package init(of post: Fact.Post) {
    self =
      if !post.groupID.isEmpty {
        .group
      } else if !post.sessionID.isEmpty {
        .session
      } else if !post.profileUserID.isEmpty {
        .profile
      } else {
        .none
      }
  }
}
