internal import TallyModel
internal import TestSupport

@testable internal import TallyStore

/// Events that give every table a record, and all counters different values.
enum LayoutEvents {
  static let second: Int64 = 1_000_000_000
  /// A UUID of version 7: 0x018F_0000_0000 ms, so bucket 0x018F_0000_0000 >> 29.
  static let uuid = "018f0000-0000-7000-8000-00000000000a"
  static let bucket = UInt16(truncatingIfNeeded: UInt64(0x018F_0000_0000) >> 29)
  static let packedUUID: [UInt8] =
    [1, 0x01, 0x8F, 0, 0, 0, 0, 0x70, 0, 0x80, 0, 0, 0, 0, 0, 0, 0x0A]

  /// Numbers are given in this order: u 1, h 2, g 3, v 4, c 5, a 6, p 7, then u0 8 and so on.
  static let all: [Event] =
    [
      Event(
        .user(
          .init(
            userID: "u", firstName: "F", lastName: "L", email: "E", additionalInformation: "I")),
        time: 11),
      .group("h", name: "H", time: 12), .group("g", name: "G", under: "h", time: 13),
      .member("u", of: "g", [.contributor, .editor], time: 14),
      Event(.user(.init(userID: "v")), time: 15),
      Event(
        .course(
          .init(
            courseID: "c", name: "N", authorUserID: "u", coAuthorUserIDs: ["v"], status: .archived,
            createdAt: Timestamp(nanoseconds: 21), updatedAt: Timestamp(nanoseconds: 22),
            sourceLanguage: "S", tags: ["T"])), time: 16),
      Event(
        .activity(
          .init(
            activityID: "a", courseID: "c", title: "A", type: .document, tags: ["W"],
            updatedAt: Timestamp(nanoseconds: 31))), time: 17),
      Event(
        .path(
          .init(
            pathID: "p", name: "P", courseIDs: ["c"], authorUserID: "u", editorUserIDs: ["v"])),
        time: 18),
    ] + actions + counters

  /// One of each, to be looked at.
  private static let actions: [Event] = [
    .attempt(ID(uuid), by: "u", on: "a", in: "c", time: 3 * second),
    .reaction(.useful, by: "u", in: "c", time: 4 * second),
    Event(
      .comment(
        .init(
          commentID: "k", userID: "u", activityID: "a", courseID: "c", learningNeedID: "n",
          projectID: "j", pathSessionID: "s", isPrivate: false, archived: true, deleted: false)),
      time: 5 * second),
    Event(
      .post(
        .init(
          postID: "m", userID: "u", groupID: "g", sessionID: "s", profileUserID: "v",
          replyToPostID: "r", archived: true, deleted: false)), time: 6 * second),
    .like(post: "m", by: "v", time: 7 * second),
    .download("d", by: "u", of: "a", as: .learner, in: "c", time: 8 * second),
  ]

  /// With those: 9 views, 1 to 4 of each kind, 5 comments and 6 downloads of the activity; 12
  /// views, 5 useful, 7 irrelevant and 6 comments of the course, one of them at another activity.
  private static let counters: [Event] = {
    func user(_ number: Int) -> UserID { ID("u\(number)") }
    var events: [Event] = []
    for number in 0..<8 { events.append(.attempt(ID("x\(number)"), by: user(number), on: "a")) }
    for number in 0..<12 { events.append(.attempt(ID("y\(number)"), by: user(number), in: "c")) }
    for (index, kind) in [ReactionKind.like, .learnedSomething, .outdated, .haveAQuestion]
      .enumerated()
    {
      for number in 0...index { events.append(.reaction(kind, by: user(number), on: "a", in: "c")) }
    }
    for number in 0..<4 { events.append(.reaction(.useful, by: user(number), in: "c")) }
    for number in 4..<11 { events.append(.reaction(.irrelevant, by: user(number), in: "c")) }
    for number in 0..<5 {
      events.append(.comment(ID("k\(number)"), by: user(number), on: "a", in: "c"))
    }
    events.append(.comment("l", by: "u0", on: "b", in: "c"))
    for number in 0..<5 { events.append(.download(ID("d\(number)"), by: user(number), of: "a")) }
    for number in 0..<3 { events.append(.post(ID("o\(number)"), by: "u", in: "g")) }
    return events
  }()
}

