internal import Dispatch
internal import GRPC
internal import Synchronization
internal import Testing

@Suite struct `a peer that is slow` {
  private static let endless = MessageBytes(text: "1000000000")

  @Test func `a client that does not read stops the server's body`() async throws {
    try await withEcho { service, channel, _ in
      let call = channel.serverStreaming("/test.Echo/Flood", Self.endless)
      _ = try await call.take()

      // Round trips on the same connection: the stalled stream does not stop others, and what the
      // body has given by then is what the client's window and one region hold.
      for _ in 0..<20 { _ = try await channel.unary("/test.Echo/Say", MessageBytes()) }
      let given = service.floodedBytes.load(ordering: .relaxed)
      for _ in 0..<20 { _ = try await channel.unary("/test.Echo/Say", MessageBytes()) }

      #expect(service.floodedBytes.load(ordering: .relaxed) == given)
      #expect(given < 16 * 1024 * 1024)
    }
  }

  @Test func `a handler that does not take stops the client`() async throws {
    try await withEcho { service, channel, _ in
      let call = channel.call("/test.Echo/Hold")
      let message = MessageBytes([UInt8](repeating: 1, count: 100_000))
      let sent = Counter()
      try await withThrowingTaskGroup(of: Void.self) { group in
        group.addTask {
          for _ in 0..<100 {
            try await call.send(message)
            sent.increment()
          }
          call.finishSending()
        }
        // A window of 1 MiB takes the first ten.
        try await eventually { sent.value >= 10 }
        for _ in 0..<20 { _ = try await channel.unary("/test.Echo/Say", MessageBytes()) }
        #expect(sent.value < 20)

        service.gate.set()
        while try await call.take() != nil {}
        try await group.waitForAll()
      }

      #expect(service.taken.withLock { $0 } == 100)
    }
  }

  @Test func `a stream of messages larger than the window arrives whole`() async throws {
    var options = GRPCServer.Options()
    options.streamWindowBytes = 70_000
    try await withEcho(serverOptions: options) { _, channel, _ in
      let message = MessageBytes([UInt8](repeating: 5, count: 300_000))
      let call = channel.call("/test.Echo/Collect")

      for _ in 0..<5 { try await call.send(message) }
      call.finishSending()
      var received = 0
      for try await reply in call.responses { received += reply.count }

      #expect(received == 1_500_000)
    }
  }

  @Test func `32 clients that stop reading leave a 33rd unharmed`() async throws {
    try await withEcho { service, channel, endpoint in
      let (stalled, gate) = (Counter(), DispatchSemaphore(value: 0))
      async let clients: Void = raw(endpoint) { first in
        let clients = try [first] + (1..<32).map { _ in try RawClient(endpoint) }
        for client in clients {
          _ = try client.begin("/test.Echo/Flood", body: [0, 0, 0, 0, 10] + Self.endless.bytes)
          try client.send()
          _ = try client.receive()
          stalled.increment()
        }
        _ = gate.wait(timeout: .now() + 30)
      }
      try await eventually { stalled.value == 32 }

      let call = channel.serverStreaming("/test.Echo/Flood", MessageBytes(text: "20000"))
      var received = 0
      for try await message in call.responses { received += message.count }

      gate.signal()
      try await clients
      #expect(received == 20_000_000)
    }
  }
}

/// A number that tasks share.
final class Counter: Sendable {
  private let number = Atomic(0)

  var value: Int { number.load(ordering: .relaxed) }

  func increment() { number.add(1, ordering: .relaxed) }
}

/// Waits until `condition` holds, ten seconds at most.
func eventually(
  _ condition: () -> Bool, sourceLocation: SourceLocation = #_sourceLocation
) async throws {
  let end = ContinuousClock.now.advanced(by: .seconds(10))
  while !condition() {
    guard ContinuousClock.now < end else {
      Issue.record("did not become true within ten seconds", sourceLocation: sourceLocation)
      return
    }
    try await Task.sleep(for: .milliseconds(1))
  }
}
