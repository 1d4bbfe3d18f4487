/// Why an event is not taken: for its source, who can mend it.
package struct Refusal: Error, Equatable, Sendable {
  /// As `tally.v1.VerdictReason` has them.
  package enum Reason: Int32, Sendable {
    case noFact = 1
    case missing
    case conflict
    case tooLong
    case invalidText
    case invalidValue
    case timeOutOfRange
  }

  package let reason: Reason
  /// A path from the event, such as `comment.course_id` or `course.tags[3]`; empty if no field is
  /// at fault.
  package let field: String
  /// For a person: what is wrong and what to do.
  package let message: String

  package init(reason: Reason, field: String, message: String) {
    self.reason = reason
    self.field = field
    self.message = message
  }

  /// An event that holds no fact that this version knows.
  package static let noFact = Refusal(
    reason: .noFact, field: "",
    message: "the event holds no fact that this server knows: set one of user, group, membership, "
      + "course, activity, path, attempt, reaction, comment, post, like and download")
}
