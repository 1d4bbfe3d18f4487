/// A course's register. Table `course`, key: T, course_id.
///
/// ```
/// 0 n u32 | 4 ver i64 | 12 status u8 (0: not known) | 13 created i64 | 21 updated i64
/// 29 author n u32 | 33 co-authors u8 | 34 their n u32 each | fields 2, 8 to 11 of CourseFact
/// | checksum
/// ```
struct CourseRecord {
  var number: UInt32
  var version: Int64
  var status: UInt8
  var created: Int64
  var updated: Int64
  var author: UInt32
  var coAuthors: [UInt32]
  /// Name, languages and own tags, as the fixed form encodes them.
  var fields: [UInt8]

  static let size = 34

  init(number: UInt32) {
    self.number = number
    version = noVersion
    status = 0
    created = noTime
    updated = noTime
    author = 0
    coAuthors = []
    fields = []
  }

  init(_ body: UnsafeRawBufferPointer) throws(StoreError) {
    number = body.little(0)
    version = body.little(4)
    status = body[12]
    created = body.little(13)
    updated = body.little(21)
    author = body.little(29)
    let count = Int(body[33])
    guard Self.size + 4 * count <= body.count else {
      throw StoreError.damaged(.course, "course \(number) is shorter than its co-authors")
    }
    coAuthors = (0..<count).map { body.little(Self.size + 4 * $0) }
    fields = body.tail(from: Self.size + 4 * count).array
  }

  func write(into value: inout ByteWriter) {
    value.little(number)
    value.little(version)
    value.little(status)
    value.little(created)
    value.little(updated)
    value.little(author)
    value.little(UInt8(coAuthors.count))
    for number in coAuthors { value.little(number) }
    fields.withUnsafeBytes { value.raw($0) }
  }
}

/// A course as reports show it, derived from its register and its current activities. Table
/// `course_row`, key: T, course_id; only for courses whose fact came.
///
/// ```
///  0 n u32 | 4 chg u64 | 12 status u8 | 13 author n u32 | 17 last update i64 | 25 documents u32
/// 29 cheat sheets u32 | 33 questions u32 | 37 other u32 | 41 co-authors u8 | 42 their n u32 each
/// fields 1 to 13 of CourseRow, encoded | checksum
/// ```
struct CourseRowRecord {
  let body: UnsafeRawBufferPointer

  static let size = 42

  init(_ body: UnsafeRawBufferPointer) { self.body = body }

  var number: UInt32 { body.little(0) }
  var change: UInt64 { body.little(4) }
  var status: UInt8 { body[12] }
  var author: UInt32 { body.little(13) }
  var lastUpdate: Int64 { body.little(17) }
  var documents: UInt32 { body.little(25) }
  var cheatSheets: UInt32 { body.little(29) }
  var questions: UInt32 { body.little(33) }
  var others: UInt32 { body.little(37) }
  var coAuthorCount: Int { min(Int(body[41]), (body.count - Self.size) / 4) }
  func coAuthor(_ index: Int) -> UInt32 { body.little(Self.size + 4 * index) }
  var fields: UnsafeRawBufferPointer { body.tail(from: Self.size + 4 * coAuthorCount) }
}

/// An activity. Table `activity`, key: T, activity_id.
///
/// ```
///  0 n u32 | 4 ver i64 | 12 chg u64 | 20 flags u8 | 21 type i32 | 25 course n u32 (0: none)
/// 29 updated i64 | 37 size of the row's fields u16
/// 39 fields 1 to 3 of CourseActivityRow, encoded | field 5 (tags) of ActivityFact | checksum
/// ```
struct ActivityRecord {
  var number: UInt32
  var version: Int64
  var change: UInt64
  var flags: EntityFlags
  var type: Int32
  var course: UInt32
  var updated: Int64
  var rowFields: UnsafeRawBufferPointer
  var tagFields: UnsafeRawBufferPointer

  static let size = 39

  init(number: UInt32, change: UInt64) {
    self.number = number
    version = noVersion
    self.change = change
    flags = []
    type = 0
    course = 0
    updated = noTime
    rowFields = .none
    tagFields = .none
  }

  init(_ body: UnsafeRawBufferPointer) {
    number = body.little(0)
    version = body.little(4)
    change = body.little(12)
    flags = EntityFlags(rawValue: body[20])
    type = body.little(21)
    course = body.little(25)
    updated = body.little(29)
    let rowSize = min(Int(body.little(37, as: UInt16.self)), body.count - Self.size)
    rowFields = body.part(Self.size, rowSize)
    tagFields = body.tail(from: Self.size + rowSize)
  }

  func write(into value: inout ByteWriter) {
    value.little(number)
    value.little(version)
    value.little(change)
    value.little(flags.rawValue)
    value.little(type)
    value.little(course)
    value.little(updated)
    value.little(UInt16(rowFields.count))
    value.raw(rowFields)
    value.raw(tagFields)
  }
}

/// An activity that is or was in a course. Table `in_course`, key: T, course n, activity_id.
///
/// ```
/// 0 activity n u32 | 4 type i32 | 8 flags u8 (1: gone, stays as a tombstone) | 9 updated i64
/// 17 chg u64 | checksum
/// ```
struct InCourseRecord {
  var activity: UInt32
  var type: Int32
  var isGone: Bool
  var updated: Int64
  var change: UInt64

  static let size = 25

  init(activity: UInt32, type: Int32, isGone: Bool, updated: Int64, change: UInt64) {
    self.activity = activity
    self.type = type
    self.isGone = isGone
    self.updated = updated
    self.change = change
  }

  init(_ body: UnsafeRawBufferPointer) {
    activity = body.little(0)
    type = body.little(4)
    isGone = body[8] & 1 != 0
    updated = body.little(9)
    change = body.little(17)
  }

  func write(into value: inout ByteWriter) {
    value.little(activity)
    value.little(type)
    value.little(UInt8(isGone ? 1 : 0))
    value.little(updated)
    value.little(change)
  }
}
