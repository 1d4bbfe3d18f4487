/// A fact of what a user did, numbered and waiting for the end of the fold. Its bytes lie in the
/// fold's arena.
struct PendingAction {
  /// Its place among the verdicts of the fold.
  var event: Int
  /// The batch it came in.
  var position: UInt64
  var key: UnsafeRawBufferPointer
  var fixedForm: UnsafeRawBufferPointer
  var version: Int64
  var record: ActionRecord
}

/// Facts of one table, to be applied in the order of their keys, and of one key in log order.
struct PendingActions {
  private struct Place {
    /// Eight bytes of the key behind the tenant: most comparisons end here.
    var prefix: UInt64
    var index: Int
  }

  private(set) var facts: [PendingAction] = []
  private var places: [Place] = []

  mutating func append(_ fact: PendingAction) {
    places.append(Place(prefix: Self.prefix(fact.key), index: facts.count))
    facts.append(fact)
  }

  /// Calls `body` for each key with the places of its facts in `facts`.
  mutating func forEachKey(
    _ body: (ArraySlice<Int>) throws(StoreError) -> Void
  ) throws(StoreError) {
    let order = sorted()
    var start = 0
    while start < order.count {
      var end = start + 1
      let key = facts[order[start]].key
      while end < order.count, key.order(facts[order[end]].key) == 0 { end += 1 }
      try body(order[start..<end])
      start = end
    }
  }

  mutating func removeAll() {
    facts.removeAll(keepingCapacity: true)
    places.removeAll(keepingCapacity: true)
  }

  private mutating func sorted() -> [Int] {
    facts.withUnsafeBufferPointer { facts in
      places.sort { left, right in
        if left.prefix != right.prefix { return left.prefix < right.prefix }
        let order = facts[left.index].key.order(facts[right.index].key)
        return order == 0 ? left.index < right.index : order < 0
      }
    }
    return places.map(\.index)
  }

  private static func prefix(_ key: UnsafeRawBufferPointer) -> UInt64 {
    if key.count >= 12 { return key.big(4) }
    var prefix: UInt64 = 0
    for index in 4..<12 { prefix = prefix << 8 | (index < key.count ? UInt64(key[index]) : 0) }
    return prefix
  }
}
