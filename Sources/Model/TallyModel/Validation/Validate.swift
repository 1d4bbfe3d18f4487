/// Why an event cannot be taken; `nil` if it can.
///
/// Ids may name what is not known yet. The natural key is required, and, unless the fact is
/// deleted, withdrawn or a membership that ended, the user and exactly one place or target.
/// - Parameters:
///   - now: the server's clock, when the batch is taken. A replay does not validate again.
/// - Source: rules.md, section 1; api.md, "Limits".
package func validate(
  _ event: Event, now: Timestamp, limits: Limits = Limits()
) -> Refusal? {
  do throws(Refusal) {
    try validate(time: event.occurredAt, now: now, limits: limits)
    try event.fact.validate(limits)
    return nil
  } catch {
    return error
  }
}

private func validate(time: Timestamp, now: Timestamp, limits: Limits) throws(Refusal) {
  let field = "occurred_at"
  if time == .unset {
    throw Refusal(
      reason: .missing, field: field,
      message: "occurred_at is missing: give the time at which the fact became so at its source")
  }
  guard time.isValid else {
    throw Refusal(
      reason: .timeOutOfRange, field: field,
      message: "occurred_at is no moment from 1970 to April 2262: correct it")
  }
  let (latest, overflow) = now.nanoseconds.addingReportingOverflow(limits.aheadNanoseconds)
  if !overflow, time.nanoseconds > latest {
    let ahead = (time.nanoseconds - now.nanoseconds) / 1_000_000_000
    throw Refusal(
      reason: .timeOutOfRange, field: field,
      message: "occurred_at is \(ahead) s ahead of the server's clock, at most "
        + "\(limits.aheadNanoseconds / 1_000_000_000) s are allowed: correct the source's clock "
        + "or send the event later")
  }
}

extension Fact {
  fileprivate func validate(_ limits: Limits) throws(Refusal) {
    func check(_ fact: String) -> FieldCheck { FieldCheck(fact: fact, limits: limits) }
    switch self {
    case .user(let user): try user.validate(check("user"))
    case .group(let group): try group.validate(check("group"))
    case .membership(let membership): try membership.validate(check("membership"))
    case .course(let course): try course.validate(check("course"))
    case .activity(let activity): try activity.validate(check("activity"))
    case .path(let path): try path.validate(check("path"))
    case .attempt(let attempt): try attempt.validate(check("attempt"))
    case .reaction(let reaction): try reaction.validate(check("reaction"))
    case .comment(let comment): try comment.validate(check("comment"))
    case .post(let post): try post.validate(check("post"))
    case .like(let like): try like.validate(check("like"))
    case .download(let download): try download.validate(check("download"))
    }
  }
}
