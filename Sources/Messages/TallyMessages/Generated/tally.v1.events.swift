// swift-format-ignore-file
// Made by Scripts/generate from proto/. Do not edit.

package import CProtobufC
internal import CTallyMessages
public import Protobuf

/// What a user may do in a group, and the role in which they acted.
public struct Role: OpenEnum {
  public var rawValue: Int32
  public init(rawValue: Int32) { self.rawValue = rawValue }

  /// Refused wherever a role is given.
  public static let unspecified = Self(rawValue: 0)

  /// `ROLE_LEARNER`
  public static let learner = Self(rawValue: 1)

  /// `ROLE_CONTRIBUTOR`
  public static let contributor = Self(rawValue: 2)

  /// `ROLE_EDITOR`
  public static let editor = Self(rawValue: 3)

  /// `ROLE_ADMIN`
  public static let admin = Self(rawValue: 4)
}

/// Whether a course is in use. A deleted course keeps its reports.
public struct CourseStatus: OpenEnum {
  public var rawValue: Int32
  public init(rawValue: Int32) { self.rawValue = rawValue }

  /// Refused in an event; in a row: the status is not known.
  public static let unspecified = Self(rawValue: 0)

  /// `COURSE_STATUS_ACTIVE`
  public static let active = Self(rawValue: 1)

  /// `COURSE_STATUS_ARCHIVED`
  public static let archived = Self(rawValue: 2)

  /// `COURSE_STATUS_DELETED`
  public static let deleted = Self(rawValue: 3)
}

/// What an activity is. Open: any other number is taken, kept and shown as that number.
public struct ActivityType: OpenEnum {
  public var rawValue: Int32
  public init(rawValue: Int32) { self.rawValue = rawValue }

  /// `ACTIVITY_TYPE_UNSPECIFIED`
  public static let unspecified = Self(rawValue: 0)

  /// `ACTIVITY_TYPE_DOCUMENT`
  public static let document = Self(rawValue: 1)

  /// `ACTIVITY_TYPE_CHEAT_SHEET`
  public static let cheatSheet = Self(rawValue: 2)

  /// `ACTIVITY_TYPE_QUESTION`
  public static let question = Self(rawValue: 3)
}

/// What a user says of an activity (the first four) or of a course (the last two).
public struct ReactionKind: OpenEnum {
  public var rawValue: Int32
  public init(rawValue: Int32) { self.rawValue = rawValue }

  /// Refused.
  public static let unspecified = Self(rawValue: 0)

  /// `REACTION_KIND_LIKE`
  public static let like = Self(rawValue: 1)

  /// `REACTION_KIND_LEARNED_SOMETHING`
  public static let learnedSomething = Self(rawValue: 2)

  /// `REACTION_KIND_OUTDATED`
  public static let outdated = Self(rawValue: 3)

  /// `REACTION_KIND_HAVE_A_QUESTION`
  public static let haveAQuestion = Self(rawValue: 4)

  /// A course is useful. Either this or irrelevant: the last answer of a user stands.
  public static let useful = Self(rawValue: 5)

  /// A course is irrelevant.
  public static let irrelevant = Self(rawValue: 6)
}

/// One fact at one time.
public struct Event: Message {
  public static let fullName = "tally.v1.Event"

  /// The version of the fact: when it became so at its source, to the nanosecond. From 1970 to
  /// 5 minutes ahead of the server's clock (a setting of the server). Required.
  public var occurredAt: Google.Protobuf.Timestamp?

  /// What became so. Exactly one is required.
  public var fact: Fact?

  /// What became so. Exactly one is required.
  public enum Fact: Sendable, Equatable {
    /// Field 2, `user`.
    case user(UserFact)
    /// Field 3, `group`.
    case group(GroupFact)
    /// Field 4, `membership`.
    case membership(MembershipFact)
    /// Field 5, `course`.
    case course(CourseFact)
    /// Field 6, `activity`.
    case activity(ActivityFact)
    /// Field 7, `path`.
    case path(PathFact)
    /// Field 8, `attempt`.
    case attempt(AttemptFact)
    /// Field 9, `reaction`.
    case reaction(ReactionFact)
    /// Field 10, `comment`.
    case comment(CommentFact)
    /// Field 11, `post`.
    case post(PostFact)
    /// Field 12, `like`.
    case like(LikeFact)
    /// Field 13, `download`.
    case download(DownloadFact)
  }

  /// What is left out is unset, empty or 0.
  public init(
    occurredAt: Google.Protobuf.Timestamp? = nil,
    fact: Fact? = nil
  ) {
    self.occurredAt = occurredAt
    self.fact = fact
  }
}

/// A user of the platform. Key: user_id.
public struct UserFact: Message {
  public static let fullName = "tally.v1.UserFact"

  /// Field 1, `user_id`.
  public var userId: String

  /// Field 2, `first_name`.
  public var firstName: String

  /// Field 3, `last_name`.
  public var lastName: String

  /// At most 320 bytes.
  public var email: String

  /// Whatever the platform shows beside the name.
  public var additionalInformation: String

  /// The user leaves the user and group reports; what they did still counts elsewhere.
  public var deleted: Bool

  /// What is left out is unset, empty or 0.
  public init(
    userId: String = "",
    firstName: String = "",
    lastName: String = "",
    email: String = "",
    additionalInformation: String = "",
    deleted: Bool = false
  ) {
    self.userId = userId
    self.firstName = firstName
    self.lastName = lastName
    self.email = email
    self.additionalInformation = additionalInformation
    self.deleted = deleted
  }
}

