internal import Testing

@testable internal import GRPC

@Suite struct `messages that wait for their consumer` {
  private func queue() -> InboundQueue {
    InboundQueue(maxMessageBytes: 1024, onTake: { _, _ in }, onDamage: { _ in })
  }

  @Test func `taken messages leave memory though the queue is never empty`() async throws {
    let queue = queue()
    let plain = MessageBytes([UInt8](repeating: 65, count: 200))
    let compressed = Compression.gzip.encoded(plain)
    #expect(compressed.isCompressed)
    var taken = 0

    queue.add([plain, compressed])
    for _ in 0..<500 {
      queue.add([plain, compressed])
      for _ in 0..<2 { taken += try await queue.take()?.count ?? 0 }
    }

    #expect(taken == 1000)
    #expect(queue.heldMessages <= 8)
    queue.finish(nil)
    while let rest = try await queue.take() {
      #expect(rest.allSatisfy { $0 == plain })
      taken += rest.count
    }
    #expect(taken == 1002)
  }
}
