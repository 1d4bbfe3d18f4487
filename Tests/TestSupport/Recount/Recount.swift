package import TallyModel

/// Every report, counted from scratch out of all events: slow, simple, and sharing nothing with
/// the counting of TallyModel or the store but the facts and their fixed form.
package struct Recount: ReportSource {
  var users: [UserID: Fact.User] = [:]
  var groups: [GroupID: Fact.Group] = [:]
  /// Those that have not ended.
  var memberships: [GroupID: [Fact.Membership]] = [:]
  var courses: [CourseID: Fact.Course] = [:]
  var activities: [ActivityID: Fact.Activity] = [:]
  var paths: [PathID: Fact.Path] = [:]
  /// The posts, replies, comments, reactions and likes that stand.
  var posts: [Fact.Post] = []
  var comments: [Fact.Comment] = []
  var reactions: [Fact.Reaction] = []
  var likes: [Fact.Like] = []
  /// Who did what counts in a cell of an activity or a course, as often as they did it.
  var doers: [Cell: [UserID]] = [:]
  /// What each user did, summed once.
  var userTotals: [UserID: UserTotals] = [:]

  package init(_ events: some Sequence<Event>) {
    var standing: [Key: Event] = [:]
    for event in events {
      let key = Key(event.fact)
      if let other = standing[key], !Self.wins(event, over: other) { continue }
      standing[key] = event
    }
    var deletedPosts: Set<PostID> = []
    var deletedComments: Set<CommentID> = []
    for event in standing.values {
      switch event.fact {
      case .user(let user): users[user.userID] = user
      case .group(let group): groups[group.groupID] = group
      case .membership(let member):
        if !member.roles.isEmpty { memberships[member.groupID, default: []].append(member) }
      case .course(let course): courses[course.courseID] = course
      case .activity(let activity): activities[activity.activityID] = activity
      case .path(let path): paths[path.pathID] = path
      case .attempt(let attempt): if !attempt.withdrawn { add(attempt) }
      case .reaction(let reaction): if !reaction.withdrawn { add(reaction) }
      case .comment(let comment):
        if comment.deleted { deletedComments.insert(comment.commentID) }
        if !comment.deleted { add(comment) }
      case .post(let post):
        if post.deleted { deletedPosts.insert(post.postID) }
        if !post.deleted { posts.append(post) }
      case .like(let like): if !like.withdrawn { likes.append(like) }
      case .download(let download): if !download.withdrawn { add(download) }
      }
    }
    likes.removeAll {
      deletedPosts.contains($0.postID) || deletedComments.contains($0.commentID)
    }
    userTotals = countUsers()
  }

  /// Later time; at one time deleted or withdrawn; else the greater fixed form.
  private static func wins(_ event: Event, over other: Event) -> Bool {
    if event.occurredAt != other.occurredAt { return event.occurredAt > other.occurredAt }
    let (gone, otherGone) = (isGone(event.fact), isGone(other.fact))
    if gone != otherGone { return gone }
    return other.fact.fixedForm.lexicographicallyPrecedes(event.fact.fixedForm)
  }

  private static func isGone(_ fact: Fact) -> Bool {
    switch fact {
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

  /// The natural key of a fact: its parts, each whole.
  private struct Key: Hashable {
    let parts: [[UInt8]]

    init(_ fact: Fact) {
      let texts: [String] =
        switch fact {
        case .user(let user): ["user", user.userID.text]
        case .group(let group): ["group", group.groupID.text]
        case .membership(let member): ["membership", member.groupID.text, member.userID.text]
        case .course(let course): ["course", course.courseID.text]
        case .activity(let activity): ["activity", activity.activityID.text]
        case .path(let path): ["path", path.pathID.text]
        case .attempt(let attempt):
          attempt.activityID.isEmpty
            ? ["attempt", "course", attempt.courseID.text, attempt.attemptID.text]
            : ["attempt", "activity", attempt.activityID.text, attempt.attemptID.text]
        case .reaction(let reaction):
          reaction.activityID.isEmpty
            ? ["relevance", reaction.courseID.text, reaction.userID.text]
            : [
              "reaction", reaction.activityID.text, "\(reaction.kind.rawValue)",
              reaction.userID.text,
            ]
        case .comment(let comment): ["comment", comment.commentID.text]
        case .post(let post): ["post", post.postID.text]
        case .like(let like):
          like.postID.isEmpty
            ? ["like", "comment", like.commentID.text, like.userID.text]
            : ["like", "post", like.postID.text, like.userID.text]
        case .download(let download): ["download", download.downloadID.text]
        }
      parts = texts.map { Array($0.utf8) }
    }
  }

  package func rows(of query: ReportQuery) throws(QueryRefusal) -> [ReportRow] {
    switch query {
    case .groupUsers(let group, let role): try groupUsers(of: group, role: role)
    case .groups(let includeSubgroups): groupRows(includeSubgroups: includeSubgroups)
    case .courseActivities(let course): try courseActivities(of: course)
    case .courses(let ids, let path): try courseRows(ids: ids, path: path)
    case .behindActivity(let activity, let action): try behind(activity: activity, action)
    case .behindCourse(let course, let action): try behind(course: course, action)
    }
  }
}