/// A group of users, in a tree. Key: group_id.
public struct GroupFact: Message {
  public static let fullName = "tally.v1.GroupFact"

  /// Field 1, `group_id`.
  public var groupId: String

  /// Field 2, `name`.
  public var name: String

  /// Empty at the root.
  public var parentGroupId: String

  /// Field 4, `deleted`.
  public var deleted: Bool

  /// What is left out is unset, empty or 0.
  public init(
    groupId: String = "",
    name: String = "",
    parentGroupId: String = "",
    deleted: Bool = false
  ) {
    self.groupId = groupId
    self.name = name
    self.parentGroupId = parentGroupId
    self.deleted = deleted
  }
}

/// What a user is in a group. Key: group_id and user_id.
public struct MembershipFact: Message {
  public static let fullName = "tally.v1.MembershipFact"

  /// Field 1, `group_id`.
  public var groupId: String

  /// Field 2, `user_id`.
  public var userId: String

  /// Order and repeats mean nothing. None: the user has left the group.
  public var roles: [Role]

  /// What is left out is unset, empty or 0.
  public init(
    groupId: String = "",
    userId: String = "",
    roles: [Role] = []
  ) {
    self.groupId = groupId
    self.userId = userId
    self.roles = roles
  }
}

/// A course. Key: course_id.
public struct CourseFact: Message {
  public static let fullName = "tally.v1.CourseFact"

  /// Field 1, `course_id`.
  public var courseId: String

  /// Field 2, `name`.
  public var name: String

  /// The main author. Empty: the course has none.
  public var authorUserId: String

  /// In the order shown; at most 64.
  public var coAuthorUserIds: [String]

  /// Required.
  public var status: CourseStatus

  /// Unset: not known. From 1970 to 2262.
  public var createdAt: Google.Protobuf.Timestamp?

  /// Unset: not known. From 1970 to 2262.
  public var updatedAt: Google.Protobuf.Timestamp?

  /// At most 64 bytes, as are the languages and tags below, each of which holds at most 64.
  public var sourceLanguage: String

  /// Field 9, `available_languages`.
  public var availableLanguages: [String]

  /// Field 10, `unavailable_languages`.
  public var unavailableLanguages: [String]

  /// Field 11, `tags`.
  public var tags: [String]

  /// What is left out is unset, empty or 0.
  public init(
    courseId: String = "",
    name: String = "",
    authorUserId: String = "",
    coAuthorUserIds: [String] = [],
    status: CourseStatus = CourseStatus(rawValue: 0),
    createdAt: Google.Protobuf.Timestamp? = nil,
    updatedAt: Google.Protobuf.Timestamp? = nil,
    sourceLanguage: String = "",
    availableLanguages: [String] = [],
    unavailableLanguages: [String] = [],
    tags: [String] = []
  ) {
    self.courseId = courseId
    self.name = name
    self.authorUserId = authorUserId
    self.coAuthorUserIds = coAuthorUserIds
    self.status = status
    self.createdAt = createdAt
    self.updatedAt = updatedAt
    self.sourceLanguage = sourceLanguage
    self.availableLanguages = availableLanguages
    self.unavailableLanguages = unavailableLanguages
    self.tags = tags
  }
}

/// A document, cheat sheet, question or other piece of a course. Key: activity_id.
public struct ActivityFact: Message {
  public static let fullName = "tally.v1.ActivityFact"

  /// Field 1, `activity_id`.
  public var activityId: String

  /// Empty: in no course any more.
  public var courseId: String

  /// Field 3, `title`.
  public var title: String

  /// Field 4, `type`.
  public var type: ActivityType

  /// At most 64 of 64 bytes each.
  public var tags: [String]

  /// Unset: not known. From 1970 to 2262.
  public var updatedAt: Google.Protobuf.Timestamp?

  /// Field 7, `deleted`.
  public var deleted: Bool

  /// What is left out is unset, empty or 0.
  public init(
    activityId: String = "",
    courseId: String = "",
    title: String = "",
    type: ActivityType = ActivityType(rawValue: 0),
    tags: [String] = [],
    updatedAt: Google.Protobuf.Timestamp? = nil,
    deleted: Bool = false
  ) {
    self.activityId = activityId
    self.courseId = courseId
    self.title = title
    self.type = type
    self.tags = tags
    self.updatedAt = updatedAt
    self.deleted = deleted
  }
}

/// A path: courses to be taken together. Key: path_id.
public struct PathFact: Message {
  public static let fullName = "tally.v1.PathFact"

  /// Field 1, `path_id`.
  public var pathId: String

  /// Field 2, `name`.
  public var name: String

  /// At most 2,000.
  public var courseIds: [String]

  /// Empty: the path has no author.
  public var authorUserId: String

  /// At most 64.
  public var editorUserIds: [String]

  /// Field 6, `deleted`.
  public var deleted: Bool

  /// What is left out is unset, empty or 0.
  public init(
    pathId: String = "",
    name: String = "",
    courseIds: [String] = [],
    authorUserId: String = "",
    editorUserIds: [String] = [],
    deleted: Bool = false
  ) {
    self.pathId = pathId
    self.name = name
    self.courseIds = courseIds
    self.authorUserId = authorUserId
    self.editorUserIds = editorUserIds
    self.deleted = deleted
  }
}

