/// The facts of what users do.
extension Fact {
  /// One user went once through an activity, or through a course: a view.
  ///
  /// Key: the target (the activity if there is one, else the course) and the id.
  package struct Attempt: Sendable {
    package var attemptID: AttemptID
    package var userID: UserID
    package var activityID: ActivityID
    /// With an activity: the course in which it happened. Without: the target.
    package var courseID: CourseID
    package var withdrawn: Bool

    package init(
      attemptID: AttemptID, userID: UserID = .none, activityID: ActivityID = .none,
      courseID: CourseID = .none, withdrawn: Bool = false
    ) {
      self.attemptID = attemptID
      self.userID = userID
      self.activityID = activityID
      self.courseID = courseID
      self.withdrawn = withdrawn
    }
  }

  /// A reaction to an activity (key: activity, kind, user), or, without an activity, the answer
  /// whether a course is relevant (key: course, user).
  package struct Reaction: Sendable {
    package var userID: UserID
    package var activityID: ActivityID
    /// With an activity: the course in which it happened.
    package var courseID: CourseID
    package var kind: ReactionKind
    package var withdrawn: Bool

    package init(
      userID: UserID = .none, activityID: ActivityID = .none, courseID: CourseID = .none,
      kind: ReactionKind = .unspecified, withdrawn: Bool = false
    ) {
      self.userID = userID
      self.activityID = activityID
      self.courseID = courseID
      self.kind = kind
      self.withdrawn = withdrawn
    }
  }

  /// A comment or a reply to one, in one place. Key: the id.
  package struct Comment: Sendable {
    package var commentID: CommentID
    package var userID: UserID
    package var activityID: ActivityID
    /// With an activity: the course in which it happened. Alone: the course's own forum.
    package var courseID: CourseID
    package var learningNeedID: PlaceID
    package var projectID: PlaceID
    package var pathSessionID: PlaceID
    package var isPrivate: Bool
    package var archived: Bool
    package var deleted: Bool

    package init(
      commentID: CommentID, userID: UserID = .none, activityID: ActivityID = .none,
      courseID: CourseID = .none, learningNeedID: PlaceID = .none, projectID: PlaceID = .none,
      pathSessionID: PlaceID = .none, isPrivate: Bool = false, archived: Bool = false,
      deleted: Bool = false
    ) {
      self.commentID = commentID
      self.userID = userID
      self.activityID = activityID
      self.courseID = courseID
      self.learningNeedID = learningNeedID
      self.projectID = projectID
      self.pathSessionID = pathSessionID
      self.isPrivate = isPrivate
      self.archived = archived
      self.deleted = deleted
    }
  }

  /// A post in Messages, or a reply to one, in one place. Key: the id.
  package struct Post: Sendable {
    package var postID: PostID
    package var userID: UserID
    package var groupID: GroupID
    package var sessionID: PlaceID
    package var profileUserID: UserID
    /// Empty: a post. Else a reply, which counts as a comment.
    package var replyToPostID: PostID
    package var archived: Bool
    package var deleted: Bool

    package init(
      postID: PostID, userID: UserID = .none, groupID: GroupID = .none,
      sessionID: PlaceID = .none, profileUserID: UserID = .none, replyToPostID: PostID = .none,
      archived: Bool = false, deleted: Bool = false
    ) {
      self.postID = postID
      self.userID = userID
      self.groupID = groupID
      self.sessionID = sessionID
      self.profileUserID = profileUserID
      self.replyToPostID = replyToPostID
      self.archived = archived
      self.deleted = deleted
    }
  }

  /// A user likes a post or a comment. Key: post or comment, and user.
  package struct Like: Sendable {
    package var userID: UserID
    package var postID: PostID
    package var commentID: CommentID
    package var withdrawn: Bool

    package init(
      userID: UserID = .none, postID: PostID = .none, commentID: CommentID = .none,
      withdrawn: Bool = false
    ) {
      self.userID = userID
      self.postID = postID
      self.commentID = commentID
      self.withdrawn = withdrawn
    }
  }

  /// A user downloaded an activity. Key: the id.
  package struct Download: Sendable {
    package var downloadID: DownloadID
    package var userID: UserID
    package var activityID: ActivityID
    /// The course in which it happened.
    package var courseID: CourseID
    /// Learner if the user held that role anywhere at that moment, whatever else they held.
    package var actorRole: Role
    package var withdrawn: Bool

    package init(
      downloadID: DownloadID, userID: UserID = .none, activityID: ActivityID = .none,
      courseID: CourseID = .none, actorRole: Role = .unspecified, withdrawn: Bool = false
    ) {
      self.downloadID = downloadID
      self.userID = userID
      self.activityID = activityID
      self.courseID = courseID
      self.actorRole = actorRole
      self.withdrawn = withdrawn
    }
  }
}
