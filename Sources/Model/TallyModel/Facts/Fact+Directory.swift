/// The facts of the directory: who and what there is.
extension Fact {
  /// A user of the platform. Key: the id.
  package struct User: Sendable {
    package var userID: UserID
    package var firstName: String
    package var lastName: String
    package var email: String
    package var additionalInformation: String
    package var deleted: Bool

    package init(
      userID: UserID, firstName: String = "", lastName: String = "", email: String = "",
      additionalInformation: String = "", deleted: Bool = false
    ) {
      self.userID = userID
      self.firstName = firstName
      self.lastName = lastName
      self.email = email
      self.additionalInformation = additionalInformation
      self.deleted = deleted
    }
  }

  /// A group of users, in a tree. Key: the id.
  package struct Group: Sendable {
    package var groupID: GroupID
    package var name: String
    /// Empty at the root.
    package var parentGroupID: GroupID
    package var deleted: Bool

    package init(
      groupID: GroupID, name: String = "", parentGroupID: GroupID = .none, deleted: Bool = false
    ) {
      self.groupID = groupID
      self.name = name
      self.parentGroupID = parentGroupID
      self.deleted = deleted
    }
  }

  /// What a user is in a group. Key: group and user.
  package struct Membership: Sendable {
    package var groupID: GroupID
    package var userID: UserID
    /// Order and repeats mean nothing. None: the user has left the group.
    package var roles: [Role]

    package init(
      groupID: GroupID, userID: UserID, roles: [Role] = []
    ) {
      self.groupID = groupID
      self.userID = userID
      self.roles = roles
    }
  }

  /// A course. Key: the id.
  package struct Course: Sendable {
    package var courseID: CourseID
    package var name: String
    package var authorUserID: UserID
    /// In the order shown.
    package var coAuthorUserIDs: [UserID]
    package var status: CourseStatus
    package var createdAt: Timestamp?
    package var updatedAt: Timestamp?
    package var sourceLanguage: String
    package var availableLanguages: [String]
    package var unavailableLanguages: [String]
    package var tags: [String]

    package init(
      courseID: CourseID, name: String = "", authorUserID: UserID = .none,
      coAuthorUserIDs: [UserID] = [], status: CourseStatus = .unspecified,
      createdAt: Timestamp? = nil, updatedAt: Timestamp? = nil, sourceLanguage: String = "",
      availableLanguages: [String] = [], unavailableLanguages: [String] = [], tags: [String] = []
    ) {
      self.courseID = courseID
      self.name = name
      self.authorUserID = authorUserID
      self.coAuthorUserIDs = coAuthorUserIDs
      self.status = status
      self.createdAt = createdAt
      self.updatedAt = updatedAt
      self.sourceLanguage = sourceLanguage
      self.availableLanguages = availableLanguages
      self.unavailableLanguages = unavailableLanguages
      self.tags = tags
    }
  }

  /// A document, cheat sheet, question or other piece of a course. Key: the id.
  package struct Activity: Sendable {
    package var activityID: ActivityID
    /// Empty: in no course any more.
    package var courseID: CourseID
    package var title: String
    package var type: ActivityType
    package var tags: [String]
    package var updatedAt: Timestamp?
    package var deleted: Bool

    package init(
      activityID: ActivityID, courseID: CourseID = .none, title: String = "",
      type: ActivityType = .unspecified, tags: [String] = [], updatedAt: Timestamp? = nil,
      deleted: Bool = false
    ) {
      self.activityID = activityID
      self.courseID = courseID
      self.title = title
      self.type = type
      self.tags = tags
      self.updatedAt = updatedAt
      self.deleted = deleted
    }
  }

  /// Courses to be taken together. Key: the id.
  package struct Path: Sendable {
    package var pathID: PathID
    package var name: String
    package var courseIDs: [CourseID]
    package var authorUserID: UserID
    package var editorUserIDs: [UserID]
    package var deleted: Bool

    package init(
      pathID: PathID, name: String = "", courseIDs: [CourseID] = [], authorUserID: UserID = .none,
      editorUserIDs: [UserID] = [], deleted: Bool = false
    ) {
      self.pathID = pathID
      self.name = name
      self.courseIDs = courseIDs
      self.authorUserID = authorUserID
      self.editorUserIDs = editorUserIDs
      self.deleted = deleted
    }
  }
}
