internal import TallyModel
internal import TestSupport
internal import Testing

/// Each limit with the value that still passes beside the first that does not.
@Suite struct `validation limits` {
  static let now = Timestamp(seconds: 1_700_000_000, nanos: 0)

  @Test func `ids have 1 to 128 bytes`() {
    func event(_ count: Int) -> Event { .user(UserID(String(repeating: "u", count: count))) }

    #expect(refusal(event(1)) == nil)
    #expect(refusal(event(128)) == nil)
    #expect(refusal(event(129)) == .init(.tooLong, "user.user_id"))
    #expect(refusal(event(0)) == .init(.missing, "user.user_id"))
  }

  @Test func `limits count bytes, not characters`() {
    func event(_ count: Int) -> Event { .user(UserID(String(repeating: "\u{E9}", count: count))) }

    #expect(refusal(event(64)) == nil)
    #expect(refusal(event(65)) == .init(.tooLong, "user.user_id"))
  }

  @Test(arguments: [
    ("user.first_name", 1024), ("user.last_name", 1024), ("user.email", 320),
    ("user.additional_information", 1024), ("group.name", 1024), ("group.parent_group_id", 128),
    ("course.name", 1024), ("course.source_language", 64), ("course.author_user_id", 128),
    ("activity.title", 1024), ("activity.course_id", 128), ("path.name", 1024),
    ("attempt.user_id", 128), ("comment.project_id", 128), ("post.reply_to_post_id", 128),
  ])
  func `texts have a limit each`(field: String, limit: Int) {
    let longest = String(repeating: "x", count: limit)

    #expect(refusal(Self.event(field, longest)) == nil)
    #expect(refusal(Self.event(field, longest + "x")) == .init(.tooLong, field))
  }

  @Test(arguments: [
    ("course.tags", 64), ("course.available_languages", 64), ("course.unavailable_languages", 64),
    ("activity.tags", 64), ("course.co_author_user_ids", 64), ("path.editor_user_ids", 64),
    ("path.course_ids", 2000),
  ])
  func `lists have a limit each`(field: String, limit: Int) {
    let full = Array(repeating: "x", count: limit)

    #expect(refusal(Self.event(field, full)) == nil)
    #expect(refusal(Self.event(field, full + ["x"])) == .init(.tooLong, field))
  }

  @Test(arguments: [
    ("course.tags", 64), ("course.available_languages", 64), ("course.unavailable_languages", 64),
    ("activity.tags", 64), ("course.co_author_user_ids", 128), ("path.editor_user_ids", 128),
    ("path.course_ids", 128),
  ])
  func `elements of lists have a limit each`(field: String, limit: Int) {
    let longest = String(repeating: "x", count: limit)

    #expect(refusal(Self.event(field, ["x", longest])) == nil)
    #expect(refusal(Self.event(field, ["x", longest + "x"])) == .init(.tooLong, "\(field)[1]"))
  }

