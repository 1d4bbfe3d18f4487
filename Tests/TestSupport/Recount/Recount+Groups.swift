internal import TallyModel

/// The three numbers of a user, or their sums over some.
struct UserTotals {
  var publications = 0
  var comments = 0
  var reactions = 0

  var cells: [String: String] {
    ["publications": "\(publications)", "comments": "\(comments)", "reactions": "\(reactions)"]
  }

  static func + (left: UserTotals, right: UserTotals) -> UserTotals {
    UserTotals(
      publications: left.publications + right.publications,
      comments: left.comments + right.comments, reactions: left.reactions + right.reactions)
  }
}

/// rules.md, sections 2 and 3.
extension Recount {
  func countUsers() -> [UserID: UserTotals] {
    var totals: [UserID: UserTotals] = [:]
    for post in posts {
      if post.replyToPostID.isEmpty {
        totals[post.userID, default: .init()].publications += 1
      } else {
        totals[post.userID, default: .init()].comments += 1
      }
    }
    for comment in comments where comment.pathSessionID.isEmpty {
      totals[comment.userID, default: .init()].comments += 1
    }
    for reaction in reactions where !reaction.activityID.isEmpty {
      totals[reaction.userID, default: .init()].reactions += 1
    }
    for like in likes { totals[like.userID, default: .init()].reactions += 1 }
    return totals
  }

  /// Members of a group who have a row: known to the directory and not deleted.
  private func members(of group: GroupID, role: Role?) -> Set<UserID> {
    Set(
      memberships[group, default: []]
        .filter { role == nil || $0.roles.contains(role!) }
        .map(\.userID)
        .filter { users[$0]?.deleted == false })
  }

  func groupUsers(of group: GroupID, role: Role?) throws(QueryRefusal) -> [ReportRow] {
    guard groups[group]?.deleted == false else { throw .notFound }
    return members(of: group, role: role).sorted().map { id in
      let user = users[id]!
      var cells = userTotals[id, default: .init()].cells
      cells["first_name"] = user.firstName
      cells["last_name"] = user.lastName
      cells["email"] = user.email
      cells["additional_information"] = user.additionalInformation
      return ReportRow(id: id.text, cells: cells)
    }
  }

  func groupRows(includeSubgroups: Bool) -> [ReportRow] {
    groups.values.filter { !$0.deleted }.sorted { $0.groupID < $1.groupID }.map { group in
      var included: Set<GroupID> = [group.groupID]
      if includeSubgroups {
        // Grown until it grows no more, so a cycle ends too.
        var before = 0
        while before != included.count {
          before = included.count
          for below in groups.values where !below.deleted && included.contains(below.parentGroupID)
          {
            included.insert(below.groupID)
          }
        }
      }
      let learners = included.reduce(into: Set<UserID>()) {
        $0.formUnion(members(of: $1, role: .learner))
      }
      let sum = learners.map { userTotals[$0, default: .init()] }.reduce(UserTotals(), +)
      var cells = sum.cells
      cells["name"] = group.name
      return ReportRow(id: group.groupID.text, cells: cells)
    }
  }
}
