/// The counters that a fold has changed, written once each in the order of their keys.
extension Fold {
  func writeCounters() throws(StoreError) {
    for entry in userChanges.entries.sorted(by: { $0.owner < $1.owner }) {
      var key = keys.writer
      Key.number(entry.tenant, entry.number, into: &key)
      try add(entry, tables[.userCounts], key.bytes, at: 9, size: UserCounts.size)
    }
    for entry in activityChanges.entries.sorted(by: { $0.owner < $1.owner }) {
      var key = keys.writer
      Key.number(entry.tenant, entry.number, into: &key)
      try add(entry, tables[.activityCounts], key.bytes, at: 8, size: ActivityCounts.size)
    }
    for (key, place) in try courseKeys() {
      try add(
        courseChanges.entries[place], tables[.courseCounts], key, at: 8, size: CourseCounts.size)
    }
  }

  /// The keys of the changed courses in order, each with its place among the changes.
  private func courseKeys() throws(StoreError) -> [(UnsafeRawBufferPointer, Int)] {
    let entries = courseChanges.entries
    var found: [(UnsafeRawBufferPointer, Int)] = []
    found.reserveCapacity(entries.count)
    for place in entries.indices.sorted(by: { entries[$0].owner < entries[$1].owner }) {
      let id = try name(of: entries[place].number, entries[place].tenant)
      var key = ByteWriter(arena.take(4 + id.count))
      Key.entity(entries[place].tenant, id, into: &key)
      found.append((key.bytes, place))
    }
    found.sort { $0.0.order($1.0) < 0 }
    return found
  }

  /// Adds to the counters of a record, each u32, that stand from `offset` to its end.
  private func add(
    _ entry: CounterChanges.Entry, _ table: RecordTable, _ key: UnsafeRawBufferPointer,
    at offset: Int, size: Int
  ) throws(StoreError) {
    let old = try table.find(key, atLeast: size)
    var record = InlineArray<40, UInt8>(repeating: 0)
    let isSound = record.withBytes { bytes in
      if let old { bytes.copyMemory(from: old.part(0, size)) }
      let change = max(bytes.loadUnaligned(as: UInt64.self), entry.change)
      bytes.storeBytes(of: change.littleEndian, as: UInt64.self)
      for counter in 0..<(size - offset) / 4 where entry.deltas[counter] != 0 {
        let place = offset + 4 * counter
        let sum =
          Int64(UInt32(littleEndian: bytes.loadUnaligned(fromByteOffset: place, as: UInt32.self)))
          + Int64(entry.deltas[counter])
        guard let count = UInt32(exactly: sum) else { return false }
        bytes.storeBytes(of: count.littleEndian, toByteOffset: place, as: UInt32.self)
      }
      return true
    }
    guard isSound else {
      throw StoreError.damaged(
        table.id, "a counter of number \(entry.number) in '\(table.id.name)' would leave 32 bits")
    }
    try table.put(key) { value in
      record.withBytes { value.raw(UnsafeRawBufferPointer($0).part(0, size)) }
    }
  }
}

extension InlineArray<40, UInt8> {
  @inline(__always)
  fileprivate mutating func withBytes<Value>(
    _ body: (UnsafeMutableRawBufferPointer) -> Value
  ) -> Value {
    withUnsafeMutableBytes(of: &self) { body($0) }
  }
}
