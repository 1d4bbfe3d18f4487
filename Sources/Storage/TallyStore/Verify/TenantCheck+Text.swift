/// Keys and values for people.
extension TenantCheck {
  /// An id behind its number.
  private func named(_ number: UInt32) -> String {
    if number == 0 { return "nobody" }
    let id = id(of: number)
    return id.isEmpty ? "number \(number)" : "'\(id.text)'"
  }

  func keyText(_ table: TableID, _ key: UnsafeRawBufferPointer) -> String {
    guard key.count >= table.keySizeMin else { return hex(key.array) }
    switch table {
    case .user, .group, .course, .courseRow, .courseCounts, .activity, .path:
      return "'\(key.tail(from: 4).text)'"
    case .userCounts, .activityCounts, .name: return named(key.big(4))
    case .membership, .inCourse: return "\(named(key.big(4))), '\(key.tail(from: 8).text)'"
    case .memberOf, .stamped: return "\(named(key.big(4))), \(named(key.big(8)))"
    case .related:
      let relation = Relation(rawValue: key[8]).map { "\($0)" } ?? "relation \(key[8])"
      return "\(named(key.big(4))), \(relation) of \(named(key.big(9)))"
    case .reaction: return "\(named(key.big(9))) to \(named(key.big(4))), kind \(key[8])"
    case .attempt: return "'\(PackedID.unpack(key.tail(from: 10)))' at \(named(key.big(6)))"
    case .comment, .post, .download: return "'\(PackedID.unpack(key.tail(from: 4)))'"
    case .like:
      let target = PackedID.unpack(key.part(5, key.count - 9))
      return "\(named(key.big(key.count - 4))) to '\(target)'"
    case .behind:
      let cell = key[10] == ActionKey.behindComment ? "comment" : "download"
      return "\(cell) '\(PackedID.unpack(key.tail(from: 11)))' at \(named(key.big(6)))"
    case .tally: return TableID(rawValue: key[4]).map(\.name) ?? "table \(key[4])"
    case .erased, .meta, .tenant: return hex(key.array)
    }
  }

  func valueText(_ table: TableID, _ bytes: [UInt8]) -> String {
    guard bytes.count >= table.valueSizeMin else { return hex(bytes) }
    return bytes.withUnsafeBytes { body in
      switch table {
      case .userCounts:
        let counts = UserCounts(body)
        return "publications \(counts.publications), comments \(counts.comments), "
          + "reactions \(counts.reactions), flags \(counts.flags.rawValue)"
      case .activityCounts:
        return counterText(
          body,
          [
            "views", "likes", "learned something", "outdated", "have a question", "comments",
            "downloads",
          ])
      case .courseCounts:
        return counterText(
          body,
          [
            "views", "likes", "learned something", "outdated", "have a question", "useful",
            "irrelevant", "comments",
          ])
      case .tally:
        let sum = RecordTally(body)
        return "\(sum.records) records, sum \(String(sum.checksums, radix: 16))"
      case .name:
        let kind = NameRecord.kind(body).map { "\($0)" } ?? "kind \(body[0])"
        return "\(kind) '\(NameRecord.id(body).text)'"
      case .memberOf: return "roles \(body[0])"
      case .related, .stamped: return "there"
      case .behind:
        return "by \(named(body.little(0))) in \(named(body.little(4)))"
      default: return hex(bytes)
      }
    }
  }

  private func counterText(_ body: UnsafeRawBufferPointer, _ names: [String]) -> String {
    names.enumerated().map { index, name in
      "\(name) \(body.little(8 + 4 * index, as: UInt32.self))"
    }.joined(separator: ", ")
  }

  private func hex(_ bytes: [UInt8]) -> String { hexadecimal(bytes) }
}

/// At most 96 bytes of a record as digits.
func hexadecimal(_ bytes: [UInt8]) -> String {
  let digits = bytes.prefix(96).map { ($0 < 16 ? "0" : "") + String($0, radix: 16) }.joined()
  return bytes.isEmpty ? "nothing" : digits + (bytes.count > 96 ? "…" : "")
}
