// swift-format-ignore-file
// Made by Scripts/generate from proto/. Do not edit.

package import CProtobufC
internal import CTallyMessages
package import GRPC
public import Protobuf

/// How a reaction score is coloured.
public struct ScoreBand: OpenEnum {
  public var rawValue: Int32
  public init(rawValue: Int32) { self.rawValue = rawValue }

  /// There is no score.
  public static let unspecified = Self(rawValue: 0)

  /// Below 25.
  public static let red = Self(rawValue: 1)

  /// 25 to 50.
  public static let orange = Self(rawValue: 2)

  /// Above 50.
  public static let green = Self(rawValue: 3)
}

/// Which number of a row.
public struct Action: OpenEnum {
  public var rawValue: Int32
  public init(rawValue: Int32) { self.rawValue = rawValue }

  /// Refused.
  public static let unspecified = Self(rawValue: 0)

  /// `ACTION_VIEW`
  public static let view = Self(rawValue: 1)

  /// `ACTION_LIKE`
  public static let like = Self(rawValue: 2)

  /// `ACTION_LEARNED_SOMETHING`
  public static let learnedSomething = Self(rawValue: 3)

  /// `ACTION_OUTDATED`
  public static let outdated = Self(rawValue: 4)

  /// `ACTION_HAVE_A_QUESTION`
  public static let haveAQuestion = Self(rawValue: 5)

  /// Of a course only.
  public static let useful = Self(rawValue: 6)

  /// Of a course only.
  public static let irrelevant = Self(rawValue: 7)

  /// `ACTION_COMMENT`
  public static let comment = Self(rawValue: 8)

  /// Of a document or a cheat sheet only.
  public static let download = Self(rawValue: 9)
}

/// Why a watch starts over.
public struct WatchRestart: OpenEnum {
  public var rawValue: Int32
  public init(rawValue: Int32) { self.rawValue = rawValue }

  /// It does not.
  public static let unspecified = Self(rawValue: 0)

  /// A user was erased since.
  public static let erasure = Self(rawValue: 1)

  /// The path that selects the courses changed, or may have changed, since.
  public static let selection = Self(rawValue: 2)
}

/// What every report can be asked.
public struct ReportOptions: Message {
  public static let fullName = "tally.v1.ReportOptions"

  /// Wait, within the call's deadline, until the reports contain this revision: read your own
  /// writes. Unset: the newest snapshot at once.
  public var minRevision: Revision?

  /// 1 to 10,000; unset or 0: the server's choice. A part also ends at about 64 KiB.
  public var maxRowsPerPart: UInt32

  /// Go on with a broken report: the handle of its header, with the same request otherwise. The
  /// report shows the newest revision, never one older than the handle's; its header says which.
  /// INVALID_ARGUMENT for a handle that is damaged or of another request, PERMISSION_DENIED for one
  /// of another caller, FAILED_PRECONDITION for one of another store or timeline.
  public var continueHandle: [UInt8]

  /// The last id received: rows come after it. Unset: from the first row. Only with a handle.
  public var afterId: String?

  /// What is left out is unset, empty or 0.
  public init(
    minRevision: Revision? = nil,
    maxRowsPerPart: UInt32 = 0,
    continueHandle: [UInt8] = [],
    afterId: String? = nil
  ) {
    self.minRevision = minRevision
    self.maxRowsPerPart = maxRowsPerPart
    self.continueHandle = continueHandle
    self.afterId = afterId
  }
}

/// The first part of every report.
public struct ReportHeader: Message {
  public static let fullName = "tally.v1.ReportHeader"

  /// The snapshot that the whole report shows.
  public var revision: Revision?

  /// When that revision was stored.
  public var snapshotTime: Google.Protobuf.Timestamp?

  /// The version of the counting rules.
  public var rulesVersion: UInt32

  /// How many rows will come in this call: exactly, or at most.
  public var rowCount: UInt64

  /// Whether row_count is exact.
  public var rowCountExact: Bool

  /// For ReportOptions.continue_handle, if the report breaks: opaque, signed by the server, good as
  /// long as the store is not restored.
  public var handle: [UInt8]

  /// What is left out is unset, empty or 0.
  public init(
    revision: Revision? = nil,
    snapshotTime: Google.Protobuf.Timestamp? = nil,
    rulesVersion: UInt32 = 0,
    rowCount: UInt64 = 0,
    rowCountExact: Bool = false,
    handle: [UInt8] = []
  ) {
    self.revision = revision
    self.snapshotTime = snapshotTime
    self.rulesVersion = rulesVersion
    self.rowCount = rowCount
    self.rowCountExact = rowCountExact
    self.handle = handle
  }
}

/// The last part of every report.
public struct ReportTrailer: Message {
  public static let fullName = "tally.v1.ReportTrailer"

  /// Rows sent in this call.
  public var rowCount: UInt64

  /// The sum of every count column over these rows, in the order of the row's fields.
  public var sums: [ColumnSum]

  /// CRC32C (RFC 3720, appendix B.4) over these rows, encoded, in order.
  public var digest: UInt32

  /// True: every row was sent.
  public var complete: Bool

  /// What is left out is unset, empty or 0.
  public init(
    rowCount: UInt64 = 0,
    sums: [ColumnSum] = [],
    digest: UInt32 = 0,
    complete: Bool = false
  ) {
    self.rowCount = rowCount
    self.sums = sums
    self.digest = digest
    self.complete = complete
  }
}

/// The sum of one column.
public struct ColumnSum: Message {
  public static let fullName = "tally.v1.ColumnSum"

  /// The name of the row's field, as in this file.
  public var column: String

  /// Unset cells add nothing.
  public var sum: UInt64

  /// What is left out is unset, empty or 0.
  public init(
    column: String = "",
    sum: UInt64 = 0
  ) {
    self.column = column
    self.sum = sum
  }
}

/// `tally.v1.GroupUsersRequest`
public struct GroupUsersRequest: Message {
  public static let fullName = "tally.v1.GroupUsersRequest"

  /// Field 1, `tenant`.
  public var tenant: String

  /// Field 2, `options`.
  public var options: ReportOptions?

  /// Field 3, `group_id`.
  public var groupId: String

  /// Only members who hold this role. Unset: every member.
  public var role: Role?

  /// What is left out is unset, empty or 0.
  public init(
    tenant: String = "",
    options: ReportOptions? = nil,
    groupId: String = "",
    role: Role? = nil
  ) {
    self.tenant = tenant
    self.options = options
    self.groupId = groupId
    self.role = role
  }
}

/// One part: a header, rows, or a trailer.
public struct GroupUsersResponse: Message {
  public static let fullName = "tally.v1.GroupUsersResponse"

  /// Field 1, `header`.
  public var header: ReportHeader?

  /// Field 2, `rows`.
  public var rows: [GroupUserRow]

  /// Field 3, `trailer`.
  public var trailer: ReportTrailer?

  /// What is left out is unset, empty or 0.
  public init(
    header: ReportHeader? = nil,
    rows: [GroupUserRow] = [],
    trailer: ReportTrailer? = nil
  ) {
    self.header = header
    self.rows = rows
    self.trailer = trailer
  }
}

/// A member of a group who is not deleted, with the all-time counts of what they did anywhere.
public struct GroupUserRow: Message {
  public static let fullName = "tally.v1.GroupUserRow"

  /// Field 1, `user_id`.
  public var userId: String

  /// Field 2, `first_name`.
  public var firstName: String

  /// Field 3, `last_name`.
  public var lastName: String

  /// Field 4, `email`.
  public var email: String

  /// Field 5, `additional_information`.
  public var additionalInformation: String

  /// Posts that are not deleted, archived ones included; no replies.
  public var publications: UInt64

  /// Replies, and comments in activities, courses, learning needs and projects, not deleted.
  public var comments: UInt64

  /// Standing reactions to activities, and likes of posts and comments that are not deleted.
  public var reactions: UInt64

