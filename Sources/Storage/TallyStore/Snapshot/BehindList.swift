/// A user behind a number.
package struct BehindUser {
  package let id: UnsafeRawBufferPointer
  /// Fields 1 to 4 of UserBehindRow, encoded.
  package let fields: UnsafeRawBufferPointer
  /// How much of the number is theirs.
  package let count: UInt64
}

/// The users behind a number in byte order of their ids. Valid while the snapshot is.
package struct BehindList {
  private var users: [BehindUser] = []

  package var count: Int { users.count }
  package subscript(_ index: Int) -> BehindUser { users[index] }

  /// - Parameter numbers: a user for each one that counts.
  init(
    _ numbers: [UInt32], _ snapshot: borrowing Snapshot, in tenant: Tenant
  ) throws(StoreError) {
    let sorted = Self.sorted(numbers)
    var start = 0
    while start < sorted.count {
      var end = start + 1
      while end < sorted.count, sorted[end] == sorted[start] { end += 1 }
      guard let id = try snapshot.name(of: sorted[start], in: tenant),
        let user = try snapshot.user(id: id, in: tenant)
      else {
        throw StoreError.damaged(.user, "user \(sorted[start]) behind a number has no record")
      }
      users.append(BehindUser(id: id, fields: user.basicFields, count: UInt64(end - start)))
      start = end
    }
    users.sort { $0.id.order($1.id) < 0 }
  }

  /// In ascending order, by four passes over bytes: a million numbers take some milliseconds.
  private static func sorted(_ numbers: [UInt32]) -> [UInt32] {
    guard numbers.count > 256 else { return numbers.sorted() }
    var from = numbers
    var to = numbers
    for shift in [UInt32(0), 8, 16, 24] {
      var starts = [Int](repeating: 0, count: 257)
      for number in from { starts[Int(number >> shift & 255) + 1] += 1 }
      for digit in 1...256 { starts[digit] += starts[digit - 1] }
      for number in from {
        let digit = Int(number >> shift & 255)
        to[starts[digit]] = number
        starts[digit] += 1
      }
      swap(&from, &to)
    }
    return from
  }
}