/// One user went through an activity, or through a course, once: a view.
/// Key: the target (the activity if there is one, else the course) and attempt_id.
public struct AttemptFact: Message {
  public static let fullName = "tally.v1.AttemptFact"

  /// Field 1, `attempt_id`.
  public var attemptId: String

  /// Required, unless withdrawn.
  public var userId: String

  /// Field 3, `activity_id`.
  public var activityId: String

  /// With an activity_id: the course in which it happened. Without: the target.
  public var courseId: String

  /// Field 5, `withdrawn`.
  public var withdrawn: Bool

  /// What is left out is unset, empty or 0.
  public init(
    attemptId: String = "",
    userId: String = "",
    activityId: String = "",
    courseId: String = "",
    withdrawn: Bool = false
  ) {
    self.attemptId = attemptId
    self.userId = userId
    self.activityId = activityId
    self.courseId = courseId
    self.withdrawn = withdrawn
  }
}

/// A reaction to an activity (key: activity_id, kind, user_id), or the answer whether a course is
/// relevant (key: course_id, user_id; no activity_id; kind USEFUL or IRRELEVANT).
public struct ReactionFact: Message {
  public static let fullName = "tally.v1.ReactionFact"

  /// Field 1, `user_id`.
  public var userId: String

  /// Field 2, `activity_id`.
  public var activityId: String

  /// With an activity_id: the course in which it happened.
  public var courseId: String

  /// Field 4, `kind`.
  public var kind: ReactionKind

  /// Field 5, `withdrawn`.
  public var withdrawn: Bool

  /// What is left out is unset, empty or 0.
  public init(
    userId: String = "",
    activityId: String = "",
    courseId: String = "",
    kind: ReactionKind = ReactionKind(rawValue: 0),
    withdrawn: Bool = false
  ) {
    self.userId = userId
    self.activityId = activityId
    self.courseId = courseId
    self.kind = kind
    self.withdrawn = withdrawn
  }
}

/// A comment or a reply to one. Key: comment_id. Unless deleted it has a user and one place:
/// an activity's forum (activity_id and the course_id in which it happened), a course's forum
/// (course_id alone), a learning need, a project or a path session.
public struct CommentFact: Message {
  public static let fullName = "tally.v1.CommentFact"

  /// Field 1, `comment_id`.
  public var commentId: String

  /// Field 2, `user_id`.
  public var userId: String

  /// Field 3, `activity_id`.
  public var activityId: String

  /// Field 4, `course_id`.
  public var courseId: String

  /// Field 5, `learning_need_id`.
  public var learningNeedId: String

  /// Field 6, `project_id`.
  public var projectId: String

  /// Taken, and counted nowhere.
  public var pathSessionId: String

  /// Field 8, `private`.
  public var `private`: Bool

  /// Field 9, `archived`.
  public var archived: Bool

  /// Field 10, `deleted`.
  public var deleted: Bool

  /// What is left out is unset, empty or 0.
  public init(
    commentId: String = "",
    userId: String = "",
    activityId: String = "",
    courseId: String = "",
    learningNeedId: String = "",
    projectId: String = "",
    pathSessionId: String = "",
    `private`: Bool = false,
    archived: Bool = false,
    deleted: Bool = false
  ) {
    self.commentId = commentId
    self.userId = userId
    self.activityId = activityId
    self.courseId = courseId
    self.learningNeedId = learningNeedId
    self.projectId = projectId
    self.pathSessionId = pathSessionId
    self.`private` = `private`
    self.archived = archived
    self.deleted = deleted
  }
}

/// A post in Messages, or a reply to one. Key: post_id. Unless deleted it has a user and one place:
/// a group, a session or a user's profile.
public struct PostFact: Message {
  public static let fullName = "tally.v1.PostFact"

  /// Field 1, `post_id`.
  public var postId: String

  /// Field 2, `user_id`.
  public var userId: String

  /// Field 3, `group_id`.
  public var groupId: String

  /// Field 4, `session_id`.
  public var sessionId: String

  /// Field 5, `profile_user_id`.
  public var profileUserId: String

  /// Empty: a post. Else this is a reply, which counts as a comment.
  public var replyToPostId: String

  /// Field 7, `archived`.
  public var archived: Bool

  /// Field 8, `deleted`.
  public var deleted: Bool

  /// What is left out is unset, empty or 0.
  public init(
    postId: String = "",
    userId: String = "",
    groupId: String = "",
    sessionId: String = "",
    profileUserId: String = "",
    replyToPostId: String = "",
    archived: Bool = false,
    deleted: Bool = false
  ) {
    self.postId = postId
    self.userId = userId
    self.groupId = groupId
    self.sessionId = sessionId
    self.profileUserId = profileUserId
    self.replyToPostId = replyToPostId
    self.archived = archived
    self.deleted = deleted
  }
}

/// A user likes a post or a comment. Key: post_id or comment_id (exactly one), and user_id.
public struct LikeFact: Message {
  public static let fullName = "tally.v1.LikeFact"

  /// Field 1, `user_id`.
  public var userId: String

  /// Field 2, `post_id`.
  public var postId: String

  /// Field 3, `comment_id`.
  public var commentId: String

  /// Field 4, `withdrawn`.
  public var withdrawn: Bool

  /// What is left out is unset, empty or 0.
  public init(
    userId: String = "",
    postId: String = "",
    commentId: String = "",
    withdrawn: Bool = false
  ) {
    self.userId = userId
    self.postId = postId
    self.commentId = commentId
    self.withdrawn = withdrawn
  }
}