  /// What is left out is unset, empty or 0.
  public init(
    userId: String = "",
    firstName: String = "",
    lastName: String = "",
    email: String = "",
    additionalInformation: String = "",
    publications: UInt64 = 0,
    comments: UInt64 = 0,
    reactions: UInt64 = 0
  ) {
    self.userId = userId
    self.firstName = firstName
    self.lastName = lastName
    self.email = email
    self.additionalInformation = additionalInformation
    self.publications = publications
    self.comments = comments
    self.reactions = reactions
  }
}

/// `tally.v1.GroupsRequest`
public struct GroupsRequest: Message {
  public static let fullName = "tally.v1.GroupsRequest"

  /// Field 1, `tenant`.
  public var tenant: String

  /// Field 2, `options`.
  public var options: ReportOptions?

  /// Count also the learners of all groups below, each user once.
  public var includeSubgroups: Bool

  /// What is left out is unset, empty or 0.
  public init(
    tenant: String = "",
    options: ReportOptions? = nil,
    includeSubgroups: Bool = false
  ) {
    self.tenant = tenant
    self.options = options
    self.includeSubgroups = includeSubgroups
  }
}

/// One part: a header, rows, or a trailer.
public struct GroupsResponse: Message {
  public static let fullName = "tally.v1.GroupsResponse"

  /// Field 1, `header`.
  public var header: ReportHeader?

  /// Field 2, `rows`.
  public var rows: [GroupRow]

  /// Field 3, `trailer`.
  public var trailer: ReportTrailer?

  /// What is left out is unset, empty or 0.
  public init(
    header: ReportHeader? = nil,
    rows: [GroupRow] = [],
    trailer: ReportTrailer? = nil
  ) {
    self.header = header
    self.rows = rows
    self.trailer = trailer
  }
}

/// A group that is not deleted, with the sums over its learners.
public struct GroupRow: Message {
  public static let fullName = "tally.v1.GroupRow"

  /// Field 1, `group_id`.
  public var groupId: String

  /// Field 2, `name`.
  public var name: String

  /// Field 3, `publications`.
  public var publications: UInt64

  /// Field 4, `comments`.
  public var comments: UInt64

  /// Field 5, `reactions`.
  public var reactions: UInt64

  /// What is left out is unset, empty or 0.
  public init(
    groupId: String = "",
    name: String = "",
    publications: UInt64 = 0,
    comments: UInt64 = 0,
    reactions: UInt64 = 0
  ) {
    self.groupId = groupId
    self.name = name
    self.publications = publications
    self.comments = comments
    self.reactions = reactions
  }
}

/// `tally.v1.CourseActivitiesRequest`
public struct CourseActivitiesRequest: Message {
  public static let fullName = "tally.v1.CourseActivitiesRequest"

  /// Field 1, `tenant`.
  public var tenant: String

  /// Field 2, `options`.
  public var options: ReportOptions?

  /// Field 3, `course_id`.
  public var courseId: String

  /// What is left out is unset, empty or 0.
  public init(
    tenant: String = "",
    options: ReportOptions? = nil,
    courseId: String = ""
  ) {
    self.tenant = tenant
    self.options = options
    self.courseId = courseId
  }
}

/// One part: a header, rows, or a trailer.
public struct CourseActivitiesResponse: Message {
  public static let fullName = "tally.v1.CourseActivitiesResponse"

  /// Field 1, `header`.
  public var header: ReportHeader?

  /// Field 2, `rows`.
  public var rows: [CourseActivityRow]

  /// Field 3, `trailer`.
  public var trailer: ReportTrailer?

  /// What is left out is unset, empty or 0.
  public init(
    header: ReportHeader? = nil,
    rows: [CourseActivityRow] = [],
    trailer: ReportTrailer? = nil
  ) {
    self.header = header
    self.rows = rows
    self.trailer = trailer
  }
}

/// An activity now in the course and not deleted, with its all-time counts in any course.
public struct CourseActivityRow: Message {
  public static let fullName = "tally.v1.CourseActivityRow"

  /// Field 1, `activity_id`.
  public var activityId: String

  /// Field 2, `title`.
  public var title: String

  /// Field 3, `type`.
  public var type: ActivityType

  /// Standing attempts.
  public var views: UInt64

  /// Field 5, `likes`.
  public var likes: UInt64

  /// Field 6, `learned_something`.
  public var learnedSomething: UInt64

  /// Field 7, `outdated`.
  public var outdated: UInt64

  /// Field 8, `have_a_question`.
  public var haveAQuestion: UInt64

  /// Public, not archived, not deleted.
  public var comments: UInt64

  /// By learners. Unset unless the activity is a document or a cheat sheet.
  public var downloads: UInt64?

  /// What is left out is unset, empty or 0.
  public init(
    activityId: String = "",
    title: String = "",
    type: ActivityType = ActivityType(rawValue: 0),
    views: UInt64 = 0,
    likes: UInt64 = 0,
    learnedSomething: UInt64 = 0,
    outdated: UInt64 = 0,
    haveAQuestion: UInt64 = 0,
    comments: UInt64 = 0,
    downloads: UInt64? = nil
  ) {
    self.activityId = activityId
    self.title = title
    self.type = type
    self.views = views
    self.likes = likes
    self.learnedSomething = learnedSomething
    self.outdated = outdated
    self.haveAQuestion = haveAQuestion
    self.comments = comments
    self.downloads = downloads
  }
}

/// `tally.v1.CoursesRequest`
public struct CoursesRequest: Message {
  public static let fullName = "tally.v1.CoursesRequest"

  /// Field 1, `tenant`.
  public var tenant: String

  /// Field 2, `options`.
  public var options: ReportOptions?

  /// Only these courses; unknown ones are NOT_FOUND. At most 10,000. None: all courses.
  public var courseIds: [String]

  /// Only the courses of this path that the directory knows.
  public var pathId: String?

  /// What is left out is unset, empty or 0.
  public init(
    tenant: String = "",
    options: ReportOptions? = nil,
    courseIds: [String] = [],
    pathId: String? = nil
  ) {
    self.tenant = tenant
    self.options = options
    self.courseIds = courseIds
    self.pathId = pathId
  }
}

/// One part: a header, rows, or a trailer.
public struct CoursesResponse: Message {
  public static let fullName = "tally.v1.CoursesResponse"

  /// Field 1, `header`.
  public var header: ReportHeader?

  /// Field 2, `rows`.
  public var rows: [CourseRow]

  /// Field 3, `trailer`.
  public var trailer: ReportTrailer?

  /// What is left out is unset, empty or 0.
  public init(
    header: ReportHeader? = nil,
    rows: [CourseRow] = [],
    trailer: ReportTrailer? = nil
  ) {
    self.header = header
    self.rows = rows
    self.trailer = trailer
  }
}

/// A course of the directory. Columns of the screen and of the download are choices of this row.
public struct CourseRow: Message {
  public static let fullName = "tally.v1.CourseRow"

  /// Field 1, `course_id`.
  public var courseId: String

  /// Field 2, `name`.
  public var name: String

  /// Field 3, `status`.
  public var status: CourseStatus

  /// Unset: not known.
  public var createdAt: Google.Protobuf.Timestamp?

  /// The latest of the course's own and its current activities'. Unset: not known.
  public var lastUpdate: Google.Protobuf.Timestamp?

  /// Field 6, `source_language`.
  public var sourceLanguage: String

  /// Field 7, `available_languages`.
  public var availableLanguages: [String]

  /// Field 8, `unavailable_languages`.
  public var unavailableLanguages: [String]

  /// The course's and its current activities', distinct, in byte order, the first 500.
  public var tags: [String]

  /// How many tags there are beyond the first 500.
  public var tagsOmitted: UInt32

  /// Current activities by type.
  public var documents: UInt64

  /// Field 12, `cheat_sheets`.
  public var cheatSheets: UInt64

  /// Field 13, `questions`.
  public var questions: UInt64

  /// "First Last"; empty if not known.
  public var authorName: String

  /// Field 15, `co_author_names`.
  public var coAuthorNames: [String]

  /// The name of the main author's deepest group.
  public var groupName: String

  /// Standing attempts at the course itself.
  public var views: UInt64

  /// Field 18, `likes`.
  public var likes: UInt64

  /// Field 19, `learned_something`.
  public var learnedSomething: UInt64

