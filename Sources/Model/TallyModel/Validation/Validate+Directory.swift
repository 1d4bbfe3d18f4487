extension Fact.User {
  func validate(_ check: FieldCheck) throws(Refusal) {
    try check.required("user_id", userID)
    try check.text("first_name", firstName)
    try check.text("last_name", lastName)
    try check.text("email", email, limit: check.limits.emailBytes)
    try check.text("additional_information", additionalInformation)
  }
}

extension Fact.Group {
  func validate(_ check: FieldCheck) throws(Refusal) {
    try check.required("group_id", groupID)
    try check.text("name", name)
    try check.optional("parent_group_id", parentGroupID)
  }
}

extension Fact.Membership {
  func validate(_ check: FieldCheck) throws(Refusal) {
    try check.required("group_id", groupID)
    try check.required("user_id", userID)
    for (index, role) in roles.enumerated() {
      try check.value("roles[\(index)]", role.isKnown, role.rawValue, allowedRoles)
    }
  }
}

extension Fact.Course {
  func validate(_ check: FieldCheck) throws(Refusal) {
    try check.required("course_id", courseID)
    try check.text("name", name)
    try check.optional("author_user_id", authorUserID)
    try check.ids("co_author_user_ids", coAuthorUserIDs, limit: check.limits.users)
    try check.value(
      "status", status.isKnown, status.rawValue,
      "COURSE_STATUS_ACTIVE, COURSE_STATUS_ARCHIVED or COURSE_STATUS_DELETED")
    try check.time("created_at", createdAt)
    try check.time("updated_at", updatedAt)
    try check.text("source_language", sourceLanguage, limit: check.limits.labelBytes)
    try check.labels("available_languages", availableLanguages)
    try check.labels("unavailable_languages", unavailableLanguages)
    try check.labels("tags", tags)
  }
}

extension Fact.Activity {
  func validate(_ check: FieldCheck) throws(Refusal) {
    try check.required("activity_id", activityID)
    try check.optional("course_id", courseID)
    try check.text("title", title)
    try check.labels("tags", tags)
    try check.time("updated_at", updatedAt)
  }
}

extension Fact.Path {
  func validate(_ check: FieldCheck) throws(Refusal) {
    try check.required("path_id", pathID)
    try check.text("name", name)
    try check.ids("course_ids", courseIDs, limit: check.limits.pathCourses)
    try check.optional("author_user_id", authorUserID)
    try check.ids("editor_user_ids", editorUserIDs, limit: check.limits.users)
  }
}

let allowedRoles = "ROLE_LEARNER, ROLE_CONTRIBUTOR, ROLE_EDITOR or ROLE_ADMIN"
