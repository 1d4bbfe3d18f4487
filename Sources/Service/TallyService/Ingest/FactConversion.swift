internal import TallyMessages
internal import TallyModel

/// The directory.
extension Fact.User {
  init(_ fact: UserFact) {
    self.init(
      userID: UserID(fact.userId), firstName: fact.firstName, lastName: fact.lastName,
      email: fact.email, additionalInformation: fact.additionalInformation, deleted: fact.deleted)
  }
}

extension Fact.Group {
  init(_ fact: GroupFact) {
    self.init(
      groupID: GroupID(fact.groupId), name: fact.name, parentGroupID: GroupID(fact.parentGroupId),
      deleted: fact.deleted)
  }
}

extension Fact.Membership {
  init(_ fact: MembershipFact) {
    self.init(
      groupID: GroupID(fact.groupId), userID: UserID(fact.userId),
      roles: fact.roles.map { Role(rawValue: $0.rawValue) })
  }
}

extension Fact.Course {
  init(_ fact: CourseFact) {
    self.init(
      courseID: CourseID(fact.courseId), name: fact.name,
      authorUserID: UserID(fact.authorUserId),
      coAuthorUserIDs: fact.coAuthorUserIds.map { UserID($0) },
      status: CourseStatus(rawValue: fact.status.rawValue),
      createdAt: Timestamp(fact.createdAt), updatedAt: Timestamp(fact.updatedAt),
      sourceLanguage: fact.sourceLanguage, availableLanguages: fact.availableLanguages,
      unavailableLanguages: fact.unavailableLanguages, tags: fact.tags)
  }
}

extension Fact.Activity {
  init(_ fact: ActivityFact) {
    self.init(
      activityID: ActivityID(fact.activityId), courseID: CourseID(fact.courseId),
      title: fact.title, type: ActivityType(rawValue: fact.type.rawValue), tags: fact.tags,
      updatedAt: Timestamp(fact.updatedAt), deleted: fact.deleted)
  }
}

extension Fact.Path {
  init(_ fact: PathFact) {
    self.init(
      pathID: PathID(fact.pathId), name: fact.name, courseIDs: fact.courseIds.map { CourseID($0) },
      authorUserID: UserID(fact.authorUserId),
      editorUserIDs: fact.editorUserIds.map { UserID($0) }, deleted: fact.deleted)
  }
}

/// What users do.
extension Fact.Attempt {
  init(_ fact: AttemptFact) {
    self.init(
      attemptID: AttemptID(fact.attemptId), userID: UserID(fact.userId),
      activityID: ActivityID(fact.activityId), courseID: CourseID(fact.courseId),
      withdrawn: fact.withdrawn)
  }
}

extension Fact.Reaction {
  init(_ fact: ReactionFact) {
    self.init(
      userID: UserID(fact.userId), activityID: ActivityID(fact.activityId),
      courseID: CourseID(fact.courseId), kind: ReactionKind(rawValue: fact.kind.rawValue),
      withdrawn: fact.withdrawn)
  }
}

extension Fact.Comment {
  init(_ fact: CommentFact) {
    self.init(
      commentID: CommentID(fact.commentId), userID: UserID(fact.userId),
      activityID: ActivityID(fact.activityId), courseID: CourseID(fact.courseId),
      learningNeedID: PlaceID(fact.learningNeedId), projectID: PlaceID(fact.projectId),
      pathSessionID: PlaceID(fact.pathSessionId), isPrivate: fact.`private`,
      archived: fact.archived, deleted: fact.deleted)
  }
}

extension Fact.Post {
  init(_ fact: PostFact) {
    self.init(
      postID: PostID(fact.postId), userID: UserID(fact.userId), groupID: GroupID(fact.groupId),
      sessionID: PlaceID(fact.sessionId), profileUserID: UserID(fact.profileUserId),
      replyToPostID: PostID(fact.replyToPostId), archived: fact.archived, deleted: fact.deleted)
  }
}

extension Fact.Like {
  init(_ fact: LikeFact) {
    self.init(
      userID: UserID(fact.userId), postID: PostID(fact.postId),
      commentID: CommentID(fact.commentId), withdrawn: fact.withdrawn)
  }
}

extension Fact.Download {
  init(_ fact: DownloadFact) {
    self.init(
      downloadID: DownloadID(fact.downloadId), userID: UserID(fact.userId),
      activityID: ActivityID(fact.activityId), courseID: CourseID(fact.courseId),
      actorRole: Role(rawValue: fact.actorRole.rawValue), withdrawn: fact.withdrawn)
  }
}
