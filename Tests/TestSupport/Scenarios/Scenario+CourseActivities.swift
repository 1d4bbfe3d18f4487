internal import TallyModel

/// rules.md, section 4.
extension Scenario {
  static let courseActivities = activityRows + activityCounts

  private static let course: [Event] = [.course("c"), .activity("a", in: "c")]

  private static func shows(_ column: String, _ value: String) -> Check {
    .rows(.courseActivities("c"), column, ["a": value])
  }

  private static let activityRows = [
    Scenario(
      "One row for each activity now in the course and not deleted.",
      course + [
        .activity("left", in: "c"), .activity("left", in: "d", time: 2),
        .activity("orphan", in: "c"), .activity("orphan", time: 2),
        .activity("gone", in: "c"), .activity("gone", in: "c", deleted: true, time: 2),
        .activity("back", in: "c", deleted: true, time: 2), .activity("back", in: "c", time: 3),
        .activity("came", in: "d"), .activity("came", in: "c", time: 2),
      ],
      .rows(.courseActivities("c"), "title", ["a": "a", "back": "back", "came": "came"])),
    Scenario(
      "Activity counts are all-time for the activity, whichever course it was in.",
      course + [
        .activity("a", in: "d", time: 0),
        .attempt("t1", by: "u", on: "a", in: "d"), .attempt("t2", by: "u", on: "a", in: "c"),
        .reaction(.like, by: "u", on: "a", in: "d"), .reaction(.like, by: "v", on: "a"),
        .comment("k1", by: "u", on: "a", in: "d"), .comment("k2", by: "u", on: "a"),
        .download("d1", by: "u", of: "a", in: "d"),
      ],
      shows("views", "2"), shows("likes", "2"), shows("comments", "2"), shows("downloads", "1")),
    Scenario(
      "What was done before the directory knew the activity counts all the same.",
      [
        .attempt("t", by: "u", on: "a"), .reaction(.outdated, by: "u", on: "a"),
        .comment("k", by: "u", on: "a"), .course("c", time: 9), .activity("a", in: "c", time: 9),
      ],
      shows("views", "1"), shows("outdated", "1"), shows("comments", "1")),
    Scenario(
      "Type: Cheat Sheet, Question, Document; any other by its number.",
      [
        .course("c"), .activity("1", in: "c", type: .document),
        .activity("2", in: "c", type: .cheatSheet), .activity("3", in: "c", type: .question),
        .activity("7", in: "c", type: .init(rawValue: 7)),
        .activity("none", in: "c", type: .unspecified),
      ],
      .rows(
        .courseActivities("c"), "type",
        ["1": "Document", "2": "Cheat Sheet", "3": "Question", "7": "7", "none": "0"])),
  ]

  private static let activityCounts = [
    Scenario(
      "Views: distinct standing attempts at the activity.",
      course + [
        .attempt("t1", by: "u", on: "a"), .attempt("t1", by: "u", on: "a", time: 2),
        .attempt("t2", by: "u", on: "a"), .attempt("t3", by: "u", on: "a"),
        .attempt("t3", by: "u", on: "a", withdrawn: true, time: 2),
        .attempt("t4", by: "u", on: "a", withdrawn: true, time: 2),
        .attempt("t4", by: "u", on: "a", time: 3), .attempt("t1", by: "u", on: "b"),
        .attempt("t5", by: "u", in: "c"),
      ],
      shows("views", "3")),
    Scenario(
      "Every user counts, whatever the role.",
      course + [
        .user("gone", deleted: true), .user("admin"), .member("admin", of: "g", [.admin]),
        .attempt("t1", by: "gone", on: "a"), .attempt("t2", by: "admin", on: "a"),
        .attempt("t3", by: "unknown", on: "a"),
      ],
      shows("views", "3")),
    Scenario(
      "Likes, Learned something, Outdated, Have a question: standing reactions of that kind.",
      course + [
        .reaction(.like, by: "u", on: "a"), .reaction(.like, by: "v", on: "a"),
        .reaction(.like, by: "w", on: "a"),
        .reaction(.like, by: "w", on: "a", withdrawn: true, time: 2),
        .reaction(.learnedSomething, by: "u", on: "a"), .reaction(.outdated, by: "u", on: "a"),
        .reaction(.outdated, by: "v", on: "a"), .reaction(.outdated, by: "w", on: "a"),
        .reaction(.haveAQuestion, by: "u", on: "a", withdrawn: true),
      ],
      shows("likes", "2"), shows("learned_something", "1"), shows("outdated", "3"),
      shows("have_a_question", "0")),
    Scenario(
      "Comments: comments in the activity's forum that are public, not archived, not deleted.",
      course + [
        .comment("k1", by: "u", on: "a"), .comment("k2", by: "u", on: "a", isPrivate: true),
        .comment("k3", by: "u", on: "a", archived: true),
        .comment("k4", by: "u", on: "a", deleted: true), .comment("k5", by: "u", in: "c"),
        .comment("k6", by: "u", on: "a", isPrivate: true),
        .comment("k6", by: "u", on: "a", time: 2), .comment("k7", by: "u", on: "b"),
      ],
      shows("comments", "2")),
    Scenario(
      "A comment that moved to another activity counts there.",
      course + [
        .activity("b", in: "c"), .comment("k", by: "u", on: "a"),
        .comment("k", by: "u", on: "b", time: 2),
      ],
      .rows(.courseActivities("c"), "comments", ["a": "0", "b": "1"])),
    Scenario(
      "Downloads: downloads with actor_role LEARNER.",
      course + [
        .download("d1", by: "u", of: "a"), .download("d2", by: "u", of: "a"),
        .download("d3", by: "u", of: "a", as: .editor),
        .download("d4", by: "u", of: "a", as: .contributor),
        .download("d5", by: "u", of: "a", as: .admin), .download("d6", by: "u", of: "a"),
        .download("d6", by: "u", of: "a", withdrawn: true, time: 2),
        .download("d7", by: "u", of: "a"), .download("d7", by: "u", of: "a", as: .admin, time: 2),
      ],
      shows("downloads", "2")),
    Scenario(
      "Downloads are shown for documents and cheat sheets only; for other types the cell is unset "
        + "(not 0).",
      [
        .course("c"), .activity("1", in: "c", type: .document),
        .activity("2", in: "c", type: .cheatSheet), .activity("3", in: "c", type: .question),
        .activity("7", in: "c", type: .init(rawValue: 7)), .download("d", by: "u", of: "3"),
        .download("e", by: "u", of: "2"),
      ],
      .rows(.courseActivities("c"), "downloads", ["1": "0", "2": "1", "3": "", "7": ""])),
    Scenario(
      "An activity that became a document shows the downloads it had.",
      [
        .course("c"), .activity("a", in: "c", type: .question), .download("d", by: "u", of: "a"),
        .activity("a", in: "c", type: .document, time: 2),
      ],
      shows("downloads", "1")),
  ]
}
