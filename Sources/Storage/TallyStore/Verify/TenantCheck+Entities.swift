/// Numbers and ids: each id that was ever mentioned has one number, and each number one id.
extension TenantCheck {
  func checkEntities() {
    for kind in EntityKind.allCases {
      walk(kind.table) { key, body in
        let number: UInt32 = body.little(0)
        guard number > 0, number < tenant.nextNumber else {
          report(
            .reference, kind.table, key, stored: "number \(number)",
            expected: "a number below \(tenant.nextNumber): restore a backup")
          return
        }
        guard kinds[Int(number)] == 0 else {
          report(
            .reference, kind.table, key, stored: "number \(number), which another one has",
            expected: "a number of its own: restore a backup")
          return
        }
        kinds[Int(number)] = kind.rawValue
        if kind == .user { flags[Int(number)] = UserRecord(body).flags.rawValue & ~Self.met }
        let id = key.tail(from: 4)
        var nameKey = keys.writer
        Key.number(tenant.number, number, into: &nameKey)
        expect(.name, nameKey.bytes, value { NameRecord.write(kind, id, into: &$0) })
      }
    }
  }

  func checkNames() {
    walk(.name) { key, body in
      let number: UInt32 = key.big(4)
      if number > 0, number < tenant.nextNumber, kinds[Int(number)] != 0 { return }
      report(
        .reference, .name, key, stored: valueText(.name, body.array),
        expected: "a record in the table of its kind: restore a backup")
    }
    for number in kinds.indices.dropFirst() where kinds[number] == 0 {
      var key = keys.writer
      Key.number(tenant.number, UInt32(number), into: &key)
      report(
        .reference, .name, key.bytes, stored: "nothing has this number",
        expected: "what it was given to: restore a backup")
    }
    namesAreSound = !findings.contains { $0.table == .name }
  }
}
