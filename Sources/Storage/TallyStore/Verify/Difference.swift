/// Something that Verify found: a record that is not what the facts say, or that cannot be right.
package struct Difference: Sendable, Equatable {
  /// What is wrong with it.
  package enum Kind: UInt8, Sendable, CaseIterable {
    /// A derived record is not what the facts make it.
    case wrong = 1
    /// A derived record that the facts call for is not there.
    case missing
    /// A derived record for which there is no fact.
    case extra
    /// Bytes are damaged: a checksum, a size, the order of keys, or a page.
    case damaged
    /// A fact names what is not there, or two facts have one number.
    case reference
    /// The records of a table are not as many, or not those, that `tally` has.
    case sum
    /// A stored version is older than one in the log, or gone.
    case stale
    /// The checker itself died of what it read.
    case crash
  }

  package let kind: Kind
  /// The table's name; `log` for the event log, empty where it is not known.
  package let table: String
  /// The tenant's name, empty for what belongs to none.
  package let tenant: String
  /// The record's key in the table.
  package let key: [UInt8]
  /// The key for people.
  package let name: String
  package let stored: String
  package let expected: String
  /// Whether the facts say what it should be, and are sound themselves.
  package var isMendable: Bool

  package init(
    kind: Kind, table: String, tenant: String = "", key: [UInt8] = [], name: String,
    stored: String, expected: String, isMendable: Bool = false
  ) {
    self.kind = kind
    self.table = table
    self.tenant = tenant
    self.key = key
    self.name = name
    self.stored = stored
    self.expected = expected
    self.isMendable = isMendable
  }

  /// What makes two findings the same one.
  package struct Place: Hashable, Sendable {
    package let table: String
    package let tenant: String
    package let key: [UInt8]
  }

  package var place: Place { Place(table: table, tenant: tenant, key: key) }
}

/// What mends a difference.
enum Mending: Equatable {
  /// The value without its checksum.
  case put([UInt8])
  case delete
}

/// A difference, and what the facts say instead where they do.
struct Finding {
  var difference: Difference
  let table: TableID?
  let mending: Mending?
}

extension TableID {
  /// Whether its records are facts, which nothing else can say again.
  var holdsFacts: Bool {
    switch self {
    case .user, .group, .membership, .course, .activity, .path, .attempt, .reaction, .comment,
      .post, .like, .download, .erased, .meta, .tenant:
      true
    case .userCounts, .memberOf, .courseRow, .courseCounts, .activityCounts, .inCourse, .related,
      .name, .behind, .stamped, .tally:
      false
    }
  }

  /// Bytes that a key has at least.
  var keySizeMin: Int {
    switch self {
    case .meta, .tenant: 1
    case .tally: 5
    case .user, .group, .course, .courseRow, .courseCounts, .activity, .path: 5
    case .userCounts, .activityCounts, .name: 8
    case .membership, .inCourse: 9
    case .memberOf, .stamped: 12
    case .related, .reaction: 13
    case .comment, .post, .download: 6
    case .attempt: 12
    case .like: 11
    case .behind: 13
    case .erased: 20
    }
  }

  /// Bytes that a key has, where all have as many.
  var keySize: Int? {
    switch self {
    case .tally, .userCounts, .activityCounts, .name, .memberOf, .stamped, .related, .reaction,
      .erased:
      keySizeMin
    default: nil
    }
  }

  /// Bytes that a value has at least, its checksum apart.
  var valueSizeMin: Int {
    switch self {
    case .user: UserRecord.size
    case .userCounts: UserCounts.size
    case .group: GroupRecord.size
    case .membership: MembershipRecord.size
    case .memberOf: MembershipRecord.memberOfSize
    case .course: CourseRecord.size
    case .courseRow: CourseRowRecord.size
    case .courseCounts: CourseCounts.size
    case .activity: ActivityRecord.size
    case .activityCounts: ActivityCounts.size
    case .inCourse: InCourseRecord.size
    case .path: PathRecord.size
    case .related, .stamped: 0
    case .name: NameRecord.size
    case .attempt, .reaction, .comment, .post, .like, .download: ActionRecord.size(in: self)
    case .behind: ActionKey.behindSize
    case .erased: 4
    case .meta: 1
    case .tenant: Tenant.size
    case .tally: RecordTally.size
    }
  }
}
