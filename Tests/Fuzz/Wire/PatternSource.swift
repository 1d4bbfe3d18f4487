@testable internal import HTTP2

/// A body whose bytes follow from the stream and their place, made by a plan: sizes of the pieces,
/// with waits between them.
final class PatternSource: DataSource {
  /// Sources that are not gone yet. One thread makes and drops them all.
  nonisolated(unsafe) private(set) static var alive = 0

  enum Step: Equatable {
    case bytes(Int)
    case wait
    case reset(UInt32)
  }

  let salt: UInt8
  private var steps: ArraySlice<Step>
  private let trailers: HeaderBlock?
  private(set) var written = 0
  private(set) var isFinished = false
  private(set) var hasReset = false

  init(salt: UInt8, steps: [Step], trailers: HeaderBlock?) {
    self.salt = salt
    self.steps = steps[...]
    self.trailers = trailers
    Self.alive += 1
  }

  /// A plan of up to 7 steps.
  convenience init(_ choices: inout Choices) {
    let shape = choices.byte()
    var steps: [Step] = []
    for _ in 0..<Int(shape & 7) {
      let step = choices.byte()
      switch step & 7 {
      case 0: steps.append(.wait)
      case 1: steps.append(.bytes(Int(step) * 300))
      case 2 where step > 250: steps.append(.reset(UInt32(choices.byte() & 15)))
      default: steps.append(.bytes(Int(step)))
      }
    }
    let trailers: HeaderBlock? = shape & 8 == 0 ? ["grpc-status": "0"] : nil
    self.init(salt: choices.byte(), steps: steps, trailers: trailers)
  }

  deinit { Self.alive -= 1 }

  /// The byte at a place of a body.
  static func byte(_ salt: UInt8, at index: Int) -> UInt8 {
    UInt8(truncatingIfNeeded: index &* 31) &+ salt
  }

  /// Whether `bytes` are those of a body from `start` on.
  static func makes(_ bytes: [UInt8], _ salt: UInt8, from start: Int) -> Bool {
    for index in bytes.indices where bytes[index] != byte(salt, at: start + index) { return false }
    return true
  }

  func fill(_ out: UnsafeMutableRawBufferPointer) -> DataFill {
    require(!out.isEmpty, "a source is asked for no bytes")
    require(!isFinished, "a source is asked again behind its end")
    switch steps.first {
    case nil:
      isFinished = true
      return .end(0, trailers: trailers)
    case .wait:
      steps.removeFirst()
      return .deferred
    case .reset(let code):
      hasReset = true
      isFinished = true
      return .reset(ErrorCode(rawValue: code))
    case .bytes(let wanted):
      let count = min(wanted, out.count)
      for place in 0..<count { out[place] = Self.byte(salt, at: written + place) }
      written += count
      steps.removeFirst()
      if wanted > count { steps.insert(.bytes(wanted - count), at: steps.startIndex) }
      guard count > 0 else { return fill(out) }
      if steps.isEmpty {
        isFinished = true
        return .end(count, trailers: trailers)
      }
      return .bytes(count)
    }
  }
}