/// A user downloaded an activity. Key: download_id.
public struct DownloadFact: Message {
  public static let fullName = "tally.v1.DownloadFact"

  /// Field 1, `download_id`.
  public var downloadId: String

  /// Required, unless withdrawn; as is activity_id.
  public var userId: String

  /// Field 3, `activity_id`.
  public var activityId: String

  /// The course in which it happened.
  public var courseId: String

  /// The role in which the user acted: LEARNER if they held it in at least one group at that
  /// moment, whatever else they held. Required, unless withdrawn.
  public var actorRole: Role

  /// Field 6, `withdrawn`.
  public var withdrawn: Bool

  /// What is left out is unset, empty or 0.
  public init(
    downloadId: String = "",
    userId: String = "",
    activityId: String = "",
    courseId: String = "",
    actorRole: Role = Role(rawValue: 0),
    withdrawn: Bool = false
  ) {
    self.downloadId = downloadId
    self.userId = userId
    self.activityId = activityId
    self.courseId = courseId
    self.actorRole = actorRole
    self.withdrawn = withdrawn
  }
}

extension Event {
  /// What protobuf-c knows of the message.
  package static var cDescriptor: UnsafePointer<ProtobufCMessageDescriptor> {
    var c = Tally__V1__Event()
    tally__v1__event__init(&c)
    return c.base.descriptor
  }

  public init(decoding bytes: UnsafeRawBufferPointer) throws(DecodeError) {
    self = try Arena(unpacking: bytes, as: Self.cDescriptor).read(Self.init)
  }

  init(_ c: UnsafePointer<Tally__V1__Event>) throws(DecodeError) {
    self.occurredAt = try Unpacked.message(c.pointee.occurred_at, Google.Protobuf.Timestamp.init)
    switch c.pointee.fact_case.rawValue {
      case 2: self.fact = try Unpacked.message(c.pointee.user, UserFact.init).map { .user($0) }
      case 3: self.fact = try Unpacked.message(c.pointee.group, GroupFact.init).map { .group($0) }
      case 4: self.fact = try Unpacked.message(c.pointee.membership, MembershipFact.init).map { .membership($0) }
      case 5: self.fact = try Unpacked.message(c.pointee.course, CourseFact.init).map { .course($0) }
      case 6: self.fact = try Unpacked.message(c.pointee.activity, ActivityFact.init).map { .activity($0) }
      case 7: self.fact = try Unpacked.message(c.pointee.path, PathFact.init).map { .path($0) }
      case 8: self.fact = try Unpacked.message(c.pointee.attempt, AttemptFact.init).map { .attempt($0) }
      case 9: self.fact = try Unpacked.message(c.pointee.reaction, ReactionFact.init).map { .reaction($0) }
      case 10: self.fact = try Unpacked.message(c.pointee.comment, CommentFact.init).map { .comment($0) }
      case 11: self.fact = try Unpacked.message(c.pointee.post, PostFact.init).map { .post($0) }
      case 12: self.fact = try Unpacked.message(c.pointee.like, LikeFact.init).map { .like($0) }
      case 13: self.fact = try Unpacked.message(c.pointee.download, DownloadFact.init).map { .download($0) }
      default: self.fact = nil
    }
  }

  public var encodedSize: Int {
    var size = SizeCount()
    encode(to: &size)
    return size.count
  }

  public func encode(into out: inout WireWriter) { encode(to: &out) }

  private func encode(to out: inout some FieldSink) {
    if let value = occurredAt { out.message(1, value) }
    switch fact {
      case .user(let value)?: out.message(2, value)
      case .group(let value)?: out.message(3, value)
      case .membership(let value)?: out.message(4, value)
      case .course(let value)?: out.message(5, value)
      case .activity(let value)?: out.message(6, value)
      case .path(let value)?: out.message(7, value)
      case .attempt(let value)?: out.message(8, value)
      case .reaction(let value)?: out.message(9, value)
      case .comment(let value)?: out.message(10, value)
      case .post(let value)?: out.message(11, value)
      case .like(let value)?: out.message(12, value)
      case .download(let value)?: out.message(13, value)
      case nil: break
    }
  }
}

extension UserFact {
  /// What protobuf-c knows of the message.
  package static var cDescriptor: UnsafePointer<ProtobufCMessageDescriptor> {
    var c = Tally__V1__UserFact()
    tally__v1__user_fact__init(&c)
    return c.base.descriptor
  }

  public init(decoding bytes: UnsafeRawBufferPointer) throws(DecodeError) {
    self = try Arena(unpacking: bytes, as: Self.cDescriptor).read(Self.init)
  }

  init(_ c: UnsafePointer<Tally__V1__UserFact>) throws(DecodeError) {
    self.userId = try Unpacked.text(c.pointee.user_id, "tally.v1.UserFact.user_id")
    self.firstName = try Unpacked.text(c.pointee.first_name, "tally.v1.UserFact.first_name")
    self.lastName = try Unpacked.text(c.pointee.last_name, "tally.v1.UserFact.last_name")
    self.email = try Unpacked.text(c.pointee.email, "tally.v1.UserFact.email")
    self.additionalInformation = try Unpacked.text(c.pointee.additional_information, "tally.v1.UserFact.additional_information")
    self.deleted = c.pointee.deleted != 0
  }

  public var encodedSize: Int {
    var size = SizeCount()
    encode(to: &size)
    return size.count
  }

