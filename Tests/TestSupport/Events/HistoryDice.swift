internal import TallyModel

/// Throws one valid event after another.
struct HistoryDice {
  var random: SplitMix64

  // Two of the users and two of the activities are equal only to a Unicode comparison; "twin" is
  // an id of everything.
  static let users: [UserID] = ["u1", "u2", "u3", "u11", "\u{E9}", "e\u{301}", "twin"]
  static let groups: [GroupID] = ["g1", "g2", "g3", "g4", "twin"]
  static let courses: [CourseID] = ["c1", "c2", "c3", "twin"]
  static let activities: [ActivityID] = ["a1", "a2", "a11", "twin", "\u{E9}", "e\u{301}"]
  static let paths: [PathID] = ["p1", "twin"]
  static let tags = ["a", "b", "Z", "\u{E9}", "e\u{301}", "\u{FF5E}", "\u{1F600}", ""]
  /// Ids with a time in them (UUID version 7, ULID, ObjectId), of other forms, and short ones of
  /// which one is the start of another.
  static let ids = [
    "1", "11", "twin", "x", "018f2f6e-7b1a-7cc0-8000-000000000001",
    "018F2F6E-7B1A-7CC0-8000-000000000001", "118f2f6e-7b1a-7cc0-8000-000000000001",
    "6ba7b810-9dad-11d1-80b4-00c04fd430c8", "01HXRPYYRTXYZABCDEFGHJKMNP",
    "65f1a2b3c4d5e6f708192a3b", "65F1A2B3C4D5E6F708192A3B", "deadbeef", "0deadbeef",
  ]
  static let times: [Int64] = [
    0, 1, 2, 3, 1_000_000_000, 1_709_287_200_000_000_000, 1_709_287_200_000_000_001,
  ]

  mutating func event() -> Event {
    let fact: Fact =
      switch Int.random(in: 0..<100, using: &random) {
      case 0..<8: user()
      case 8..<14: group()
      case 14..<24: membership()
      case 24..<32: course()
      case 32..<42: activity()
      case 42..<45: path()
      case 45..<55: attempt()
      case 55..<67: reaction()
      case 67..<77: comment()
      case 77..<84: post()
      case 84..<93: like()
      default: download()
      }
    return Event(fact, time: random.pick(Self.times))
  }

  private mutating func id<Kind>() -> ID<Kind> { ID(random.pick(Self.ids)) }

  private mutating func some<Element>(_ elements: [Element], atMost count: Int) -> [Element] {
    (0..<Int.random(in: 0...count, using: &random)).map { _ in random.pick(elements) }
  }

  private mutating func time() -> Timestamp? {
    random.chance(30) ? nil : Timestamp(nanoseconds: random.pick(Self.times))
  }

  private mutating func user() -> Fact {
    .user(
      .init(
        userID: random.pick(Self.users), firstName: random.pick(["", "Ann", "\u{E9}"]),
        lastName: random.pick(["", "Lee", "e\u{301}"]), email: random.pick(["", "a@b"]),
        deleted: random.chance(25)))
  }

  private mutating func group() -> Fact {
    .group(
      .init(
        groupID: random.pick(Self.groups), name: random.pick(["", "One", "Two"]),
        parentGroupID: random.chance(30) ? .none : random.pick(Self.groups + ["never"]),
        deleted: random.chance(20)))
  }

  private mutating func membership() -> Fact {
    let roles = [Role.learner, .contributor, .editor, .admin]
    return .membership(
      .init(
        groupID: random.pick(Self.groups), userID: random.pick(Self.users),
        roles: some(roles, atMost: 3)))
  }

  private mutating func course() -> Fact {
    .course(
      .init(
        courseID: random.pick(Self.courses), name: random.pick(["", "One", "Two"]),
        authorUserID: random.chance(20) ? .none : random.pick(Self.users),
        coAuthorUserIDs: some(Self.users, atMost: 3),
        status: random.pick([.active, .archived, .deleted]), createdAt: time(), updatedAt: time(),
        sourceLanguage: random.pick(["", "en"]), availableLanguages: some(["fr", "de"], atMost: 2),
        unavailableLanguages: some(["fr", "es"], atMost: 2), tags: some(Self.tags, atMost: 3)))
  }

