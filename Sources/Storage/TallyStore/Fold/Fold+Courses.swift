internal import TallyModel

extension UserKind: NumberedKind {
  static var entityKind: EntityKind { .user }
}

extension GroupKind: NumberedKind {
  static var entityKind: EntityKind { .group }
}

extension CourseKind: NumberedKind {
  static var entityKind: EntityKind { .course }
}

extension ActivityKind: NumberedKind {
  static var entityKind: EntityKind { .activity }
}

extension PathKind: NumberedKind {
  static var entityKind: EntityKind { .path }
}

/// A course of a tenant.
struct CourseReference: Hashable {
  let tenant: UInt32
  let number: UInt32
}

/// The facts of courses and activities, and the course rows made from both.
extension Fold {
  func apply(
    _ course: Fact.Course, _ change: DirectoryChange
  ) throws(StoreError) -> Precedence.Outcome {
    let tenant = change.tenant.number
    var record = CourseRecord(number: try number(course.courseID, change))
    record.version = change.version
    record.status = UInt8(truncatingIfNeeded: course.status.rawValue)
    record.created = course.createdAt?.nanoseconds ?? noTime
    record.updated = course.updatedAt?.nanoseconds ?? noTime
    record.author = try number(course.authorUserID, change)
    for user in course.coAuthorUserIDs { record.coAuthors.append(try number(user, change)) }
    record.fields = CourseRecord.fields(of: course)
    let key = entityKey(tenant, course.courseID.text)
    let old = try CourseRecord(try known(.course, key, CourseRecord.size))
    let outcome = try change.outcome(old.version, false) { () throws(StoreError) in
      Fact.course(
        try old.fact(course.courseID) { (number) throws(StoreError) in
          try name(of: number, tenant).text
        }
      ).fixedForm
    }
    guard outcome == .applied else { return outcome }
    try tables[.course].put(key) { record.write(into: &$0) }
    try relate(tenant, record.number, .author, from: [old.author], to: [record.author])
    try relate(tenant, record.number, .coAuthor, from: old.coAuthors, to: record.coAuthors)
    touch(record.number, tenant, at: change.position)
    return outcome
  }

  func apply(
    _ activity: Fact.Activity, _ change: DirectoryChange
  ) throws(StoreError) -> Precedence.Outcome {
    let tenant = change.tenant.number
    let number = try number(activity.activityID, change)
    let course = try self.number(activity.courseID, change)
    let key = entityKey(tenant, activity.activityID.text)
    let old = ActivityRecord(try known(.activity, key, ActivityRecord.size))
    let outcome = try change.outcome(old.version, old.flags.contains(.deleted)) {
      () throws(StoreError) in
      Fact.activity(
        try old.fact(activity.activityID, course: ID(try name(of: old.course, tenant).text))
      ).fixedForm
    }
    guard outcome == .applied else { return outcome }
    let updated = activity.updatedAt?.nanoseconds ?? noTime
    try write(activity, number: number, course: course, updated: updated, change, key)
    let id = UnsafeRawBufferPointer(rebasing: key[4...])
    if old.course != 0, old.course != course {
      try leave(old.course, id, tenant, at: change.position)
      touch(old.course, tenant, at: change.position)
    }
    if course != 0 {
      let place = InCourseRecord(
        activity: number, type: activity.type.rawValue, isGone: activity.deleted,
        updated: updated, change: change.position)
      var placeKey = keys.writer
      Key.member(tenant, course, id, into: &placeKey)
      _ = try tables[.inCourse].find(placeKey.bytes, atLeast: InCourseRecord.size)
      try tables[.inCourse].put(placeKey.bytes) { place.write(into: &$0) }
      touch(course, tenant, at: change.position)
    }
    return outcome
  }

