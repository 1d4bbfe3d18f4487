/// What has a number: one space of numbers a tenant. The raw values stand in `name`.
package enum EntityKind: UInt8, Sendable, CaseIterable {
  case user = 1
  case group
  case course
  case activity
  case path

  /// The table that is keyed by the ids of this kind.
  var table: TableID {
    switch self {
    case .user: .user
    case .group: .group
    case .course: .course
    case .activity: .activity
    case .path: .path
    }
  }
}

/// The flags byte of a user, group, activity or path.
struct EntityFlags: OptionSet, Sendable {
  let rawValue: UInt8

  /// Its own fact came: it is not only mentioned.
  static let known = EntityFlags(rawValue: 1)
  static let deleted = EntityFlags(rawValue: 2)
  static let erased = EntityFlags(rawValue: 4)
}

/// The version of what only is mentioned.
let noVersion: Int64 = -1
/// A time that is not set; 0 is the epoch.
let noTime: Int64 = -1

/// Keys of one tenant: T u32 and what follows.
enum Key {
  /// `user group course activity path course_row course_counts`: T, id.
  @inline(__always)
  static func entity(_ tenant: UInt32, _ id: UnsafeRawBufferPointer, into key: inout ByteWriter) {
    key.big(tenant)
    key.raw(id)
  }

  /// `name user_counts activity_counts`: T, n. Also the prefix of `membership`, `member_of`,
  /// `in_course`, `related` and `stamped`.
  @inline(__always)
  static func number(_ tenant: UInt32, _ number: UInt32, into key: inout ByteWriter) {
    key.big(tenant)
    key.big(number)
  }

  /// `member_of`: T, user n, group n. `stamped`: T, course n, activity n.
  @inline(__always)
  static func pair(
    _ tenant: UInt32, _ first: UInt32, _ second: UInt32, into key: inout ByteWriter
  ) {
    key.big(tenant)
    key.big(first)
    key.big(second)
  }

  /// `membership`: T, group n, user_id. `in_course`: T, course n, activity_id.
  static func member(
    _ tenant: UInt32, _ number: UInt32, _ id: UnsafeRawBufferPointer, into key: inout ByteWriter
  ) {
    key.big(tenant)
    key.big(number)
    key.raw(id)
  }
}

/// The id behind a number. Table `name`, key: T, n.
///
/// ```
/// 0 kind u8 | 1 id bytes | checksum
/// ```
enum NameRecord {
  static let size = 2
  static func kind(_ body: UnsafeRawBufferPointer) -> EntityKind? { EntityKind(rawValue: body[0]) }
  static func id(_ body: UnsafeRawBufferPointer) -> UnsafeRawBufferPointer { body.tail(from: 1) }

  static func write(
    _ kind: EntityKind, _ id: UnsafeRawBufferPointer, into value: inout ByteWriter
  ) {
    value.little(kind.rawValue)
    value.raw(id)
  }
}

/// A user. Table `user`, key: T, user_id.
///
/// ```
/// 0 n u32 | 4 ver i64 | 12 chg u64 | 20 flags u8 | 21 size of fields 1 to 4 u16
/// 23 fields 1 to 5 of GroupUserRow, encoded (1 to 4 are those of UserBehindRow) | checksum
/// ```
struct UserRecord {
  var number: UInt32
  var version: Int64
  var change: UInt64
  var flags: EntityFlags
  /// Also the fixed form of the user's fact, but for `deleted`.
  var fields: UnsafeRawBufferPointer
  var basicSize: Int

  static let size = 23

  init(_ body: UnsafeRawBufferPointer) {
    number = body.little(0)
    version = body.little(4)
    change = body.little(12)
    flags = EntityFlags(rawValue: body[20])
    basicSize = min(Int(body.little(21, as: UInt16.self)), body.count - Self.size)
    fields = body.tail(from: Self.size)
  }

  static func write(
    number: UInt32, version: Int64, change: UInt64, flags: EntityFlags,
    fields: UnsafeRawBufferPointer, basicSize: Int, into value: inout ByteWriter
  ) {
    value.little(number)
    value.little(version)
    value.little(change)
    value.little(flags.rawValue)
    value.little(UInt16(basicSize))
    value.raw(fields)
  }
}

