internal import TallyStore

/// Courses that changed: their own fact or an activity's, their counts, and what their rows show
/// of users and groups. A course never leaves the report.
final class CourseChanges: ChangeSource {
  static let rowField: UInt8 = 1

  let selection: [[UInt8]]?
  private let snapshot: Snapshot
  private let tenant: Tenant
  private let lane: ReaderLane
  private var all: CourseCursor
  private let chosen: [[UInt8]]?
  private var nextChosen = 0
  private var row: CourseRowView?
  private let directory = DirectoryChanges()

  init(_ frame: consuming sending ReportFrame, ids: [String], path: String?) throws {
    let lane = frame.lane
    let tenant = frame.tenant
    let snapshot = frame.snapshot
    chosen = try CoursesReport.choose(ids, path, snapshot, in: tenant)
    selection = path == nil ? nil : chosen
    all = try snapshot.courses(in: tenant)
    self.lane = lane
    self.tenant = tenant
    self.snapshot = snapshot
  }

  func prepare() { lane.names.prepare(tenant) }

  func next(after since: UInt64) throws -> RecordChange {
    guard let row = try nextRow() else { return .end }
    var change = max(row.change, row.counts.change)
    if tenant.directoryChange > since {
      change = max(change, try directory.change(ofAuthor: row.author, snapshot, in: tenant))
      for index in 0..<row.coAuthorCount {
        change = max(
          change, try directory.change(ofUser: row.coAuthor(index), snapshot, in: tenant))
      }
    }
    guard change > since else { return .unchanged }
    self.row = row
    return .row(change)
  }

  private func nextRow() throws(StoreError) -> CourseRowView? {
    guard let chosen else { return try all.next() }
    guard nextChosen < chosen.count else { return nil }
    defer { nextChosen += 1 }
    return try chosen[nextChosen].lend { id throws(StoreError) in
      try snapshot.courseRow(id: id, in: tenant)
    }
  }

  /// Not asked for: no course goes.
  var id: UnsafeRawBufferPointer { UnsafeRawBufferPointer(start: nil, count: 0) }

  func write(to rows: inout RowWriter) throws -> Bool {
    guard let row else { preconditionFailure("a row is found before it is written") }
    return try CoursesReport.write(row, lane.names, snapshot, in: tenant, to: &rows)
  }
}
