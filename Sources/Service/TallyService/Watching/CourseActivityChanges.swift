internal import TallyModel
internal import TallyStore

/// Activities of a course that changed, or left it: their place there, which has every change of
/// the activity, and their counts.
final class CourseActivityChanges: ChangeSource {
  static let rowField: UInt8 = 2

  private let snapshot: Snapshot
  private let tenant: Tenant
  private var places: CourseActivityCursor
  private var place: ActivityPlace?
  private var counts: ActivityCounts?

  init(_ frame: consuming sending ReportFrame, course id: String) throws {
    let tenant = frame.tenant
    let snapshot = frame.snapshot
    let course = try Array(id.utf8).lend { bytes throws(StoreError) in
      try snapshot.courseRow(id: bytes, in: tenant)?.number
    }
    guard let course else { throw notFound("course", id) }
    places = try snapshot.activities(inCourse: course, in: tenant)
    self.tenant = tenant
    self.snapshot = snapshot
  }

  func next(after since: UInt64) throws -> RecordChange {
    guard let place = try places.nextPlace() else { return .end }
    self.place = place
    if place.isGone { return place.change > since ? .gone(place.change) : .unchanged }
    let counts = try snapshot.activityCounts(place.number, in: tenant)
    self.counts = counts
    let change = max(place.change, counts.change)
    return change > since ? .row(change) : .unchanged
  }

  var id: UnsafeRawBufferPointer { place?.id ?? UnsafeRawBufferPointer(start: nil, count: 0) }

  func write(to rows: inout RowWriter) throws -> Bool {
    guard let place, let counts else {
      preconditionFailure("a row is found before it is written")
    }
    guard let activity = try snapshot.activity(id: place.id, in: tenant) else {
      throw StoreError.damaged(.activity, "an activity of a course has no record")
    }
    return CourseActivitiesReport.write(
      activity.fields, counts,
      hasDownloads: ActivityType(rawValue: place.type).showsDownloads, to: &rows)
  }
}
