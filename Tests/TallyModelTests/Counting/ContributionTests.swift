internal import TallyModel
internal import Testing

@Suite struct contributions {
  @Test func `an attempt is a view of its target and of nobody else`() {
    func attempt(_ target: AttemptState.Target, withdrawn: Bool = false) -> Contributions {
      TallyModel.contributions(
        of: AttemptState(user: 1, target: target, number: 2, withdrawn: withdrawn))
    }

    #expect(attempt(.activity) == .init(activity: .init(.views, of: 2)))
    #expect(attempt(.course) == .init(course: .init(.views, of: 2)))
    #expect(attempt(.activity, withdrawn: true) == .none)
  }

  @Test(
    arguments: [
      (.like, .likes, .likes), (.learnedSomething, .learnedSomething, .learnedSomething),
      (.outdated, .outdated, .outdated), (.haveAQuestion, .haveAQuestion, .haveAQuestion),
    ] as [(ReactionKind, ActivityCell, CourseCell)])
  func `a reaction is the user's, the activity's and the stamped course's`(
    kind: ReactionKind, activity: ActivityCell, course: CourseCell
  ) {
    var reaction = ReactionState(user: 1, activity: 2, course: 3, kind: kind, withdrawn: false)

    #expect(
      TallyModel.contributions(of: reaction)
        == .init(
          user: .init(.reactions, of: 1), activity: .init(activity, of: 2),
          course: .init(course, of: 3)))

    reaction.course = 0
    #expect(TallyModel.contributions(of: reaction).course == nil)
    reaction.withdrawn = true
    #expect(TallyModel.contributions(of: reaction) == .none)
  }

  @Test(
    arguments: [(.useful, .useful), (.irrelevant, .irrelevant)] as [(ReactionKind, CourseCell)])
  func `a relevance answer is the course's alone`(kind: ReactionKind, cell: CourseCell) {
    let answer = ReactionState(user: 1, activity: 0, course: 3, kind: kind, withdrawn: false)

    #expect(TallyModel.contributions(of: answer) == .init(course: .init(cell, of: 3)))
  }

  @Test(arguments: [false, true], [false, true])
  func `only public comments that are not archived show`(isPrivate: Bool, archived: Bool) {
    let comment = CommentState(
      user: 1, place: .activity, activity: 2, course: 3, isPrivate: isPrivate, archived: archived,
      deleted: false)

    let found = TallyModel.contributions(of: comment)

    #expect(found.user == .init(.comments, of: 1))
    #expect((found.activity == .init(.comments, of: 2)) == (!isPrivate && !archived))
    #expect((found.course == .init(.comments, of: 3)) == (!isPrivate && !archived))
  }

  @Test(
    arguments: [
      (.none, false), (.activity, true), (.course, true), (.learningNeed, true), (.project, true),
      (.pathSession, false),
    ] as [(CommentPlace, Bool)])
  func `comments of four places are the user's, those of a path session are not`(
    place: CommentPlace, counts: Bool
  ) {
    var comment = CommentState(
      user: 1, place: place, activity: 2, course: 0, isPrivate: false, archived: false,
      deleted: false)

    #expect((TallyModel.contributions(of: comment).user != nil) == counts)
    #expect(TallyModel.contributions(of: comment).course == nil)
    comment.deleted = true
    #expect(TallyModel.contributions(of: comment) == .none)
  }

  @Test func `a post is a publication, a reply a comment`() {
    func post(isReply: Bool, deleted: Bool = false) -> Contributions {
      TallyModel.contributions(of: PostState(user: 1, isReply: isReply, deleted: deleted))
    }

    #expect(post(isReply: false) == .init(user: .init(.publications, of: 1)))
    #expect(post(isReply: true) == .init(user: .init(.comments, of: 1)))
    #expect(post(isReply: false, deleted: true) == .none)
  }

  @Test(arguments: [false, true], [false, true])
  func `a standing like of what is not deleted is a reaction`(withdrawn: Bool, deleted: Bool) {
    let like = LikeState(user: 1, withdrawn: withdrawn, targetIsDeleted: deleted)

    let counts = TallyModel.contributions(of: like) == .init(user: .init(.reactions, of: 1))

    #expect(counts == (!withdrawn && !deleted))
  }

  @Test(arguments: [Role.learner, .contributor, .editor, .admin])
  func `only downloads by learners count`(role: Role) {
    var download = DownloadState(user: 1, activity: 2, actorRole: role, withdrawn: false)

    #expect(
      (TallyModel.contributions(of: download) == .init(activity: .init(.downloads, of: 2)))
        == (role == .learner))
    download.withdrawn = true
    #expect(TallyModel.contributions(of: download) == .none)
  }
}

@Suite struct `reaction score` {
  @Test func `a course nobody viewed has no score`() {
    #expect(ReactionScore(positive: 3, negative: 0, views: 0) == nil)
  }

  @Test(arguments: [
    (1, 0, 8, 13), (0, 1, 8, -13), (1, 0, 3, 33), (2, 0, 3, 67), (0, 2, 3, -67), (1, 0, 200, 1),
    (0, 1, 200, -1), (1, 0, 201, 0), (5, 5, 7, 0), (9, 0, 1, 100), (0, 9, 1, -100),
    (Int(UInt32.max) * 3, 0, 1, 100), (0, Int(UInt32.max) * 3, Int(UInt32.max), -100),
    (Int(UInt32.max), 0, Int(UInt32.max) - 1, 100),
  ])
  func `halves are rounded away from zero and the rest clamped`(
    positive: Int, negative: Int, views: Int, score: Int
  ) {
    #expect(ReactionScore(positive: positive, negative: negative, views: views)?.value == score)
  }

  @Test(
    arguments: [
      (51, .green), (50, .orange), (25, .orange), (24, .red), (0, .red), (-100, .red),
      (100, .green),
    ] as [(Int, ReactionScore.Band)])
  func `bands end where the rules say`(score: Int, band: ReactionScore.Band) {
    let found = ReactionScore(positive: 100 + score, negative: 100, views: 100)

    #expect(found?.value == score)
    #expect(found?.band == band)
  }
}
