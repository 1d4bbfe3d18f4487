internal import TallyModel

/// rules.md, section 3.
extension Scenario {
  static let groups: [Scenario] = usersOfOneGroup + severalGroups + groupsNotFound

  private static let staff: [Event] = [
    .group("g"), .user("admin"), .user("both"), .user("learner"),
    .member("admin", of: "g", [.admin]), .member("both", of: "g", [.learner, .editor]),
    .member("learner", of: "g"), .post("p1", by: "admin"), .post("p2", by: "both"),
    .post("p3", by: "learner"),
  ]

  private static let usersOfOneGroup = [
    Scenario(
      "Users of one group: one row for every current member of the group whatever the role.",
      staff + [
        .user("left"), .member("left", of: "g"), .member("left", of: "g", [], time: 2),
        .user("back"), .member("back", of: "g", [], time: 2), .member("back", of: "g", time: 3),
        .user("elsewhere"), .member("elsewhere", of: "h"),
      ],
      .rows(
        .groupUsers("g"), "publications", ["admin": "1", "back": "0", "both": "1", "learner": "1"])
    ),
    Scenario(
      "A member who is deleted, or has no user fact, has no row and is in no total.",
      [
        .group("g"), .user("deleted", deleted: true), .member("deleted", of: "g"),
        .member("unknown", of: "g"), .post("p1", by: "deleted"), .post("p2", by: "unknown"),
      ],
      .rows(.groupUsers("g"), "publications", [:]),
      .rows(.groups(), "publications", ["g": "0"])),
    Scenario(
      "A deleted user who came back has a row again.",
      [
        .group("g"), .user("u", deleted: true, time: 2), .user("u", time: 3),
        .member("u", of: "g"), .post("p", by: "u"),
      ],
      .rows(.groupUsers("g"), "publications", ["u": "1"]),
      .rows(.groups(), "publications", ["g": "1"])),
    Scenario(
      "All-time counts of the user, wherever made.",
      [
        .group("g"), .user("u"), .member("u", of: "g"), .post("p1", by: "u", in: "g"),
        .post("p2", by: "u", in: "never known"), .comment("k", by: "u", in: "c"),
        .reaction(.like, by: "u", on: "a"),
      ],
      .rows(.groupUsers("g"), "publications", ["u": "2"]),
      .rows(.groupUsers("g"), "comments", ["u": "1"]),
      .rows(.groupUsers("g"), "reactions", ["u": "1"])),
    Scenario(
      "A request may narrow it to a role.", staff,
      .rows(.groupUsers("g", role: .learner), "publications", ["both": "1", "learner": "1"]),
      .rows(.groupUsers("g", role: .editor), "publications", ["both": "1"]),
      .rows(.groupUsers("g", role: .admin), "publications", ["admin": "1"]),
      .rows(.groupUsers("g", role: .contributor), "publications", [:])),
    Scenario(
      "Rows come in byte order of the id.",
      [.group("g")]
        + ["user-\u{1F600}", "user-\u{FF5E}", "user-\u{E9}", "user-e\u{301}", "user-z", "Z"]
        .flatMap { [.user(UserID($0)), .member(UserID($0), of: "g")] },
      .rows(
        .groupUsers("g"), "comments",
        [
          "Z": "0", "user-e\u{301}": "0", "user-z": "0", "user-\u{E9}": "0", "user-\u{FF5E}": "0",
          "user-\u{1F600}": "0",
        ])),
  ]

  private static let tree: [Event] = [
    .group("top"), .group("mid", under: "top"), .group("low", under: "mid"),
    .user("u"), .user("v"), .user("w"), .member("u", of: "top"), .member("v", of: "mid"),
    .member("u", of: "low"), .member("w", of: "low", [.editor]),
    .post("p1", by: "u"), .post("p2", by: "v"), .post("p3", by: "v"), .post("p4", by: "w"),
  ]

  private static let severalGroups = [
    Scenario(
      "Several groups: one row a group that is not deleted: the sum over its current direct "
        + "members with the LEARNER role.",
      staff + [
        .group("h", deleted: true), .member("learner", of: "h"), .group("empty"),
        .user("was"), .member("was", of: "g"), .member("was", of: "g", [.editor], time: 2),
        .post("p4", by: "was"),
      ],
      .rows(.groups(), "publications", ["empty": "0", "g": "2"]),
      .rows(.groups(), "name", ["empty": "empty", "g": "g"])),
    Scenario(
      "Subgroups' members are not included.", tree,
      .rows(.groups(), "publications", ["low": "1", "mid": "2", "top": "1"])),
    Scenario(
      "Unless the request says include_subgroups: then each user once, LEARNER in the group or in "
        + "any of the tree below it.",
      tree,
      .rows(
        .groups(includeSubgroups: true), "publications", ["low": "1", "mid": "3", "top": "3"])),
    Scenario(
      "Below a deleted subgroup nothing is included.",
      tree + [.group("mid", under: "top", deleted: true, time: 2)],
      .rows(.groups(includeSubgroups: true), "publications", ["low": "1", "top": "1"])),
    Scenario(
      "A cycle of groups is walked once.",
      tree + [.group("top", under: "low", time: 2)],
      .rows(
        .groups(includeSubgroups: true), "publications", ["low": "3", "mid": "3", "top": "3"])),
    Scenario(
      "A user in two groups counts fully in both.",
      [
        .group("g"), .group("h"), .user("u"), .member("u", of: "g"), .member("u", of: "h"),
        .post("p1", by: "u"), .post("p2", by: "u"),
      ],
      .rows(.groups(), "publications", ["g": "2", "h": "2"])),
    Scenario(
      "The two differ by design; with the role filter LEARNER they reconcile exactly.", staff,
      .rows(.groupUsers("g", role: .learner), "publications", ["both": "1", "learner": "1"]),
      .rows(.groups(), "publications", ["g": "2"])),
  ]

  private static let groupsNotFound = [
    Scenario(
      "A group that is unknown or deleted is NOT_FOUND.",
      [
        .group("g", deleted: true, time: 2), .group("g"), .user("u"),
        .member("u", of: "named only"),
      ],
      .refused(.groupUsers("g"), .notFound), .refused(.groupUsers("named only"), .notFound),
      .refused(.groupUsers("never"), .notFound)),
    Scenario(
      "As is a course that is unknown.",
      [.activity("a", in: "named only"), .reaction(.useful, by: "u", in: "named only")],
      .refused(.courseActivities("named only"), .notFound),
      .refused(.courses(ids: ["named only"]), .notFound)),
    Scenario(
      "A course whose status is DELETED keeps its reports.",
      [
        .course("c", status: .deleted), .activity("a", in: "c"), .attempt("t", by: "u", on: "a"),
        .attempt("t", by: "u", in: "c"),
      ],
      .rows(.courseActivities("c"), "views", ["a": "1"]),
      .rows(.courses(), "views", ["c": "1"]), .rows(.courses(), "status", ["c": "Deleted"])),
    Scenario(
      "Groups that are known late show up with all that was counted before.",
      [
        .member("u", of: "g"), .post("p", by: "u"), .user("u", time: 9), .group("g", time: 9),
      ],
      .rows(.groups(), "publications", ["g": "1"])),
  ]
}
