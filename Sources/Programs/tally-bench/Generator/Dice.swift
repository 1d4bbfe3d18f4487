/// Random numbers that are a function of a seed and a place, so that any event of a data set can be
/// made by itself. SplitMix64 (Steele, Lea, Flood 2014).
struct Dice {
  private var state: UInt64

  /// - Parameters:
  ///   - stream: what the numbers are for, so that two uses at one place differ.
  ///   - place: which element of it.
  init(seed: UInt64, stream: UInt64, place: Int) {
    state = seed &+ stream &* 0xD1B5_4A32_D192_ED03 &+ UInt64(place) &* 0x8CB9_2BA7_2F3D_8DD7
    _ = next()
  }

  mutating func next() -> UInt64 {
    state &+= 0x9E37_79B9_7F4A_7C15
    var z = state
    z = (z ^ (z >> 30)) &* 0xBF58_476D_1CE4_E5B9
    z = (z ^ (z >> 27)) &* 0x94D0_49BB_1331_11EB
    return z ^ (z >> 31)
  }

  /// 0 or more, less than 1.
  mutating func share() -> Double {
    Double(next() >> 11) / 9_007_199_254_740_992
  }

  /// 0 or more, less than `count`.
  mutating func below(_ count: Int) -> Int {
    Int(next().multipliedFullWidth(by: UInt64(max(1, count))).high)
  }

  /// Small numbers often, large ones rarely, as popularity goes.
  mutating func skewed(below count: Int) -> Int {
    let x = share()
    return min(count - 1, Int(Double(count) * x * x * x))
  }

  mutating func chance(_ probability: Double) -> Bool {
    share() < probability
  }

  mutating func pick<Element>(_ elements: [Element]) -> Element {
    elements[below(elements.count)]
  }
}
