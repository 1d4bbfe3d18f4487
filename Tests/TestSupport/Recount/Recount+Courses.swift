internal import TallyModel

/// rules.md, sections 4 and 5.
extension Recount {
  func courseActivities(of course: CourseID) throws(QueryRefusal) -> [ReportRow] {
    guard courses[course] != nil else { throw .notFound }
    return currentActivities(of: course).map { activity in
      let id = activity.activityID
      let hasDownloads = activity.type == .document || activity.type == .cheatSheet
      return ReportRow(
        id: id.text,
        cells: [
          "title": activity.title,
          "type": typeName(activity.type),
          "views": "\(count(id, .view))",
          "likes": "\(count(id, .like))",
          "learned_something": "\(count(id, .learnedSomething))",
          "outdated": "\(count(id, .outdated))",
          "have_a_question": "\(count(id, .haveAQuestion))",
          "comments": "\(count(id, .comment))",
          "downloads": hasDownloads ? "\(count(id, .download))" : "",
        ])
    }
  }

  /// In byte order of their ids.
  func currentActivities(of course: CourseID) -> [Fact.Activity] {
    activities.values.filter { $0.courseID == course && !$0.deleted }
      .sorted { $0.activityID < $1.activityID }
  }

  private func count(_ activity: ActivityID, _ action: Action) -> Int {
    doers[.activity(activity, action), default: []].count
  }

  private func typeName(_ type: ActivityType) -> String {
    switch type.rawValue {
    case 1: "Document"
    case 2: "Cheat Sheet"
    case 3: "Question"
    default: "\(type.rawValue)"
    }
  }

  func courseRows(ids: [CourseID], path: PathID?) throws(QueryRefusal) -> [ReportRow] {
    var chosen = Set(courses.keys)
    if !ids.isEmpty {
      guard ids.allSatisfy({ courses[$0] != nil }) else { throw .notFound }
      chosen.formIntersection(ids)
    }
    if let path {
      guard let path = paths[path], !path.deleted else { throw .notFound }
      chosen.formIntersection(path.courseIDs)
    }
    return chosen.sorted().map { courseRow(courses[$0]!) }
  }

  private func courseRow(_ course: Fact.Course) -> ReportRow {
    let id = course.courseID
    let current = currentActivities(of: id)
    func count(_ action: Action) -> Int { doers[.course(id, action), default: []].count }
    let score = Self.score(
      positive: count(.like) + count(.learnedSomething) + count(.useful),
      negative: count(.outdated) + count(.haveAQuestion) + count(.irrelevant),
      views: count(.view))
    let tags = Set((course.tags + current.flatMap(\.tags)).map { Array($0.utf8) })
      .sorted { $0.lexicographicallyPrecedes($1) }.map { String(decoding: $0, as: UTF8.self) }
    let lastUpdate = ([course.updatedAt] + current.map(\.updatedAt)).compactMap { $0 }.max()
    let coAuthors = course.coAuthorUserIDs.map(personName).filter { !$0.isEmpty }
    func typeCount(_ type: ActivityType) -> Int { current.filter { $0.type == type }.count }
    return ReportRow(
      id: id.text,
      cells: [
        "name": course.name,
        "status": ["", "Active", "Archived", "Deleted"][Int(course.status.rawValue)],
        "created_at": course.createdAt.map(timeText) ?? "",
        "last_update": lastUpdate.map(timeText) ?? "",
        "source_language": course.sourceLanguage,
        "available_languages": course.availableLanguages.joined(separator: "|"),
        "unavailable_languages": course.unavailableLanguages.joined(separator: "|"),
        "tags": tags.prefix(500).joined(separator: "|"),
        "tags_omitted": "\(max(0, tags.count - 500))",
        "documents": "\(typeCount(.document))",
        "cheat_sheets": "\(typeCount(.cheatSheet))",
        "questions": "\(typeCount(.question))",
        "author_name": personName(course.authorUserID),
        "co_author_names": coAuthors.joined(separator: "|"),
        "group_name": deepestGroupName(of: course.authorUserID),
        "views": "\(count(.view))",
        "likes": "\(count(.like))",
        "learned_something": "\(count(.learnedSomething))",
        "outdated": "\(count(.outdated))",
        "have_a_question": "\(count(.haveAQuestion))",
        "useful": "\(count(.useful))",
        "irrelevant": "\(count(.irrelevant))",
        "comments": "\(count(.comment))",
        "reaction_score": score.map { "\($0)" } ?? "",
        "score_band": score.map { $0 > 50 ? "GREEN" : $0 >= 25 ? "ORANGE" : "RED" } ?? "",
        "low_sample": count(.view) < 10 ? "true" : "false",
      ])
  }

  /// By the school's rounding on the whole number 2·100·(P − N): no floating point.
  private static func score(positive: Int, negative: Int, views: Int) -> Int? {
    guard views > 0 else { return nil }
    let net = 100 * (positive - negative)
    var (whole, rest) = abs(net).quotientAndRemainder(dividingBy: views)
    if rest >= views - rest { whole += 1 }
    return max(-100, min(100, net < 0 ? -whole : whole))
  }

  private func personName(_ user: UserID) -> String {
    guard let user = users[user] else { return "" }
    return [user.firstName, user.lastName].filter { !$0.isEmpty }.joined(separator: " ")
  }

  private func deepestGroupName(of user: UserID) -> String {
    let candidates = memberships.filter { $0.value.contains { $0.userID == user } }.map(\.key)
      .filter { groups[$0]?.deleted == false }
    let byDepth = candidates.map { (depth: ancestors(of: $0).count, group: $0) }
    let first = byDepth.min {
      $0.depth != $1.depth ? $0.depth > $1.depth : $0.group < $1.group
    }
    return first.map { groups[$0.group]!.name } ?? ""
  }

  private func ancestors(of group: GroupID) -> [GroupID] {
    var walked = [group]
    while let parent = groups[walked.last!]?.parentGroupID, !parent.isEmpty,
      !walked.contains(parent)
    { walked.append(parent) }
    return Array(walked.dropFirst())
  }
}
