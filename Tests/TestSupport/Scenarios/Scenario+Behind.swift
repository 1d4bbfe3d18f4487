internal import TallyModel

/// rules.md, section 6.
extension Scenario {
  private static let crowd: [Event] = [
    .course("c"), .activity("a", in: "c"), .user("u", first: "Ann"),
    .attempt("t1", by: "u", on: "a"), .attempt("t2", by: "u", on: "a"),
    .attempt("t3", by: "v", on: "a"), .attempt("t1", by: "u", in: "c"),
    .comment("k1", by: "u", on: "a", in: "c"), .comment("k2", by: "u", on: "a", in: "c"),
    .comment("k3", by: "v", on: "a"), .comment("k4", by: "v", on: "a", isPrivate: true),
    .download("d1", by: "u", of: "a"), .download("d2", by: "v", of: "a", as: .editor),
    .reaction(.like, by: "u", on: "a", in: "c"), .reaction(.like, by: "v", on: "a", in: "d"),
    .reaction(.useful, by: "u", in: "c"), .reaction(.irrelevant, by: "v", in: "c"),
  ]

  static let behind: [Scenario] = [
    Scenario(
      "For every cell of an activity's row: the users behind it with their counts (views of one "
        + "user by number of attempts, and so on).",
      crowd,
      .rows(.behindActivity("a", .view), "count", ["u": "2", "v": "1"]),
      .rows(.behindActivity("a", .comment), "count", ["u": "2", "v": "1"]),
      .rows(.behindActivity("a", .download), "count", ["u": "1"]),
      .rows(.behindActivity("a", .like), "count", ["u": "1", "v": "1"]),
      .rows(.behindActivity("a", .outdated), "count", [:])),
    Scenario(
      "For every cell of a course's row likewise.",
      crowd + [.attempt("t9", by: "u", in: "c")],
      .rows(.behindCourse("c", .view), "count", ["u": "2"]),
      .rows(.behindCourse("c", .comment), "count", ["u": "2"]),
      .rows(.behindCourse("c", .like), "count", ["u": "1"]),
      .rows(.behindCourse("c", .useful), "count", ["u": "1"]),
      .rows(.behindCourse("c", .irrelevant), "count", ["v": "1"])),
    Scenario(
      "The counts add up to the cell.", crowd,
      .rows(.courseActivities("c"), "views", ["a": "3"]),
      .rows(.courseActivities("c"), "comments", ["a": "3"]),
      .rows(.courses(), "comments", ["c": "2"]), .rows(.courses(), "likes", ["c": "1"])),
    Scenario(
      "The list shows the names that the directory knows, also of those who are deleted.",
      crowd + [.user("v", first: "Bo", deleted: true)],
      .rows(.behindActivity("a", .view), "first_name", ["u": "Ann", "v": "Bo"])),
    Scenario(
      "The list is there for every activity and course that the directory knows, deleted ones and "
        + "activities in no course included.",
      crowd + [
        .course("c", status: .deleted, time: 2), .activity("a", in: "c", deleted: true, time: 2),
        .activity("orphan"), .attempt("t", by: "u", on: "orphan"),
      ],
      .rows(.behindActivity("a", .like), "count", ["u": "1", "v": "1"]),
      .rows(.behindActivity("orphan", .view), "count", ["u": "1"]),
      .rows(.behindCourse("c", .like), "count", ["u": "1"])),
    Scenario(
      "The list of a course has what was stamped with it by activities that left since.",
      crowd + [.activity("a", in: "d", time: 2)],
      .rows(.behindCourse("c", .comment), "count", ["u": "2"])),
    Scenario(
      "An unknown one is NOT_FOUND.",
      [.attempt("t", by: "u", on: "a"), .attempt("t", by: "u", in: "c")],
      .refused(.behindActivity("a", .view), .notFound),
      .refused(.behindCourse("c", .view), .notFound),
      .refused(.behindActivity("never", .view), .notFound)),
    Scenario(
      "A cell that is unset or not a count (downloads of a question) has no list: "
        + "INVALID_ARGUMENT.",
      crowd + [.activity("q", in: "c", type: .question)],
      .refused(.behindActivity("q", .download), .invalidArgument),
      .refused(.behindActivity("a", .useful), .invalidArgument),
      .refused(.behindCourse("c", .download), .invalidArgument)),
  ]
}
