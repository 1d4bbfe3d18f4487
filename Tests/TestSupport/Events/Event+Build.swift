package import TallyModel

/// Short ways to say what happened. `time` is the version in nanoseconds since 1970.
extension Event {
  package init(_ fact: Fact, time: Int64 = 1) {
    self.init(occurredAt: Timestamp(nanoseconds: time), fact: fact)
  }

  /// The same at another time.
  package func at(_ time: Int64) -> Event { Event(fact, time: time) }

  package static func user(
    _ id: UserID, first: String = "", last: String = "", deleted: Bool = false, time: Int64 = 1
  ) -> Event {
    Event(.user(.init(userID: id, firstName: first, lastName: last, deleted: deleted)), time: time)
  }

  /// Named as its id, unless said otherwise.
  package static func group(
    _ id: GroupID, name: String? = nil, under parent: GroupID = .none, deleted: Bool = false,
    time: Int64 = 1
  ) -> Event {
    Event(
      .group(
        .init(groupID: id, name: name ?? id.text, parentGroupID: parent, deleted: deleted)),
      time: time)
  }

  package static func member(
    _ user: UserID, of group: GroupID, _ roles: [Role] = [.learner], time: Int64 = 1
  ) -> Event {
    Event(.membership(.init(groupID: group, userID: user, roles: roles)), time: time)
  }

  package static func course(
    _ id: CourseID, author: UserID = .none, coAuthors: [UserID] = [],
    status: CourseStatus = .active, created: Timestamp? = nil, updated: Timestamp? = nil,
    tags: [String] = [], time: Int64 = 1
  ) -> Event {
    Event(
      .course(
        .init(
          courseID: id, name: id.text, authorUserID: author, coAuthorUserIDs: coAuthors,
          status: status, createdAt: created, updatedAt: updated, tags: tags)),
      time: time)
  }

  package static func activity(
    _ id: ActivityID, in course: CourseID = .none, type: ActivityType = .document,
    updated: Timestamp? = nil, tags: [String] = [], deleted: Bool = false, time: Int64 = 1
  ) -> Event {
    Event(
      .activity(
        .init(
          activityID: id, courseID: course, title: id.text, type: type, tags: tags,
          updatedAt: updated, deleted: deleted)),
      time: time)
  }

  package static func path(
    _ id: PathID, _ courses: [CourseID], author: UserID = "author", deleted: Bool = false,
    time: Int64 = 1
  ) -> Event {
    Event(
      .path(.init(pathID: id, courseIDs: courses, authorUserID: author, deleted: deleted)),
      time: time)
  }

  /// An attempt at an activity, or, without one, at the course.
  package static func attempt(
    _ id: AttemptID, by user: UserID, on activity: ActivityID = .none, in course: CourseID = .none,
    withdrawn: Bool = false, time: Int64 = 1
  ) -> Event {
    Event(
      .attempt(
        .init(
          attemptID: id, userID: user, activityID: activity, courseID: course,
          withdrawn: withdrawn)),
      time: time)
  }

  package static func reaction(
    _ kind: ReactionKind, by user: UserID, on activity: ActivityID = .none,
    in course: CourseID = .none, withdrawn: Bool = false, time: Int64 = 1
  ) -> Event {
    Event(
      .reaction(
        .init(
          userID: user, activityID: activity, courseID: course, kind: kind, withdrawn: withdrawn)),
      time: time)
  }

  package static func post(
    _ id: PostID, by user: UserID, in group: GroupID = "g", replyTo: PostID = .none,
    archived: Bool = false, deleted: Bool = false, time: Int64 = 1
  ) -> Event {
    Event(
      .post(
        .init(
          postID: id, userID: user, groupID: group, replyToPostID: replyTo, archived: archived,
          deleted: deleted)),
      time: time)
  }

  /// A comment in an activity's forum or, without an activity, in the course's.
  package static func comment(
    _ id: CommentID, by user: UserID, on activity: ActivityID = .none,
    in course: CourseID = .none, isPrivate: Bool = false, archived: Bool = false,
    deleted: Bool = false, time: Int64 = 1
  ) -> Event {
    Event(
      .comment(
        .init(
          commentID: id, userID: user, activityID: activity, courseID: course,
          isPrivate: isPrivate, archived: archived, deleted: deleted)),
      time: time)
  }

  package static func like(
    post: PostID = .none, comment: CommentID = .none, by user: UserID, withdrawn: Bool = false,
    time: Int64 = 1
  ) -> Event {
    Event(
      .like(.init(userID: user, postID: post, commentID: comment, withdrawn: withdrawn)),
      time: time)
  }

  package static func download(
    _ id: DownloadID, by user: UserID, of activity: ActivityID, as role: Role = .learner,
    in course: CourseID = .none, withdrawn: Bool = false, time: Int64 = 1
  ) -> Event {
    Event(
      .download(
        .init(
          downloadID: id, userID: user, activityID: activity, courseID: course, actorRole: role,
          withdrawn: withdrawn)),
      time: time)
  }
}