  private func write(
    _ activity: Fact.Activity, number: UInt32, course: UInt32, updated: Int64,
    _ change: DirectoryChange, _ key: UnsafeRawBufferPointer
  ) throws(StoreError) {
    var record = ActivityRecord(number: number, change: change.position)
    record.version = change.version
    record.flags = activity.deleted ? [.known, .deleted] : [.known]
    record.type = activity.type.rawValue
    record.course = course
    record.updated = updated
    var row: [UInt8] = []
    CourseActivityFields(
      activityID: activity.activityID, title: activity.title, type: activity.type
    ).encode(into: &row)
    let tags = Fact.activity(Fact.Activity(activityID: .none, tags: activity.tags)).fixedForm
    _ = try tables[.activity].find(key, atLeast: ActivityRecord.size)
    record.rowFields = arena.copy(row)
    record.tagFields = arena.copy(tags)
    try tables[.activity].put(key) { record.write(into: &$0) }
  }

  /// Makes the activity's place in a course a tombstone.
  private func leave(
    _ course: UInt32, _ id: UnsafeRawBufferPointer, _ tenant: UInt32, at position: UInt64
  ) throws(StoreError) {
    var key = keys.writer
    Key.member(tenant, course, id, into: &key)
    guard let body = try tables[.inCourse].find(key.bytes, atLeast: InCourseRecord.size) else {
      throw StoreError.damaged(.inCourse, "an activity of course \(course) is not in 'in_course'")
    }
    var place = InCourseRecord(body)
    if place.isGone { return }
    place.isGone = true
    place.change = position
    try tables[.inCourse].put(key.bytes) { place.write(into: &$0) }
  }

  private func touch(_ course: UInt32, _ tenant: UInt32, at position: UInt64) {
    touchedCourses[CourseReference(tenant: tenant, number: course)] = position
  }

  /// Derives the rows of all courses that a fact of them or of their activities has touched.
  func deriveCourseRows() throws(StoreError) {
    let touched = touchedCourses.sorted {
      ($0.key.tenant, $0.key.number) < ($1.key.tenant, $1.key.number)
    }
    for (course, position) in touched {
      try deriveRow(course, at: position)
    }
  }

  private func deriveRow(_ course: CourseReference, at position: UInt64) throws(StoreError) {
    let id = try name(of: course.number, course.tenant).text
    let key = entityKey(course.tenant, id)
    let record = try CourseRecord(try known(.course, key, CourseRecord.size))
    guard record.version != noVersion else { return }
    var types = ActivityTypeCounts()
    var latest = Timestamp(nanoseconds: record.updated)
    // The names of authors are resolved at read, so no ids of users are needed here.
    let fact = try record.fact(ID(id)) { _ in "" }
    var tags = fact.tags
    var prefix = ByteWriter(arena.take(8))
    Key.number(course.tenant, course.number, into: &prefix)
    try tables[.inCourse].scan(prefix.bytes, atLeast: InCourseRecord.size) {
      (placeKey, body) throws(StoreError) in
      let place = InCourseRecord(body)
      if place.isGone { return }
      types.add(ActivityType(rawValue: place.type))
      latest = max(latest, Timestamp(nanoseconds: place.updated))
      var activityKey = keys.writer
      Key.entity(course.tenant, placeKey.tail(from: 8), into: &activityKey)
      if let found = try tables[.activity].find(activityKey.bytes, atLeast: ActivityRecord.size) {
        tags += try ActivityRecord(found).tags()
      }
    }
    var fields: [UInt8] = []
    CourseFields(course: fact, lastUpdate: latest, tags: TagUnion(tags), activities: types)
      .encode(into: &fields)
    _ = try tables[.courseRow].find(key, atLeast: CourseRowRecord.size)
    try tables[.courseRow].put(key) { value in
      CourseRowRecord.write(record, position, latest, types, into: &value)
      fields.withUnsafeBytes { value.raw($0) }
    }
  }
}

extension CourseRowRecord {
  /// Writes all but the fields.
  static func write(
    _ course: CourseRecord, _ change: UInt64, _ lastUpdate: Timestamp, _ types: ActivityTypeCounts,
    into value: inout ByteWriter
  ) {
    value.little(course.number)
    value.little(change)
    value.little(course.status)
    value.little(course.author)
    value.little(lastUpdate.nanoseconds)
    value.little(types.documents)
    value.little(types.cheatSheets)
    value.little(types.questions)
    value.little(types.others)
    value.little(UInt8(course.coAuthors.count))
    for number in course.coAuthors { value.little(number) }
  }
}
