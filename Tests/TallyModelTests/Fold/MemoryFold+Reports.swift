internal import TallyModel
internal import TestSupport

/// Reports out of the counters and TallyModel's rules for rows. Lists behind numbers are sums over
/// the facts that have the cell.
extension MemoryFold {
  func rows(of query: ReportQuery) throws(QueryRefusal) -> [ReportRow] {
    switch query {
    case .groupUsers(let group, let role): try groupUsers(of: group, role: role)
    case .groups(let includeSubgroups): groupRows(includeSubgroups: includeSubgroups)
    case .courseActivities(let course): try activityRows(of: course)
    case .courses(let ids, let path): try courseRows(ids: ids, path: path)
    case .behindActivity(let activity, let action): try behind(activity, action)
    case .behindCourse(let course, let action): try behind(course, action)
    }
  }

  private func user(_ id: UserID) -> Fact.User? {
    if case .user(let user)? = registers[.user(id)]?.fact { user } else { nil }
  }
  private func group(_ id: GroupID) -> Fact.Group? {
    if case .group(let group)? = registers[.group(id)]?.fact { group } else { nil }
  }
  private func course(_ id: CourseID) -> Fact.Course? {
    if case .course(let course)? = registers[.course(id)]?.fact { course } else { nil }
  }
  private func activity(_ id: ActivityID) -> Fact.Activity? {
    if case .activity(let activity)? = registers[.activity(id)]?.fact { activity } else { nil }
  }
  private var memberships: [Fact.Membership] {
    registers.values.compactMap {
      if case .membership(let member) = $0.fact { member } else { nil }
    }
  }

  private func count(_ counter: Counter) -> Int { counters[counter, default: 0] }

  private func counts(of user: UserID) -> [Int] {
    UserCell.allCases.map { count(.user(knownNumber(.user(user)), $0)) }
  }

  private func members(of group: GroupID, where belongs: (Roles) -> Bool) -> [UserID] {
    memberships.filter { $0.groupID == group && belongs(Roles($0.roles)) }.map(\.userID).filter {
      let user = user($0)
      return UserState(known: user != nil, deleted: user?.deleted ?? false).hasRow
    }
  }

  private func cells(_ counts: [Int]) -> [String: String] {
    ["publications": "\(counts[0])", "comments": "\(counts[1])", "reactions": "\(counts[2])"]
  }

  private func groupUsers(of id: GroupID, role: Role?) throws(QueryRefusal) -> [ReportRow] {
    guard let group = group(id), !group.deleted else { throw .notFound }
    let members = members(of: id) { role.map(Roles.init).map($0.isSuperset) ?? $0.isMember }
    return members.sorted().map { id in
      let user = user(id)!
      let names = [
        "first_name": user.firstName, "last_name": user.lastName, "email": user.email,
        "additional_information": user.additionalInformation,
      ]
      return ReportRow(id: id.text, cells: cells(counts(of: id)).merging(names) { $1 })
    }
  }

  private func groupRows(includeSubgroups: Bool) -> [ReportRow] {
    let groups = registers.values.compactMap { event -> Fact.Group? in
      if case .group(let group) = event.fact { group } else { nil }
    }
    return groups.filter { !$0.deleted }.sorted { $0.groupID < $1.groupID }.map { group in
      let included =
        includeSubgroups
        ? tree(
          from: group.groupID,
          children: { id in groups.filter { $0.parentGroupID == id }.map(\.groupID) },
          isDeleted: { self.group($0)!.deleted })
        : [group.groupID]
      let learners = Set(included.flatMap { members(of: $0, where: \.isLearner) })
      let sums = learners.map(counts).reduce([0, 0, 0]) { zip($0, $1).map(+) }
      return ReportRow(
        id: group.groupID.text, cells: cells(sums).merging(["name": group.name]) { $1 })
    }
  }

  private func activities(in course: CourseID) -> [Fact.Activity] {
    registers.values.compactMap { event -> Fact.Activity? in
      if case .activity(let activity) = event.fact { activity } else { nil }
    }.filter { $0.courseID == course && !$0.deleted }
  }

