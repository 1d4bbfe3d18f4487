/// A user as the directory has them.
package struct UserView {
  package let number: UInt32
  package let isKnown: Bool
  package let isDeleted: Bool
  /// The position of the last change.
  package let change: UInt64
  /// Fields 1 to 5 of GroupUserRow, encoded; of a user who is only mentioned, the id alone.
  package let fields: UnsafeRawBufferPointer
  /// Fields 1 to 4, which are also those of UserBehindRow.
  package let basicFields: UnsafeRawBufferPointer

  init(_ record: UserRecord) {
    number = record.number
    isKnown = record.flags.contains(.known)
    isDeleted = record.flags.contains(.deleted)
    change = record.change
    fields = record.fields
    basicFields = record.fields.part(0, record.basicSize)
  }
}

/// A group as the directory has it.
package struct GroupView {
  package let id: UnsafeRawBufferPointer
  package let number: UInt32
  package let isKnown: Bool
  package let isDeleted: Bool
  /// The position of the last change.
  package let change: UInt64
  /// The number of the group above, 0 at the root.
  package let parent: UInt32
  package let name: UnsafeRawBufferPointer

  init(id: UnsafeRawBufferPointer, _ record: GroupRecord) {
    self.id = id
    number = record.number
    isKnown = record.flags.contains(.known)
    isDeleted = record.flags.contains(.deleted)
    change = record.change
    parent = record.parent
    name = record.name
  }
}

/// An activity as the directory has it.
package struct ActivityView {
  package let number: UInt32
  package let isKnown: Bool
  package let isDeleted: Bool
  package let type: Int32
  /// The number of the course it is in, 0 if in none.
  package let course: UInt32
  /// Fields 1 to 3 of CourseActivityRow, encoded.
  package let fields: UnsafeRawBufferPointer

  init(_ record: ActivityRecord) {
    number = record.number
    isKnown = record.flags.contains(.known)
    isDeleted = record.flags.contains(.deleted)
    type = record.type
    course = record.course
    fields = record.rowFields
  }
}

/// A path as the directory has it.
package struct PathView {
  package let isKnown: Bool
  package let isDeleted: Bool
  /// The numbers of its courses, in the order of the fact.
  package let courses: [UInt32]
}

/// A current member of a group.
package struct Member {
  package let userID: UnsafeRawBufferPointer
  package let user: UInt32
  /// Bit r for role r; `TallyModel.Roles`.
  package let roles: UInt8
  /// The position of the membership's last change.
  package let change: UInt64

  init(userID: UnsafeRawBufferPointer, _ record: MembershipRecord) {
    self.userID = userID
    user = record.user
    roles = record.roles
    change = record.change
  }
}

/// An activity of a course, with its all-time counts.
package struct CourseActivityView {
  package let id: UnsafeRawBufferPointer
  package let number: UInt32
  package let type: Int32
  /// Fields 1 to 3 of CourseActivityRow, encoded.
  package let fields: UnsafeRawBufferPointer
  package let counts: ActivityCounts
}

/// A course as the courses report shows it.
package struct CourseRowView {
  package let id: UnsafeRawBufferPointer
  let record: CourseRowRecord
  package let counts: CourseCounts

  package var number: UInt32 { record.number }
  /// The position of the last change of the course or one of its activities.
  package var change: UInt64 { record.change }
  package var status: UInt8 { record.status }
  /// The number of the main author, 0: none.
  package var author: UInt32 { record.author }
  package var coAuthorCount: Int { record.coAuthorCount }
  package func coAuthor(_ index: Int) -> UInt32 { record.coAuthor(index) }
  /// Nanoseconds since 1970, -1: not known.
  package var lastUpdate: Int64 { record.lastUpdate }
  package var documents: UInt32 { record.documents }
  package var cheatSheets: UInt32 { record.cheatSheets }
  package var questions: UInt32 { record.questions }
  /// Activities of any other type.
  package var others: UInt32 { record.others }
  /// Fields 1 to 13 of CourseRow, encoded.
  package var fields: UnsafeRawBufferPointer { record.fields }
}
