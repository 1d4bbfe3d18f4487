internal import TallyModel

/// A number of an activity's or a course's row.
enum Cell: Hashable {
  case activity(ActivityID, Action)
  case course(CourseID, Action)
}

/// rules.md, sections 4 to 6: what counts where, and who is behind it.
extension Recount {
  mutating func add(_ attempt: Fact.Attempt) {
    let cell: Cell =
      attempt.activityID.isEmpty
      ? .course(attempt.courseID, .view) : .activity(attempt.activityID, .view)
    doers[cell, default: []].append(attempt.userID)
  }

  mutating func add(_ reaction: Fact.Reaction) {
    reactions.append(reaction)
    let action: Action =
      switch reaction.kind {
      case .like: .like
      case .learnedSomething: .learnedSomething
      case .outdated: .outdated
      case .haveAQuestion: .haveAQuestion
      case .useful: .useful
      default: .irrelevant
      }
    doers[.activity(reaction.activityID, action), default: []].append(reaction.userID)
    doers[.course(reaction.courseID, action), default: []].append(reaction.userID)
  }

  mutating func add(_ comment: Fact.Comment) {
    comments.append(comment)
    guard !comment.activityID.isEmpty, !comment.isPrivate, !comment.archived else { return }
    doers[.activity(comment.activityID, .comment), default: []].append(comment.userID)
    doers[.course(comment.courseID, .comment), default: []].append(comment.userID)
  }

  mutating func add(_ download: Fact.Download) {
    guard download.actorRole == .learner else { return }
    doers[.activity(download.activityID, .download), default: []].append(download.userID)
  }

  func behind(activity id: ActivityID, _ action: Action) throws(QueryRefusal) -> [ReportRow] {
    guard action != .useful, action != .irrelevant else { throw .invalidArgument }
    guard let activity = activities[id] else { throw .notFound }
    if action == .download, activity.type != .document, activity.type != .cheatSheet {
      throw .invalidArgument
    }
    return rows(doers[.activity(id, action), default: []])
  }

  func behind(course id: CourseID, _ action: Action) throws(QueryRefusal) -> [ReportRow] {
    guard action != .download else { throw .invalidArgument }
    guard courses[id] != nil else { throw .notFound }
    return rows(doers[.course(id, action), default: []])
  }

  /// Each user once, with how often they occur.
  private func rows(_ doers: [UserID]) -> [ReportRow] {
    Dictionary(grouping: doers) { $0 }.sorted { $0.key < $1.key }.map { id, times in
      ReportRow(
        id: id.text,
        cells: [
          "first_name": users[id]?.firstName ?? "", "last_name": users[id]?.lastName ?? "",
          "email": users[id]?.email ?? "", "count": "\(times.count)",
        ])
    }
  }
}