/// What a record is to have, as the article words it.
struct StatedRecord: Sendable, CustomStringConvertible {
  let table: TableID
  /// As the article has it, from "key" on.
  let keyText: String
  let key: [[UInt8]]
  let fields: [StatedField]

  var description: String { table.name }

  private static func big<Number: FixedWidthInteger>(_ number: Number) -> [UInt8] {
    withUnsafeBytes(of: number.bigEndian) { Array($0) }
  }

  private static let tenant = big(UInt32(1))
  private static let (u, h, g, v): (UInt32, UInt32, UInt32, UInt32) = (1, 2, 3, 4)
  private static let (c, a, p): (UInt32, UInt32, UInt32) = (5, 6, 7)
  /// The one batch.
  private static let position = UInt64(2)
  private static let second = LayoutEvents.second

  private static func text(_ field: UInt8, _ value: String) -> [UInt8] {
    [field << 3 | 2, UInt8(value.utf8.count)] + Array(value.utf8)
  }

  private static func action(_ seconds: Int64) -> [StatedField] {
    [.init("ver", seconds * second), .init("first", UInt32(seconds))]
  }

  static let all: [StatedRecord] = store + directory + courses + counters + actions

  private static let store: [StatedRecord] = [
    .init(
      table: .meta, keyText: "key `store`", key: [Array("store".utf8)],
      fields: [
        .init("format, 2", UInt16(2)), .init("version of the rules, 2", UInt16(2)),
        .init("store id", [UInt8](repeating: 5, count: 16)), .init("timeline", UInt32(1)),
      ]),
    .init(
      table: .meta, keyText: "key `applied/` and the partition u16",
      key: [Array("applied/".utf8), [0, 0]],
      fields: [
        .init("position of the last record", position),
        .init("when that record was accepted", Int64(2)),
      ]),
    .init(
      table: .tenant, keyText: "key: its name", key: [Array("default".utf8)],
      fields: [
        .init("T, from 1", UInt32(1)),
        .init("partition", Tenant.partition(of: Bytes("default").raw)),
        .init("next n", UInt32(21)), .init("position of the last change", position),
        .init("position of the last erasure", UInt64(0)),
        .init("secret of erasures", [UInt8](repeating: 9, count: 32)),
      ]),
    .init(
      table: .name, keyText: "key: T, n", key: [tenant, big(a)],
      fields: [
        .init("kind: 1 user, 2 group, 3 course, 4 activity, 5 path", UInt8(4)),
        .init("id", Array("a".utf8)),
      ]),
  ]

  private static let directory: [StatedRecord] = [
    .init(
      table: .user, keyText: "key: T, user_id", key: [tenant, Array("u".utf8)],
      fields: [
        .init("n", u), .init("ver", Int64(11)), .init("chg", position), .init("flags", UInt8(1)),
        .init("size of the encoded fields 1 to 4", UInt16(12)),
        .init(
          "fields 1 to 5 of `GroupUserRow`, encoded",
          text(1, "u") + text(2, "F") + text(3, "L") + text(4, "E") + text(5, "I")),
      ]),
    .init(
      table: .group, keyText: "key: T, group_id", key: [tenant, Array("g".utf8)],
      fields: [
        .init("n", g), .init("ver", Int64(13)), .init("chg", position), .init("flags", UInt8(1)),
        .init("n of the parent", h), .init("name", Array("G".utf8)),
      ]),
    .init(
      table: .membership, keyText: "key: T, group n, user_id",
      key: [tenant, big(g), Array("u".utf8)],
      fields: [
        .init("n of the user", u), .init("ver", Int64(14)), .init("chg", position),
        .init("roles", Roles([.contributor, .editor]).rawValue),
      ]),
    .init(
      table: .memberOf, keyText: "key: T, user n, group n", key: [tenant, big(u), big(g)],
      fields: [.init("roles", Roles([.contributor, .editor]).rawValue)]),
    .init(
      table: .path, keyText: "key: T, path_id", key: [tenant, Array("p".utf8)],
      fields: [
        .init("n", p), .init("ver", Int64(18)), .init("flags", UInt8(1)),
        .init("n of the author", u), .init("number of editors", UInt16(1)),
        .init("number of courses", UInt16(1)),
        .init("n of each editor", StatedField("", v).bytes + StatedField("", c).bytes),
        .init("name", Array("P".utf8)),
      ]),
    .init(
      table: .related, keyText: "key: T, user n, kind u8, n of the course or path",
      key: [tenant, big(v), [2], big(c)], fields: []),
  ]

