internal import TallyModel

/// rules.md, section 1: which version of a fact stands, whatever the order in which they come.
///
/// `tied` are versions of one fact at one time; `Scenario.orders` has all their orders.
extension Scenario {
  static let versions = laterVersions + ties

  /// The scenarios whose few events tie, for tests that walk through all orders.
  package static let ties = directoryTies + actionTies

  private static let laterVersions = [
    Scenario(
      "The version is occurred_at (nanoseconds): the later one stands.",
      [
        .course("c", status: .archived, time: 3), .course("c", status: .deleted, time: 2),
        .course("c", status: .active, time: 4),
      ],
      .rows(.courses(), "status", ["c": "Active"])),
    Scenario(
      "The epoch is a version like any other.",
      [.course("c", status: .archived, time: 0), .course("c", status: .active, time: 1)],
      .rows(.courses(), "status", ["c": "Active"])),
    Scenario(
      "A later version wins over a deleted one.",
      [.group("g", deleted: true, time: 2), .group("g", name: "a", time: 3)],
      .rows(.groups(), "name", ["g": "a"])),
    Scenario(
      "What an event leaves out is empty.",
      [.course("c", author: "u", tags: ["a"]), .course("c", time: 2)],
      .rows(.courses(), "tags", ["c": ""])),
  ]

  private static let directoryTies = [
    Scenario(
      "On equal occurred_at, deleted wins over its absence: groups.", [.group("h")],
      tied: [
        .group("g", name: "z"), .group("g", name: "a", deleted: true), .group("g", name: "zz"),
        .group("g", name: "b", deleted: true), .group("g"),
      ],
      .rows(.groups(), "name", ["h": "h"])),
    Scenario(
      "Then the greater fixed form (compared bytewise): names.", [],
      tied: [
        .group("g", name: "b"), .group("g", name: "a"), .group("g", name: "\u{E9}"),
        .group("g", name: "e\u{301}"), .group("g", name: "aa"),
      ],
      // The length comes before the text: three bytes beat two and one.
      .rows(.groups(), "name", ["g": "e\u{301}"])),
    Scenario(
      "Then the greater fixed form: a status is no deletion.", [],
      tied: [
        .course("c", status: .active), .course("c", status: .deleted),
        .course("c", status: .archived),
      ],
      .rows(.courses(), "status", ["c": "Deleted"])),
    Scenario(
      "Then the greater fixed form: author, co-authors, languages and tags.", [],
      tied: [
        .course("c", author: "u", tags: ["b"]), .course("c", author: "u", tags: ["a", "b"]),
        .course("c", author: "u", coAuthors: ["v"], tags: ["a"]),
        .course("c", author: "u", tags: ["c"]), .course("c", author: "v"),
      ],
      .rows(.courses(), "tags", ["c": ""])),
    Scenario(
      "Then the greater fixed form: an activity in several courses.", [.course("c"), .course("d")],
      tied: [.activity("a", in: "c"), .activity("a", in: "d"), .activity("a")],
      // Without a course the title's tag (3) comes where the course's (2) would be: it is greater.
      .rows(.courses(), "documents", ["c": "0", "d": "0"])),
    Scenario(
      "Then the greater fixed form: a membership that stands beats one that ended.",
      [.group("g"), .user("u")],
      tied: [
        .member("u", of: "g", []), .member("u", of: "g", [.learner]),
        .member("u", of: "g", [.admin]),
      ],
      .rows(.groupUsers("g"), "comments", ["u": "0"]),
      .rows(.groupUsers("g", role: .learner), "comments", [:]),
      .rows(.groupUsers("g", role: .admin), "comments", ["u": "0"])),
    Scenario(
      "Roles are sorted and distinct before they are compared.", [.group("g"), .user("u")],
      tied: [
        .member("u", of: "g", [.editor, .learner, .editor]),
        .member("u", of: "g", [.learner, .editor]),
        .member("u", of: "g", [.contributor, .learner]),
      ],
      .rows(.groupUsers("g", role: .editor), "comments", ["u": "0"]),
      .rows(.groupUsers("g", role: .contributor), "comments", [:])),
    Scenario(
      "On equal occurred_at, deleted wins over its absence: users.",
      [.group("g"), .member("u", of: "g")],
      tied: [
        .user("u", first: "Zoe"), .user("u", first: "Ann", deleted: true),
        .user("u", first: "Bo", deleted: true), .user("u"),
      ],
      .rows(.groupUsers("g"), "first_name", [:])),
    Scenario(
      "Then the greater fixed form: names of a user.", [.group("g"), .member("u", of: "g")],
      tied: [
        .user("u", first: "Zoe"), .user("u", first: "Ann"), .user("u", last: "Ann"), .user("u"),
      ],
      .rows(.groupUsers("g"), "last_name", ["u": "Ann"])),
    Scenario(
      "A time that is set is written, even at the epoch: it beats one that is not.", [],
      tied: [.course("c", created: .epoch), .course("c"), .course("c", updated: nil)],
      .rows(.courses(), "created_at", ["c": "1970-01-01T00:00:00.000Z"])),
    Scenario(
      "On equal occurred_at, deleted wins over its absence: activities and paths.",
      [.course("c")],
      tied: [
        .activity("a", in: "c", deleted: true), .activity("a", in: "c", tags: ["z"]),
        .activity("a", in: "d"),
      ],
      .rows(.courseActivities("c"), "title", [:])),
    Scenario(
      "Then the greater fixed form: a path's courses.", [.course("c"), .course("d")],
      tied: [.path("p", ["c"]), .path("p", ["d"]), .path("p", ["c", "d"])],
      .rows(.courses(path: "p"), "name", ["d": "d"])),
  ]

