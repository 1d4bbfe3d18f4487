internal import TallyModel
internal import TestSupport

extension MemoryFold {
  func behind(_ id: ActivityID, _ action: Action) throws(QueryRefusal) -> [ReportRow] {
    guard let cell = ActivityCell(action) else { throw .invalidArgument }
    guard case .activity(let activity)? = registers[.activity(id)]?.fact else { throw .notFound }
    if cell == .downloads, !activity.type.showsDownloads { throw .invalidArgument }
    let wanted = Contribution(cell, of: knownNumber(.activity(id)))
    return rows { $0.activity == wanted }
  }

  func behind(_ id: CourseID, _ action: Action) throws(QueryRefusal) -> [ReportRow] {
    guard let cell = CourseCell(action) else { throw .invalidArgument }
    guard case .course? = registers[.course(id)]?.fact else { throw .notFound }
    let wanted = Contribution(cell, of: knownNumber(.course(id)))
    return rows { $0.course == wanted }
  }

  private func rows(where counts: (Contributions) -> Bool) -> [ReportRow] {
    var fold = self
    var times: [UserID: Int] = [:]
    for event in registers.values where counts(fold.contributions(of: event.fact)) {
      times[doer(of: event.fact), default: 0] += 1
    }
    return times.sorted { $0.key < $1.key }.map { id, count in
      var user = Fact.User(userID: id)
      if case .user(let known)? = registers[.user(id)]?.fact { user = known }
      return ReportRow(
        id: id.text,
        cells: [
          "first_name": user.firstName, "last_name": user.lastName, "email": user.email,
          "count": "\(count)",
        ])
    }
  }

  private func doer(of fact: Fact) -> UserID {
    switch fact {
    case .attempt(let attempt): attempt.userID
    case .reaction(let reaction): reaction.userID
    case .comment(let comment): comment.userID
    case .download(let download): download.userID
    default: .none
    }
  }
}

extension ActivityCell {
  init?(_ action: Action) {
    switch action {
    case .view: self = .views
    case .like: self = .likes
    case .learnedSomething: self = .learnedSomething
    case .outdated: self = .outdated
    case .haveAQuestion: self = .haveAQuestion
    case .comment: self = .comments
    case .download: self = .downloads
    case .useful, .irrelevant: return nil
    }
  }
}

extension CourseCell {
  init?(_ action: Action) {
    switch action {
    case .view: self = .views
    case .like: self = .likes
    case .learnedSomething: self = .learnedSomething
    case .outdated: self = .outdated
    case .haveAQuestion: self = .haveAQuestion
    case .useful: self = .useful
    case .irrelevant: self = .irrelevant
    case .comment: self = .comments
    case .download: return nil
    }
  }
}
