internal import TallyModel
internal import TallyStore

/// Users of one group: a row for every current member whom the directory has.
///
/// - Source: rules.md, sections 2 and 3.
final class GroupUsersReport: RowSource {
  static let columns = ["publications", "comments", "reactions"]

  let rowCount: RowCount
  private(set) var sums: [UInt64] = [0, 0, 0]
  private let snapshot: Snapshot
  private let tenant: Tenant
  private let role: Roles?
  private var members: MemberCursor
  private var member: Member?
  private var hasStarted = false

  init(_ frame: consuming sending ReportFrame, group id: String, role: Role?) throws {
    let tenant = frame.tenant
    let snapshot = frame.snapshot
    let group = try Array(id.utf8).lend { bytes throws(StoreError) in
      try snapshot.group(id: bytes, in: tenant).map { ($0.number, $0.isKnown && !$0.isDeleted) }
    }
    guard let group, group.1 else { throw notFound("group", id) }
    self.role = role.map { Roles($0) }
    members = try snapshot.members(of: group.0, in: tenant, after: frame.after)
    var bound: UInt64 = 0
    var counted = try snapshot.members(of: group.0, in: tenant, after: frame.after)
    while let member = try counted.next() {
      if Self.hasRole(member, self.role) { bound += 1 }
    }
    // Members whom the directory does not have yet are among them.
    rowCount = .atMost(bound)
    self.tenant = tenant
    self.snapshot = snapshot
  }

  func write(to rows: inout RowWriter) throws -> Bool {
    if !hasStarted {
      member = try members.next()
      hasStarted = true
    }
    while let member {
      guard try write(member, to: &rows) else { return true }
      self.member = try members.next()
    }
    return false
  }

  /// - Returns: false if the row has no room.
  private func write(_ member: Member, to rows: inout RowWriter) throws(StoreError) -> Bool {
    guard Self.hasRole(member, role) else { return true }
    guard let user = try snapshot.user(id: member.userID, in: tenant) else {
      throw StoreError.damaged(.user, "user \(member.user) is in a group and has no record")
    }
    guard UserState(known: user.isKnown, deleted: user.isDeleted).hasRow else { return true }
    let counts = try snapshot.userCounts(user.number, in: tenant)
    guard Self.write(user, counts, to: &rows) else { return false }
    sums[0] += UInt64(counts.publications)
    sums[1] += UInt64(counts.comments)
    sums[2] += UInt64(counts.reactions)
    return true
  }

  /// - Returns: false if the row has no room.
  static func write(_ user: UserView, _ counts: UserCounts, to rows: inout RowWriter) -> Bool {
    guard rows.hasRoom(for: user.fields.count + 3 * 6) else { return false }
    rows.begin()
    rows.encoded(user.fields)
    rows.number(6, UInt64(counts.publications))
    rows.number(7, UInt64(counts.comments))
    rows.number(8, UInt64(counts.reactions))
    rows.end()
    return true
  }

  static func hasRole(_ member: Member, _ role: Roles?) -> Bool {
    guard let role else { return true }
    return !Roles(rawValue: member.roles).isDisjoint(with: role)
  }
}
