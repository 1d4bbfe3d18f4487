internal import TallyModel

/// The facts of the directory again, out of their records: what two versions of one time are
/// compared by.
extension GroupRecord {
  func fact(_ id: GroupID, parent: GroupID) -> Fact.Group {
    Fact.Group(
      groupID: id, name: name.text, parentGroupID: parent, deleted: flags.contains(.deleted))
  }
}

extension MembershipRecord {
  func fact(_ group: GroupID, _ user: UserID) -> Fact.Membership {
    Fact.Membership(groupID: group, userID: user, roles: Roles(rawValue: roles).sorted)
  }
}

extension PathRecord {
  /// - Parameter name: the id behind a number, empty for 0.
  func fact(
    _ id: PathID, _ name: (UInt32) throws(StoreError) -> String
  ) throws(StoreError) -> Fact.Path {
    var fact = Fact.Path(
      pathID: id, name: String(decoding: self.name, as: UTF8.self),
      authorUserID: ID(try name(author)), deleted: flags.contains(.deleted))
    for number in courses { fact.courseIDs.append(ID(try name(number))) }
    for number in editors { fact.editorUserIDs.append(ID(try name(number))) }
    return fact
  }
}
