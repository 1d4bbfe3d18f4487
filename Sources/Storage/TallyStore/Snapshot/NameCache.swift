internal import TallyModel

/// Names of users, and of the group in which an author stands: resolved when a row is read, since
/// one renaming would rewrite thousands of rows, and kept while the tenant's directory does not
/// change. One for each reader loop.
package final class NameCache {
  private struct Slot {
    /// 0: empty.
    var number: UInt32 = 0
    var name: UnsafeRawBufferPointer = .none
  }

  private struct Group {
    let id: [UInt8]
    let name: UnsafeRawBufferPointer
    let parent: UInt32
    /// Known and not deleted.
    let stands: Bool
  }

  /// Bytes of names after which all are forgotten.
  private static let capacityBytes = 16 << 20

  private var users: [Slot]
  private var deepest: [Slot]
  private var groups: [UInt32: Group] = [:]
  private let arena = Arena()
  private var bytes = 0
  private var tenant: UInt32 = 0
  private var directoryChange: UInt64 = 0
  private let mask: UInt32

  /// - Parameter slots: a power of two.
  package init(slots: Int = 1 << 16) {
    precondition(slots > 0 && slots & (slots - 1) == 0, "slots are a power of two")
    users = Array(repeating: Slot(), count: slots)
    deepest = Array(repeating: Slot(), count: slots)
    mask = UInt32(slots - 1)
  }

  /// Makes the cache that of the tenant as its snapshot has it. To be called at the start of each
  /// turn; names given before are no longer valid.
  package func prepare(_ tenant: Tenant) {
    if tenant.number == self.tenant, tenant.directoryChange == directoryChange,
      bytes < Self.capacityBytes
    {
      return
    }
    self.tenant = tenant.number
    directoryChange = tenant.directoryChange
    for slot in users.indices { users[slot] = Slot() }
    for slot in deepest.indices { deepest[slot] = Slot() }
    groups.removeAll(keepingCapacity: true)
    arena.reset()
    bytes = 0
  }

  /// "First Last" of a user, empty if not known. Valid until the next `prepare`.
  package func userName(
    _ user: UInt32, _ snapshot: borrowing Snapshot, in tenant: Tenant
  ) throws(StoreError) -> UnsafeRawBufferPointer {
    if user == 0 { return .none }
    let slot = Int(user & mask)
    if users[slot].number == user { return users[slot].name }
    let name = keep(try Self.fullName(of: user, snapshot, in: tenant))
    users[slot] = Slot(number: user, name: name)
    return name
  }

  /// The name of the deepest group in which a user has a role now, empty if there is none. Valid
  /// until the next `prepare`.
  ///
  /// - Source: rules.md, section 5, "Group".
  package func deepestGroupName(
    ofUser user: UInt32, _ snapshot: borrowing Snapshot, in tenant: Tenant
  ) throws(StoreError) -> UnsafeRawBufferPointer {
    if user == 0 { return .none }
    let slot = Int(user & mask)
    if deepest[slot].number == user { return deepest[slot].name }
    var candidates: [UInt32] = []
    var memberships = try snapshot.records(
      .memberOf, prefix: snapshot.numberKey(tenant, user), atLeast: MembershipRecord.memberOfSize)
    while try memberships.next() {
      guard memberships.body[0] != 0 else { continue }
      let number: UInt32 = memberships.key.big(8)
      try load(number, snapshot, in: tenant)
      if groups[number]?.stands == true { candidates.append(number) }
    }
    let best = deepestGroup(
      among: candidates,
      parent: { [groups] number in groups[number].flatMap { $0.parent == 0 ? nil : $0.parent } },
      precedes: { [groups] left, right in
        (groups[left]?.id ?? []).lexicographicallyPrecedes(groups[right]?.id ?? [])
      })
    let name = best.flatMap { groups[$0]?.name } ?? .none
    deepest[slot] = Slot(number: user, name: name)
    return name
  }

  /// Reads a group and all above it.
  private func load(
    _ number: UInt32, _ snapshot: borrowing Snapshot, in tenant: Tenant
  ) throws(StoreError) {
    var next = number
    while next != 0, groups[next] == nil {
      guard let group = try snapshot.group(number: next, in: tenant) else { return }
      bytes += group.name.count
      groups[next] = Group(
        id: group.id.array, name: arena.copy(group.name), parent: group.parent,
        stands: group.isKnown && !group.isDeleted)
      next = group.parent
    }
  }

  private func keep(_ name: String) -> UnsafeRawBufferPointer {
    bytes += name.utf8.count
    return arena.copy(name)
  }

  private static func fullName(
    of user: UInt32, _ snapshot: borrowing Snapshot, in tenant: Tenant
  ) throws(StoreError) -> String {
    guard let view = try snapshot.user(number: user, in: tenant), view.isKnown else { return "" }
    do {
      let fields = try FixedFormFields(view.basicFields)
      return displayName(first: fields.bytes(2).text, last: fields.bytes(3).text)
    } catch {
      throw StoreError(code: .dataLoss, message: "the fields of user \(user) are damaged")
    }
  }
}
