/// When users and an author's groups last changed, in one snapshot: the part of a course row's
/// change that no record of the course has.
///
/// What was found out is kept by number within a bound. One for each scan.
package final class DirectoryChanges {
  private struct Group {
    let change: UInt64
    let parent: UInt32
  }

  /// Numbers after which what was found out is forgotten.
  private static let capacity = 1 << 16

  private var users: [UInt32: UInt64] = [:]
  private var authors: [UInt32: UInt64] = [:]
  private var groups: [UInt32: Group] = [:]
  /// The last change of a group and all above it.
  private var chains: [UInt32: UInt64] = [:]

  package init() {}

  /// The position of the last change of a user, 0 for none.
  package func change(
    ofUser user: UInt32, _ snapshot: borrowing Snapshot, in tenant: Tenant
  ) throws(StoreError) -> UInt64 {
    if user == 0 { return 0 }
    if let known = users[user] { return known }
    let change = try snapshot.user(number: user, in: tenant)?.change ?? 0
    if users.count >= Self.capacity { users.removeAll(keepingCapacity: true) }
    users[user] = change
    return change
  }

  /// The position of the last change of a user, the user's memberships, or their groups with all
  /// groups above them; 0 for none.
  package func change(
    ofAuthor user: UInt32, _ snapshot: borrowing Snapshot, in tenant: Tenant
  ) throws(StoreError) -> UInt64 {
    if user == 0 { return 0 }
    if let known = authors[user] { return known }
    var change = try change(ofUser: user, snapshot, in: tenant)
    for membership in try snapshot.memberships(ofUser: user, in: tenant) {
      change = max(
        change, membership.change, try chain(from: membership.group, snapshot, in: tenant))
    }
    if authors.count >= Self.capacity { authors.removeAll(keepingCapacity: true) }
    authors[user] = change
    return change
  }

  /// Groups may stand in a circle; every one of it is met once.
  private func chain(
    from group: UInt32, _ snapshot: borrowing Snapshot, in tenant: Tenant
  ) throws(StoreError) -> UInt64 {
    var change: UInt64 = 0
    var seen: Set<UInt32> = []
    var next = group
    while next != 0, seen.insert(next).inserted {
      if let known = chains[next] {
        change = max(change, known)
        break
      }
      let found = try load(next, snapshot, in: tenant)
      change = max(change, found.change)
      next = found.parent
    }
    if chains.count >= Self.capacity { chains.removeAll(keepingCapacity: true) }
    chains[group] = change
    return change
  }

  private func load(
    _ number: UInt32, _ snapshot: borrowing Snapshot, in tenant: Tenant
  ) throws(StoreError) -> Group {
    if let known = groups[number] { return known }
    let view = try snapshot.group(number: number, in: tenant)
    let group = Group(change: view?.change ?? 0, parent: view?.parent ?? 0)
    if groups.count >= Self.capacity { groups.removeAll(keepingCapacity: true) }
    groups[number] = group
    return group
  }
}
