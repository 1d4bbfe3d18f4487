/// Where a comment stands. The number is the one that records keep.
package enum CommentPlace: UInt8, Sendable {
  /// A deleted comment may have no place.
  case none
  case activity, course, learningNeed, project, pathSession
}

/// A comment as its record holds it.
package struct CommentState: Equatable, Sendable {
  package var user: EntityNumber
  package var place: CommentPlace
  /// The activity in whose forum it stands; 0 elsewhere.
  package var activity: EntityNumber
  /// The course in which it happened; 0: none was named.
  package var course: EntityNumber
  package var isPrivate: Bool
  package var archived: Bool
  package var deleted: Bool

  package init(
    user: EntityNumber, place: CommentPlace, activity: EntityNumber, course: EntityNumber,
    isPrivate: Bool, archived: Bool, deleted: Bool
  ) {
    self.user = user
    self.place = place
    self.activity = activity
    self.course = course
    self.isPrivate = isPrivate
    self.archived = archived
    self.deleted = deleted
  }
}

/// Comments of a user: those in an activity, a course, a learning need or a project, private and
/// archived ones included; none in a path session. Comments of an activity, and of the course with
/// which they are stamped: those in the activity's forum that are public and not archived.
///
/// - Source: rules.md, sections 2, 4 and 5.
package func contributions(of comment: CommentState) -> Contributions {
  if comment.deleted { return .none }
  switch comment.place {
  case .none, .pathSession:
    return .none
  case .course, .learningNeed, .project:
    return Contributions(user: .init(.comments, of: comment.user))
  case .activity:
    let shows = !comment.isPrivate && !comment.archived
    return Contributions(
      user: .init(.comments, of: comment.user),
      activity: shows ? .init(.comments, of: comment.activity) : nil,
      course: shows && comment.course != 0 ? .init(.comments, of: comment.course) : nil)
  }
}

extension CommentPlace {
  /// The place that a comment names: with an activity its course only says where it happened.
  package init(of comment: Fact.Comment) {
    self =
      if !comment.activityID.isEmpty {
        .activity
      } else if !comment.courseID.isEmpty {
        .course
      } else if !comment.learningNeedID.isEmpty {
        .learningNeed
      } else if !comment.projectID.isEmpty {
        .project
      } else if !comment.pathSessionID.isEmpty {
        .pathSession
      } else {
        .none
      }
  }
}
