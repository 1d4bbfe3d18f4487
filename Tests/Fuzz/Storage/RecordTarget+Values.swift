internal import TallyModel

@testable internal import TallyStore

/// Values of each table, as they are once their checksum was right: what is read is written the
/// same, and nothing is read beyond the end.
extension RecordTarget {
  static func judgeValue(_ choice: Int, _ body: UnsafeRawBufferPointer) {
    let tables = TableID.allCases
    let table = tables[choice % tables.count]
    switch table {
    case .user: judgeUser(body)
    case .group: judge(body, GroupRecord.size) { GroupRecord($0).write(into: &$1) }
    case .membership:
      judge(body, MembershipRecord.size) { MembershipRecord($0).write(into: &$1) }
    case .path:
      judgeList(body, PathRecord.size) { value, copy throws(StoreError) in
        try PathRecord(value).write(into: &copy)
      }
    case .course:
      judgeList(body, CourseRecord.size) { value, copy throws(StoreError) in
        try CourseRecord(value).write(into: &copy)
      }
    case .courseRow: judgeRow(body)
    case .activity: judgeActivity(body)
    case .inCourse: judgeInCourse(body)
    case .userCounts: judge(body, UserCounts.size) { UserCounts($0).write(into: &$1) }
    case .activityCounts: if body.count >= ActivityCounts.size { _ = ActivityCounts(body) }
    case .courseCounts: if body.count >= CourseCounts.size { _ = CourseCounts(body) }
    case .attempt, .reaction, .comment, .post, .like, .download: judgeAction(body, table)
    case .meta: judge(body, AppliedMark.size) { AppliedMark($0).write(into: &$1) }
    case .tenant: judge(body, Tenant.size) { Tenant($0).write(into: &$1) }
    case .tally: judge(body, RecordTally.size) { RecordTally($0).write(into: &$1) }
    case .name: if body.count >= NameRecord.size { _ = NameRecord.id(body).text }
    case .memberOf, .related, .behind, .stamped, .erased: break
    }
  }

  /// Written again, the value is the same, as far as it is one of this kind.
  private static func judge(
    _ body: UnsafeRawBufferPointer, _ size: Int,
    _ copy: (UnsafeRawBufferPointer, inout ByteWriter) -> Void
  ) {
    guard body.count >= size else { return }
    let scratch = Scratch(bytes: body.count + size)
    var writer = scratch.writer
    copy(body, &writer)
    require(
      writer.bytes.elementsEqual(body.prefix(writer.count)), "a value is another one when written")
    require(writer.count >= size, "a value loses its end")
  }

  /// Values with lists in them may turn out shorter than these.
  private static func judgeList(
    _ body: UnsafeRawBufferPointer, _ size: Int,
    _ copy: (UnsafeRawBufferPointer, inout ByteWriter) throws(StoreError) -> Void
  ) {
    guard body.count >= size else { return }
    let scratch = Scratch(bytes: body.count + size)
    var writer = scratch.writer
    do throws(StoreError) {
      try copy(body, &writer)
      require(writer.bytes.elementsEqual(body), "a value is another one when written")
    } catch {
      require(error.code == .dataLoss, "a bad value is reported as \(error.code)")
    }
  }

  private static func judgeUser(_ body: UnsafeRawBufferPointer) {
    guard body.count >= UserRecord.size else { return }
    let user = UserRecord(body)
    require(user.basicSize <= user.fields.count, "basic fields end behind all fields")
    _ = Array(user.fields.prefix(user.basicSize))
  }

  private static func judgeRow(_ body: UnsafeRawBufferPointer) {
    guard body.count >= CourseRowRecord.size else { return }
    let row = CourseRowRecord(body)
    for index in 0..<row.coAuthorCount { _ = row.coAuthor(index) }
    require(row.fields.count <= body.count - CourseRowRecord.size, "fields end behind the row")
    _ = (row.number, row.change, row.status, row.author, row.lastUpdate, row.fields.array)
  }

  private static func judgeActivity(_ body: UnsafeRawBufferPointer) {
    guard body.count >= ActivityRecord.size else { return }
    let activity = ActivityRecord(body)
    let room = body.count - ActivityRecord.size
    require(activity.rowFields.count + activity.tagFields.count == room, "fields are lost")
    // The fact again, or an error: never a crash.
    _ = try? activity.fact("a", course: "c")
  }

  private static func judgeInCourse(_ body: UnsafeRawBufferPointer) {
    guard body.count >= InCourseRecord.size else { return }
    let record = InCourseRecord(body)
    let scratch = Scratch(bytes: body.count)
    var writer = scratch.writer
    record.write(into: &writer)
    let again = InCourseRecord(writer.bytes)
    require(again.isGone == record.isGone && again.change == record.change, "a value is another")
  }

  private static func judgeAction(_ body: UnsafeRawBufferPointer, _ table: TableID) {
    judge(body, ActionRecord.size(in: table)) {
      ActionRecord($0, in: table).write(in: table, into: &$1)
    }
    guard body.count >= ActionRecord.size(in: table) else { return }
    let record = ActionRecord(body, in: table)
    for flag in [ActionRecord.firstPlace, ActionRecord.secondPlace, ActionRecord.thirdPlace] {
      require(record.place(flag).count <= 255, "a place is longer than its size")
    }
    _ = record.contributions(in: table, targetDeleted: false)
    guard let fact = StoredFact.example(of: table, record) else { return }
    _ = try? fact.fixedForm { $0 == 0 ? "" : "n\($0)" }
  }
}

extension StoredFact {
  /// A fact under a key of its table; `nil` where the key decides what the value means.
  fileprivate static func example(of table: TableID, _ record: ActionRecord) -> StoredFact? {
    guard table == .comment || table == .post || table == .download else { return nil }
    let key = StaticString("\u{0}\u{0}\u{0}\u{1}\u{4}id\u{0}")
    return StoredFact(
      table: table,
      key: UnsafeRawBufferPointer(start: key.utf8Start, count: key.utf8CodeUnitCount),
      record: record)
  }
}
