/// A reaction on an activity, or the answer whether a course is relevant, as its record holds it.
package struct ReactionState: Equatable, Sendable {
  package var user: EntityNumber
  /// 0: an answer about the course's relevance.
  package var activity: EntityNumber
  /// The course in which it happened (0: none was named), or which the answer is about.
  package var course: EntityNumber
  package var kind: ReactionKind
  package var withdrawn: Bool

  package init(
    user: EntityNumber, activity: EntityNumber, course: EntityNumber, kind: ReactionKind,
    withdrawn: Bool
  ) {
    self.user = user
    self.activity = activity
    self.course = course
    self.kind = kind
    self.withdrawn = withdrawn
  }
}

/// Reactions: each standing kind on each activity is one of the user's, one of the activity's, and
/// one of the course's with which it is stamped. Relevance answers are the course's alone.
///
/// - Source: rules.md, sections 2, 4 and 5.
package func contributions(of reaction: ReactionState) -> Contributions {
  if reaction.withdrawn { return .none }
  let cells: (activity: ActivityCell?, course: CourseCell)
  switch reaction.kind {
  case .like: cells = (.likes, .likes)
  case .learnedSomething: cells = (.learnedSomething, .learnedSomething)
  case .outdated: cells = (.outdated, .outdated)
  case .haveAQuestion: cells = (.haveAQuestion, .haveAQuestion)
  case .useful: cells = (nil, .useful)
  case .irrelevant: cells = (nil, .irrelevant)
  default: return .none
  }
  return Contributions(
    user: cells.activity == nil ? nil : .init(.reactions, of: reaction.user),
    activity: cells.activity.map { .init($0, of: reaction.activity) },
    course: reaction.course == 0 ? nil : .init(cells.course, of: reaction.course))
}
