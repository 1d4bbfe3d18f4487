/// What a scan for changes reads: records that reports skip, and the position of each change.
extension Snapshot {
  /// A membership that is or was, for its change.
  struct MembershipChange {
    let group: UInt32
    let change: UInt64
  }

  /// All memberships of a user, those that were left too: leaving changes an author's group.
  func memberships(
    ofUser user: UInt32, in tenant: Tenant
  ) throws(StoreError) -> [MembershipChange] {
    guard let id = try name(of: user, in: tenant) else { return [] }
    var found: [MembershipChange] = []
    var groups = try records(
      .memberOf, prefix: numberKey(tenant, user), atLeast: MembershipRecord.memberOfSize)
    while try groups.next() {
      let group: UInt32 = groups.key.big(8)
      var key = keys.writer
      Key.member(tenant.number, group, id, into: &key)
      guard let body = try get(.membership, key.bytes, atLeast: MembershipRecord.size) else {
        throw StoreError.damaged(
          .membership, "user \(user) is in group \(group) without a membership")
      }
      found.append(MembershipChange(group: group, change: MembershipRecord(body).change))
    }
    return found
  }
}

extension MemberCursor {
  /// The next membership, of one who has left too: then there are no roles. Nil after the last.
  package mutating func nextOrLeft() throws(StoreError) -> Member? {
    guard try records.next() else { return nil }
    return Member(userID: records.key.tail(from: 8), MembershipRecord(records.body))
  }
}

/// An activity that is or was in a course.
package struct ActivityPlace {
  package let id: UnsafeRawBufferPointer
  package let number: UInt32
  package let type: Int32
  /// Deleted, or in another course now.
  package let isGone: Bool
  /// The position of the last fact of the activity while it was here, or of its leaving.
  package let change: UInt64
}

extension CourseActivityCursor {
  /// The next activity that is or was in the course, nil after the last.
  package mutating func nextPlace() throws(StoreError) -> ActivityPlace? {
    guard try places.next() else { return nil }
    let place = InCourseRecord(places.body)
    return ActivityPlace(
      id: places.key.tail(from: 8), number: place.activity, type: place.type,
      isGone: place.isGone, change: place.change)
  }
}
