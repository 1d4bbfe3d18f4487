/// A whole fact under its natural key: a last-writer-wins register. What it leaves out is empty.
///
/// The answer whether a course is relevant is a reaction without an activity.
/// - Source: rules.md, section 1; `proto/tally/v1/events.proto` for the fields and their numbers.
package enum Fact: Sendable {
  case user(User)
  case group(Group)
  case membership(Membership)
  case course(Course)
  case activity(Activity)
  case path(Path)
  case attempt(Attempt)
  case reaction(Reaction)
  case comment(Comment)
  case post(Post)
  case like(Like)
  case download(Download)
}

/// Which fact it is: the number of its field in `tally.v1.Event`, kept in log and store.
package enum FactKind: UInt8, CaseIterable, Sendable {
  case user = 2
  case group
  case membership
  case course
  case activity
  case path
  case attempt
  case reaction
  case comment
  case post
  case like
  case download
}

extension Fact {
  package var kind: FactKind {
    switch self {
    case .user: .user
    case .group: .group
    case .membership: .membership
    case .course: .course
    case .activity: .activity
    case .path: .path
    case .attempt: .attempt
    case .reaction: .reaction
    case .comment: .comment
    case .post: .post
    case .like: .like
    case .download: .download
    }
  }

  /// Whether the fact says that its thing is gone: such a version wins among those of one time.
  ///
  /// A membership that ended, or a course whose status is DELETED, carries no such mark.
  /// - Source: rules.md, section 1.
  package var isDeletedOrWithdrawn: Bool {
    switch self {
    case .user(let user): user.deleted
    case .group(let group): group.deleted
    case .membership, .course: false
    case .activity(let activity): activity.deleted
    case .path(let path): path.deleted
    case .attempt(let attempt): attempt.withdrawn
    case .reaction(let reaction): reaction.withdrawn
    case .comment(let comment): comment.deleted
    case .post(let post): post.deleted
    case .like(let like): like.withdrawn
    case .download(let download): download.withdrawn
    }
  }
}

extension Fact: Equatable {
  /// Facts are the same when their fixed forms are: byte by byte, the order of roles aside.
  package static func == (left: Fact, right: Fact) -> Bool {
    left.kind == right.kind && left.fixedForm == right.fixedForm
  }
}
