/// What one standing fact adds to the counters: at most one to a user, an activity and a course.
///
/// The counters are the sum of this over all facts. The fold adds `contributions(of: new)` and
/// takes away `contributions(of: old)`; Verify sums; lists collect the facts that have a cell.
/// - Source: storage.md, section 2; rules.md, sections 2, 4 and 5.
package struct Contributions: Equatable, Sendable {
  package var user: Contribution<UserCell>?
  package var activity: Contribution<ActivityCell>?
  package var course: Contribution<CourseCell>?

  package init(
    user: Contribution<UserCell>? = nil, activity: Contribution<ActivityCell>? = nil,
    course: Contribution<CourseCell>? = nil
  ) {
    self.user = user
    self.activity = activity
    self.course = course
  }

  package static let none = Contributions()
}