  private static let courses: [StatedRecord] = [
    .init(
      table: .course, keyText: "key: T, course_id", key: [tenant, Array("c".utf8)],
      fields: [
        .init("n", c), .init("ver", Int64(16)), .init("status", UInt8(2)),
        .init("created", Int64(21)), .init("updated", Int64(22)), .init("n of the author", u),
        .init("number of co-authors", UInt8(1)), .init("n of each co-author", v),
        .init(
          "fields 2 and 8 to 11 of `CourseFact`", text(2, "N") + text(8, "S") + text(11, "T")),
      ]),
    .init(
      table: .courseRow, keyText: "key: T, course_id", key: [tenant, Array("c".utf8)],
      fields: [
        .init("n", c), .init("chg", position), .init("status", UInt8(2)),
        .init("n of the author", u), .init("last update", Int64(31)), .init("documents", UInt32(1)),
        .init("cheat sheets", UInt32(0)), .init("questions", UInt32(0)),
        .init("other activities", UInt32(0)), .init("number of co-authors", UInt8(1)),
        .init("n of each co-author", v),
        .init(
          "fields 1 to 13 of `CourseRow`, encoded",
          text(1, "c") + text(2, "N") + [3 << 3, 2] + time(4, 21) + time(5, 31) + text(6, "S")
            + text(9, "T") + text(9, "W") + [11 << 3, 1]),
      ]),
    .init(
      table: .activity, keyText: "key: T, activity_id", key: [tenant, Array("a".utf8)],
      fields: [
        .init("n", a), .init("ver", Int64(17)), .init("chg", position), .init("flags", UInt8(1)),
        .init("type, i32", ActivityType.document.rawValue), .init("n of the course", c),
        .init("updated", Int64(31)), .init("size of the row's fields", UInt16(8)),
        .init(
          "fields 1 to 3 of `CourseActivityRow`",
          text(1, "a") + text(2, "A") + [3 << 3, UInt8(ActivityType.document.rawValue)]),
        .init("field 5 of `ActivityFact` (tags)", text(5, "W")),
      ]),
    .init(
      table: .inCourse, keyText: "key: T, course n, activity_id",
      key: [tenant, big(c), Array("a".utf8)],
      fields: [
        .init("n of the activity", a), .init("type, i32", ActivityType.document.rawValue),
        .init("flags; 1: has left or was deleted", UInt8(0)), .init("updated", Int64(31)),
        .init("chg", position),
      ]),
  ]

  /// A `google.protobuf.Timestamp` of nanoseconds alone.
  private static func time(_ field: UInt8, _ nanoseconds: UInt8) -> [UInt8] {
    [field << 3 | 2, 2, 2 << 3, nanoseconds]
  }

  private static func counts(_ numbers: [(String, UInt32)]) -> [StatedField] {
    [.init("chg", position)] + numbers.map { .init($0.0, $0.1) }
  }

