/// What a fold adds to the counters of one table, summed by number: each record is written once.
final class CounterChanges {
  /// The counters of one record; at most eight.
  struct Entry {
    /// Tenant in the upper half, number in the lower.
    let owner: UInt64
    /// The position of the last event that touched it.
    var change: UInt64
    var deltas: InlineArray<8, Int32>

    var tenant: UInt32 { UInt32(truncatingIfNeeded: owner >> 32) }
    var number: UInt32 { UInt32(truncatingIfNeeded: owner) }
  }

  private(set) var entries: [Entry] = []
  /// Places in `entries` plus one, by hash; 0: empty.
  private var index: [UInt32]

  init() {
    index = Array(repeating: 0, count: 1 << 12)
    entries.reserveCapacity(index.count / 2)
  }

  /// Adds `delta` to a counter; 0 only notes that it was touched.
  @inline(__always)
  func add(
    _ delta: Int32, to counter: Int, of number: UInt32, _ tenant: UInt32, at position: UInt64
  ) {
    guard number != 0 else { return }
    let place = place(of: UInt64(tenant) << 32 | UInt64(number))
    entries[place].change = max(entries[place].change, position)
    entries[place].deltas[counter] += delta
  }

  private func place(of owner: UInt64) -> Int {
    if entries.count * 2 >= index.count { grow() }
    let mask = index.count - 1
    var slot = Self.hash(owner) & mask
    while true {
      let entry = Int(index[slot])
      if entry == 0 {
        entries.append(Entry(owner: owner, change: 0, deltas: InlineArray(repeating: 0)))
        index[slot] = UInt32(entries.count)
        return entries.count - 1
      }
      if entries[entry - 1].owner == owner { return entry - 1 }
      slot = (slot + 1) & mask
    }
  }

  private func grow() {
    index = Array(repeating: 0, count: index.count * 2)
    let mask = index.count - 1
    for (place, entry) in entries.enumerated() {
      var slot = Self.hash(entry.owner) & mask
      while index[slot] != 0 { slot = (slot + 1) & mask }
      index[slot] = UInt32(place + 1)
    }
  }

  private static func hash(_ owner: UInt64) -> Int {
    Int(truncatingIfNeeded: (owner &* 0x9E37_79B9_7F4A_7C15) >> 32)
  }

  func removeAll() {
    entries.removeAll(keepingCapacity: true)
    for slot in index.indices { index[slot] = 0 }
  }
}
