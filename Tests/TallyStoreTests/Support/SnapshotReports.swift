internal import TallyModel
internal import TestSupport

@testable internal import TallyStore

/// Reports as text out of snapshots, for comparison with the naive recount.
struct SnapshotReports: ReportSource {
  let database: Database

  func rows(of query: ReportQuery) async throws -> [ReportRow] { try read(query) }

  func read(_ query: ReportQuery) throws -> [ReportRow] {
    let snapshot = try database.snapshot()
    guard let tenant = try snapshot.tenant(FoldDriver.tenant) else { throw QueryRefusal.notFound }
    switch query {
    case .groupUsers(let group, let role):
      return try groupUsers(group, role, snapshot, tenant)
    case .groups(let includeSubgroups):
      return try groups(includeSubgroups, snapshot, tenant)
    case .courseActivities(let course):
      return try activities(course, snapshot, tenant)
    case .courses(let ids, let path):
      return try courses(ids, path, snapshot, tenant)
    case .behindActivity(let activity, let action):
      return try behind(activity, action, snapshot, tenant)
    case .behindCourse(let course, let action):
      return try behind(course, action, snapshot, tenant)
    }
  }

  private func groupUsers(
    _ id: GroupID, _ role: Role?, _ snapshot: borrowing Snapshot, _ tenant: Tenant
  ) throws -> [ReportRow] {
    let name = Bytes(id.text)
    guard let group = try snapshot.group(id: name.raw, in: tenant), group.isKnown, !group.isDeleted
    else { throw QueryRefusal.notFound }
    var rows: [ReportRow] = []
    var members = try snapshot.members(of: group.number, in: tenant)
    while let member = try members.next() {
      if let role, !Roles(rawValue: member.roles).contains(Roles(role)) { continue }
      let counts = try snapshot.userCounts(member.user, in: tenant)
      guard counts.isKnown, !counts.isDeleted else { continue }
      let user = try snapshot.user(id: member.userID, in: tenant)!
      let fields = EncodedFields(user.fields)
      rows.append(
        ReportRow(
          id: member.userID.text,
          cells: cells(counts).merging([
            "first_name": fields.text(2), "last_name": fields.text(3), "email": fields.text(4),
            "additional_information": fields.text(5),
          ]) { $1 }))
    }
    return rows
  }

  private func groups(
    _ includeSubgroups: Bool, _ snapshot: borrowing Snapshot, _ tenant: Tenant
  ) throws -> [ReportRow] {
    var all: [UInt32: (id: String, name: String, parent: UInt32)] = [:]
    var order: [UInt32] = []
    var cursor = try snapshot.groups(in: tenant)
    while let group = try cursor.next() {
      guard group.isKnown, !group.isDeleted else { continue }
      all[group.number] = (group.id.text, group.name.text, group.parent)
      order.append(group.number)
    }
    return try order.map { number in
      let below =
        includeSubgroups
        ? tree(
          from: number, children: { above in all.filter { $0.value.parent == above }.map(\.key) },
          isDeleted: { _ in false })
        : [number]
      var users: Set<UInt32> = []
      for group in below {
        var members = try snapshot.members(of: group, in: tenant)
        while let member = try members.next() {
          if Roles(rawValue: member.roles).isLearner { users.insert(member.user) }
        }
      }
      var sum = UserCounts()
      for user in users {
        let counts = try snapshot.userCounts(user, in: tenant)
        guard counts.isKnown, !counts.isDeleted else { continue }
        sum.publications += counts.publications
        sum.comments += counts.comments
        sum.reactions += counts.reactions
      }
      return ReportRow(
        id: all[number]!.id, cells: cells(sum).merging(["name": all[number]!.name]) { $1 })
    }
  }

  private func cells(_ counts: UserCounts) -> [String: String] {
    [
      "publications": "\(counts.publications)", "comments": "\(counts.comments)",
      "reactions": "\(counts.reactions)",
    ]
  }