  /// Field 20, `outdated`.
  public var outdated: UInt64

  /// Field 21, `have_a_question`.
  public var haveAQuestion: UInt64

  /// Field 22, `useful`.
  public var useful: UInt64

  /// Field 23, `irrelevant`.
  public var irrelevant: UInt64

  /// In activities' forums, made in this course; public, not archived, not deleted.
  public var comments: UInt64

  /// Formula net-per-view/1, -100 to 100. Unset when nobody viewed the course.
  public var reactionScore: Int32?

  /// Field 26, `score_band`.
  public var scoreBand: ScoreBand

  /// Fewer than 10 views.
  public var lowSample: Bool

  /// What is left out is unset, empty or 0.
  public init(
    courseId: String = "",
    name: String = "",
    status: CourseStatus = CourseStatus(rawValue: 0),
    createdAt: Google.Protobuf.Timestamp? = nil,
    lastUpdate: Google.Protobuf.Timestamp? = nil,
    sourceLanguage: String = "",
    availableLanguages: [String] = [],
    unavailableLanguages: [String] = [],
    tags: [String] = [],
    tagsOmitted: UInt32 = 0,
    documents: UInt64 = 0,
    cheatSheets: UInt64 = 0,
    questions: UInt64 = 0,
    authorName: String = "",
    coAuthorNames: [String] = [],
    groupName: String = "",
    views: UInt64 = 0,
    likes: UInt64 = 0,
    learnedSomething: UInt64 = 0,
    outdated: UInt64 = 0,
    haveAQuestion: UInt64 = 0,
    useful: UInt64 = 0,
    irrelevant: UInt64 = 0,
    comments: UInt64 = 0,
    reactionScore: Int32? = nil,
    scoreBand: ScoreBand = ScoreBand(rawValue: 0),
    lowSample: Bool = false
  ) {
    self.courseId = courseId
    self.name = name
    self.status = status
    self.createdAt = createdAt
    self.lastUpdate = lastUpdate
    self.sourceLanguage = sourceLanguage
    self.availableLanguages = availableLanguages
    self.unavailableLanguages = unavailableLanguages
    self.tags = tags
    self.tagsOmitted = tagsOmitted
    self.documents = documents
    self.cheatSheets = cheatSheets
    self.questions = questions
    self.authorName = authorName
    self.coAuthorNames = coAuthorNames
    self.groupName = groupName
    self.views = views
    self.likes = likes
    self.learnedSomething = learnedSomething
    self.outdated = outdated
    self.haveAQuestion = haveAQuestion
    self.useful = useful
    self.irrelevant = irrelevant
    self.comments = comments
    self.reactionScore = reactionScore
    self.scoreBand = scoreBand
    self.lowSample = lowSample
  }
}

/// `tally.v1.UsersBehindRequest`
public struct UsersBehindRequest: Message {
  public static let fullName = "tally.v1.UsersBehindRequest"

  /// Field 1, `tenant`.
  public var tenant: String

  /// Field 2, `options`.
  public var options: ReportOptions?

  /// Exactly one is required.
  public var target: Target?

  /// Required. A cell that the target's row does not have is INVALID_ARGUMENT.
  public var action: Action

  /// Exactly one is required.
  public enum Target: Sendable, Equatable {
    /// Field 3, `activity_id`.
    case activityId(String)
    /// Field 4, `course_id`.
    case courseId(String)
  }

  /// What is left out is unset, empty or 0.
  public init(
    tenant: String = "",
    options: ReportOptions? = nil,
    target: Target? = nil,
    action: Action = Action(rawValue: 0)
  ) {
    self.tenant = tenant
    self.options = options
    self.target = target
    self.action = action
  }
}

/// One part: a header, rows, or a trailer.
public struct UsersBehindResponse: Message {
  public static let fullName = "tally.v1.UsersBehindResponse"

  /// Field 1, `header`.
  public var header: ReportHeader?

  /// Field 2, `rows`.
  public var rows: [UserBehindRow]

  /// Field 3, `trailer`.
  public var trailer: ReportTrailer?

  /// What is left out is unset, empty or 0.
  public init(
    header: ReportHeader? = nil,
    rows: [UserBehindRow] = [],
    trailer: ReportTrailer? = nil
  ) {
    self.header = header
    self.rows = rows
    self.trailer = trailer
  }
}

/// A user behind a number; the counts of all of them add up to it. Names are empty if not known.
public struct UserBehindRow: Message {
  public static let fullName = "tally.v1.UserBehindRow"

  /// Field 1, `user_id`.
  public var userId: String

  /// Field 2, `first_name`.
  public var firstName: String

  /// Field 3, `last_name`.
  public var lastName: String

  /// Field 4, `email`.
  public var email: String

  /// Field 5, `count`.
  public var count: UInt64

  /// What is left out is unset, empty or 0.
  public init(
    userId: String = "",
    firstName: String = "",
    lastName: String = "",
    email: String = "",
    count: UInt64 = 0
  ) {
    self.userId = userId
    self.firstName = firstName
    self.lastName = lastName
    self.email = email
    self.count = count
  }
}

/// `tally.v1.WatchRequest`
public struct WatchRequest: Message {
  public static let fullName = "tally.v1.WatchRequest"

  /// Exactly one is required. Its `options` must be left out.
  public var report: Report?

  /// The revision of which the caller has all rows: that of a mark, or of a report's header. Unset,
  /// or position 0: the caller has none, and all rows come first.
  public var since: Revision?

  /// Exactly one is required. Its `options` must be left out.
  public enum Report: Sendable, Equatable {
    /// Field 1, `courses`.
    case courses(CoursesRequest)
    /// Field 2, `course_activities`.
    case courseActivities(CourseActivitiesRequest)
    /// Field 3, `group_users`.
    case groupUsers(GroupUsersRequest)
  }

  /// What is left out is unset, empty or 0.
  public init(
    report: Report? = nil,
    since: Revision? = nil
  ) {
    self.report = report
    self.since = since
  }
}

/// Changes, or the mark that ends them.
///
/// All that comes up to a mark belongs together: applied to the rows that the caller had before, in
/// any order, it makes the report of the mark's revision. A row that did not change may come too.
/// Whoever is cut off before the first mark drops all rows and begins anew.
public struct WatchResponse: Message {
  public static let fullName = "tally.v1.WatchResponse"

  /// Rows as they are now, of the report that is watched.
  public var courses: [CourseRow]

  /// Field 2, `course_activities`.
  public var courseActivities: [CourseActivityRow]

  /// Field 3, `group_users`.
  public var groupUsers: [GroupUserRow]

  /// Ids of rows that left the report; the caller may never have had some of them.
  public var goneIds: [String]

  /// Everything up to this revision was sent.
  public var mark: WatchMark?

  /// Set: the rows that the caller has are to be dropped, and all rows follow. It comes alone,
  /// before the rows.
  public var startOver: WatchRestart

  /// What is left out is unset, empty or 0.
  public init(
    courses: [CourseRow] = [],
    courseActivities: [CourseActivityRow] = [],
    groupUsers: [GroupUserRow] = [],
    goneIds: [String] = [],
    mark: WatchMark? = nil,
    startOver: WatchRestart = WatchRestart(rawValue: 0)
  ) {
    self.courses = courses
    self.courseActivities = courseActivities
    self.groupUsers = groupUsers
    self.goneIds = goneIds
    self.mark = mark
    self.startOver = startOver
  }
}

/// How far a watch has come. Also sent from time to time when no row changes.
public struct WatchMark: Message {
  public static let fullName = "tally.v1.WatchMark"

  /// The report as the caller has it now; `since` of a later call.
  public var revision: Revision?

  /// When that revision was stored.
  public var time: Google.Protobuf.Timestamp?

  /// What is left out is unset, empty or 0.
  public init(
    revision: Revision? = nil,
    time: Google.Protobuf.Timestamp? = nil
  ) {
    self.revision = revision
    self.time = time
  }
}