  public func encode(into out: inout WireWriter) { encode(to: &out) }

  private func encode(to out: inout some FieldSink) {
    if !userId.isEmpty { out.text(1, userId) }
    if !firstName.isEmpty { out.text(2, firstName) }
    if !lastName.isEmpty { out.text(3, lastName) }
    if !email.isEmpty { out.text(4, email) }
    if !additionalInformation.isEmpty { out.text(5, additionalInformation) }
    if deleted { out.varint(6, deleted ? 1 : 0) }
  }
}

extension GroupFact {
  /// What protobuf-c knows of the message.
  package static var cDescriptor: UnsafePointer<ProtobufCMessageDescriptor> {
    var c = Tally__V1__GroupFact()
    tally__v1__group_fact__init(&c)
    return c.base.descriptor
  }

  public init(decoding bytes: UnsafeRawBufferPointer) throws(DecodeError) {
    self = try Arena(unpacking: bytes, as: Self.cDescriptor).read(Self.init)
  }

  init(_ c: UnsafePointer<Tally__V1__GroupFact>) throws(DecodeError) {
    self.groupId = try Unpacked.text(c.pointee.group_id, "tally.v1.GroupFact.group_id")
    self.name = try Unpacked.text(c.pointee.name, "tally.v1.GroupFact.name")
    self.parentGroupId = try Unpacked.text(c.pointee.parent_group_id, "tally.v1.GroupFact.parent_group_id")
    self.deleted = c.pointee.deleted != 0
  }

  public var encodedSize: Int {
    var size = SizeCount()
    encode(to: &size)
    return size.count
  }

  public func encode(into out: inout WireWriter) { encode(to: &out) }

  private func encode(to out: inout some FieldSink) {
    if !groupId.isEmpty { out.text(1, groupId) }
    if !name.isEmpty { out.text(2, name) }
    if !parentGroupId.isEmpty { out.text(3, parentGroupId) }
    if deleted { out.varint(4, deleted ? 1 : 0) }
  }
}

extension MembershipFact {
  /// What protobuf-c knows of the message.
  package static var cDescriptor: UnsafePointer<ProtobufCMessageDescriptor> {
    var c = Tally__V1__MembershipFact()
    tally__v1__membership_fact__init(&c)
    return c.base.descriptor
  }

  public init(decoding bytes: UnsafeRawBufferPointer) throws(DecodeError) {
    self = try Arena(unpacking: bytes, as: Self.cDescriptor).read(Self.init)
  }

  init(_ c: UnsafePointer<Tally__V1__MembershipFact>) throws(DecodeError) {
    self.groupId = try Unpacked.text(c.pointee.group_id, "tally.v1.MembershipFact.group_id")
    self.userId = try Unpacked.text(c.pointee.user_id, "tally.v1.MembershipFact.user_id")
    self.roles = Unpacked.numbers(c.pointee.n_roles, c.pointee.roles) { .init(rawValue: Int32(truncatingIfNeeded: $0.rawValue)) }
  }

  public var encodedSize: Int {
    var size = SizeCount()
    encode(to: &size)
    return size.count
  }

  public func encode(into out: inout WireWriter) { encode(to: &out) }

  private func encode(to out: inout some FieldSink) {
    if !groupId.isEmpty { out.text(1, groupId) }
    if !userId.isEmpty { out.text(2, userId) }
    out.packed(3, roles) { UInt64(bitPattern: Int64($0.rawValue)) }
  }
}

extension CourseFact {
  /// What protobuf-c knows of the message.
  package static var cDescriptor: UnsafePointer<ProtobufCMessageDescriptor> {
    var c = Tally__V1__CourseFact()
    tally__v1__course_fact__init(&c)
    return c.base.descriptor
  }

  public init(decoding bytes: UnsafeRawBufferPointer) throws(DecodeError) {
    self = try Arena(unpacking: bytes, as: Self.cDescriptor).read(Self.init)
  }

  init(_ c: UnsafePointer<Tally__V1__CourseFact>) throws(DecodeError) {
    self.courseId = try Unpacked.text(c.pointee.course_id, "tally.v1.CourseFact.course_id")
    self.name = try Unpacked.text(c.pointee.name, "tally.v1.CourseFact.name")
    self.authorUserId = try Unpacked.text(c.pointee.author_user_id, "tally.v1.CourseFact.author_user_id")
    self.coAuthorUserIds = try Unpacked.texts(c.pointee.n_co_author_user_ids, c.pointee.co_author_user_ids, "tally.v1.CourseFact.co_author_user_ids")
    self.status = .init(rawValue: Int32(truncatingIfNeeded: c.pointee.status.rawValue))
    self.createdAt = try Unpacked.message(c.pointee.created_at, Google.Protobuf.Timestamp.init)
    self.updatedAt = try Unpacked.message(c.pointee.updated_at, Google.Protobuf.Timestamp.init)
    self.sourceLanguage = try Unpacked.text(c.pointee.source_language, "tally.v1.CourseFact.source_language")
    self.availableLanguages = try Unpacked.texts(c.pointee.n_available_languages, c.pointee.available_languages, "tally.v1.CourseFact.available_languages")
    self.unavailableLanguages = try Unpacked.texts(c.pointee.n_unavailable_languages, c.pointee.unavailable_languages, "tally.v1.CourseFact.unavailable_languages")
    self.tags = try Unpacked.texts(c.pointee.n_tags, c.pointee.tags, "tally.v1.CourseFact.tags")
  }

