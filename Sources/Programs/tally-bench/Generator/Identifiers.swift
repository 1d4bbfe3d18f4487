internal import ArgumentParser

/// What the ids of a data set look like to a sorted store.
enum IDOrder: String, CaseIterable, Codable, Sendable, ExpressibleByArgument {
  /// As UUID version 7: a later thing has a greater id.
  case time
  /// As UUID version 4: any id may come next.
  case random
}

/// The ids of one data set: 36 letters each, a function of kind and number.
struct Identifiers: Sendable {
  /// What an id names.
  enum Kind: UInt64 {
    case user = 1
    case group, course, activity, path, attempt, comment, post, download
  }

  let order: IDOrder
  let seed: UInt64

  /// - Parameters:
  ///   - number: which one of its kind.
  ///   - milliseconds: when it came to be, since 1970; grows with the number.
  func id(_ kind: Kind, _ number: Int, at milliseconds: Int64) -> String {
    var dice = Dice(seed: seed, stream: 0x1D00 + kind.rawValue, place: number)
    var high = dice.next()
    let low = dice.next() & 0x3FFF_FFFF_FFFF_FFFF | 0x8000_0000_0000_0000
    switch order {
    case .time:
      // The number's low bits keep the order within a millisecond, as sources do with a counter.
      high = UInt64(milliseconds) << 16 | 0x7000 | UInt64(number & 0xFFF)
    case .random: high = high & ~0xF000 | 0x4000
    }
    return Self.text(high, low)
  }

  /// 8-4-4-4-12 hexadecimal digits.
  private static func text(_ high: UInt64, _ low: UInt64) -> String {
    String(unsafeUninitializedCapacity: 36) { bytes in
      var place = 0
      for (word, groups) in [(high, [32, 16, 0]), (low, [48, 0])] as [(UInt64, [UInt64])] {
        var shift: UInt64 = 64
        for end in groups {
          while shift > end {
            shift -= 4
            let digit = UInt8(truncatingIfNeeded: word >> shift & 0xF)
            bytes[place] = digit < 10 ? 0x30 + digit : 0x57 + digit
            place += 1
          }
          if place < 36 {
            bytes[place] = UInt8(ascii: "-")
            place += 1
          }
        }
      }
      return 36
    }
  }
}
