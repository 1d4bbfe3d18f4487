internal import TallyMessages

/// What people do. Shares as platforms of this kind show them: mostly views.
extension DataSet {
  func action(_ number: Int) -> Event.Fact {
    var dice = Dice(seed: seed, stream: 6, place: number)
    let roll = dice.below(100)
    // Three in a hundred take back something that was done not long before.
    if roll >= 97, let undone = takeBack(number, &dice) { return undone }
    return action(number, roll, &dice)
  }

  private func action(_ number: Int, _ roll: Int, _ dice: inout Dice) -> Event.Fact {
    switch roll {
    case 0..<8: return .attempt(attempt(number, course: 0, &dice))
    case 8..<16: return .attempt(attempt(number, activity: 0, &dice))
    case 16..<26:
      return .attempt(attempt(number, course: dice.skewed(below: shape.courses), &dice))
    case 26..<60:
      return .attempt(attempt(number, activity: dice.skewed(below: shape.activities), &dice))
    case 60..<73: return .reaction(reaction(&dice))
    case 73..<77: return .reaction(relevance(&dice))
    case 77..<85: return .comment(comment(number, &dice))
    case 85..<89: return .post(post(number, &dice))
    case 89..<93: return .like(like(number, &dice))
    default: return .download(download(number, &dice))
    }
  }

  /// The same fact as an event not long before, withdrawn or deleted.
  private func takeBack(_ number: Int, _ dice: inout Dice) -> Event.Fact? {
    let earlier = number - 1 - dice.below(10_000)
    guard earlier >= shape.directory else { return nil }
    var own = Dice(seed: seed, stream: 6, place: earlier)
    let roll = own.below(100)
    if roll >= 97 { return nil }
    switch action(earlier, roll, &own) {
    case .attempt(var fact):
      fact.withdrawn = true
      return .attempt(fact)
    case .reaction(var fact):
      fact.withdrawn = true
      return .reaction(fact)
    case .comment(var fact):
      fact.deleted = true
      return .comment(fact)
    case .post(var fact):
      fact.deleted = true
      return .post(fact)
    case .like(var fact):
      fact.withdrawn = true
      return .like(fact)
    case .download(var fact):
      fact.withdrawn = true
      return .download(fact)
    default: return nil
    }
  }

  private func someUser(_ dice: inout Dice) -> String { userID(dice.below(shape.users)) }

  private func attempt(_ number: Int, course: Int, _ dice: inout Dice) -> AttemptFact {
    AttemptFact(
      attemptId: ids.id(.attempt, number, at: milliseconds(number)), userId: someUser(&dice),
      courseId: courseID(course))
  }

  private func attempt(_ number: Int, activity: Int, _ dice: inout Dice) -> AttemptFact {
    AttemptFact(
      attemptId: ids.id(.attempt, number, at: milliseconds(number)), userId: someUser(&dice),
      activityId: activityID(activity), courseId: courseID(courseNumber(ofActivity: activity)))
  }

  private func reaction(_ dice: inout Dice) -> ReactionFact {
    let activity = dice.skewed(below: shape.activities)
    let kinds: [ReactionKind] = [
      .like, .like, .like, .like, .learnedSomething, .learnedSomething, .haveAQuestion, .outdated,
    ]
    return ReactionFact(
      userId: someUser(&dice), activityId: activityID(activity),
      courseId: courseID(courseNumber(ofActivity: activity)), kind: dice.pick(kinds))
  }

  private func relevance(_ dice: inout Dice) -> ReactionFact {
    ReactionFact(
      userId: someUser(&dice), courseId: courseID(dice.skewed(below: shape.courses)),
      kind: dice.chance(0.8) ? .useful : .irrelevant)
  }

  private func comment(_ number: Int, _ dice: inout Dice) -> CommentFact {
    let activity = dice.skewed(below: shape.activities)
    let isInCourse = dice.chance(0.1)
    return CommentFact(
      commentId: ids.id(.comment, number, at: milliseconds(number)), userId: someUser(&dice),
      activityId: isInCourse ? "" : activityID(activity),
      courseId: courseID(courseNumber(ofActivity: activity)), private: dice.chance(0.1))
  }

  private func post(_ number: Int, _ dice: inout Dice) -> PostFact {
    let answered = dice.below(number)
    return PostFact(
      postId: ids.id(.post, number, at: milliseconds(number)), userId: someUser(&dice),
      groupId: groupID(dice.below(shape.groups)),
      replyToPostId: dice.chance(0.6) ? ids.id(.post, answered, at: milliseconds(answered)) : "")
  }

  /// Half of them of posts that there are, for the rest nobody has sent the post.
  private func like(_ number: Int, _ dice: inout Dice) -> LikeFact {
    let earlier = max(shape.directory, number - 1 - dice.below(10_000))
    return LikeFact(
      userId: someUser(&dice), postId: ids.id(.post, earlier, at: milliseconds(earlier)))
  }

  private func download(_ number: Int, _ dice: inout Dice) -> DownloadFact {
    let activity = dice.skewed(below: shape.activities)
    return DownloadFact(
      downloadId: ids.id(.download, number, at: milliseconds(number)), userId: someUser(&dice),
      activityId: activityID(activity), courseId: courseID(courseNumber(ofActivity: activity)),
      actorRole: dice.chance(0.9) ? .learner : .editor)
  }
}