  private func activities(
    _ id: CourseID, _ snapshot: borrowing Snapshot, _ tenant: Tenant
  ) throws -> [ReportRow] {
    let name = Bytes(id.text)
    guard let course = try snapshot.knownCourse(id: name.raw, in: tenant) else {
      throw QueryRefusal.notFound
    }
    var rows: [ReportRow] = []
    var cursor = try snapshot.activities(inCourse: course, in: tenant)
    while let activity = try cursor.next(snapshot, in: tenant) {
      let fields = EncodedFields(activity.fields)
      let type = ActivityType(rawValue: activity.type)
      let counts = activity.counts
      rows.append(
        ReportRow(
          id: activity.id.text,
          cells: [
            "title": fields.text(2), "type": type.name, "views": "\(counts.views)",
            "likes": "\(counts.likes)", "learned_something": "\(counts.learnedSomething)",
            "outdated": "\(counts.outdated)", "have_a_question": "\(counts.haveAQuestion)",
            "comments": "\(counts.comments)",
            "downloads": type.showsDownloads ? "\(counts.downloads)" : "",
          ]))
    }
    return rows
  }
}

extension SnapshotReports {
  private func behind(
    _ id: ActivityID, _ action: Action, _ snapshot: borrowing Snapshot, _ tenant: Tenant
  ) throws -> [ReportRow] {
    guard action != .useful, action != .irrelevant else { throw QueryRefusal.invalidArgument }
    let name = Bytes(id.text)
    guard let list = try snapshot.behind(cell(action), ofActivity: name.raw, in: tenant),
      let activity = try snapshot.activity(id: name.raw, in: tenant)
    else { throw QueryRefusal.notFound }
    if action == .download, !ActivityType(rawValue: activity.type).showsDownloads {
      throw QueryRefusal.invalidArgument
    }
    return rows(list)
  }

  private func behind(
    _ id: CourseID, _ action: Action, _ snapshot: borrowing Snapshot, _ tenant: Tenant
  ) throws -> [ReportRow] {
    guard action != .download else { throw QueryRefusal.invalidArgument }
    let name = Bytes(id.text)
    guard let list = try snapshot.behind(cell(action), ofCourse: name.raw, in: tenant) else {
      throw QueryRefusal.notFound
    }
    return rows(list)
  }

  private func cell(_ action: Action) -> Cell { Cell(rawValue: UInt8(action.rawValue - 1))! }

  private func rows(_ list: BehindList) -> [ReportRow] {
    (0..<list.count).map { index in
      let user = list[index]
      let fields = EncodedFields(user.fields)
      return ReportRow(
        id: user.id.text,
        cells: [
          "first_name": fields.text(2), "last_name": fields.text(3), "email": fields.text(4),
          "count": "\(user.count)",
        ])
    }
  }
}

/// Bytes that stay where they are: never given back, since a test is short.
struct Bytes {
  let raw: UnsafeRawBufferPointer

  init(_ text: String) {
    let memory = UnsafeMutableRawBufferPointer.allocate(
      byteCount: max(1, text.utf8.count), alignment: 1)
    memory.copyBytes(from: text.utf8)
    raw = UnsafeRawBufferPointer(rebasing: memory[0..<text.utf8.count])
  }
}

/// The fields of an encoded row.
struct EncodedFields {
  var texts: [Int: [String]] = [:]
  var numbers: [Int: UInt64] = [:]
  var times: [Int: Timestamp] = [:]

  init(_ bytes: UnsafeRawBufferPointer) {
    var reader = WireReader(bytes)
    while let field = try? reader.next() {
      numbers[field.number] = field.value
      guard field.type == .bytes else { continue }
      texts[field.number, default: []].append(field.bytes.text)
      times[field.number] = try? field.time()
    }
  }

  func text(_ field: Int) -> String { texts[field]?.last ?? "" }
  func list(_ field: Int) -> String { (texts[field] ?? []).joined(separator: "|") }
  func number(_ field: Int) -> UInt64 { numbers[field] ?? 0 }
  func time(_ field: Int) -> String { timeText(times[field] ?? .unset) }
}