/// All RPCs: INVALID_ARGUMENT for a request that can never be answered; NOT_FOUND for a tenant,
/// group, course, activity or path that the directory does not know; OUT_OF_RANGE for a
/// min_revision beyond the newest durable one; FAILED_PRECONDITION for one of another store or
/// timeline; RESOURCE_EXHAUSTED when too many slow readers use up the spool; DATA_LOSS when stored
/// bytes are found damaged.
package protocol ReportServiceServer: Sendable {
  /// Users of one group: a row for every current member.
  func groupUsers(
    _ request: GroupUsersRequest, _ call: ServerCall
  ) throws(RPCError) -> any ResponseBody

  /// Several groups: a row for every group that is not deleted.
  func groups(
    _ request: GroupsRequest, _ call: ServerCall
  ) throws(RPCError) -> any ResponseBody

  /// One course by activity: a row for every activity now in the course.
  func courseActivities(
    _ request: CourseActivitiesRequest, _ call: ServerCall
  ) throws(RPCError) -> any ResponseBody

  /// Several courses: a row for every course in the directory, whatever its status.
  func courses(
    _ request: CoursesRequest, _ call: ServerCall
  ) throws(RPCError) -> any ResponseBody

  /// The users behind one number of an activity's or a course's row.
  func usersBehind(
    _ request: UsersBehindRequest, _ call: ServerCall
  ) throws(RPCError) -> any ResponseBody

  /// A report kept up to date: its rows that changed since a revision, then those that change, until
  /// the caller leaves. FAILED_PRECONDITION and OUT_OF_RANGE for `since` as for a min_revision;
  /// RESOURCE_EXHAUSTED for one watch too many, and for a caller who takes nothing for 30 s;
  /// UNAVAILABLE when the server stops. Whoever is cut off goes on from the last mark that came.
  func watch(
    _ request: WatchRequest, _ call: ServerCall
  ) throws(RPCError) -> any ResponseBody
}

/// All RPCs: INVALID_ARGUMENT for a request that can never be answered; NOT_FOUND for a tenant,
/// group, course, activity or path that the directory does not know; OUT_OF_RANGE for a
/// min_revision beyond the newest durable one; FAILED_PRECONDITION for one of another store or
/// timeline; RESOURCE_EXHAUSTED when too many slow readers use up the spool; DATA_LOSS when stored
/// bytes are found damaged.
package struct ReportServiceClient: Sendable {
  package let channel: GRPCChannel

  package init(_ channel: GRPCChannel) { self.channel = channel }

  /// Users of one group: a row for every current member.
  package func groupUsers(
    _ request: GroupUsersRequest, options: CallOptions = CallOptions()
  ) -> Responses<GroupUsersResponse> {
    Responses(
      channel.serverStreaming(
        "/tally.v1.ReportService/GroupUsers", request.messageBytes(), options: options))
  }

  /// Several groups: a row for every group that is not deleted.
  package func groups(
    _ request: GroupsRequest, options: CallOptions = CallOptions()
  ) -> Responses<GroupsResponse> {
    Responses(
      channel.serverStreaming(
        "/tally.v1.ReportService/Groups", request.messageBytes(), options: options))
  }

  /// One course by activity: a row for every activity now in the course.
  package func courseActivities(
    _ request: CourseActivitiesRequest, options: CallOptions = CallOptions()
  ) -> Responses<CourseActivitiesResponse> {
    Responses(
      channel.serverStreaming(
        "/tally.v1.ReportService/CourseActivities", request.messageBytes(), options: options))
  }

  /// Several courses: a row for every course in the directory, whatever its status.
  package func courses(
    _ request: CoursesRequest, options: CallOptions = CallOptions()
  ) -> Responses<CoursesResponse> {
    Responses(
      channel.serverStreaming(
        "/tally.v1.ReportService/Courses", request.messageBytes(), options: options))
  }

  /// The users behind one number of an activity's or a course's row.
  package func usersBehind(
    _ request: UsersBehindRequest, options: CallOptions = CallOptions()
  ) -> Responses<UsersBehindResponse> {
    Responses(
      channel.serverStreaming(
        "/tally.v1.ReportService/UsersBehind", request.messageBytes(), options: options))
  }

  /// A report kept up to date: its rows that changed since a revision, then those that change, until
  /// the caller leaves. FAILED_PRECONDITION and OUT_OF_RANGE for `since` as for a min_revision;
  /// RESOURCE_EXHAUSTED for one watch too many, and for a caller who takes nothing for 30 s;
  /// UNAVAILABLE when the server stops. Whoever is cut off goes on from the last mark that came.
  package func watch(
    _ request: WatchRequest, options: CallOptions = CallOptions()
  ) -> Responses<WatchResponse> {
    Responses(
      channel.serverStreaming(
        "/tally.v1.ReportService/Watch", request.messageBytes(), options: options))
  }
}

extension ReportServiceServer {
  /// The service's methods, for a server.
  package var methods: [ServerMethod] {
    [
      ServerMethod("/tally.v1.ReportService/GroupUsers", .serverStreaming { (bytes, call) throws(RPCError) in
        try groupUsers(GroupUsersRequest(request: bytes), call)
      }),
      ServerMethod("/tally.v1.ReportService/Groups", .serverStreaming { (bytes, call) throws(RPCError) in
        try groups(GroupsRequest(request: bytes), call)
      }),
      ServerMethod("/tally.v1.ReportService/CourseActivities", .serverStreaming { (bytes, call) throws(RPCError) in
        try courseActivities(CourseActivitiesRequest(request: bytes), call)
      }),
      ServerMethod("/tally.v1.ReportService/Courses", .serverStreaming { (bytes, call) throws(RPCError) in
        try courses(CoursesRequest(request: bytes), call)
      }),
      ServerMethod("/tally.v1.ReportService/UsersBehind", .serverStreaming { (bytes, call) throws(RPCError) in
        try usersBehind(UsersBehindRequest(request: bytes), call)
      }),
      ServerMethod("/tally.v1.ReportService/Watch", .serverStreaming { (bytes, call) throws(RPCError) in
        try watch(WatchRequest(request: bytes), call)
      }),
    ]
  }
}

extension ReportOptions {
  /// What protobuf-c knows of the message.
  package static var cDescriptor: UnsafePointer<ProtobufCMessageDescriptor> {
    var c = Tally__V1__ReportOptions()
    tally__v1__report_options__init(&c)
    return c.base.descriptor
  }

  public init(decoding bytes: UnsafeRawBufferPointer) throws(DecodeError) {
    self = try Arena(unpacking: bytes, as: Self.cDescriptor).read(Self.init)
  }

  init(_ c: UnsafePointer<Tally__V1__ReportOptions>) throws(DecodeError) {
    self.minRevision = c.pointee._min_revision_case.rawValue == 1 ? try Unpacked.message(c.pointee.min_revision, Revision.init) : nil
    self.maxRowsPerPart = c.pointee.max_rows_per_part
    self.continueHandle = Unpacked.blob(c.pointee.continue_handle)
    self.afterId = c.pointee._after_id_case.rawValue == 4 ? try Unpacked.text(c.pointee.after_id, "tally.v1.ReportOptions.after_id") : nil
  }

  public var encodedSize: Int {
    var size = SizeCount()
    encode(to: &size)
    return size.count
  }

  public func encode(into out: inout WireWriter) { encode(to: &out) }

  private func encode(to out: inout some FieldSink) {
    if let value = minRevision { out.message(1, value) }
    if maxRowsPerPart != 0 { out.varint(2, UInt64(maxRowsPerPart)) }
    if !continueHandle.isEmpty { out.blob(3, continueHandle) }
    if let value = afterId { out.text(4, value) }
  }
}

extension ReportHeader {
  /// What protobuf-c knows of the message.
  package static var cDescriptor: UnsafePointer<ProtobufCMessageDescriptor> {
    var c = Tally__V1__ReportHeader()
    tally__v1__report_header__init(&c)
    return c.base.descriptor
  }

  public init(decoding bytes: UnsafeRawBufferPointer) throws(DecodeError) {
    self = try Arena(unpacking: bytes, as: Self.cDescriptor).read(Self.init)
  }