  public var encodedSize: Int {
    var size = SizeCount()
    encode(to: &size)
    return size.count
  }

  public func encode(into out: inout WireWriter) { encode(to: &out) }

  private func encode(to out: inout some FieldSink) {
    if !courseId.isEmpty { out.text(1, courseId) }
    if !name.isEmpty { out.text(2, name) }
    if !authorUserId.isEmpty { out.text(3, authorUserId) }
    for value in coAuthorUserIds { out.text(4, value) }
    if status.rawValue != 0 { out.varint(5, UInt64(bitPattern: Int64(status.rawValue))) }
    if let value = createdAt { out.message(6, value) }
    if let value = updatedAt { out.message(7, value) }
    if !sourceLanguage.isEmpty { out.text(8, sourceLanguage) }
    for value in availableLanguages { out.text(9, value) }
    for value in unavailableLanguages { out.text(10, value) }
    for value in tags { out.text(11, value) }
  }
}

extension ActivityFact {
  /// What protobuf-c knows of the message.
  package static var cDescriptor: UnsafePointer<ProtobufCMessageDescriptor> {
    var c = Tally__V1__ActivityFact()
    tally__v1__activity_fact__init(&c)
    return c.base.descriptor
  }

  public init(decoding bytes: UnsafeRawBufferPointer) throws(DecodeError) {
    self = try Arena(unpacking: bytes, as: Self.cDescriptor).read(Self.init)
  }

  init(_ c: UnsafePointer<Tally__V1__ActivityFact>) throws(DecodeError) {
    self.activityId = try Unpacked.text(c.pointee.activity_id, "tally.v1.ActivityFact.activity_id")
    self.courseId = try Unpacked.text(c.pointee.course_id, "tally.v1.ActivityFact.course_id")
    self.title = try Unpacked.text(c.pointee.title, "tally.v1.ActivityFact.title")
    self.type = .init(rawValue: Int32(truncatingIfNeeded: c.pointee.type.rawValue))
    self.tags = try Unpacked.texts(c.pointee.n_tags, c.pointee.tags, "tally.v1.ActivityFact.tags")
    self.updatedAt = try Unpacked.message(c.pointee.updated_at, Google.Protobuf.Timestamp.init)
    self.deleted = c.pointee.deleted != 0
  }

  public var encodedSize: Int {
    var size = SizeCount()
    encode(to: &size)
    return size.count
  }

  public func encode(into out: inout WireWriter) { encode(to: &out) }

  private func encode(to out: inout some FieldSink) {
    if !activityId.isEmpty { out.text(1, activityId) }
    if !courseId.isEmpty { out.text(2, courseId) }
    if !title.isEmpty { out.text(3, title) }
    if type.rawValue != 0 { out.varint(4, UInt64(bitPattern: Int64(type.rawValue))) }
    for value in tags { out.text(5, value) }
    if let value = updatedAt { out.message(6, value) }
    if deleted { out.varint(7, deleted ? 1 : 0) }
  }
}

extension PathFact {
  /// What protobuf-c knows of the message.
  package static var cDescriptor: UnsafePointer<ProtobufCMessageDescriptor> {
    var c = Tally__V1__PathFact()
    tally__v1__path_fact__init(&c)
    return c.base.descriptor
  }

  public init(decoding bytes: UnsafeRawBufferPointer) throws(DecodeError) {
    self = try Arena(unpacking: bytes, as: Self.cDescriptor).read(Self.init)
  }

  init(_ c: UnsafePointer<Tally__V1__PathFact>) throws(DecodeError) {
    self.pathId = try Unpacked.text(c.pointee.path_id, "tally.v1.PathFact.path_id")
    self.name = try Unpacked.text(c.pointee.name, "tally.v1.PathFact.name")
    self.courseIds = try Unpacked.texts(c.pointee.n_course_ids, c.pointee.course_ids, "tally.v1.PathFact.course_ids")
    self.authorUserId = try Unpacked.text(c.pointee.author_user_id, "tally.v1.PathFact.author_user_id")
    self.editorUserIds = try Unpacked.texts(c.pointee.n_editor_user_ids, c.pointee.editor_user_ids, "tally.v1.PathFact.editor_user_ids")
    self.deleted = c.pointee.deleted != 0
  }

  public var encodedSize: Int {
    var size = SizeCount()
    encode(to: &size)
    return size.count
  }

  public func encode(into out: inout WireWriter) { encode(to: &out) }

  private func encode(to out: inout some FieldSink) {
    if !pathId.isEmpty { out.text(1, pathId) }
    if !name.isEmpty { out.text(2, name) }
    for value in courseIds { out.text(3, value) }
    if !authorUserId.isEmpty { out.text(4, authorUserId) }
    for value in editorUserIds { out.text(5, value) }
    if deleted { out.varint(6, deleted ? 1 : 0) }
  }
}

extension AttemptFact {
  /// What protobuf-c knows of the message.
  package static var cDescriptor: UnsafePointer<ProtobufCMessageDescriptor> {
    var c = Tally__V1__AttemptFact()
    tally__v1__attempt_fact__init(&c)
    return c.base.descriptor
  }

  public init(decoding bytes: UnsafeRawBufferPointer) throws(DecodeError) {
    self = try Arena(unpacking: bytes, as: Self.cDescriptor).read(Self.init)
  }

