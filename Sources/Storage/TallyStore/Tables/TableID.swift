internal import LMDB

/// The tables of the store. The numbers stand in the keys of `tally`: never change them.
///
/// Keys are big-endian and start with the tenant's number T; values are little-endian and end with
/// their checksum. The file of each table says its bytes.
package enum TableID: UInt8, CaseIterable, Sendable {
  case user = 1
  case userCounts
  case group
  case membership
  case memberOf
  case course
  case courseRow
  case courseCounts
  case activity
  case activityCounts
  case inCourse
  case path
  case related
  case name
  case attempt
  case reaction
  case comment
  case post
  case like
  case download
  case behind
  case stamped
  case erased
  // Not of one tenant, so not in `tally`.
  case meta
  case tenant
  case tally

  /// The table's name in the data file.
  package var name: String {
    switch self {
    case .user: "user"
    case .userCounts: "user_counts"
    case .group: "group"
    case .membership: "membership"
    case .memberOf: "member_of"
    case .course: "course"
    case .courseRow: "course_row"
    case .courseCounts: "course_counts"
    case .activity: "activity"
    case .activityCounts: "activity_counts"
    case .inCourse: "in_course"
    case .path: "path"
    case .related: "related"
    case .name: "name"
    case .attempt: "attempt"
    case .reaction: "reaction"
    case .comment: "comment"
    case .post: "post"
    case .like: "like"
    case .download: "download"
    case .behind: "behind"
    case .stamped: "stamped"
    case .erased: "erased"
    case .meta: "meta"
    case .tenant: "tenant"
    case .tally: "tally"
    }
  }

  /// Whether `tally` counts the records of this table.
  var isTallied: Bool { rawValue < TableID.meta.rawValue }
}

/// The open tables of a data file.
struct Tables: Sendable {
  private let handles: [Table]

  init(in transaction: borrowing WriteTransaction) throws(StoreError) {
    var handles: [Table] = []
    for id in TableID.allCases {
      handles.append(
        try storing { () throws(LMDBError) in try transaction.table(named: id.name) })
    }
    self.handles = handles
  }

  @inline(__always)
  subscript(_ id: TableID) -> Table { handles[Int(id.rawValue) - 1] }
}