  init(_ c: UnsafePointer<Tally__V1__ReportHeader>) throws(DecodeError) {
    self.revision = try Unpacked.message(c.pointee.revision, Revision.init)
    self.snapshotTime = try Unpacked.message(c.pointee.snapshot_time, Google.Protobuf.Timestamp.init)
    self.rulesVersion = c.pointee.rules_version
    self.rowCount = c.pointee.row_count
    self.rowCountExact = c.pointee.row_count_exact != 0
    self.handle = Unpacked.blob(c.pointee.handle)
  }

  public var encodedSize: Int {
    var size = SizeCount()
    encode(to: &size)
    return size.count
  }

  public func encode(into out: inout WireWriter) { encode(to: &out) }

  private func encode(to out: inout some FieldSink) {
    if let value = revision { out.message(1, value) }
    if let value = snapshotTime { out.message(2, value) }
    if rulesVersion != 0 { out.varint(3, UInt64(rulesVersion)) }
    if rowCount != 0 { out.varint(4, rowCount) }
    if rowCountExact { out.varint(5, rowCountExact ? 1 : 0) }
    if !handle.isEmpty { out.blob(6, handle) }
  }
}

extension ReportTrailer {
  /// What protobuf-c knows of the message.
  package static var cDescriptor: UnsafePointer<ProtobufCMessageDescriptor> {
    var c = Tally__V1__ReportTrailer()
    tally__v1__report_trailer__init(&c)
    return c.base.descriptor
  }

  public init(decoding bytes: UnsafeRawBufferPointer) throws(DecodeError) {
    self = try Arena(unpacking: bytes, as: Self.cDescriptor).read(Self.init)
  }

  init(_ c: UnsafePointer<Tally__V1__ReportTrailer>) throws(DecodeError) {
    self.rowCount = c.pointee.row_count
    self.sums = try Unpacked.messages(c.pointee.n_sums, c.pointee.sums, ColumnSum.init)
    self.digest = c.pointee.digest
    self.complete = c.pointee.complete != 0
  }

  public var encodedSize: Int {
    var size = SizeCount()
    encode(to: &size)
    return size.count
  }

  public func encode(into out: inout WireWriter) { encode(to: &out) }

  private func encode(to out: inout some FieldSink) {
    if rowCount != 0 { out.varint(1, rowCount) }
    for value in sums { out.message(2, value) }
    if digest != 0 { out.fixed32(3, digest) }
    if complete { out.varint(4, complete ? 1 : 0) }
  }
}

extension ColumnSum {
  /// What protobuf-c knows of the message.
  package static var cDescriptor: UnsafePointer<ProtobufCMessageDescriptor> {
    var c = Tally__V1__ColumnSum()
    tally__v1__column_sum__init(&c)
    return c.base.descriptor
  }

  public init(decoding bytes: UnsafeRawBufferPointer) throws(DecodeError) {
    self = try Arena(unpacking: bytes, as: Self.cDescriptor).read(Self.init)
  }

  init(_ c: UnsafePointer<Tally__V1__ColumnSum>) throws(DecodeError) {
    self.column = try Unpacked.text(c.pointee.column, "tally.v1.ColumnSum.column")
    self.sum = c.pointee.sum
  }

  public var encodedSize: Int {
    var size = SizeCount()
    encode(to: &size)
    return size.count
  }

  public func encode(into out: inout WireWriter) { encode(to: &out) }

  private func encode(to out: inout some FieldSink) {
    if !column.isEmpty { out.text(1, column) }
    if sum != 0 { out.varint(2, sum) }
  }
}

extension GroupUsersRequest {
  /// What protobuf-c knows of the message.
  package static var cDescriptor: UnsafePointer<ProtobufCMessageDescriptor> {
    var c = Tally__V1__GroupUsersRequest()
    tally__v1__group_users_request__init(&c)
    return c.base.descriptor
  }

  public init(decoding bytes: UnsafeRawBufferPointer) throws(DecodeError) {
    self = try Arena(unpacking: bytes, as: Self.cDescriptor).read(Self.init)
  }

  init(_ c: UnsafePointer<Tally__V1__GroupUsersRequest>) throws(DecodeError) {
    self.tenant = try Unpacked.text(c.pointee.tenant, "tally.v1.GroupUsersRequest.tenant")
    self.options = try Unpacked.message(c.pointee.options, ReportOptions.init)
    self.groupId = try Unpacked.text(c.pointee.group_id, "tally.v1.GroupUsersRequest.group_id")
    self.role = c.pointee._role_case.rawValue == 4 ? .init(rawValue: Int32(truncatingIfNeeded: c.pointee.role.rawValue)) : nil
  }

  public var encodedSize: Int {
    var size = SizeCount()
    encode(to: &size)
    return size.count
  }

  public func encode(into out: inout WireWriter) { encode(to: &out) }

  private func encode(to out: inout some FieldSink) {
    if !tenant.isEmpty { out.text(1, tenant) }
    if let value = options { out.message(2, value) }
    if !groupId.isEmpty { out.text(3, groupId) }
    if let value = role { out.varint(4, UInt64(bitPattern: Int64(value.rawValue))) }
  }
}

extension GroupUsersResponse {
  /// What protobuf-c knows of the message.
  package static var cDescriptor: UnsafePointer<ProtobufCMessageDescriptor> {
    var c = Tally__V1__GroupUsersResponse()
    tally__v1__group_users_response__init(&c)
    return c.base.descriptor
  }

  public init(decoding bytes: UnsafeRawBufferPointer) throws(DecodeError) {
    self = try Arena(unpacking: bytes, as: Self.cDescriptor).read(Self.init)
  }

  init(_ c: UnsafePointer<Tally__V1__GroupUsersResponse>) throws(DecodeError) {
    self.header = try Unpacked.message(c.pointee.header, ReportHeader.init)
    self.rows = try Unpacked.messages(c.pointee.n_rows, c.pointee.rows, GroupUserRow.init)
    self.trailer = try Unpacked.message(c.pointee.trailer, ReportTrailer.init)
  }

  public var encodedSize: Int {
    var size = SizeCount()
    encode(to: &size)
    return size.count
  }

  public func encode(into out: inout WireWriter) { encode(to: &out) }

  private func encode(to out: inout some FieldSink) {
    if let value = header { out.message(1, value) }
    for value in rows { out.message(2, value) }
    if let value = trailer { out.message(3, value) }
  }
}

extension GroupUserRow {
  /// What protobuf-c knows of the message.
  package static var cDescriptor: UnsafePointer<ProtobufCMessageDescriptor> {
    var c = Tally__V1__GroupUserRow()
    tally__v1__group_user_row__init(&c)
    return c.base.descriptor
  }

  public init(decoding bytes: UnsafeRawBufferPointer) throws(DecodeError) {
    self = try Arena(unpacking: bytes, as: Self.cDescriptor).read(Self.init)
  }

  init(_ c: UnsafePointer<Tally__V1__GroupUserRow>) throws(DecodeError) {
    self.userId = try Unpacked.text(c.pointee.user_id, "tally.v1.GroupUserRow.user_id")
    self.firstName = try Unpacked.text(c.pointee.first_name, "tally.v1.GroupUserRow.first_name")
    self.lastName = try Unpacked.text(c.pointee.last_name, "tally.v1.GroupUserRow.last_name")
    self.email = try Unpacked.text(c.pointee.email, "tally.v1.GroupUserRow.email")
    self.additionalInformation = try Unpacked.text(c.pointee.additional_information, "tally.v1.GroupUserRow.additional_information")
    self.publications = c.pointee.publications
    self.comments = c.pointee.comments
    self.reactions = c.pointee.reactions
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
    if publications != 0 { out.varint(6, publications) }
    if comments != 0 { out.varint(7, comments) }
    if reactions != 0 { out.varint(8, reactions) }
  }
}

extension GroupsRequest {
  /// What protobuf-c knows of the message.
  package static var cDescriptor: UnsafePointer<ProtobufCMessageDescriptor> {
    var c = Tally__V1__GroupsRequest()
    tally__v1__groups_request__init(&c)
    return c.base.descriptor
  }

  public init(decoding bytes: UnsafeRawBufferPointer) throws(DecodeError) {
    self = try Arena(unpacking: bytes, as: Self.cDescriptor).read(Self.init)
  }