  init(_ c: UnsafePointer<Tally__V1__AttemptFact>) throws(DecodeError) {
    self.attemptId = try Unpacked.text(c.pointee.attempt_id, "tally.v1.AttemptFact.attempt_id")
    self.userId = try Unpacked.text(c.pointee.user_id, "tally.v1.AttemptFact.user_id")
    self.activityId = try Unpacked.text(c.pointee.activity_id, "tally.v1.AttemptFact.activity_id")
    self.courseId = try Unpacked.text(c.pointee.course_id, "tally.v1.AttemptFact.course_id")
    self.withdrawn = c.pointee.withdrawn != 0
  }

  public var encodedSize: Int {
    var size = SizeCount()
    encode(to: &size)
    return size.count
  }

  public func encode(into out: inout WireWriter) { encode(to: &out) }

  private func encode(to out: inout some FieldSink) {
    if !attemptId.isEmpty { out.text(1, attemptId) }
    if !userId.isEmpty { out.text(2, userId) }
    if !activityId.isEmpty { out.text(3, activityId) }
    if !courseId.isEmpty { out.text(4, courseId) }
    if withdrawn { out.varint(5, withdrawn ? 1 : 0) }
  }
}

extension ReactionFact {
  /// What protobuf-c knows of the message.
  package static var cDescriptor: UnsafePointer<ProtobufCMessageDescriptor> {
    var c = Tally__V1__ReactionFact()
    tally__v1__reaction_fact__init(&c)
    return c.base.descriptor
  }

  public init(decoding bytes: UnsafeRawBufferPointer) throws(DecodeError) {
    self = try Arena(unpacking: bytes, as: Self.cDescriptor).read(Self.init)
  }

  init(_ c: UnsafePointer<Tally__V1__ReactionFact>) throws(DecodeError) {
    self.userId = try Unpacked.text(c.pointee.user_id, "tally.v1.ReactionFact.user_id")
    self.activityId = try Unpacked.text(c.pointee.activity_id, "tally.v1.ReactionFact.activity_id")
    self.courseId = try Unpacked.text(c.pointee.course_id, "tally.v1.ReactionFact.course_id")
    self.kind = .init(rawValue: Int32(truncatingIfNeeded: c.pointee.kind.rawValue))
    self.withdrawn = c.pointee.withdrawn != 0
  }

  public var encodedSize: Int {
    var size = SizeCount()
    encode(to: &size)
    return size.count
  }

  public func encode(into out: inout WireWriter) { encode(to: &out) }

  private func encode(to out: inout some FieldSink) {
    if !userId.isEmpty { out.text(1, userId) }
    if !activityId.isEmpty { out.text(2, activityId) }
    if !courseId.isEmpty { out.text(3, courseId) }
    if kind.rawValue != 0 { out.varint(4, UInt64(bitPattern: Int64(kind.rawValue))) }
    if withdrawn { out.varint(5, withdrawn ? 1 : 0) }
  }
}

extension CommentFact {
  /// What protobuf-c knows of the message.
  package static var cDescriptor: UnsafePointer<ProtobufCMessageDescriptor> {
    var c = Tally__V1__CommentFact()
    tally__v1__comment_fact__init(&c)
    return c.base.descriptor
  }

  public init(decoding bytes: UnsafeRawBufferPointer) throws(DecodeError) {
    self = try Arena(unpacking: bytes, as: Self.cDescriptor).read(Self.init)
  }

  init(_ c: UnsafePointer<Tally__V1__CommentFact>) throws(DecodeError) {
    self.commentId = try Unpacked.text(c.pointee.comment_id, "tally.v1.CommentFact.comment_id")
    self.userId = try Unpacked.text(c.pointee.user_id, "tally.v1.CommentFact.user_id")
    self.activityId = try Unpacked.text(c.pointee.activity_id, "tally.v1.CommentFact.activity_id")
    self.courseId = try Unpacked.text(c.pointee.course_id, "tally.v1.CommentFact.course_id")
    self.learningNeedId = try Unpacked.text(c.pointee.learning_need_id, "tally.v1.CommentFact.learning_need_id")
    self.projectId = try Unpacked.text(c.pointee.project_id, "tally.v1.CommentFact.project_id")
    self.pathSessionId = try Unpacked.text(c.pointee.path_session_id, "tally.v1.CommentFact.path_session_id")
    self.private = c.pointee.private_ != 0
    self.archived = c.pointee.archived != 0
    self.deleted = c.pointee.deleted != 0
  }

  public var encodedSize: Int {
    var size = SizeCount()
    encode(to: &size)
    return size.count
  }

  public func encode(into out: inout WireWriter) { encode(to: &out) }

  private func encode(to out: inout some FieldSink) {
    if !commentId.isEmpty { out.text(1, commentId) }
    if !userId.isEmpty { out.text(2, userId) }
    if !activityId.isEmpty { out.text(3, activityId) }
    if !courseId.isEmpty { out.text(4, courseId) }
    if !learningNeedId.isEmpty { out.text(5, learningNeedId) }
    if !projectId.isEmpty { out.text(6, projectId) }
    if !pathSessionId.isEmpty { out.text(7, pathSessionId) }
    if `private` { out.varint(8, `private` ? 1 : 0) }
    if archived { out.varint(9, archived ? 1 : 0) }
    if deleted { out.varint(10, deleted ? 1 : 0) }
  }
}

