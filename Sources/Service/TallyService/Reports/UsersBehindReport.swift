internal import GRPC
internal import TallyModel
internal import TallyStore

/// The users behind one number of an activity's or a course's row.
///
/// - Source: rules.md, section 6.
final class UsersBehindReport: RowSource {
  /// Whose number it is.
  enum Target: Sendable {
    case activity(String)
    case course(String)
  }

  static let columns = ["count"]

  let rowCount: RowCount
  private(set) var sums: [UInt64] = [0]
  private let snapshot: Snapshot
  private let users: BehindList
  private var next = 0

  init(_ frame: consuming sending ReportFrame, target: Target, cell: Cell) throws {
    let tenant = frame.tenant
    let snapshot = frame.snapshot
    let users: BehindList?
    switch target {
    case .activity(let id):
      users = try Array(id.utf8).lend { bytes in
        if cell == .download { try Self.checkDownloads(bytes, snapshot, in: tenant) }
        return try snapshot.behind(cell, ofActivity: bytes, in: tenant)
      }
      if users == nil { throw notFound("activity", id) }
    case .course(let id):
      users = try Array(id.utf8).lend { bytes throws(StoreError) in
        try snapshot.behind(cell, ofCourse: bytes, in: tenant)
      }
      if users == nil { throw notFound("course", id) }
    }
    guard let users else { preconditionFailure("an unknown target was refused") }
    if let after = frame.after {
      next =
        (0..<users.count).first { after.lexicographicallyPrecedes(users[$0].id) } ?? users.count
    }
    rowCount = .exactly(UInt64(users.count - next))
    self.users = users
    self.snapshot = snapshot
  }

  func write(to rows: inout RowWriter) throws -> Bool {
    while next < users.count {
      let user = users[next]
      guard rows.hasRoom(for: user.fields.count + 11) else { return true }
      rows.begin()
      rows.encoded(user.fields)
      rows.number(5, user.count)
      rows.end()
      sums[0] += user.count
      next += 1
    }
    return false
  }

  /// The cell exists for documents and cheat sheets only.
  private static func checkDownloads(
    _ id: UnsafeRawBufferPointer, _ snapshot: borrowing Snapshot, in tenant: Tenant
  ) throws {
    guard let activity = try snapshot.activity(id: id, in: tenant), activity.isKnown else { return }
    guard ActivityType(rawValue: activity.type).showsDownloads else {
      throw RPCError.invalid("action", "only documents and cheat sheets have downloads")
    }
  }
}