  @Test func `an empty id in a list is refused, an empty tag is not`() {
    #expect(
      refusal(Self.event("course.co_author_user_ids", ["x", ""]))
        == .init(.missing, "course.co_author_user_ids[1]"))
    #expect(refusal(Self.event("course.tags", [""])) == nil)
  }

  @Test(arguments: ["user.first_name", "course.name", "activity.title", "attempt.user_id"])
  func `text holds no NUL`(field: String) {
    #expect(refusal(Self.event(field, "a\u{1}b")) == nil)
    #expect(refusal(Self.event(field, "a\0b")) == .init(.invalidText, field))
  }

  @Test func `occurred_at is from 1970 to 5 minutes ahead of the clock`() {
    func event(_ time: Timestamp) -> Event { Event(occurredAt: time, fact: Event.user("u").fact) }
    let latest = Timestamp(nanoseconds: Self.now.nanoseconds + 300_000_000_000)

    #expect(refusal(event(.epoch)) == nil)
    #expect(refusal(event(latest)) == nil)
    #expect(
      refusal(event(Timestamp(nanoseconds: latest.nanoseconds + 1)))
        == .init(.timeOutOfRange, "occurred_at"))
    #expect(refusal(event(.outOfRange)) == .init(.timeOutOfRange, "occurred_at"))
    #expect(refusal(event(.unset)) == .init(.missing, "occurred_at"))
  }

  @Test func `how far ahead is a setting`() {
    var limits = Limits()
    limits.aheadNanoseconds = 0
    let late = Event(
      occurredAt: Timestamp(nanoseconds: Self.now.nanoseconds + 1), fact: Event.user("u").fact)

    #expect(validate(late, now: Self.now) == nil)
    #expect(validate(late, now: Self.now, limits: limits)?.reason == .timeOutOfRange)
  }

  @Test func `times of a fact are from 1970 to 2262 and may lie ahead`() {
    #expect(refusal(.course("c", created: .latest, updated: .epoch)) == nil)
    #expect(
      refusal(.course("c", created: .outOfRange)) == .init(.timeOutOfRange, "course.created_at"))
    #expect(
      refusal(.course("c", updated: .outOfRange)) == .init(.timeOutOfRange, "course.updated_at"))
    #expect(
      refusal(.activity("a", updated: .outOfRange))
        == .init(.timeOutOfRange, "activity.updated_at"))
  }

  @Test func `a refusal says what to do`() {
    let refusal = validate(.user(UserID(String(repeating: "u", count: 200))), now: Self.now)

    #expect(refusal?.message == "user.user_id has 200 bytes: shorten it to at most 128")
  }

  /// A valid event with one text set.
  private static func event(_ field: String, _ text: String) -> Event {
    let fact: Fact =
      switch field {
      case "user.first_name": .user(.init(userID: "u", firstName: text))
      case "user.last_name": .user(.init(userID: "u", lastName: text))
      case "user.email": .user(.init(userID: "u", email: text))
      case "user.additional_information": .user(.init(userID: "u", additionalInformation: text))
      case "group.name": .group(.init(groupID: "g", name: text))
      case "group.parent_group_id": .group(.init(groupID: "g", parentGroupID: ID(text)))
      case "course.name": .course(.init(courseID: "c", name: text, status: .active))
      case "course.source_language":
        .course(.init(courseID: "c", status: .active, sourceLanguage: text))
      case "course.author_user_id":
        .course(.init(courseID: "c", authorUserID: ID(text), status: .active))
      case "activity.title": .activity(.init(activityID: "a", title: text))
      case "activity.course_id": .activity(.init(activityID: "a", courseID: ID(text)))
      case "path.name": .path(.init(pathID: "p", name: text))
      case "attempt.user_id":
        .attempt(.init(attemptID: "t", userID: ID(text), activityID: "a"))
      case "comment.project_id":
        .comment(.init(commentID: "k", userID: "u", projectID: ID(text)))
      default:
        .post(.init(postID: "p", userID: "u", groupID: "g", replyToPostID: ID(text)))
      }
    return Event(fact)
  }

  /// A valid event with one list set.
  private static func event(_ field: String, _ list: [String]) -> Event {
    var course = Fact.Course(courseID: "c", status: .active)
    switch field {
    case "activity.tags": return Event(.activity(.init(activityID: "a", tags: list)))
    case "path.course_ids":
      return Event(.path(.init(pathID: "p", courseIDs: list.map { ID($0) })))
    case "path.editor_user_ids":
      return Event(.path(.init(pathID: "p", editorUserIDs: list.map { ID($0) })))
    case "course.tags": course.tags = list
    case "course.available_languages": course.availableLanguages = list
    case "course.unavailable_languages": course.unavailableLanguages = list
    default: course.coAuthorUserIDs = list.map { ID($0) }
    }
    return Event(.course(course))
  }
}

/// Of a refusal what a program looks at.
struct Fault: Equatable {
  let reason: Refusal.Reason
  let field: String

  init(_ reason: Refusal.Reason, _ field: String) {
    self.reason = reason
    self.field = field
  }
}

func refusal(_ event: Event) -> Fault? {
  validate(event, now: `validation limits`.now).map { Fault($0.reason, $0.field) }
}
