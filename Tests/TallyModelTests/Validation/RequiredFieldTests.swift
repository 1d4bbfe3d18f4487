internal import TallyModel
internal import TestSupport
internal import Testing

/// rules.md, section 1: required are the natural key, and, unless the fact is deleted, withdrawn or
/// a membership that ended, the user and exactly one place or target.
@Suite struct `required fields` {
  @Test(
    arguments: [
      (.user(""), "user.user_id"), (.group(""), "group.group_id"),
      (.member("u", of: ""), "membership.group_id"), (.member("", of: "g"), "membership.user_id"),
      (.member("", of: "g", []), "membership.user_id"), (.course(""), "course.course_id"),
      (.activity("", deleted: true), "activity.activity_id"),
      (.path("", [], deleted: true), "path.path_id"),
      (.attempt("", by: "u", on: "a", withdrawn: true), "attempt.attempt_id"),
      (.attempt("t", by: "u", withdrawn: true), "attempt.course_id"),
      (.reaction(.like, by: "", on: "a", withdrawn: true), "reaction.user_id"),
      (.reaction(.like, by: "u", withdrawn: true), "reaction.activity_id"),
      (.reaction(.useful, by: "u", withdrawn: true), "reaction.course_id"),
      (.comment("", by: "u", deleted: true), "comment.comment_id"),
      (.post("", by: "u", deleted: true), "post.post_id"),
      (.like(post: "p", by: "", withdrawn: true), "like.user_id"),
      (.like(by: "u", withdrawn: true), "like.post_id"),
      (.download("", by: "u", of: "a", withdrawn: true), "download.download_id"),
    ] as [(Event, String)])
  func `the natural key is required, even of what is gone`(event: Event, field: String) {
    #expect(refusal(event) == Fault(.missing, field))
  }

  @Test(
    arguments: [
      (.attempt("t", by: "", on: "a"), "attempt.user_id"),
      (.comment("k", by: "", in: "c"), "comment.user_id"),
      (.comment("k", by: "u"), "comment.activity_id"), (.post("p", by: ""), "post.user_id"),
      (.post("p", by: "u", in: ""), "post.group_id"),
      (.download("d", by: "", of: "a"), "download.user_id"),
      (.download("d", by: "u", of: ""), "download.activity_id"),
    ] as [(Event, String)])
  func `the user and a place or target are required of what stands`(event: Event, field: String) {
    #expect(refusal(event) == Fault(.missing, field))
  }

  @Test(
    arguments: [
      .user("u", deleted: true), .group("g", deleted: true), .member("u", of: "g", []),
      .course("c", status: .deleted), .course("c"), .activity("a", deleted: true),
      .path("p", [], author: ""), .attempt("t", by: "", on: "a", withdrawn: true),
      .attempt("t", by: "", in: "c", withdrawn: true),
      .reaction(.like, by: "u", on: "a", withdrawn: true),
      .reaction(.unspecified, by: "u", in: "c", withdrawn: true),
      .comment("k", by: "", deleted: true), .post("p", by: "", in: "", deleted: true),
      .like(comment: "k", by: "u", withdrawn: true),
      .download("d", by: "", of: "", as: .unspecified, withdrawn: true),
    ] as [Event])
  func `nothing else is required of what is gone`(event: Event) {
    #expect(refusal(event) == nil)
  }

  @Test(
    arguments: [
      .attempt("t", by: "u", on: "a", in: "c"), .attempt("t", by: "u", in: "c"),
      .reaction(.like, by: "u", on: "a"), .reaction(.haveAQuestion, by: "u", on: "a", in: "c"),
      .reaction(.useful, by: "u", in: "c"), .comment("k", by: "u", on: "a", in: "c"),
      .comment("k", by: "u", in: "c"), .post("p", by: "u", replyTo: "q"),
      .like(post: "p", by: "u"), .download("d", by: "u", of: "a", as: .admin),
    ] as [Event])
  func `one place or target is enough`(event: Event) {
    #expect(refusal(event) == nil)
  }

  @Test(
    arguments: [
      (
        .comment(.init(commentID: "k", userID: "u", activityID: "a", projectID: "p")),
        "comment.project_id"
      ),
      (
        .comment(.init(commentID: "k", userID: "u", courseID: "c", learningNeedID: "n")),
        "comment.learning_need_id"
      ),
      (
        .comment(
          .init(commentID: "k", projectID: "p", pathSessionID: "s", deleted: true)),
        "comment.path_session_id"
      ),
      (.post(.init(postID: "p", userID: "u", groupID: "g", sessionID: "s")), "post.session_id"),
      (
        .post(.init(postID: "p", userID: "u", sessionID: "s", profileUserID: "v")),
        "post.profile_user_id"
      ),
      (.like(.init(userID: "u", postID: "p", commentID: "k")), "like.comment_id"),
    ] as [(Fact, String)])
  func `two places or targets exclude each other, even of what is gone`(
    fact: Fact, field: String
  ) {
    #expect(refusal(Event(fact)) == Fault(.conflict, field))
  }
}

@Suite struct `values of enums` {
  @Test func `a role is one of four`() {
    for number in Int32(1)...4 {
      #expect(refusal(.member("u", of: "g", [Role(rawValue: number)])) == nil)
      #expect(refusal(.download("d", by: "u", of: "a", as: Role(rawValue: number))) == nil)
    }
    for number in [0, 5, -1, .max] as [Int32] {
      let role = Role(rawValue: number)
      #expect(
        refusal(.member("u", of: "g", [.learner, role]))
          == Fault(.invalidValue, "membership.roles[1]"))
      #expect(
        refusal(.download("d", by: "u", of: "a", as: role))
          == Fault(.invalidValue, "download.actor_role"))
    }
    #expect(
      refusal(.download("d", by: "u", of: "a", as: Role(rawValue: 9), withdrawn: true))
        == Fault(.invalidValue, "download.actor_role"))
  }

  @Test func `a course has one of three states`() {
    for number in Int32(1)...3 {
      #expect(refusal(.course("c", status: CourseStatus(rawValue: number))) == nil)
    }
    for number in [0, 4, -1] as [Int32] {
      #expect(
        refusal(.course("c", status: CourseStatus(rawValue: number)))
          == Fault(.invalidValue, "course.status"))
    }
  }

  @Test func `four kinds of reaction are of activities, two of courses`() {
    for number in Int32(-1)...8 {
      let kind = ReactionKind(rawValue: number)
      let onActivity = refusal(.reaction(kind, by: "u", on: "a", in: "c"))
      let onCourse = refusal(.reaction(kind, by: "u", in: "c"))
      switch number {
      case 1...4:
        #expect(onActivity == nil)
        #expect(onCourse == Fault(.missing, "reaction.activity_id"))
      case 5, 6:
        #expect(onActivity == Fault(.invalidValue, "reaction.kind"))
        #expect(onCourse == nil)
      default:
        #expect(onActivity == Fault(.invalidValue, "reaction.kind"))
        #expect(onCourse == Fault(.invalidValue, "reaction.kind"))
      }
    }
  }

  @Test func `an activity's type may be any number`() {
    for number in [0, 1, 2, 3, 99, -1, .min, .max] as [Int32] {
      #expect(refusal(.activity("a", type: ActivityType(rawValue: number))) == nil)
    }
  }
}
