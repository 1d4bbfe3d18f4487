internal import TallyModel

/// rules.md, section 5.
extension Scenario {
  static let courses =
    courseRows + courseCounts + courseDirectory + courseTags + authorGroups + scores

  private static func shows(_ column: String, _ value: String) -> Check {
    .rows(.courses(), column, ["c": value])
  }

  private static let courseRows = [
    Scenario(
      "One row for every course in the directory, whatever the status.",
      [
        .course("c"), .course("archived", status: .archived), .course("deleted", status: .deleted),
        .activity("a", in: "named only"), .attempt("t", by: "u", in: "named only too"),
      ],
      .rows(
        .courses(), "status", ["archived": "Archived", "c": "Active", "deleted": "Deleted"])),
    Scenario(
      "Courses can be asked for by id and by path.",
      [
        .course("c"), .course("d"), .course("e"), .path("p", ["d", "c", "never", "d"]),
        .path("gone", ["c"], deleted: true),
      ],
      .rows(.courses(ids: ["e", "c", "e"]), "name", ["c": "c", "e": "e"]),
      .rows(.courses(path: "p"), "name", ["c": "c", "d": "d"]),
      .rows(.courses(ids: ["d", "e"], path: "p"), "name", ["d": "d"]),
      .refused(.courses(ids: ["c", "never"]), .notFound),
      .refused(.courses(path: "never"), .notFound), .refused(.courses(path: "gone"), .notFound)),
  ]

  private static let courseCounts = [
    Scenario(
      "Views: distinct standing attempts at the course itself; not the sum of its activities' "
        + "views.",
      [
        .course("c"), .activity("a", in: "c"), .attempt("t1", by: "u", on: "a", in: "c"),
        .attempt("t1", by: "u", in: "c"), .attempt("t2", by: "u", in: "c"),
        .attempt("t2", by: "u", in: "c", time: 2), .attempt("t3", by: "u", in: "c"),
        .attempt("t3", by: "u", in: "c", withdrawn: true, time: 2),
      ],
      shows("views", "2")),
    Scenario(
      "Reactions: by kind, those stamped with this course (activities that left or were deleted "
        + "since included).",
      [
        .course("c"), .activity("a", in: "d"), .activity("gone", in: "c", deleted: true),
        .reaction(.like, by: "u", on: "a", in: "c"), .reaction(.like, by: "v", on: "a", in: "d"),
        .reaction(.like, by: "u", on: "gone", in: "c"), .reaction(.like, by: "w", on: "a"),
        .reaction(.outdated, by: "u", on: "never known", in: "c"),
        .reaction(.learnedSomething, by: "u", on: "a", in: "c"),
        .reaction(.haveAQuestion, by: "u", on: "a", in: "c", withdrawn: true),
      ],
      shows("likes", "2"), shows("outdated", "1"), shows("learned_something", "1"),
      shows("have_a_question", "0")),
    Scenario(
      "A reaction that was stamped anew counts with its new course.",
      [
        .course("c"), .course("d"), .reaction(.like, by: "u", on: "a", in: "c"),
        .reaction(.like, by: "u", on: "a", in: "d", time: 2),
      ],
      .rows(.courses(), "likes", ["c": "0", "d": "1"])),
    Scenario(
      "And the relevance answers of the course: either Useful or Irrelevant, the last one stands.",
      [
        .course("c"), .reaction(.useful, by: "u", in: "c"),
        .reaction(.irrelevant, by: "u", in: "c", time: 2), .reaction(.useful, by: "v", in: "c"),
        .reaction(.irrelevant, by: "w", in: "c"),
        .reaction(.irrelevant, by: "w", in: "c", withdrawn: true, time: 2),
      ],
      shows("useful", "1"), shows("irrelevant", "1")),
    Scenario(
      "Comments: those in activities' forums stamped with this course that are public, not "
        + "archived, not deleted.",
      [
        .course("c"), .activity("a", in: "d"), .comment("k1", by: "u", on: "a", in: "c"),
        .comment("k2", by: "u", in: "c"), .comment("k3", by: "u", on: "a", in: "d"),
        .comment("k4", by: "u", on: "a", in: "c", isPrivate: true),
        .comment("k5", by: "u", on: "a", in: "c", archived: true),
        .comment("k6", by: "u", on: "a", in: "c", deleted: true), .comment("k7", by: "u", on: "a"),
      ],
      shows("comments", "1")),
    Scenario(
      "Documents, Cheat sheets, Questions: activities now in the course and not deleted, by type.",
      [
        .course("c"), .activity("1", in: "c", type: .document),
        .activity("2", in: "c", type: .document), .activity("3", in: "c", type: .cheatSheet),
        .activity("4", in: "c", type: .question), .activity("5", in: "c", type: .init(rawValue: 9)),
        .activity("6", in: "c", type: .question, deleted: true),
        .activity("4", in: "c", type: .cheatSheet, time: 2), .activity("7", in: "d"),
      ],
      shows("documents", "2"), shows("cheat_sheets", "2"), shows("questions", "0")),
  ]

