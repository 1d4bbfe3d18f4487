internal import TallyModel

/// rules.md, section 2.
extension Scenario {
  private static let member: [Event] = [.group("g"), .user("u"), .member("u", of: "g")]

  /// The members of `g`: one user, and one of their numbers.
  private static func shows(_ column: String, _ number: Int) -> Check {
    .rows(.groupUsers("g"), column, ["u": "\(number)"])
  }

  static let perUser: [Scenario] = publications + userComments + reactions + likes

  private static let publications = [
    Scenario(
      "Publications: posts (not replies) that are not deleted.",
      member + [
        .post("p1", by: "u"), .post("p2", by: "u"), .post("p3", by: "u", deleted: true, time: 2),
        .post("p3", by: "u"), .post("r1", by: "u", replyTo: "p1"),
      ],
      shows("publications", 2)),
    Scenario(
      "Archived publications count.", member + [.post("p1", by: "u", archived: true)],
      shows("publications", 1)),
    Scenario(
      "A post that was deleted and restored counts.",
      member + [.post("p", by: "u", deleted: true, time: 2), .post("p", by: "u", time: 3)],
      shows("publications", 1)),
    Scenario(
      "Posts in any group, session or profile count.",
      member + [
        .post("p1", by: "u", in: "other"),
        Event(.post(.init(postID: "p2", userID: "u", sessionID: "s"))),
        Event(.post(.init(postID: "p3", userID: "u", profileUserID: "u"))),
      ],
      shows("publications", 3)),
  ]

  private static let userComments = [
    Scenario(
      "Comments: replies in Messages.",
      member + [
        .post("r1", by: "u", replyTo: "p"), .post("r2", by: "u", replyTo: "p", archived: true),
        .post("r3", by: "u", replyTo: "p", deleted: true),
      ],
      shows("comments", 2), shows("publications", 0)),
    Scenario(
      "Comments placed in an activity, a course, a learning need or a project count.",
      member + [
        .comment("k1", by: "u", on: "a", in: "c"), .comment("k2", by: "u", in: "c"),
        Event(.comment(.init(commentID: "k3", userID: "u", learningNeedID: "n"))),
        Event(.comment(.init(commentID: "k4", userID: "u", projectID: "n"))),
      ],
      shows("comments", 4)),
    Scenario(
      "Private and archived comments count.",
      member + [
        .comment("k1", by: "u", on: "a", isPrivate: true),
        .comment("k2", by: "u", on: "a", archived: true),
        .comment("k3", by: "u", in: "c", isPrivate: true, archived: true),
      ],
      shows("comments", 3)),
    Scenario(
      "Deleted comments do not count.",
      member + [
        .comment("k1", by: "u", on: "a"), .comment("k1", by: "u", on: "a", deleted: true, time: 2),
      ],
      shows("comments", 0)),
    Scenario(
      "Comments in a path session are accepted and counted nowhere.",
      member + [Event(.comment(.init(commentID: "k", userID: "u", pathSessionID: "s")))],
      shows("comments", 0)),
    Scenario(
      "A comment that moved to a path session counts no more, one that left it does.",
      member + [
        .comment("k1", by: "u", on: "a"),
        Event(.comment(.init(commentID: "k1", userID: "u", pathSessionID: "s")), time: 2),
        Event(.comment(.init(commentID: "k2", userID: "u", pathSessionID: "s"))),
        Event(.comment(.init(commentID: "k2", userID: "u", projectID: "n")), time: 2),
      ],
      shows("comments", 1)),
    Scenario(
      "A comment whose user was corrected counts for the new one.",
      member + [.comment("k", by: "other", on: "a"), .comment("k", by: "u", on: "a", time: 2)],
      shows("comments", 1)),
  ]

  private static let reactions = [
    Scenario(
      "Reactions: standing reactions on activities (each kind on each activity is one).",
      member + [
        .reaction(.like, by: "u", on: "a"), .reaction(.like, by: "u", on: "a", time: 2),
        .reaction(.outdated, by: "u", on: "a"), .reaction(.like, by: "u", on: "b"),
        .reaction(.haveAQuestion, by: "u", on: "b"),
        .reaction(.haveAQuestion, by: "u", on: "b", withdrawn: true, time: 2),
      ],
      shows("reactions", 3)),
    Scenario(
      "Relevance answers (Useful/Irrelevant) are not in it.",
      member + [.reaction(.useful, by: "u", in: "c"), .reaction(.irrelevant, by: "u", in: "d")],
      shows("reactions", 0)),
    Scenario(
      "Reactions on archived, deleted or orphaned activities and in archived or deleted courses "
        + "count.",
      member + [
        .course("c", status: .archived), .course("d", status: .deleted),
        .activity("a", in: "c"), .activity("b", in: "d"), .activity("orphan"),
        .activity("gone", in: "c", deleted: true),
        .reaction(.like, by: "u", on: "a", in: "c"), .reaction(.like, by: "u", on: "b", in: "d"),
        .reaction(.like, by: "u", on: "orphan"), .reaction(.like, by: "u", on: "gone", in: "c"),
        .reaction(.like, by: "u", on: "never known"),
      ],
      shows("reactions", 5)),
  ]

  private static let likes = [
    Scenario(
      "Standing likes on posts and comments count as reactions.",
      member + [
        .post("p", by: "v"), .comment("k", by: "v", on: "a"), .post("twin", by: "v"),
        .comment("twin", by: "v", on: "a"), .post("r", by: "v", replyTo: "p"),
        .like(post: "p", by: "u"), .like(comment: "k", by: "u"), .like(post: "twin", by: "u"),
        .like(comment: "twin", by: "u"), .like(post: "r", by: "u"),
        .like(post: "r", by: "u", withdrawn: true, time: 2),
      ],
      shows("reactions", 4)),
    Scenario(
      "Likes on posts and comments that are deleted do not count.",
      member + [
        .post("p", by: "v"), .post("p", by: "v", deleted: true, time: 2),
        .comment("k", by: "v", in: "c"), .comment("k", by: "v", in: "c", deleted: true, time: 2),
        .like(post: "p", by: "u", time: 3), .like(comment: "k", by: "u"),
      ],
      shows("reactions", 0)),
    Scenario(
      "Likes on posts and comments that were restored count again.",
      member + [
        .post("p", by: "v", deleted: true, time: 2), .post("p", by: "v", time: 3),
        .comment("k", by: "v", in: "c", deleted: true, time: 2),
        .comment("k", by: "v", in: "c", time: 3),
        .like(post: "p", by: "u"), .like(comment: "k", by: "u", time: 9),
      ],
      shows("reactions", 2)),
    Scenario(
      "Likes on archived posts, private comments and comments in a path session count.",
      member + [
        .post("p", by: "v", archived: true), .comment("k", by: "v", on: "a", isPrivate: true),
        Event(.comment(.init(commentID: "s", userID: "v", pathSessionID: "s"))),
        .like(post: "p", by: "u"), .like(comment: "k", by: "u"), .like(comment: "s", by: "u"),
      ],
      shows("reactions", 3)),
    Scenario(
      "A like on a post or comment that never came counts: it is not deleted.",
      member + [.like(post: "never", by: "u"), .like(comment: "never", by: "u")],
      shows("reactions", 2)),
    Scenario(
      "Likes of one's own post count.",
      member + [.post("p", by: "u"), .like(post: "p", by: "u")],
      shows("reactions", 1)),
  ]
}