  init(_ c: UnsafePointer<Tally__V1__GroupsRequest>) throws(DecodeError) {
    self.tenant = try Unpacked.text(c.pointee.tenant, "tally.v1.GroupsRequest.tenant")
    self.options = try Unpacked.message(c.pointee.options, ReportOptions.init)
    self.includeSubgroups = c.pointee.include_subgroups != 0
  }

  public var encodedSize: Int {
    var size = SizeCount()
    encode(to: &size)
    return size.count
  }

  public func encode(into out: inout WireWriter) { encode(to: &out) }

  private func encode(to out: inout some FieldSink) {
    if !tenant.isEmpty { out.text(1, tenant) }
    if let value = options { out.message(2, value) }
    if includeSubgroups { out.varint(3, includeSubgroups ? 1 : 0) }
  }
}

extension GroupsResponse {
  /// What protobuf-c knows of the message.
  package static var cDescriptor: UnsafePointer<ProtobufCMessageDescriptor> {
    var c = Tally__V1__GroupsResponse()
    tally__v1__groups_response__init(&c)
    return c.base.descriptor
  }

  public init(decoding bytes: UnsafeRawBufferPointer) throws(DecodeError) {
    self = try Arena(unpacking: bytes, as: Self.cDescriptor).read(Self.init)
  }

  init(_ c: UnsafePointer<Tally__V1__GroupsResponse>) throws(DecodeError) {
    self.header = try Unpacked.message(c.pointee.header, ReportHeader.init)
    self.rows = try Unpacked.messages(c.pointee.n_rows, c.pointee.rows, GroupRow.init)
    self.trailer = try Unpacked.message(c.pointee.trailer, ReportTrailer.init)
  }

  public var encodedSize: Int {
    var size = SizeCount()
    encode(to: &size)
    return size.count
  }

  public func encode(into out: inout WireWriter) { encode(to: &out) }

  private func encode(to out: inout some FieldSink) {
    if let value = header { out.message(1, value) }
    for value in rows { out.message(2, value) }
    if let value = trailer { out.message(3, value) }
  }
}

extension GroupRow {
  /// What protobuf-c knows of the message.
  package static var cDescriptor: UnsafePointer<ProtobufCMessageDescriptor> {
    var c = Tally__V1__GroupRow()
    tally__v1__group_row__init(&c)
    return c.base.descriptor
  }

  public init(decoding bytes: UnsafeRawBufferPointer) throws(DecodeError) {
    self = try Arena(unpacking: bytes, as: Self.cDescriptor).read(Self.init)
  }

  init(_ c: UnsafePointer<Tally__V1__GroupRow>) throws(DecodeError) {
    self.groupId = try Unpacked.text(c.pointee.group_id, "tally.v1.GroupRow.group_id")
    self.name = try Unpacked.text(c.pointee.name, "tally.v1.GroupRow.name")
    self.publications = c.pointee.publications
    self.comments = c.pointee.comments
    self.reactions = c.pointee.reactions
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
    if publications != 0 { out.varint(3, publications) }
    if comments != 0 { out.varint(4, comments) }
    if reactions != 0 { out.varint(5, reactions) }
  }
}

extension CourseActivitiesRequest {
  /// What protobuf-c knows of the message.
  package static var cDescriptor: UnsafePointer<ProtobufCMessageDescriptor> {
    var c = Tally__V1__CourseActivitiesRequest()
    tally__v1__course_activities_request__init(&c)
    return c.base.descriptor
  }

  public init(decoding bytes: UnsafeRawBufferPointer) throws(DecodeError) {
    self = try Arena(unpacking: bytes, as: Self.cDescriptor).read(Self.init)
  }

  init(_ c: UnsafePointer<Tally__V1__CourseActivitiesRequest>) throws(DecodeError) {
    self.tenant = try Unpacked.text(c.pointee.tenant, "tally.v1.CourseActivitiesRequest.tenant")
    self.options = try Unpacked.message(c.pointee.options, ReportOptions.init)
    self.courseId = try Unpacked.text(c.pointee.course_id, "tally.v1.CourseActivitiesRequest.course_id")
  }

  public var encodedSize: Int {
    var size = SizeCount()
    encode(to: &size)
    return size.count
  }

  public func encode(into out: inout WireWriter) { encode(to: &out) }

  private func encode(to out: inout some FieldSink) {
    if !tenant.isEmpty { out.text(1, tenant) }
    if let value = options { out.message(2, value) }
    if !courseId.isEmpty { out.text(3, courseId) }
  }
}

extension CourseActivitiesResponse {
  /// What protobuf-c knows of the message.
  package static var cDescriptor: UnsafePointer<ProtobufCMessageDescriptor> {
    var c = Tally__V1__CourseActivitiesResponse()
    tally__v1__course_activities_response__init(&c)
    return c.base.descriptor
  }

  public init(decoding bytes: UnsafeRawBufferPointer) throws(DecodeError) {
    self = try Arena(unpacking: bytes, as: Self.cDescriptor).read(Self.init)
  }

  init(_ c: UnsafePointer<Tally__V1__CourseActivitiesResponse>) throws(DecodeError) {
    self.header = try Unpacked.message(c.pointee.header, ReportHeader.init)
    self.rows = try Unpacked.messages(c.pointee.n_rows, c.pointee.rows, CourseActivityRow.init)
    self.trailer = try Unpacked.message(c.pointee.trailer, ReportTrailer.init)
  }

  public var encodedSize: Int {
    var size = SizeCount()
    encode(to: &size)
    return size.count
  }

  public func encode(into out: inout WireWriter) { encode(to: &out) }

  private func encode(to out: inout some FieldSink) {
    if let value = header { out.message(1, value) }
    for value in rows { out.message(2, value) }
    if let value = trailer { out.message(3, value) }
  }
}

extension CourseActivityRow {
  /// What protobuf-c knows of the message.
  package static var cDescriptor: UnsafePointer<ProtobufCMessageDescriptor> {
    var c = Tally__V1__CourseActivityRow()
    tally__v1__course_activity_row__init(&c)
    return c.base.descriptor
  }

  public init(decoding bytes: UnsafeRawBufferPointer) throws(DecodeError) {
    self = try Arena(unpacking: bytes, as: Self.cDescriptor).read(Self.init)
  }

  init(_ c: UnsafePointer<Tally__V1__CourseActivityRow>) throws(DecodeError) {
    self.activityId = try Unpacked.text(c.pointee.activity_id, "tally.v1.CourseActivityRow.activity_id")
    self.title = try Unpacked.text(c.pointee.title, "tally.v1.CourseActivityRow.title")
    self.type = .init(rawValue: Int32(truncatingIfNeeded: c.pointee.type.rawValue))
    self.views = c.pointee.views
    self.likes = c.pointee.likes
    self.learnedSomething = c.pointee.learned_something
    self.outdated = c.pointee.outdated
    self.haveAQuestion = c.pointee.have_a_question
    self.comments = c.pointee.comments
    self.downloads = c.pointee._downloads_case.rawValue == 10 ? c.pointee.downloads : nil
  }

  public var encodedSize: Int {
    var size = SizeCount()
    encode(to: &size)
    return size.count
  }

  public func encode(into out: inout WireWriter) { encode(to: &out) }

  private func encode(to out: inout some FieldSink) {
    if !activityId.isEmpty { out.text(1, activityId) }
    if !title.isEmpty { out.text(2, title) }
    if type.rawValue != 0 { out.varint(3, UInt64(bitPattern: Int64(type.rawValue))) }
    if views != 0 { out.varint(4, views) }
    if likes != 0 { out.varint(5, likes) }
    if learnedSomething != 0 { out.varint(6, learnedSomething) }
    if outdated != 0 { out.varint(7, outdated) }
    if haveAQuestion != 0 { out.varint(8, haveAQuestion) }
    if comments != 0 { out.varint(9, comments) }
    if let value = downloads { out.varint(10, value) }
  }
}