  private mutating func activity() -> Fact {
    .activity(
      .init(
        activityID: random.pick(Self.activities),
        courseID: random.chance(15) ? .none : random.pick(Self.courses),
        title: random.pick(["", "Title"]),
        type: ActivityType(rawValue: random.pick([0, 1, 1, 2, 3, 7, -1, .max])),
        tags: some(Self.tags, atMost: 3), updatedAt: time(), deleted: random.chance(20)))
  }

  private mutating func path() -> Fact {
    .path(
      .init(
        pathID: random.pick(Self.paths), courseIDs: some(Self.courses + ["never"], atMost: 4),
        authorUserID: random.pick(Self.users), editorUserIDs: some(Self.users, atMost: 2),
        deleted: random.chance(15)))
  }

  private mutating func attempt() -> Fact {
    let onActivity = random.chance(60)
    let withdrawn = random.chance(20)
    return .attempt(
      .init(
        attemptID: id(), userID: withdrawn && random.chance(50) ? .none : random.pick(Self.users),
        activityID: onActivity ? random.pick(Self.activities) : .none,
        courseID: onActivity && random.chance(20) ? .none : random.pick(Self.courses),
        withdrawn: withdrawn))
  }

  private mutating func reaction() -> Fact {
    let onActivity = random.chance(70)
    let kinds: [ReactionKind] =
      onActivity
      ? [.like, .learnedSomething, .outdated, .haveAQuestion] : [.useful, .irrelevant]
    return .reaction(
      .init(
        userID: random.pick(Self.users),
        activityID: onActivity ? random.pick(Self.activities) : .none,
        courseID: onActivity && random.chance(20) ? .none : random.pick(Self.courses),
        kind: random.pick(kinds), withdrawn: random.chance(25)))
  }

  private mutating func comment() -> Fact {
    let deleted = random.chance(20)
    var comment = Fact.Comment(
      commentID: id(), userID: deleted && random.chance(50) ? .none : random.pick(Self.users),
      isPrivate: random.chance(15), archived: random.chance(15), deleted: deleted)
    switch Int.random(in: deleted ? -2..<10 : 0..<10, using: &random) {
    case ..<0: break
    case 0..<6:
      comment.activityID = random.pick(Self.activities)
      if random.chance(80) { comment.courseID = random.pick(Self.courses) }
    case 6: comment.courseID = random.pick(Self.courses)
    case 7: comment.learningNeedID = id()
    case 8: comment.projectID = id()
    default: comment.pathSessionID = id()
    }
    return .comment(comment)
  }

  private mutating func post() -> Fact {
    let deleted = random.chance(30)
    var post = Fact.Post(
      postID: id(), userID: deleted && random.chance(50) ? .none : random.pick(Self.users),
      replyToPostID: random.chance(40) ? id() : .none, archived: random.chance(20),
      deleted: deleted)
    switch Int.random(in: deleted ? -1..<3 : 0..<3, using: &random) {
    case 0: post.groupID = random.pick(Self.groups)
    case 1: post.sessionID = id()
    case 2: post.profileUserID = random.pick(Self.users)
    default: break
    }
    return .post(post)
  }

  private mutating func like() -> Fact {
    let onPost = random.chance(50)
    return .like(
      .init(
        userID: random.pick(Self.users), postID: onPost ? id() : .none,
        commentID: onPost ? .none : id(), withdrawn: random.chance(20)))
  }

  private mutating func download() -> Fact {
    let withdrawn = random.chance(20)
    let bare = withdrawn && random.chance(50)
    return .download(
      .init(
        downloadID: id(), userID: bare ? .none : random.pick(Self.users),
        activityID: bare ? .none : random.pick(Self.activities),
        courseID: random.chance(30) ? .none : random.pick(Self.courses),
        actorRole: bare ? .unspecified : random.pick([.learner, .learner, .editor, .admin]),
        withdrawn: withdrawn))
  }
}
