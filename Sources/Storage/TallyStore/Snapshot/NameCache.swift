internal import CPrefetch
internal import TallyModel

/// Names of users, and of the group in which an author stands: resolved when a row is read, since
/// one renaming would rewrite thousands of rows, and kept while the tenant's directory does not
/// change. One for each reader loop.
package final class NameCache {
  /// What is known of a user, in a quarter of a cache line: a report of many courses meets its
  /// authors in no order, and waits for memory once for each.
  private struct Author {
    /// 0: the slot is empty.
    var number: UInt32 = 0
    /// The place in `groupNames` of the deepest group's name.
    var group = Author.unresolved
    /// u16 length and as many bytes; nil: not looked up yet.
    var name: UnsafeRawPointer?

    static let unresolved = UInt32.max
  }

  private struct Group {
    let id: [UInt8]
    /// In `groupNames`.
    let name: UInt32
    let parent: UInt32
    /// Known and not deleted.
    let stands: Bool
  }

  /// Bytes of names after which all are forgotten.
  private static let capacityBytes = 16 << 20

  private let authors: UnsafeMutableBufferPointer<Author>
  private let mask: UInt32
  private var groups: [UInt32: Group] = [:]
  /// The first one is empty, for those in no group.
  private var groupNames: [UnsafeRawBufferPointer] = [.none]
  private let arena = Arena()
  private var bytes = 0
  private var tenant: UInt32 = 0
  private var directoryChange: UInt64 = 0

  /// - Parameter slots: a power of two.
  package init(slots: Int = 1 << 16) {
    precondition(slots > 0 && slots & (slots - 1) == 0, "slots are a power of two")
    authors = .allocate(capacity: slots)
    authors.initialize(repeating: Author())
    mask = UInt32(slots - 1)
  }

  deinit { authors.deallocate() }

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
    authors.update(repeating: Author())
    groups.removeAll(keepingCapacity: true)
    groupNames.removeSubrange(1...)
    arena.reset()
    bytes = 0
  }

  /// Starts to bring what is kept of a user into the processor's cache. Asked for all users of
  /// several rows before the first is looked up, their waits for memory overlap.
  @inline(__always)
  package func prefetch(_ user: UInt32) {
    tally_prefetch(authors.baseAddress.unsafelyUnwrapped + Int(user & mask))
  }

  /// The same for the user's name, once `prefetch` had its time.
  @inline(__always)
  package func prefetchName(_ user: UInt32) {
    tally_prefetch(authors[Int(user & mask)].name)
  }

  /// "First Last" of a user, empty if not known. Valid until the next `prepare`.
  package func userName(
    _ user: UInt32, _ snapshot: borrowing Snapshot, in tenant: Tenant
  ) throws(StoreError) -> UnsafeRawBufferPointer {
    if user == 0 { return .none }
    let slot = slot(of: user)
    if let name = authors[slot].name { return Self.text(name) }
    let name = keep(try Self.fullName(of: user, snapshot, in: tenant))
    authors[slot].name = name
    return Self.text(name)
  }

  /// The name of the deepest group in which a user has a role now, empty if there is none. Valid
  /// until the next `prepare`.
  ///
  /// - Source: rules.md, section 5, "Group".
  package func deepestGroupName(
    ofUser user: UInt32, _ snapshot: borrowing Snapshot, in tenant: Tenant
  ) throws(StoreError) -> UnsafeRawBufferPointer {
    if user == 0 { return .none }
    let slot = slot(of: user)
    if authors[slot].group == Author.unresolved {
      authors[slot].group = try deepestGroup(ofUser: user, snapshot, in: tenant)
    }
    return groupNames[Int(authors[slot].group)]
  }

  /// The user's slot, emptied if it was another's.
  @inline(__always)
  private func slot(of user: UInt32) -> Int {
    let slot = Int(user & mask)
    if authors[slot].number != user { authors[slot] = Author(number: user) }
    return slot
  }

  private func deepestGroup(
    ofUser user: UInt32, _ snapshot: borrowing Snapshot, in tenant: Tenant
  ) throws(StoreError) -> UInt32 {
    var candidates: [UInt32] = []
    var memberships = try snapshot.records(
      .memberOf, prefix: snapshot.numberKey(tenant, user), atLeast: MembershipRecord.memberOfSize)
    while try memberships.next() {
      guard memberships.body[0] != 0 else { continue }
      let number: UInt32 = memberships.key.big(8)
      try load(number, snapshot, in: tenant)
      if groups[number]?.stands == true { candidates.append(number) }
    }
    let best = TallyModel.deepestGroup(
      among: candidates,
      parent: { [groups] number in groups[number].flatMap { $0.parent == 0 ? nil : $0.parent } },
      precedes: { [groups] left, right in
        (groups[left]?.id ?? []).lexicographicallyPrecedes(groups[right]?.id ?? [])
      })
    return best.flatMap { groups[$0]?.name } ?? 0
  }

  /// Reads a group and all above it.
  private func load(
    _ number: UInt32, _ snapshot: borrowing Snapshot, in tenant: Tenant
  ) throws(StoreError) {
    var next = number
    while next != 0, groups[next] == nil {
      guard let group = try snapshot.group(number: next, in: tenant) else { return }
      bytes += group.name.count
      groupNames.append(arena.copy(group.name))
      groups[next] = Group(
        id: group.id.array, name: UInt32(groupNames.count - 1), parent: group.parent,
        stands: group.isKnown && !group.isDeleted)
      next = group.parent
    }
  }

  private func keep(_ name: String) -> UnsafeRawPointer {
    let count = name.utf8.count
    bytes += 2 + count
    let memory = arena.take(2 + count)
    memory.storeBytes(of: UInt16(count), as: UInt16.self)
    UnsafeMutableRawBufferPointer(rebasing: memory[2...]).copyBytes(from: name.utf8)
    return UnsafeRawPointer(memory.baseAddress.unsafelyUnwrapped)
  }

  /// What `keep` kept.
  @inline(__always)
  private static func text(_ name: UnsafeRawPointer) -> UnsafeRawBufferPointer {
    UnsafeRawBufferPointer(
      start: name + 2, count: Int(name.loadUnaligned(as: UInt16.self)))
  }

  private static func fullName(
    of user: UInt32, _ snapshot: borrowing Snapshot, in tenant: Tenant
  ) throws(StoreError) -> String {
    guard let view = try snapshot.user(number: user, in: tenant), view.isKnown else { return "" }
    do {
      let fields = try FixedFormFields(view.basicFields)
      return displayName(first: fields.bytes(2).text, last: fields.bytes(3).text)
    } catch {
      throw StoreError.damaged(.user, "the fields of user \(user) are damaged")
    }
  }
}
