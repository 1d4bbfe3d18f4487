/// An input read as decisions, from its start; zeros once it is used up.
struct Choices {
  private(set) var rest: ArraySlice<UInt8>

  init(_ bytes: UnsafeRawBufferPointer) {
    rest = Array(bytes)[...]
  }

  init(_ bytes: [UInt8]) {
    rest = bytes[...]
  }

  var isUsedUp: Bool { rest.isEmpty }

  mutating func byte() -> UInt8 { rest.popFirst() ?? 0 }

  mutating func flag() -> Bool { byte() & 1 != 0 }

  /// Big-endian.
  mutating func pair() -> Int { Int(byte()) << 8 | Int(byte()) }

  /// A number from 0 on, below `end`, which is at most 256.
  mutating func number(below end: Int) -> Int { Int(byte()) % end }

  /// The next `count` bytes, or as many as are left.
  mutating func take(_ count: Int) -> [UInt8] {
    defer { rest = rest.dropFirst(count) }
    return Array(rest.prefix(count))
  }

  /// A few bytes behind their number.
  mutating func short() -> [UInt8] { take(Int(byte())) }

  mutating func text() -> String { String(decoding: short(), as: UTF8.self) }

  mutating func takeRest() -> [UInt8] {
    defer { rest = [] }
    return Array(rest)
  }
}

extension [UInt8] {
  /// The bytes cut into pieces of these sizes, the last size again and again.
  func pieces(_ sizes: [Int]) -> [[UInt8]] {
    var pieces: [[UInt8]] = []
    var rest = self[...]
    var index = 0
    while !rest.isEmpty {
      let size = Swift.max(1, sizes.isEmpty ? rest.count : sizes[Swift.min(index, sizes.count - 1)])
      pieces.append(Array(rest.prefix(size)))
      rest = rest.dropFirst(size)
      index += 1
    }
    return pieces
  }
}
