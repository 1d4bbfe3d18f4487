internal import Testing

@testable internal import GRPC

@Suite struct `what unfinished requests hold` {
  private let server = RequestMemory(limit: 100_000)

  private func call(on connection: RequestMemory) -> RequestHold {
    RequestHold(connection: connection, server: server)
  }

  @Test func `a connection has its own bound`() {
    let connection = RequestMemory(limit: 50_000)
    var first = call(on: connection)
    var second = call(on: connection)

    #expect(first.set(30_000) == nil)
    #expect(second.set(20_000) == nil)
    #expect(second.set(20_001) == .maxUnfinishedBytesPerConnection)
  }

  @Test func `all connections share one`() {
    var first = call(on: RequestMemory(limit: 80_000))
    var second = call(on: RequestMemory(limit: 80_000))

    #expect(first.set(80_000) == nil)
    #expect(second.set(20_001) == .maxUnfinishedBytes)
  }

  @Test func `what is given back can be held again`() {
    let connection = RequestMemory(limit: 50_000)
    var first = call(on: connection)
    var second = call(on: connection)
    _ = first.set(50_000)
    _ = second.set(50_000)

    #expect(first.set(0) == nil)
    #expect(second.set(50_001) == .maxUnfinishedBytesPerConnection)
    #expect(second.set(0) == nil)
    #expect(first.set(50_000) == nil)
  }

  @Test func `small requests are not counted`() {
    let connection = RequestMemory(limit: 0)
    var only = call(on: connection)

    #expect(only.set(16_383) == nil)
    #expect(only.set(16_384) == .maxUnfinishedBytesPerConnection)
  }
}
