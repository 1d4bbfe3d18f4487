internal import GRPC
internal import Synchronization
internal import Testing

@testable internal import TallyService

/// A report of messages whose bytes follow from their number, and what became of it.
final class FakeReport: Sendable {
  let messages: Int
  let messageBytes: Int
  let rowBound: UInt64
  let failsAt: Int?
  fileprivate let openingsCount = Atomic(0)
  fileprivate let aliveCount = Atomic(0)
  fileprivate let producedCount = Atomic(0)

  init(messages: Int, messageBytes: Int = 1000, rowBound: UInt64 = 0, failsAt: Int? = nil) {
    self.messages = messages
    self.messageBytes = messageBytes
    self.rowBound = rowBound
    self.failsAt = failsAt
  }

  /// How often a producer was made, how many there are, and the messages that they made.
  var openings: Int { openingsCount.load(ordering: .relaxed) }
  var alive: Int { aliveCount.load(ordering: .relaxed) }
  var produced: Int { producedCount.load(ordering: .relaxed) }

  var opening: ReportOpening {
    ReportOpening { _ throws(RPCError) -> sending any ChunkProducer in FakeProducer(self) }
  }

  /// Whether `bytes` are all bytes of the report. Not `==` in an expectation: the difference of two
  /// arrays of this size takes minutes.
  func isWhole(_ received: Received) -> Bool {
    received.bytes == (0..<messages).flatMap { message($0) }
  }

  func message(_ number: Int) -> [UInt8] {
    let size = UInt32(messageBytes).bigEndian
    return [0] + withUnsafeBytes(of: size) { Array($0) }
      + [UInt8](repeating: UInt8(truncatingIfNeeded: number &* 31), count: messageBytes)
  }
}

private final class FakeProducer: ChunkProducer {
  private let report: FakeReport
  private var next = 0

  init(_ report: FakeReport) {
    self.report = report
    report.openingsCount.add(1, ordering: .relaxed)
    report.aliveCount.add(1, ordering: .relaxed)
  }

  deinit {
    report.aliveCount.subtract(1, ordering: .relaxed)
  }

  var rowBound: UInt64 { report.rowBound }

  func fill(_ chunk: inout Chunk, limit: Int) throws(RPCError) -> Bool {
    while next < report.messages && chunk.count < limit {
      if next == report.failsAt { throw RPCError(.dataLoss, "damaged") }
      let message = report.message(next)
      chunk.reserve(message.count)
      chunk.append { out in
        out.copyBytes(from: message)
        return message.count
      }
      next += 1
      report.producedCount.add(1, ordering: .relaxed)
    }
    return next < report.messages
  }
}

/// Plays the network loop: pulls what it is told to, and waits to be woken.
final class Client: Sendable {
  let body: any ResponseBody
  private let wakes: AsyncStream<Void>
  private let continuation: AsyncStream<Void>.Continuation

  init(_ body: any ResponseBody) {
    self.body = body
    (wakes, continuation) = AsyncStream.makeStream(bufferingPolicy: .bufferingNewest(1))
    let continuation = continuation
    body.start { continuation.yield() }
  }

  /// Pulls until `limit` bytes came or the report ended.
  func read(_ limit: Int = .max) async -> (bytes: Received, end: Fill?) {
    var all = Received()
    var iterator = wakes.makeAsyncIterator()
    while all.bytes.count < limit {
      switch pull() {
      case (.bytes, let bytes): all.bytes += bytes
      case (.deferred, _): await iterator.next()
      case (let end, _): return (all, end)
      }
    }
    return (all, nil)
  }

  func pull() -> (fill: Fill, bytes: [UInt8]) {
    var out = [UInt8](repeating: 0, count: 16384)
    let fill = out.withUnsafeMutableBytes { body.fill($0) }
    guard case .bytes(let count) = fill else { return (fill, []) }
    return (fill, Array(out[..<count]))
  }
}

extension Fill {
  /// Nil unless the report failed.
  var error: RPCError? {
    if case .finished(let error) = self { return error }
    return nil
  }

  var isComplete: Bool {
    if case .finished(nil) = self { return true }
    return false
  }
}

/// Waits, with a bound, until `condition` holds.
func eventually(
  within limit: Duration = .seconds(20), _ condition: () -> Bool
) async -> Bool {
  let end = ContinuousClock.now + limit
  while !condition() {
    guard ContinuousClock.now < end, !Task.isCancelled else { return false }
    try? await Task.sleep(for: .milliseconds(2))
  }
  return true
}

/// Bytes that a failed expectation does not print.
struct Received: CustomTestStringConvertible {
  var bytes: [UInt8] = []
  var testDescription: String { "\(bytes.count) bytes" }

  static func + (first: Received, second: Received) -> Received {
    Received(bytes: first.bytes + second.bytes)
  }
}