  private static let actionTies = [
    Scenario(
      "On equal occurred_at, withdrawn wins over its absence: attempts.",
      [.course("c"), .attempt("s", by: "a", in: "c")],
      tied: [
        .attempt("t", by: "u", in: "c"), .attempt("t", by: "v", in: "c"),
        .attempt("t", by: "a", in: "c", withdrawn: true),
      ],
      .rows(.behindCourse("c", .view), "count", ["a": "1"])),
    Scenario(
      "Then the greater fixed form: attempts of several users.", [.course("c")],
      tied: [
        .attempt("t", by: "u", in: "c"), .attempt("t", by: "v", in: "c"),
        .attempt("t", by: "a", in: "c"), .attempt("t", by: "aa", in: "c"),
      ],
      .rows(.behindCourse("c", .view), "count", ["aa": "1"])),
    Scenario(
      "Then the greater fixed form: either Useful or Irrelevant.", [.course("c")],
      tied: [
        .reaction(.useful, by: "u", in: "c"), .reaction(.irrelevant, by: "u", in: "c"),
        .reaction(.useful, by: "u", in: "c"),
      ],
      .rows(.courses(), "irrelevant", ["c": "1"]), .rows(.courses(), "useful", ["c": "0"])),
    Scenario(
      "Then the greater fixed form: a reaction stamped with several courses.",
      [.course("c"), .course("d")],
      tied: [
        .reaction(.like, by: "u", on: "a", in: "d"), .reaction(.like, by: "u", on: "a", in: "c"),
        .reaction(.like, by: "u", on: "a"),
      ],
      // Without a course the kind's tag (4) comes where the course's (3) would be: it is greater.
      .rows(.courses(), "likes", ["c": "0", "d": "0"])),
    Scenario(
      "On equal occurred_at, deleted wins over its absence: comments and the likes on them.",
      [.group("g"), .user("u"), .member("u", of: "g"), .like(comment: "k", by: "u")],
      tied: [
        .comment("k", by: "u", in: "c"), .comment("k", by: "u", in: "c", deleted: true),
        .comment("k", by: "v", in: "d"),
      ],
      .rows(.groupUsers("g"), "comments", ["u": "0"]),
      .rows(.groupUsers("g"), "reactions", ["u": "0"])),
    Scenario(
      "On equal occurred_at, deleted wins over its absence: posts.",
      [.group("g"), .user("u"), .member("u", of: "g")],
      tied: [
        .post("p", by: "u"), .post("p", by: "u", deleted: true),
        .post("p", by: "u", archived: true), .post("p", by: "u", replyTo: "r"),
      ],
      .rows(.groupUsers("g"), "publications", ["u": "0"]),
      .rows(.groupUsers("g"), "comments", ["u": "0"])),
    Scenario(
      "Then the greater fixed form: post or reply.",
      [.group("g"), .user("u"), .member("u", of: "g")],
      tied: [
        .post("p", by: "u"), .post("p", by: "u", replyTo: "r"), .post("p", by: "u", replyTo: "q"),
      ],
      .rows(.groupUsers("g"), "publications", ["u": "0"]),
      .rows(.groupUsers("g"), "comments", ["u": "1"])),
    Scenario(
      "Then the greater fixed form: public, private or archived.",
      [.course("c"), .activity("a", in: "c")],
      tied: [
        .comment("k", by: "u", on: "a", archived: true), .comment("k", by: "u", on: "a"),
        .comment("k", by: "u", on: "a", isPrivate: true),
      ],
      .rows(.courseActivities("c"), "comments", ["a": "0"])),
    Scenario(
      "On equal occurred_at, withdrawn wins over its absence: likes.",
      [.group("g"), .user("u"), .member("u", of: "g")],
      tied: [
        .like(post: "p", by: "u"), .like(post: "p", by: "u", withdrawn: true),
        .like(post: "p", by: "u"),
      ],
      .rows(.groupUsers("g"), "reactions", ["u": "0"])),
    Scenario(
      "Then the greater fixed form: the role of a download.",
      [.course("c"), .activity("a", in: "c")],
      tied: [
        .download("d", by: "u", of: "a"), .download("d", by: "u", of: "a", as: .editor),
        .download("d", by: "u", of: "a", as: .contributor),
      ],
      .rows(.courseActivities("c"), "downloads", ["a": "0"])),
  ]
}