extension CoursesRequest {
  /// What protobuf-c knows of the message.
  package static var cDescriptor: UnsafePointer<ProtobufCMessageDescriptor> {
    var c = Tally__V1__CoursesRequest()
    tally__v1__courses_request__init(&c)
    return c.base.descriptor
  }

  public init(decoding bytes: UnsafeRawBufferPointer) throws(DecodeError) {
    self = try Arena(unpacking: bytes, as: Self.cDescriptor).read(Self.init)
  }

  init(_ c: UnsafePointer<Tally__V1__CoursesRequest>) throws(DecodeError) {
    self.tenant = try Unpacked.text(c.pointee.tenant, "tally.v1.CoursesRequest.tenant")
    self.options = try Unpacked.message(c.pointee.options, ReportOptions.init)
    self.courseIds = try Unpacked.texts(c.pointee.n_course_ids, c.pointee.course_ids, "tally.v1.CoursesRequest.course_ids")
    self.pathId = c.pointee._path_id_case.rawValue == 4 ? try Unpacked.text(c.pointee.path_id, "tally.v1.CoursesRequest.path_id") : nil
  }

  public var encodedSize: Int {
    var size = SizeCount()
    encode(to: &size)
    return size.count
  }

  public func encode(into out: inout WireWriter) { encode(to: &out) }

  private func encode(to out: inout some FieldSink) {
    if !tenant.isEmpty { out.text(1, tenant) }
    if let value = options { out.message(2, value) }
    for value in courseIds { out.text(3, value) }
    if let value = pathId { out.text(4, value) }
  }
}

extension CoursesResponse {
  /// What protobuf-c knows of the message.
  package static var cDescriptor: UnsafePointer<ProtobufCMessageDescriptor> {
    var c = Tally__V1__CoursesResponse()
    tally__v1__courses_response__init(&c)
    return c.base.descriptor
  }

  public init(decoding bytes: UnsafeRawBufferPointer) throws(DecodeError) {
    self = try Arena(unpacking: bytes, as: Self.cDescriptor).read(Self.init)
  }

  init(_ c: UnsafePointer<Tally__V1__CoursesResponse>) throws(DecodeError) {
    self.header = try Unpacked.message(c.pointee.header, ReportHeader.init)
    self.rows = try Unpacked.messages(c.pointee.n_rows, c.pointee.rows, CourseRow.init)
    self.trailer = try Unpacked.message(c.pointee.trailer, ReportTrailer.init)
  }

  public var encodedSize: Int {
    var size = SizeCount()
    encode(to: &size)
    return size.count
  }

  public func encode(into out: inout WireWriter) { encode(to: &out) }

  private func encode(to out: inout some FieldSink) {
    if let value = header { out.message(1, value) }
    for value in rows { out.message(2, value) }
    if let value = trailer { out.message(3, value) }
  }
}

extension CourseRow {
  /// What protobuf-c knows of the message.
  package static var cDescriptor: UnsafePointer<ProtobufCMessageDescriptor> {
    var c = Tally__V1__CourseRow()
    tally__v1__course_row__init(&c)
    return c.base.descriptor
  }

  public init(decoding bytes: UnsafeRawBufferPointer) throws(DecodeError) {
    self = try Arena(unpacking: bytes, as: Self.cDescriptor).read(Self.init)
  }

  init(_ c: UnsafePointer<Tally__V1__CourseRow>) throws(DecodeError) {
    self.courseId = try Unpacked.text(c.pointee.course_id, "tally.v1.CourseRow.course_id")
    self.name = try Unpacked.text(c.pointee.name, "tally.v1.CourseRow.name")
    self.status = .init(rawValue: Int32(truncatingIfNeeded: c.pointee.status.rawValue))
    self.createdAt = try Unpacked.message(c.pointee.created_at, Google.Protobuf.Timestamp.init)
    self.lastUpdate = try Unpacked.message(c.pointee.last_update, Google.Protobuf.Timestamp.init)
    self.sourceLanguage = try Unpacked.text(c.pointee.source_language, "tally.v1.CourseRow.source_language")
    self.availableLanguages = try Unpacked.texts(c.pointee.n_available_languages, c.pointee.available_languages, "tally.v1.CourseRow.available_languages")
    self.unavailableLanguages = try Unpacked.texts(c.pointee.n_unavailable_languages, c.pointee.unavailable_languages, "tally.v1.CourseRow.unavailable_languages")
    self.tags = try Unpacked.texts(c.pointee.n_tags, c.pointee.tags, "tally.v1.CourseRow.tags")
    self.tagsOmitted = c.pointee.tags_omitted
    self.documents = c.pointee.documents
    self.cheatSheets = c.pointee.cheat_sheets
    self.questions = c.pointee.questions
    self.authorName = try Unpacked.text(c.pointee.author_name, "tally.v1.CourseRow.author_name")
    self.coAuthorNames = try Unpacked.texts(c.pointee.n_co_author_names, c.pointee.co_author_names, "tally.v1.CourseRow.co_author_names")
    self.groupName = try Unpacked.text(c.pointee.group_name, "tally.v1.CourseRow.group_name")
    self.views = c.pointee.views
    self.likes = c.pointee.likes
    self.learnedSomething = c.pointee.learned_something
    self.outdated = c.pointee.outdated
    self.haveAQuestion = c.pointee.have_a_question
    self.useful = c.pointee.useful
    self.irrelevant = c.pointee.irrelevant
    self.comments = c.pointee.comments
    self.reactionScore = c.pointee._reaction_score_case.rawValue == 25 ? c.pointee.reaction_score : nil
    self.scoreBand = .init(rawValue: Int32(truncatingIfNeeded: c.pointee.score_band.rawValue))
    self.lowSample = c.pointee.low_sample != 0
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
    if status.rawValue != 0 { out.varint(3, UInt64(bitPattern: Int64(status.rawValue))) }
    if let value = createdAt { out.message(4, value) }
    if let value = lastUpdate { out.message(5, value) }
    if !sourceLanguage.isEmpty { out.text(6, sourceLanguage) }
    for value in availableLanguages { out.text(7, value) }
    for value in unavailableLanguages { out.text(8, value) }
    for value in tags { out.text(9, value) }
    if tagsOmitted != 0 { out.varint(10, UInt64(tagsOmitted)) }
    if documents != 0 { out.varint(11, documents) }
    if cheatSheets != 0 { out.varint(12, cheatSheets) }
    if questions != 0 { out.varint(13, questions) }
    if !authorName.isEmpty { out.text(14, authorName) }
    for value in coAuthorNames { out.text(15, value) }
    if !groupName.isEmpty { out.text(16, groupName) }
    if views != 0 { out.varint(17, views) }
    if likes != 0 { out.varint(18, likes) }
    if learnedSomething != 0 { out.varint(19, learnedSomething) }
    if outdated != 0 { out.varint(20, outdated) }
    if haveAQuestion != 0 { out.varint(21, haveAQuestion) }
    if useful != 0 { out.varint(22, useful) }
    if irrelevant != 0 { out.varint(23, irrelevant) }
    if comments != 0 { out.varint(24, comments) }
    if let value = reactionScore { out.varint(25, zigzag(Int64(value))) }
    if scoreBand.rawValue != 0 { out.varint(26, UInt64(bitPattern: Int64(scoreBand.rawValue))) }
    if lowSample { out.varint(27, lowSample ? 1 : 0) }
  }
}

extension UsersBehindRequest {
  /// What protobuf-c knows of the message.
  package static var cDescriptor: UnsafePointer<ProtobufCMessageDescriptor> {
    var c = Tally__V1__UsersBehindRequest()
    tally__v1__users_behind_request__init(&c)
    return c.base.descriptor
  }

  public init(decoding bytes: UnsafeRawBufferPointer) throws(DecodeError) {
    self = try Arena(unpacking: bytes, as: Self.cDescriptor).read(Self.init)
  }