extension PostFact {
  /// What protobuf-c knows of the message.
  package static var cDescriptor: UnsafePointer<ProtobufCMessageDescriptor> {
    var c = Tally__V1__PostFact()
    tally__v1__post_fact__init(&c)
    return c.base.descriptor
  }

  public init(decoding bytes: UnsafeRawBufferPointer) throws(DecodeError) {
    self = try Arena(unpacking: bytes, as: Self.cDescriptor).read(Self.init)
  }

  init(_ c: UnsafePointer<Tally__V1__PostFact>) throws(DecodeError) {
    self.postId = try Unpacked.text(c.pointee.post_id, "tally.v1.PostFact.post_id")
    self.userId = try Unpacked.text(c.pointee.user_id, "tally.v1.PostFact.user_id")
    self.groupId = try Unpacked.text(c.pointee.group_id, "tally.v1.PostFact.group_id")
    self.sessionId = try Unpacked.text(c.pointee.session_id, "tally.v1.PostFact.session_id")
    self.profileUserId = try Unpacked.text(c.pointee.profile_user_id, "tally.v1.PostFact.profile_user_id")
    self.replyToPostId = try Unpacked.text(c.pointee.reply_to_post_id, "tally.v1.PostFact.reply_to_post_id")
    self.archived = c.pointee.archived != 0
    self.deleted = c.pointee.deleted != 0
  }

  public var encodedSize: Int {
    var size = SizeCount()
    encode(to: &size)
    return size.count
  }

  public func encode(into out: inout WireWriter) { encode(to: &out) }

  private func encode(to out: inout some FieldSink) {
    if !postId.isEmpty { out.text(1, postId) }
    if !userId.isEmpty { out.text(2, userId) }
    if !groupId.isEmpty { out.text(3, groupId) }
    if !sessionId.isEmpty { out.text(4, sessionId) }
    if !profileUserId.isEmpty { out.text(5, profileUserId) }
    if !replyToPostId.isEmpty { out.text(6, replyToPostId) }
    if archived { out.varint(7, archived ? 1 : 0) }
    if deleted { out.varint(8, deleted ? 1 : 0) }
  }
}

extension LikeFact {
  /// What protobuf-c knows of the message.
  package static var cDescriptor: UnsafePointer<ProtobufCMessageDescriptor> {
    var c = Tally__V1__LikeFact()
    tally__v1__like_fact__init(&c)
    return c.base.descriptor
  }

  public init(decoding bytes: UnsafeRawBufferPointer) throws(DecodeError) {
    self = try Arena(unpacking: bytes, as: Self.cDescriptor).read(Self.init)
  }

  init(_ c: UnsafePointer<Tally__V1__LikeFact>) throws(DecodeError) {
    self.userId = try Unpacked.text(c.pointee.user_id, "tally.v1.LikeFact.user_id")
    self.postId = try Unpacked.text(c.pointee.post_id, "tally.v1.LikeFact.post_id")
    self.commentId = try Unpacked.text(c.pointee.comment_id, "tally.v1.LikeFact.comment_id")
    self.withdrawn = c.pointee.withdrawn != 0
  }

  public var encodedSize: Int {
    var size = SizeCount()
    encode(to: &size)
    return size.count
  }

  public func encode(into out: inout WireWriter) { encode(to: &out) }

  private func encode(to out: inout some FieldSink) {
    if !userId.isEmpty { out.text(1, userId) }
    if !postId.isEmpty { out.text(2, postId) }
    if !commentId.isEmpty { out.text(3, commentId) }
    if withdrawn { out.varint(4, withdrawn ? 1 : 0) }
  }
}

extension DownloadFact {
  /// What protobuf-c knows of the message.
  package static var cDescriptor: UnsafePointer<ProtobufCMessageDescriptor> {
    var c = Tally__V1__DownloadFact()
    tally__v1__download_fact__init(&c)
    return c.base.descriptor
  }

  public init(decoding bytes: UnsafeRawBufferPointer) throws(DecodeError) {
    self = try Arena(unpacking: bytes, as: Self.cDescriptor).read(Self.init)
  }

  init(_ c: UnsafePointer<Tally__V1__DownloadFact>) throws(DecodeError) {
    self.downloadId = try Unpacked.text(c.pointee.download_id, "tally.v1.DownloadFact.download_id")
    self.userId = try Unpacked.text(c.pointee.user_id, "tally.v1.DownloadFact.user_id")
    self.activityId = try Unpacked.text(c.pointee.activity_id, "tally.v1.DownloadFact.activity_id")
    self.courseId = try Unpacked.text(c.pointee.course_id, "tally.v1.DownloadFact.course_id")
    self.actorRole = .init(rawValue: Int32(truncatingIfNeeded: c.pointee.actor_role.rawValue))
    self.withdrawn = c.pointee.withdrawn != 0
  }

  public var encodedSize: Int {
    var size = SizeCount()
    encode(to: &size)
    return size.count
  }

  public func encode(into out: inout WireWriter) { encode(to: &out) }

  private func encode(to out: inout some FieldSink) {
    if !downloadId.isEmpty { out.text(1, downloadId) }
    if !userId.isEmpty { out.text(2, userId) }
    if !activityId.isEmpty { out.text(3, activityId) }
    if !courseId.isEmpty { out.text(4, courseId) }
    if actorRole.rawValue != 0 { out.varint(5, UInt64(bitPattern: Int64(actorRole.rawValue))) }
    if withdrawn { out.varint(6, withdrawn ? 1 : 0) }
  }
}
