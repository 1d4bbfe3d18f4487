internal import TallyModel
internal import TallyStore

/// Several groups: the sums over the learners of each group that is not deleted.
///
/// - Source: rules.md, section 3.
final class GroupsReport: RowSource {
  static let columns = ["publications", "comments", "reactions"]

  let rowCount: RowCount
  private(set) var sums: [UInt64] = [0, 0, 0]
  private let snapshot: Snapshot
  private let tenant: Tenant
  /// Groups by the group above them, deleted ones left out; nil if subgroups do not count.
  private let children: [UInt32: [UInt32]]?
  private var groups: GroupCursor
  private var group: GroupView?
  private var hasStarted = false

  private struct Totals {
    var publications: UInt64 = 0
    var comments: UInt64 = 0
    var reactions: UInt64 = 0

    mutating func add(_ counts: UserCounts) {
      publications += UInt64(counts.publications)
      comments += UInt64(counts.comments)
      reactions += UInt64(counts.reactions)
    }
  }

  init(_ frame: consuming sending ReportFrame, includesSubgroups: Bool) throws {
    let tenant = frame.tenant
    let snapshot = frame.snapshot
    var children: [UInt32: [UInt32]] = [:]
    var count: UInt64 = 0
    let after = frame.after
    // A group above may have its tree behind it or before.
    var walk = try snapshot.groups(in: tenant, after: includesSubgroups ? nil : after)
    while let group = try walk.next() {
      guard group.isKnown, !group.isDeleted else { continue }
      if after?.lexicographicallyPrecedes(group.id) ?? true { count += 1 }
      if includesSubgroups && group.parent != 0 {
        children[group.parent, default: []].append(group.number)
      }
    }
    rowCount = .exactly(count)
    self.children = includesSubgroups ? children : nil
    groups = try snapshot.groups(in: tenant, after: after)
    self.tenant = tenant
    self.snapshot = snapshot
  }

  func write(to rows: inout RowWriter) throws -> Bool {
    if !hasStarted {
      group = try groups.next()
      hasStarted = true
    }
    while let group {
      guard try write(group, to: &rows) else { return true }
      self.group = try groups.next()
    }
    return false
  }

  /// - Returns: false if the row has no room.
  private func write(_ group: GroupView, to rows: inout RowWriter) throws(StoreError) -> Bool {
    guard group.isKnown, !group.isDeleted else { return true }
    guard rows.hasRoom(for: group.id.count + group.name.count + 2 * 4 + 3 * 11) else {
      return false
    }
    let totals = try totals(of: group.number)
    rows.begin()
    rows.text(1, group.id)
    rows.text(2, group.name)
    rows.number(3, totals.publications)
    rows.number(4, totals.comments)
    rows.number(5, totals.reactions)
    rows.end()
    sums[0] += totals.publications
    sums[1] += totals.comments
    sums[2] += totals.reactions
    return true
  }

  private func totals(of group: UInt32) throws(StoreError) -> Totals {
    var totals = Totals()
    guard let children else {
      try forEachLearner(of: group) { counts, _ in totals.add(counts) }
      return totals
    }
    var seen: Set<UInt32> = []
    let included = tree(from: group, children: { children[$0] ?? [] }, isDeleted: { _ in false })
    for group in included {
      try forEachLearner(of: group) { counts, user in
        if seen.insert(user).inserted { totals.add(counts) }
      }
    }
    return totals
  }

  private func forEachLearner(
    of group: UInt32, _ body: (UserCounts, UInt32) -> Void
  ) throws(StoreError) {
    var members = try snapshot.members(of: group, in: tenant)
    while let member = try members.next() {
      guard Roles(rawValue: member.roles).isLearner else { continue }
      let counts = try snapshot.userCounts(member.user, in: tenant)
      guard UserState(known: counts.isKnown, deleted: counts.isDeleted).hasRow else { continue }
      body(counts, member.user)
    }
  }
}
