extension Fact.Attempt {
  func validate(_ check: FieldCheck) throws(Refusal) {
    try check.required("attempt_id", attemptID)
    try check.optional("activity_id", activityID)
    try check.required("course_id", courseID, unless: !activityID.isEmpty)
    try check.required("user_id", userID, unless: withdrawn)
  }
}

extension Fact.Reaction {
  func validate(_ check: FieldCheck) throws(Refusal) {
    try check.required("user_id", userID)
    try check.optional("activity_id", activityID)
    if activityID.isEmpty, kind.isOfActivity { try check.required("activity_id", activityID) }
    try check.required("course_id", courseID, unless: !activityID.isEmpty)
    if activityID.isEmpty {
      // The kind is no part of this key, so an answer can be withdrawn without it.
      try check.value(
        "kind", kind.isOfCourse || withdrawn && kind == .unspecified, kind.rawValue,
        "REACTION_KIND_USEFUL or REACTION_KIND_IRRELEVANT for a course")
    } else {
      try check.value(
        "kind", kind.isOfActivity, kind.rawValue,
        "REACTION_KIND_LIKE, REACTION_KIND_LEARNED_SOMETHING, REACTION_KIND_OUTDATED or "
          + "REACTION_KIND_HAVE_A_QUESTION for an activity")
    }
  }
}

extension Fact.Comment {
  func validate(_ check: FieldCheck) throws(Refusal) {
    try check.required("comment_id", commentID)
    try check.required("user_id", userID, unless: deleted)
    try check.optional("activity_id", activityID)
    try check.optional("course_id", courseID)
    try check.optional("learning_need_id", learningNeedID)
    try check.optional("project_id", projectID)
    try check.optional("path_session_id", pathSessionID)
    // With an activity the course says where it happened; alone it is the place.
    try check.one(
      of: [
        ("activity_id", !activityID.isEmpty),
        ("course_id", activityID.isEmpty && !courseID.isEmpty),
        ("learning_need_id", !learningNeedID.isEmpty), ("project_id", !projectID.isEmpty),
        ("path_session_id", !pathSessionID.isEmpty),
      ], needed: !deleted)
  }
}

extension Fact.Post {
  func validate(_ check: FieldCheck) throws(Refusal) {
    try check.required("post_id", postID)
    try check.required("user_id", userID, unless: deleted)
    try check.optional("group_id", groupID)
    try check.optional("session_id", sessionID)
    try check.optional("profile_user_id", profileUserID)
    try check.optional("reply_to_post_id", replyToPostID)
    try check.one(
      of: [
        ("group_id", !groupID.isEmpty), ("session_id", !sessionID.isEmpty),
        ("profile_user_id", !profileUserID.isEmpty),
      ], needed: !deleted)
  }
}

extension Fact.Like {
  func validate(_ check: FieldCheck) throws(Refusal) {
    try check.required("user_id", userID)
    try check.optional("post_id", postID)
    try check.optional("comment_id", commentID)
    // Part of the natural key: needed even when withdrawn.
    try check.one(
      of: [("post_id", !postID.isEmpty), ("comment_id", !commentID.isEmpty)], needed: true)
  }
}

extension Fact.Download {
  func validate(_ check: FieldCheck) throws(Refusal) {
    try check.required("download_id", downloadID)
    try check.required("user_id", userID, unless: withdrawn)
    try check.required("activity_id", activityID, unless: withdrawn)
    try check.optional("course_id", courseID)
    try check.value(
      "actor_role", actorRole.isKnown || withdrawn && actorRole == .unspecified,
      actorRole.rawValue, allowedRoles)
  }
}
