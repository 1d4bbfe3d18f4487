internal import TallyModel
internal import TallyStore

/// One course by activity: a row for each activity now in it and not deleted.
///
/// - Source: rules.md, section 4.
final class CourseActivitiesReport: RowSource {
  static let columns = [
    "views", "likes", "learned_something", "outdated", "have_a_question", "comments", "downloads",
  ]

  let rowCount: RowCount
  private(set) var sums = [UInt64](repeating: 0, count: CourseActivitiesReport.columns.count)
  private let snapshot: Snapshot
  private let tenant: Tenant
  private var activities: CourseActivityCursor
  private var activity: CourseActivityView?
  private var hasStarted = false

  init(_ frame: consuming sending ReportFrame, course id: String) throws {
    let tenant = frame.tenant
    let snapshot = frame.snapshot
    let course = try Array(id.utf8).lend { bytes throws(StoreError) in
      try snapshot.courseRow(id: bytes, in: tenant).map { row in
        (
          row.number,
          UInt64(row.documents) + UInt64(row.cheatSheets) + UInt64(row.questions)
            + UInt64(row.others)
        )
      }
    }
    guard let course else { throw notFound("course", id) }
    rowCount = frame.after == nil ? .exactly(course.1) : .atMost(course.1)
    activities = try snapshot.activities(inCourse: course.0, in: tenant, after: frame.after)
    self.tenant = tenant
    self.snapshot = snapshot
  }

  func write(to rows: inout RowWriter) throws -> Bool {
    if !hasStarted {
      activity = try activities.next(snapshot, in: tenant)
      hasStarted = true
    }
    while let activity {
      guard write(activity, to: &rows) else { return true }
      self.activity = try activities.next(snapshot, in: tenant)
    }
    return false
  }

  /// - Returns: false if the row has no room.
  private func write(_ activity: CourseActivityView, to rows: inout RowWriter) -> Bool {
    let counts = activity.counts
    let hasDownloads = ActivityType(rawValue: activity.type).showsDownloads
    guard Self.write(activity.fields, counts, hasDownloads: hasDownloads, to: &rows) else {
      return false
    }
    sums[0] += UInt64(counts.views)
    sums[1] += UInt64(counts.likes)
    sums[2] += UInt64(counts.learnedSomething)
    sums[3] += UInt64(counts.outdated)
    sums[4] += UInt64(counts.haveAQuestion)
    sums[5] += UInt64(counts.comments)
    if hasDownloads { sums[6] += UInt64(counts.downloads) }
    return true
  }

  /// Writes a row whose fields 1 to 3 are encoded.
  ///
  /// - Returns: false if the row has no room.
  static func write(
    _ fields: UnsafeRawBufferPointer, _ counts: ActivityCounts, hasDownloads: Bool,
    to rows: inout RowWriter
  ) -> Bool {
    guard rows.hasRoom(for: fields.count + 7 * 6) else { return false }
    rows.begin()
    rows.encoded(fields)
    rows.number(4, UInt64(counts.views))
    rows.number(5, UInt64(counts.likes))
    rows.number(6, UInt64(counts.learnedSomething))
    rows.number(7, UInt64(counts.outdated))
    rows.number(8, UInt64(counts.haveAQuestion))
    rows.number(9, UInt64(counts.comments))
    if hasDownloads { rows.present(10, UInt64(counts.downloads)) }
    rows.end()
    return true
  }
}
