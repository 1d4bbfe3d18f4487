internal import TallyModel
internal import TestSupport

@testable internal import TallyStore

extension SnapshotReports {
  func courses(
    _ ids: [CourseID], _ path: PathID?, _ snapshot: borrowing Snapshot, _ tenant: Tenant
  ) throws -> [ReportRow] {
    for id in ids {
      let name = Bytes(id.text)
      guard try snapshot.courseRow(id: name.raw, in: tenant) != nil else {
        throw QueryRefusal.notFound
      }
    }
    var inPath: Set<UInt32>?
    if let path {
      let name = Bytes(path.text)
      guard let view = try snapshot.path(id: name.raw, in: tenant), view.isKnown, !view.isDeleted
      else { throw QueryRefusal.notFound }
      inPath = Set(view.courses)
    }
    let names = NameCache(slots: 4)
    names.prepare(tenant)
    var rows: [ReportRow] = []
    var cursor = try snapshot.courses(in: tenant)
    while let course = try cursor.next() {
      if !ids.isEmpty, !ids.contains(ID(course.id.text)) { continue }
      if let inPath, !inPath.contains(course.number) { continue }
      rows.append(try row(course, names, snapshot, tenant))
    }
    guard try snapshot.recordCount(.courseRow, in: tenant) >= rows.count else {
      throw QueryRefusal.invalidArgument
    }
    return rows
  }

  private func row(
    _ course: CourseRowView, _ names: NameCache, _ snapshot: borrowing Snapshot, _ tenant: Tenant
  ) throws -> ReportRow {
    let fields = EncodedFields(course.fields)
    let counts = course.counts
    let score = ReactionScore { cell in
      switch cell {
      case .views: counts.views
      case .likes: counts.likes
      case .learnedSomething: counts.learnedSomething
      case .outdated: counts.outdated
      case .haveAQuestion: counts.haveAQuestion
      case .useful: counts.useful
      case .irrelevant: counts.irrelevant
      case .comments: counts.comments
      }
    }
    var coAuthors: [String] = []
    for index in 0..<course.coAuthorCount {
      let name = try names.userName(course.coAuthor(index), snapshot, in: tenant).text
      if !name.isEmpty { coAuthors.append(name) }
    }
    var cells = [
      "name": fields.text(2), "status": ["", "Active", "Archived", "Deleted"][Int(course.status)],
      "created_at": fields.time(4), "last_update": fields.time(5),
      "source_language": fields.text(6), "available_languages": fields.list(7),
      "unavailable_languages": fields.list(8), "tags": fields.list(9),
      "tags_omitted": "\(fields.number(10))", "documents": "\(fields.number(11))",
      "cheat_sheets": "\(fields.number(12))", "questions": "\(fields.number(13))",
      "author_name": try names.userName(course.author, snapshot, in: tenant).text,
      "co_author_names": coAuthors.joined(separator: "|"),
      "group_name": try names.deepestGroupName(ofUser: course.author, snapshot, in: tenant).text,
      "reaction_score": score.map { "\($0.value)" } ?? "",
      "score_band": score.map { ["", "RED", "ORANGE", "GREEN"][Int($0.band.rawValue)] } ?? "",
      "low_sample": ReactionScore.isLowSample(views: counts.views) ? "true" : "false",
    ]
    cells["views"] = "\(counts.views)"
    cells["likes"] = "\(counts.likes)"
    cells["learned_something"] = "\(counts.learnedSomething)"
    cells["outdated"] = "\(counts.outdated)"
    cells["have_a_question"] = "\(counts.haveAQuestion)"
    cells["useful"] = "\(counts.useful)"
    cells["irrelevant"] = "\(counts.irrelevant)"
    cells["comments"] = "\(counts.comments)"
    return ReportRow(id: course.id.text, cells: cells)
  }
}