  private static let counters: [StatedRecord] = [
    .init(
      table: .userCounts, keyText: "key: T, user n", key: [tenant, big(u)],
      fields: [
        .init("chg", position), .init("flags, as the user's", UInt8(1)),
        .init("publications", UInt32(3)), .init("comments", UInt32(2)),
        .init("reactions", UInt32(0)),
      ]),
    .init(
      table: .activityCounts, keyText: "key: T, activity n", key: [tenant, big(a)],
      fields: counts([
        ("views", 9), ("likes", 1), ("learned something", 2), ("outdated", 3),
        ("have a question", 4), ("comments", 5), ("downloads", 6),
      ])),
    .init(
      table: .courseCounts, keyText: "key: T, course_id", key: [tenant, Array("c".utf8)],
      fields: counts([
        ("views", 12), ("likes", 1), ("learned something", 2), ("outdated", 3),
        ("have a question", 4), ("useful", 5), ("irrelevant", 7), ("comments", 6),
      ])),
    .init(
      table: .tally, keyText: "key: T, table u8", key: [tenant, [TableID.courseRow.rawValue]],
      fields: [
        .init("records of the table", UInt64(1)), .init("sum of their checksums", courseSum),
      ]
    ),
  ]

  /// The checksum of the one course row, from the fields above.
  private static let courseSum: UInt64 = {
    let row = courses[1]
    return UInt64(plainCRC32C((row.key + row.fields.map(\.bytes)).flatMap { $0 }))
  }()

  private static let actions: [StatedRecord] = [
    .init(
      table: .attempt, keyText: "key: T, b, target n, packed id",
      key: [tenant, big(LayoutEvents.bucket), big(a), LayoutEvents.packedUUID],
      fields: action(3) + [
        .init("n of the user", u), .init("n of the course in which it happened", c),
        .init("flags: 1 withdrawn, 2 the target is a course", UInt8(0)),
      ]),
    .init(
      table: .reaction, keyText: "key: T, target n, kind u8, user n",
      key: [tenant, big(c), [5], big(u)],
      fields: action(4) + [
        .init("n of the course in which it happened", UInt32(0)),
        .init("flags: 1 withdrawn, 2 of a course; its kind in bits 4 to 7", UInt8(5 << 4 | 2)),
      ]),
    .init(
      table: .comment, keyText: "key: T, packed id", key: [tenant, [4] + Array("k".utf8) + [0]],
      fields: action(5) + [
        .init("n of the user", u), .init("n of the activity", a), .init("n of the course", c),
        .init("flags: 1 deleted, 2 private, 4 archived", UInt8(4)),
        .init("which ids follow: 1 learning need, 2 project, 4 path session", UInt8(7)),
        .init("each: length u8, id", Array("\u{1}n\u{1}j\u{1}s".utf8)),
      ]),
    .init(
      table: .post, keyText: "key: T, packed id", key: [tenant, [4] + Array("m".utf8) + [0]],
      fields: action(6) + [
        .init("n of the user", u), .init("n of the group", g),
        .init("n of the user whose profile it is on", v),
        .init("flags: 1 deleted, 4 archived", UInt8(4)),
        .init("which ids follow: 1 session, 2 the post it replies to", UInt8(3)),
        .init("each: length u8, id", Array("\u{1}s\u{1}r".utf8)),
      ]),
    .init(
      table: .like, keyText: "key: T, on u8, packed id of that, user n",
      key: [tenant, [1], [4] + Array("m".utf8) + [0], big(v)],
      fields: action(7) + [.init("flags: 1 withdrawn", UInt8(0))]),
    .init(
      table: .download, keyText: "key: T, packed id", key: [tenant, [4] + Array("d".utf8) + [0]],
      fields: action(8) + [
        .init("n of the user", u), .init("n of the activity", a), .init("n of the course", c),
        .init("flags: 1 withdrawn; the role in bits 4 to 7", UInt8(Role.learner.rawValue << 4)),
      ]),
    .init(
      table: .behind, keyText: "key: T, b, activity n, cell u8, packed id",
      key: [tenant, [0, 0], big(a), [2], [4] + Array("d".utf8) + [0]],
      fields: [.init("n of the user", u), .init("n of the course", c)]),
    .init(
      table: .stamped, keyText: "key: T, course n, activity n", key: [tenant, big(c), big(a)],
      fields: []),
  ]
}