  private func activityRows(of id: CourseID) throws(QueryRefusal) -> [ReportRow] {
    guard course(id) != nil else { throw .notFound }
    return activities(in: id).sorted { $0.activityID < $1.activityID }.map { activity in
      let number = knownNumber(.activity(activity.activityID))
      func text(_ cell: ActivityCell) -> String { "\(count(.activity(number, cell)))" }
      return ReportRow(
        id: activity.activityID.text,
        cells: [
          "title": activity.title, "type": activity.type.name, "views": text(.views),
          "likes": text(.likes), "learned_something": text(.learnedSomething),
          "outdated": text(.outdated), "have_a_question": text(.haveAQuestion),
          "comments": text(.comments),
          "downloads": activity.type.showsDownloads ? text(.downloads) : "",
        ])
    }
  }

  private func courseRows(ids: [CourseID], path: PathID?) throws(QueryRefusal) -> [ReportRow] {
    var courses = registers.values.compactMap { event -> Fact.Course? in
      if case .course(let course) = event.fact { course } else { nil }
    }
    if !ids.isEmpty {
      guard ids.allSatisfy({ course($0) != nil }) else { throw .notFound }
      courses.removeAll { !ids.contains($0.courseID) }
    }
    if let path {
      guard case .path(let path)? = registers[.path(path)]?.fact, !path.deleted else {
        throw .notFound
      }
      courses.removeAll { !path.courseIDs.contains($0.courseID) }
    }
    return courses.sorted { $0.courseID < $1.courseID }.map(courseRow)
  }

  private func courseRow(_ course: Fact.Course) -> ReportRow {
    let number = knownNumber(.course(course.courseID))
    let current = activities(in: course.courseID)
    let tags = TagUnion(course.tags + current.flatMap(\.tags))
    var types = ActivityTypeCounts()
    for activity in current { types.add(activity.type) }
    let update = lastUpdate(
      ofCourse: course.updatedAt ?? .unset, activities: current.map { $0.updatedAt ?? .unset })
    let score = ReactionScore { UInt32(count(.course(number, $0))) }
    func text(_ cell: CourseCell) -> String { "\(count(.course(number, cell)))" }
    let band = score.map { ["", "RED", "ORANGE", "GREEN"][Int($0.band.rawValue)] }
    let isLow = ReactionScore.isLowSample(views: UInt32(count(.course(number, .views))))
    return ReportRow(
      id: course.courseID.text,
      cells: [
        "name": course.name,
        "status": ["", "Active", "Archived", "Deleted"][Int(course.status.rawValue)],
        "created_at": timeText(course.createdAt ?? .unset), "last_update": timeText(update),
        "source_language": course.sourceLanguage,
        "available_languages": course.availableLanguages.joined(separator: "|"),
        "unavailable_languages": course.unavailableLanguages.joined(separator: "|"),
        "tags": tags.tags.joined(separator: "|"), "tags_omitted": "\(tags.omitted)",
        "documents": "\(types.documents)", "cheat_sheets": "\(types.cheatSheets)",
        "questions": "\(types.questions)", "author_name": name(of: course.authorUserID),
        "co_author_names": course.coAuthorUserIDs.map(name).filter { !$0.isEmpty }
          .joined(separator: "|"),
        "group_name": groupName(of: course.authorUserID), "views": text(.views),
        "likes": text(.likes), "learned_something": text(.learnedSomething),
        "outdated": text(.outdated), "have_a_question": text(.haveAQuestion),
        "useful": text(.useful), "irrelevant": text(.irrelevant), "comments": text(.comments),
        "reaction_score": score.map { "\($0.value)" } ?? "", "score_band": band ?? "",
        "low_sample": isLow ? "true" : "false",
      ])
  }

  private func name(of id: UserID) -> String {
    guard let user = user(id) else { return "" }
    return displayName(first: user.firstName, last: user.lastName)
  }

  private func groupName(of author: UserID) -> String {
    let candidates = memberships.filter { $0.userID == author && Roles($0.roles).isMember }
      .map(\.groupID).filter { group($0)?.deleted == false }
    let deepest = deepestGroup(
      among: candidates,
      parent: { id in
        guard let parent = group(id)?.parentGroupID, !parent.isEmpty else { return nil }
        return parent
      }, precedes: <)
    return deepest.map { group($0)!.name } ?? ""
  }
}
