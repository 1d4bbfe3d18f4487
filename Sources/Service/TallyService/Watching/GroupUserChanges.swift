internal import TallyModel
internal import TallyStore

/// Members of a group who changed, or left the report: their membership, their fact and their
/// counts, which have every change of the fact.
final class GroupUserChanges: ChangeSource {
  static let rowField: UInt8 = 3

  private let snapshot: Snapshot
  private let tenant: Tenant
  private let role: Roles?
  private var members: MemberCursor
  private var member: Member?
  private var counts: UserCounts?

  init(_ frame: consuming sending ReportFrame, group id: String, role: Role?) throws {
    let tenant = frame.tenant
    let snapshot = frame.snapshot
    let group = try Array(id.utf8).lend { bytes throws(StoreError) in
      try snapshot.group(id: bytes, in: tenant).map { ($0.number, $0.isKnown && !$0.isDeleted) }
    }
    guard let group, group.1 else { throw notFound("group", id) }
    self.role = role.map { Roles($0) }
    members = try snapshot.members(of: group.0, in: tenant)
    self.tenant = tenant
    self.snapshot = snapshot
  }

  func next(after since: UInt64) throws -> RecordChange {
    guard let member = try members.nextOrLeft() else { return .end }
    let counts = try snapshot.userCounts(member.user, in: tenant)
    let change = max(member.change, counts.change)
    guard change > since else { return .unchanged }
    self.member = member
    self.counts = counts
    if Roles(rawValue: member.roles).isMember, GroupUsersReport.hasRole(member, role),
      UserState(known: counts.isKnown, deleted: counts.isDeleted).hasRow
    {
      return .row(change)
    }
    // Who was never known never had a row; and counts do not make a row leave.
    guard counts.isKnown else { return .unchanged }
    let left = max(member.change, try user(of: member).change)
    return left > since ? .gone(left) : .unchanged
  }

  var id: UnsafeRawBufferPointer { member?.userID ?? UnsafeRawBufferPointer(start: nil, count: 0) }

  func write(to rows: inout RowWriter) throws -> Bool {
    guard let member, let counts else {
      preconditionFailure("a row is found before it is written")
    }
    return GroupUsersReport.write(try user(of: member), counts, to: &rows)
  }

  private func user(of member: Member) throws -> UserView {
    guard let user = try snapshot.user(id: member.userID, in: tenant) else {
      throw StoreError.damaged(.user, "member \(member.user) of a group has no record")
    }
    return user
  }
}
