/// The counters against the sums over all facts.
extension TenantCheck {
  func checkCounters() {
    checkNumbered(.userCounts, .user)
    checkNumbered(.activityCounts, .activity)
    walk(.courseCounts) { key, body in
      guard let number = courseNumber(key) else {
        extra(.courseCounts, key, body)
        return
      }
      compare(.courseCounts, number, key, body)
    } damaged: { [self] key, what in
      damagedCounters(.courseCounts, key, what, of: courseNumber(key))
    }
    for number in kinds.indices where kinds[number] == EntityKind.course.rawValue {
      guard flags[number] & Self.met == 0, namesAreSound else { continue }
      var key = keys.writer
      Key.entity(tenant.number, id(of: UInt32(number)), into: &key)
      missing(.courseCounts, number, key.bytes)
    }
  }

  private func checkNumbered(_ id: TableID, _ kind: EntityKind) {
    walk(id) { key, body in
      let number = Int(key.big(4, as: UInt32.self))
      guard number > 0, number < kinds.count, kinds[number] == kind.rawValue else {
        extra(id, key, body)
        return
      }
      compare(id, number, key, body)
    } damaged: { [self] key, what in
      let number = key.count == 8 ? Int(key.big(4, as: UInt32.self)) : 0
      let isNumber = number > 0 && number < kinds.count && kinds[number] == kind.rawValue
      damagedCounters(id, key, what, of: isNumber ? number : nil)
    }
    for number in kinds.indices where kinds[number] == kind.rawValue {
      guard flags[number] & Self.met == 0 else { continue }
      var key = keys.writer
      Key.number(tenant.number, UInt32(number), into: &key)
      missing(id, number, key.bytes)
    }
  }

  private func courseNumber(_ key: UnsafeRawBufferPointer) -> Int? {
    guard let body = tables[.course].sound(key) else { return nil }
    let number = Int(body.little(0, as: UInt32.self))
    return number < kinds.count && kinds[number] == EntityKind.course.rawValue ? number : nil
  }

  private func compare(
    _ id: TableID, _ number: Int, _ key: UnsafeRawBufferPointer, _ body: UnsafeRawBufferPointer
  ) {
    flags[number] |= Self.met
    let stored = body.little(0, as: UInt64.self)
    let same = counters(id, number, change: stored)
    if body.elementsEqual(same) { return }
    report(
      .wrong, id, key, stored: valueText(id, body.array), expected: valueText(id, same),
      mending: .put(counters(id, number, change: applied)))
  }

  private func damagedCounters(
    _ id: TableID, _ key: UnsafeRawBufferPointer, _ what: String, of number: Int?
  ) {
    guard let number else {
      reportDamage(id, key, what, mending: .delete)
      return
    }
    flags[number] |= Self.met
    let right = counters(id, number, change: applied)
    report(
      .damaged, id, key, stored: what, expected: valueText(id, right), mending: .put(right))
  }

  /// Who never did anything and is only mentioned needs no record.
  private func missing(_ id: TableID, _ number: Int, _ key: UnsafeRawBufferPointer) {
    let hasCounts = counts[number * 8..<number * 8 + 8].contains { $0 != 0 }
    guard hasCounts || id == .userCounts && flags[number] & ~Self.met != 0 else { return }
    let right = counters(id, number, change: applied)
    report(
      .missing, id, key, stored: "nothing", expected: valueText(id, right), mending: .put(right))
  }

  /// The record that the facts make.
  private func counters(_ id: TableID, _ number: Int, change: UInt64) -> [UInt8] {
    value { writer in
      writer.little(change)
      if id == .userCounts { writer.little(flags[number] & ~Self.met) }
      let size = id == .userCounts ? 3 : id == .activityCounts ? 7 : 8
      for cell in 0..<size { writer.little(counts[number * 8 + cell]) }
    }
  }

  // MARK: Sums

  func checkSums() {
    // Erasures come later: until then the table is empty, and its sum with it.
    walk(.erased) { _, _ in }
    for id in TableID.allCases where id.isTallied {
      let table = tables[id]
      var key = keys.writer
      RecordTally.key(tenant: tenant.number, table: id, into: &key)
      guard table.isSumWhole else { continue }
      let right = value { table.sum.write(into: &$0) }
      var stored = RecordTally()
      switch tables[.tally].find(key.bytes) {
      case .absent where table.sum.records > 0:
        report(
          .missing, .tally, key.bytes, stored: "nothing", expected: valueText(.tally, right),
          mending: .put(right))
        continue
      case .absent: break
      case .damaged:
        report(
          .damaged, .tally, key.bytes, stored: "bytes that do not match their checksum",
          expected: valueText(.tally, right), mending: .put(right))
        continue
      case .sound(let body): stored = RecordTally(body)
      }
      if stored == table.sum { continue }
      // The sum of facts is the only witness of a lost one: it is not to be made to agree.
      if id.holdsFacts { doubtFacts() }
      report(
        .sum, .tally, key.bytes, stored: sumText(stored, false),
        expected: sumText(table.sum, id.holdsFacts), mending: id.holdsFacts ? nil : .put(right))
    }
  }

  private func sumText(_ sum: RecordTally, _ isOfFacts: Bool) -> String {
    "\(sum.records) records, sum \(String(sum.checksums, radix: 16))"
      + (isOfFacts ? "; facts were lost, doubled or exchanged: restore a backup" : "")
  }
}