  private static let courseDirectory = [
    Scenario(
      "Author and co-authors: \"First Last\" of each, empty parts left out.",
      [
        .course("c", author: "u", coAuthors: ["w", "v"]), .user("u", first: "Ann", last: "Lee"),
        .user("v", first: "Bo"), .user("w", last: "Cy"),
      ],
      shows("author_name", "Ann Lee"), shows("co_author_names", "Cy|Bo")),
    Scenario(
      "A user unknown is an empty name and drops out of the co-author list.",
      [
        .course("c", author: "never", coAuthors: ["u", "never", "nameless"]),
        .user("u", first: "Ann"), .user("nameless"),
      ],
      shows("author_name", ""), shows("co_author_names", "Ann")),
    Scenario(
      "An author who is deleted keeps the name.",
      [.course("c", author: "u"), .user("u", first: "Ann", deleted: true)],
      shows("author_name", "Ann")),
    Scenario(
      "Last update: the latest of the course's updated_at and of the updated_at of the activities "
        + "now in it and not deleted.",
      [
        .course("c", updated: second(5)), .activity("a", in: "c", updated: second(7)),
        .activity("gone", in: "c", updated: second(9), deleted: true),
        .activity("left", in: "d", updated: second(11)), .activity("never said", in: "c"),
      ],
      shows("last_update", "1970-01-01T00:00:07.000Z")),
    Scenario(
      "It may go back when one leaves.",
      [
        .course("c", updated: second(5)), .activity("a", in: "c", updated: second(7)),
        .activity("a", updated: second(8), time: 2),
      ],
      shows("last_update", "1970-01-01T00:00:05.000Z")),
    Scenario(
      "Creation date, Last update: UTC, YYYY-MM-DDThh:mm:ss.sssZ, milliseconds cut.",
      [
        .course(
          "c", created: Timestamp(seconds: 951_827_696, nanos: 999_999_999), updated: .latest)
      ],
      shows("created_at", "2000-02-29T12:34:56.999Z"),
      shows("last_update", "2262-04-11T23:47:16.854Z")),
    Scenario(
      "Empty when unset; the epoch is not.",
      [.course("c", created: .epoch), .activity("a", in: "c")],
      shows("created_at", "1970-01-01T00:00:00.000Z"), shows("last_update", "")),
  ]

  private static func second(_ second: Int64) -> Timestamp { Timestamp(seconds: second, nanos: 0) }

  private static let courseTags: [Scenario] = {
    // 64 tags an activity at most, so nine activities bring more than 500.
    let many = (0..<9).map { activity in
      Event.activity(
        ActivityID("a\(activity)"), in: "c",
        tags: (0..<60).map { "t\(1000 + activity * 60 + $0)" })
    }
    let first = (0..<500).map { "t\(1000 + $0)" }.joined(separator: "|")
    return [
      Scenario(
        "Tags: course's tags and its current activities' tags, distinct, in byte order.",
        [
          .course("c", tags: ["b", "a", "b", "\u{E9}"]),
          .activity("a", in: "c", tags: ["Z", "a", "e\u{301}"]),
          .activity("gone", in: "c", tags: ["no"], deleted: true),
          .activity("left", in: "d", tags: ["no"]),
        ],
        shows("tags", "Z|a|b|e\u{301}|\u{E9}"), shows("tags_omitted", "0")),
      Scenario(
        "Beyond 500 the first 500, and the row says how many more.", [.course("c")] + many,
        shows("tags", first), shows("tags_omitted", "40")),
    ]
  }()

  private static let chain: [Event] = [
    .course("c", author: "u"), .group("root"), .group("mid", under: "root"),
    .group("low", under: "mid"),
  ]

