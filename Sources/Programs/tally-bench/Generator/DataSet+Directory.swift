internal import TallyMessages

/// The directory: who there is, and what there is to learn.
extension DataSet {
  func userID(_ number: Int) -> String {
    ids.id(.user, number, at: milliseconds(shape.groups + number))
  }

  func groupID(_ number: Int) -> String {
    ids.id(.group, number, at: milliseconds(number))
  }

  func courseID(_ number: Int) -> String {
    let before = shape.groups + shape.users + shape.memberships
    return ids.id(.course, number, at: milliseconds(before + number))
  }

  func activityID(_ number: Int) -> String {
    let before = shape.groups + shape.users + shape.memberships + shape.courses
    return ids.id(.activity, number, at: milliseconds(before + number))
  }

  /// The course in which an activity is.
  func courseNumber(ofActivity number: Int) -> Int { number % shape.courses }

  /// Of ten activities six are documents, two cheat sheets and two questions.
  func type(ofActivity number: Int) -> ActivityType {
    switch number % 10 {
    case 0..<6: .document
    case 6..<8: .cheatSheet
    default: .question
    }
  }

  func group(_ number: Int) -> GroupFact {
    GroupFact(
      groupId: groupID(number), name: "Team \(number + 1)",
      parentGroupId: number == 0 ? "" : groupID((number - 1) / 4))
  }

  func user(_ number: Int) -> UserFact {
    var dice = Dice(seed: seed, stream: 1, place: number)
    let first = dice.pick(Words.firstNames)
    let last = dice.pick(Words.lastNames)
    return UserFact(
      userId: userID(number), firstName: first, lastName: last,
      email: "user\(number + 1)@example.org",
      additionalInformation: dice.chance(0.3) ? "Site \(dice.below(40) + 1)" : "")
  }

  /// Everybody is in one group, every fifth in two.
  func membership(_ number: Int) -> MembershipFact {
    var dice = Dice(seed: seed, stream: 2, place: number)
    let roll = dice.share()
    let roles: [Role] =
      if roll < 0.85 {
        [.learner]
      } else if roll < 0.93 {
        [.learner, .contributor]
      } else if roll < 0.98 {
        [.editor]
      } else {
        [.admin]
      }
    return MembershipFact(
      groupId: groupID(dice.below(shape.groups)), userId: userID(number % shape.users),
      roles: roles)
  }

  func course(_ number: Int) -> CourseFact {
    var dice = Dice(seed: seed, stream: 3, place: number)
    let created = time(shape.groups + shape.users + shape.memberships + number)
    let updated = Google.Protobuf.Timestamp(
      seconds: created.seconds + Int64(dice.below(300 * 86_400)), nanos: created.nanos)
    let languages = Words.languages
    let first = dice.below(languages.count)
    let available = dice.chance(0.5) ? dice.below(5) : 0
    let unavailable = dice.chance(0.2) ? 1 : 0
    let others = (1...6).map { languages[(first + $0) % languages.count] }
    return CourseFact(
      courseId: courseID(number),
      name: "\(dice.pick(Words.forms)) \(dice.pick(Words.subjects)) \(number + 1)",
      authorUserId: userID(dice.below(shape.users)),
      coAuthorUserIds: (0..<(dice.chance(0.3) ? 1 + dice.below(3) : 0)).map { _ in
        userID(dice.below(shape.users))
      },
      status: dice.chance(0.9) ? .active : .archived, createdAt: created, updatedAt: updated,
      sourceLanguage: languages[first], availableLanguages: Array(others[..<available]),
      unavailableLanguages: Array(others[available..<(available + unavailable)]),
      tags: tags(&dice, atMost: 5))
  }

  func activity(_ number: Int) -> ActivityFact {
    var dice = Dice(seed: seed, stream: 4, place: number)
    let before = shape.groups + shape.users + shape.memberships + shape.courses
    return ActivityFact(
      activityId: activityID(number), courseId: courseID(courseNumber(ofActivity: number)),
      title: "\(dice.pick(Words.forms)) \(dice.pick(Words.subjects))",
      type: type(ofActivity: number), tags: tags(&dice, atMost: 2),
      updatedAt: time(before + number))
  }

  /// Ten courses each.
  func path(_ number: Int) -> PathFact {
    var dice = Dice(seed: seed, stream: 5, place: number)
    let before = shape.directory - shape.paths
    return PathFact(
      pathId: ids.id(.path, number, at: milliseconds(before + number)),
      name: "Path \(number + 1): \(dice.pick(Words.subjects))",
      courseIds: (0..<10).map { _ in courseID(dice.below(shape.courses)) },
      authorUserId: userID(dice.below(shape.users)))
  }

  private func tags(_ dice: inout Dice, atMost most: Int) -> [String] {
    let start = dice.below(Words.tags.count)
    return (0..<dice.below(most + 1)).map { Words.tags[(start + 7 * $0) % Words.tags.count] }
  }
}