/// A group. Table `group`, key: T, group_id.
///
/// ```
/// 0 n u32 | 4 ver i64 | 12 chg u64 | 20 flags u8 | 21 parent n u32 (0: root) | 25 name | checksum
/// ```
struct GroupRecord {
  var number: UInt32
  var version: Int64
  var change: UInt64
  var flags: EntityFlags
  var parent: UInt32
  var name: UnsafeRawBufferPointer

  static let size = 25

  init(_ body: UnsafeRawBufferPointer) {
    number = body.little(0)
    version = body.little(4)
    change = body.little(12)
    flags = EntityFlags(rawValue: body[20])
    parent = body.little(21)
    name = body.tail(from: Self.size)
  }

  init(
    number: UInt32, version: Int64 = noVersion, change: UInt64, flags: EntityFlags = [],
    parent: UInt32 = 0, name: UnsafeRawBufferPointer = .none
  ) {
    self.number = number
    self.version = version
    self.change = change
    self.flags = flags
    self.parent = parent
    self.name = name
  }

  func write(into value: inout ByteWriter) {
    value.little(number)
    value.little(version)
    value.little(change)
    value.little(flags.rawValue)
    value.little(parent)
    value.raw(name)
  }
}

/// A member of a group. Table `membership`, key: T, group n, user_id.
///
/// ```
/// 0 user n u32 | 4 ver i64 | 12 chg u64 | 20 roles u8, bit r for role r (0: has left) | checksum
/// ```
///
/// Table `member_of`, key: T, user n, group n, has the roles byte alone (0 stays).
struct MembershipRecord {
  var user: UInt32
  var version: Int64
  var change: UInt64
  var roles: UInt8

  static let size = 21
  static let memberOfSize = 1

  init(user: UInt32, version: Int64, change: UInt64, roles: UInt8) {
    self.user = user
    self.version = version
    self.change = change
    self.roles = roles
  }

  init(_ body: UnsafeRawBufferPointer) {
    user = body.little(0)
    version = body.little(4)
    change = body.little(12)
    roles = body[20]
  }

  func write(into value: inout ByteWriter) {
    value.little(user)
    value.little(version)
    value.little(change)
    value.little(roles)
  }
}

/// A path. Table `path`, key: T, path_id.
///
/// ```
/// 0 n u32 | 4 ver i64 | 12 flags u8 | 13 author n u32 | 17 editors u16 | 19 courses u16
/// 21 editors' n u32 each | courses' n u32 each | name | checksum
/// ```
struct PathRecord {
  var number: UInt32
  var version: Int64
  var flags: EntityFlags
  var author: UInt32
  var editors: [UInt32]
  var courses: [UInt32]
  var name: [UInt8]

  static let size = 21

  init(number: UInt32, version: Int64 = noVersion) {
    self.number = number
    self.version = version
    flags = []
    author = 0
    editors = []
    courses = []
    name = []
  }

  init(_ body: UnsafeRawBufferPointer) throws(StoreError) {
    number = body.little(0)
    version = body.little(4)
    flags = EntityFlags(rawValue: body[12])
    author = body.little(13)
    let editorCount = Int(body.little(17, as: UInt16.self))
    let courseCount = Int(body.little(19, as: UInt16.self))
    let end = Self.size + 4 * (editorCount + courseCount)
    guard end <= body.count else {
      throw StoreError.damaged(.path, "path \(number) is shorter than its lists")
    }
    editors = (0..<editorCount).map { body.little(Self.size + 4 * $0) }
    courses = (0..<courseCount).map { body.little(Self.size + 4 * (editorCount + $0)) }
    name = body.tail(from: end).array
  }

  func write(into value: inout ByteWriter) {
    value.little(number)
    value.little(version)
    value.little(flags.rawValue)
    value.little(author)
    value.little(UInt16(editors.count))
    value.little(UInt16(courses.count))
    for number in editors { value.little(number) }
    for number in courses { value.little(number) }
    name.withUnsafeBytes { value.raw($0) }
  }
}

/// What a user is to a course or path. Table `related`, key: T, user n, kind u8, n of the course
/// or path; the value is a checksum alone. There while the fact says so.
package enum Relation: UInt8, Sendable {
  case author = 1
  case coAuthor
  case pathAuthor
  case pathEditor

  static func key(
    _ tenant: UInt32, _ user: UInt32, _ relation: Relation, _ number: UInt32,
    into key: inout ByteWriter
  ) {
    key.big(tenant)
    key.big(user)
    key.little(relation.rawValue)
    key.big(number)
  }
}
