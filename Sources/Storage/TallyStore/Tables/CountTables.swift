/// The all-time counts of a user. Table `user_counts`, key: T, n.
///
/// ```
/// 0 chg u64 | 8 flags u8, as the user's | 9 publications u32 | 13 comments u32 | 17 reactions u32
/// checksum
/// ```
package struct UserCounts: Sendable, Equatable {
  package var change: UInt64 = 0
  var flags: EntityFlags = []
  package var publications: UInt32 = 0
  package var comments: UInt32 = 0
  package var reactions: UInt32 = 0

  static let size = 21

  init() {}

  @inline(__always)
  init(_ body: UnsafeRawBufferPointer) {
    change = body.little(0)
    flags = EntityFlags(rawValue: body[8])
    publications = body.little(9)
    comments = body.little(13)
    reactions = body.little(17)
  }

  func write(into value: inout ByteWriter) {
    value.little(change)
    value.little(flags.rawValue)
    value.little(publications)
    value.little(comments)
    value.little(reactions)
  }

  /// Whether the directory has a fact of the user.
  package var isKnown: Bool { flags.contains(.known) }
  package var isDeleted: Bool { flags.contains(.deleted) }
}

/// The all-time counts of an activity, in whichever course. Table `activity_counts`, key: T, n.
///
/// ```
/// 0 chg u64 | 8 views u32 | 12 likes | 16 learned something | 20 outdated | 24 have a question
/// 28 comments | 32 downloads | checksum
/// ```
package struct ActivityCounts: Sendable, Equatable {
  package var change: UInt64 = 0
  package var views: UInt32 = 0
  package var likes: UInt32 = 0
  package var learnedSomething: UInt32 = 0
  package var outdated: UInt32 = 0
  package var haveAQuestion: UInt32 = 0
  package var comments: UInt32 = 0
  /// By learners, whatever the activity's type; shown for documents and cheat sheets only.
  package var downloads: UInt32 = 0

  static let size = 36
  /// Counters of an activity, in the order of the record.
  static let counters = 7

  init() {}

  @inline(__always)
  init(_ body: UnsafeRawBufferPointer) {
    change = body.little(0)
    views = body.little(8)
    likes = body.little(12)
    learnedSomething = body.little(16)
    outdated = body.little(20)
    haveAQuestion = body.little(24)
    comments = body.little(28)
    downloads = body.little(32)
  }
}

/// The counts of a course. Table `course_counts`, key: T, course_id.
///
/// ```
/// 0 chg u64 | 8 views u32 | 12 likes | 16 learned something | 20 outdated | 24 have a question
/// 28 useful | 32 irrelevant | 36 comments | checksum
/// ```
package struct CourseCounts: Sendable, Equatable {
  package var change: UInt64 = 0
  package var views: UInt32 = 0
  package var likes: UInt32 = 0
  package var learnedSomething: UInt32 = 0
  package var outdated: UInt32 = 0
  package var haveAQuestion: UInt32 = 0
  package var useful: UInt32 = 0
  package var irrelevant: UInt32 = 0
  package var comments: UInt32 = 0

  static let size = 40
  /// Counters of a course, in the order of the record.
  static let counters = 8

  package init() {}

  @inline(__always)
  init(_ body: UnsafeRawBufferPointer) {
    change = body.little(0)
    views = body.little(8)
    likes = body.little(12)
    learnedSomething = body.little(16)
    outdated = body.little(20)
    haveAQuestion = body.little(24)
    useful = body.little(28)
    irrelevant = body.little(32)
    comments = body.little(36)
  }
}