  init(_ c: UnsafePointer<Tally__V1__UsersBehindRequest>) throws(DecodeError) {
    self.tenant = try Unpacked.text(c.pointee.tenant, "tally.v1.UsersBehindRequest.tenant")
    self.options = try Unpacked.message(c.pointee.options, ReportOptions.init)
    switch c.pointee.target_case.rawValue {
      case 3: self.target = .activityId(try Unpacked.text(c.pointee.activity_id, "tally.v1.UsersBehindRequest.activity_id"))
      case 4: self.target = .courseId(try Unpacked.text(c.pointee.course_id, "tally.v1.UsersBehindRequest.course_id"))
      default: self.target = nil
    }
    self.action = .init(rawValue: Int32(truncatingIfNeeded: c.pointee.action.rawValue))
  }

  public var encodedSize: Int {
    var size = SizeCount()
    encode(to: &size)
    return size.count
  }

  public func encode(into out: inout WireWriter) { encode(to: &out) }

  private func encode(to out: inout some FieldSink) {
    if !tenant.isEmpty { out.text(1, tenant) }
    if let value = options { out.message(2, value) }
    switch target {
      case .activityId(let value)?: out.text(3, value)
      case .courseId(let value)?: out.text(4, value)
      case nil: break
    }
    if action.rawValue != 0 { out.varint(5, UInt64(bitPattern: Int64(action.rawValue))) }
  }
}

extension UsersBehindResponse {
  /// What protobuf-c knows of the message.
  package static var cDescriptor: UnsafePointer<ProtobufCMessageDescriptor> {
    var c = Tally__V1__UsersBehindResponse()
    tally__v1__users_behind_response__init(&c)
    return c.base.descriptor
  }

  public init(decoding bytes: UnsafeRawBufferPointer) throws(DecodeError) {
    self = try Arena(unpacking: bytes, as: Self.cDescriptor).read(Self.init)
  }

  init(_ c: UnsafePointer<Tally__V1__UsersBehindResponse>) throws(DecodeError) {
    self.header = try Unpacked.message(c.pointee.header, ReportHeader.init)
    self.rows = try Unpacked.messages(c.pointee.n_rows, c.pointee.rows, UserBehindRow.init)
    self.trailer = try Unpacked.message(c.pointee.trailer, ReportTrailer.init)
  }

  public var encodedSize: Int {
    var size = SizeCount()
    encode(to: &size)
    return size.count
  }

  public func encode(into out: inout WireWriter) { encode(to: &out) }

  private func encode(to out: inout some FieldSink) {
    if let value = header { out.message(1, value) }
    for value in rows { out.message(2, value) }
    if let value = trailer { out.message(3, value) }
  }
}

extension UserBehindRow {
  /// What protobuf-c knows of the message.
  package static var cDescriptor: UnsafePointer<ProtobufCMessageDescriptor> {
    var c = Tally__V1__UserBehindRow()
    tally__v1__user_behind_row__init(&c)
    return c.base.descriptor
  }

  public init(decoding bytes: UnsafeRawBufferPointer) throws(DecodeError) {
    self = try Arena(unpacking: bytes, as: Self.cDescriptor).read(Self.init)
  }

  init(_ c: UnsafePointer<Tally__V1__UserBehindRow>) throws(DecodeError) {
    self.userId = try Unpacked.text(c.pointee.user_id, "tally.v1.UserBehindRow.user_id")
    self.firstName = try Unpacked.text(c.pointee.first_name, "tally.v1.UserBehindRow.first_name")
    self.lastName = try Unpacked.text(c.pointee.last_name, "tally.v1.UserBehindRow.last_name")
    self.email = try Unpacked.text(c.pointee.email, "tally.v1.UserBehindRow.email")
    self.count = c.pointee.count
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
    if count != 0 { out.varint(5, count) }
  }
}

extension WatchRequest {
  /// What protobuf-c knows of the message.
  package static var cDescriptor: UnsafePointer<ProtobufCMessageDescriptor> {
    var c = Tally__V1__WatchRequest()
    tally__v1__watch_request__init(&c)
    return c.base.descriptor
  }

  public init(decoding bytes: UnsafeRawBufferPointer) throws(DecodeError) {
    self = try Arena(unpacking: bytes, as: Self.cDescriptor).read(Self.init)
  }

  init(_ c: UnsafePointer<Tally__V1__WatchRequest>) throws(DecodeError) {
    switch c.pointee.report_case.rawValue {
      case 1: self.report = try Unpacked.message(c.pointee.courses, CoursesRequest.init).map { .courses($0) }
      case 2: self.report = try Unpacked.message(c.pointee.course_activities, CourseActivitiesRequest.init).map { .courseActivities($0) }
      case 3: self.report = try Unpacked.message(c.pointee.group_users, GroupUsersRequest.init).map { .groupUsers($0) }
      default: self.report = nil
    }
    self.since = c.pointee._since_case.rawValue == 4 ? try Unpacked.message(c.pointee.since, Revision.init) : nil
  }

  public var encodedSize: Int {
    var size = SizeCount()
    encode(to: &size)
    return size.count
  }

  public func encode(into out: inout WireWriter) { encode(to: &out) }

  private func encode(to out: inout some FieldSink) {
    switch report {
      case .courses(let value)?: out.message(1, value)
      case .courseActivities(let value)?: out.message(2, value)
      case .groupUsers(let value)?: out.message(3, value)
      case nil: break
    }
    if let value = since { out.message(4, value) }
  }
}

extension WatchResponse {
  /// What protobuf-c knows of the message.
  package static var cDescriptor: UnsafePointer<ProtobufCMessageDescriptor> {
    var c = Tally__V1__WatchResponse()
    tally__v1__watch_response__init(&c)
    return c.base.descriptor
  }

  public init(decoding bytes: UnsafeRawBufferPointer) throws(DecodeError) {
    self = try Arena(unpacking: bytes, as: Self.cDescriptor).read(Self.init)
  }

  init(_ c: UnsafePointer<Tally__V1__WatchResponse>) throws(DecodeError) {
    self.courses = try Unpacked.messages(c.pointee.n_courses, c.pointee.courses, CourseRow.init)
    self.courseActivities = try Unpacked.messages(c.pointee.n_course_activities, c.pointee.course_activities, CourseActivityRow.init)
    self.groupUsers = try Unpacked.messages(c.pointee.n_group_users, c.pointee.group_users, GroupUserRow.init)
    self.goneIds = try Unpacked.texts(c.pointee.n_gone_ids, c.pointee.gone_ids, "tally.v1.WatchResponse.gone_ids")
    self.mark = try Unpacked.message(c.pointee.mark, WatchMark.init)
    self.startOver = .init(rawValue: Int32(truncatingIfNeeded: c.pointee.start_over.rawValue))
  }

  public var encodedSize: Int {
    var size = SizeCount()
    encode(to: &size)
    return size.count
  }

  public func encode(into out: inout WireWriter) { encode(to: &out) }

  private func encode(to out: inout some FieldSink) {
    for value in courses { out.message(1, value) }
    for value in courseActivities { out.message(2, value) }
    for value in groupUsers { out.message(3, value) }
    for value in goneIds { out.text(4, value) }
    if let value = mark { out.message(5, value) }
    if startOver.rawValue != 0 { out.varint(6, UInt64(bitPattern: Int64(startOver.rawValue))) }
  }
}

extension WatchMark {
  /// What protobuf-c knows of the message.
  package static var cDescriptor: UnsafePointer<ProtobufCMessageDescriptor> {
    var c = Tally__V1__WatchMark()
    tally__v1__watch_mark__init(&c)
    return c.base.descriptor
  }

  public init(decoding bytes: UnsafeRawBufferPointer) throws(DecodeError) {
    self = try Arena(unpacking: bytes, as: Self.cDescriptor).read(Self.init)
  }

  init(_ c: UnsafePointer<Tally__V1__WatchMark>) throws(DecodeError) {
    self.revision = try Unpacked.message(c.pointee.revision, Revision.init)
    self.time = try Unpacked.message(c.pointee.time, Google.Protobuf.Timestamp.init)
  }

  public var encodedSize: Int {
    var size = SizeCount()
    encode(to: &size)
    return size.count
  }

  public func encode(into out: inout WireWriter) { encode(to: &out) }

  private func encode(to out: inout some FieldSink) {
    if let value = revision { out.message(1, value) }
    if let value = time { out.message(2, value) }
  }
}