  private static let authorGroups = [
    Scenario(
      "Group: among the groups in which the main author has any role now, the deepest; its name.",
      chain + [
        .member("u", of: "root", [.admin]), .member("u", of: "mid", [.contributor]),
        .member("u", of: "low", [.learner]), .member("u", of: "low", [], time: 2),
      ],
      shows("group_name", "mid")),
    Scenario(
      "Among the groups known and not deleted.",
      chain + [
        .member("u", of: "root"), .member("u", of: "low"), .member("u", of: "never known"),
        .group("low", under: "mid", deleted: true, time: 2),
      ],
      shows("group_name", "root")),
    Scenario(
      "The one with the most distinct ancestors, known or not, deleted included.",
      chain + [
        .group("x", under: "unknown"), .group("y", under: "x", deleted: true),
        .group("z", under: "y"), .member("u", of: "z"), .member("u", of: "low"),
        .member("u", of: "mid"),
      ],
      shows("group_name", "z")),
    Scenario(
      "Counted up to the first repeat (a cycle harms nobody).",
      [
        .course("c", author: "u"), .group("a", under: "b"), .group("b", under: "a"),
        .group("self", under: "self"), .group("d1", under: "d2"), .group("d2", under: "d3"),
        .group("d3"), .member("u", of: "a"), .member("u", of: "self"), .member("u", of: "d1"),
      ],
      shows("group_name", "d1")),
    Scenario(
      "Among equals the smallest group_id in byte order.",
      [
        .course("c", author: "u"), .group("b", under: "r"), .group("B", under: "r"),
        .group("\u{E9}", under: "r"), .member("u", of: "b"), .member("u", of: "B"),
        .member("u", of: "\u{E9}"),
      ],
      shows("group_name", "B")),
    Scenario(
      "No group, no name.", chain + [.member("v", of: "root")], shows("group_name", "")),
  ]

  private static func scored(
    _ sentence: String, views: Int, useful: Int, irrelevant: Int, score: String, band: String
  ) -> Scenario {
    var events: [Event] = [.course("c")]
    for view in 0..<views { events.append(.attempt(AttemptID("t\(view)"), by: "u", in: "c")) }
    for user in 0..<useful { events.append(.reaction(.useful, by: UserID("p\(user)"), in: "c")) }
    for user in 0..<irrelevant {
      events.append(.reaction(.irrelevant, by: UserID("n\(user)"), in: "c"))
    }
    return Scenario(
      sentence, events, shows("reaction_score", score), shows("score_band", band),
      shows("low_sample", views < 10 ? "true" : "false"))
  }

  private static let scores = [
    Scenario(
      "P = Likes + Learned something + Useful, N = Outdated + Have a question + Irrelevant, "
        + "V = Views.",
      [.course("c")]
        + (0..<10).map { .attempt(AttemptID("t\($0)"), by: "u", in: "c") } + [
          .reaction(.like, by: "u", on: "a", in: "c"), .reaction(.like, by: "v", on: "a", in: "c"),
          .reaction(.learnedSomething, by: "u", on: "a", in: "c"),
          .reaction(.useful, by: "u", in: "c"), .reaction(.outdated, by: "u", on: "a", in: "c"),
          .reaction(.haveAQuestion, by: "u", on: "a", in: "c"),
          .reaction(.irrelevant, by: "v", in: "c"),
        ],
      shows("reaction_score", "10")),
    scored(
      "Unset when V = 0; unset grey.", views: 0, useful: 1, irrelevant: 0, score: "", band: ""),
    scored("Zero is a score.", views: 1, useful: 1, irrelevant: 1, score: "0", band: "RED"),
    scored(
      "Halves up away from zero.", views: 8, useful: 1, irrelevant: 0, score: "13", band: "RED"),
    scored(
      "Halves down away from zero.", views: 8, useful: 0, irrelevant: 1, score: "-13", band: "RED"),
    scored(
      "Less than a half to zero.", views: 300, useful: 1, irrelevant: 0, score: "0", band: "RED"),
    scored("Clamped to 100.", views: 1, useful: 3, irrelevant: 0, score: "100", band: "GREEN"),
    scored("Clamped to -100.", views: 1, useful: 0, irrelevant: 3, score: "-100", band: "RED"),
    scored("Above 50 green.", views: 100, useful: 51, irrelevant: 0, score: "51", band: "GREEN"),
    scored("50 is orange.", views: 2, useful: 1, irrelevant: 0, score: "50", band: "ORANGE"),
    scored("25 is orange.", views: 4, useful: 1, irrelevant: 0, score: "25", band: "ORANGE"),
    scored("Below 25 red.", views: 100, useful: 24, irrelevant: 0, score: "24", band: "RED"),
    scored(
      "low_sample when V < 10: nine.", views: 9, useful: 0, irrelevant: 0, score: "0", band: "RED"),
    scored(
      "low_sample when V < 10: ten.", views: 10, useful: 0, irrelevant: 0, score: "0", band: "RED"),
  ]
}
