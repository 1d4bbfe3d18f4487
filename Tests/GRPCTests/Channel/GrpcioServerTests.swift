internal import Foundation
internal import GRPC
internal import Testing

/// Runs `body` with a channel to the grpcio server that fails calls.
private func withFlaky(_ body: (GRPCChannel) async throws -> Void) async throws {
  let script = URL(filePath: #filePath).deletingLastPathComponent().deletingLastPathComponent()
    .deletingLastPathComponent().appending(path: "Judges/grpcio_flaky.py")
  let process = Process()
  process.executableURL = URL(filePath: "/usr/bin/env")
  process.arguments = ["python3", script.path]
  let (input, output) = (Pipe(), Pipe())
  process.standardInput = input
  process.standardOutput = output
  try process.run()
  defer { try? input.fileHandleForWriting.close() }
  let line = await withCheckedContinuation { continuation in
    Thread.detachNewThread {
      continuation.resume(returning: output.fileHandleForReading.availableData)
    }
  }
  let text = String(decoding: line, as: UTF8.self)
  let port = try #require(Int(text.filter(\.isNumber)), "'\(text)'")
  try await withChannel(Endpoint(host: "127.0.0.1", port: port), .quick, body)
}

@Suite(.timeLimit(.minutes(1))) struct `grpcio as the server` {
  private var options: CallOptions {
    var options = CallOptions.waiting()
    options.retry = RetryPolicy(firstBackoff: .milliseconds(5), maxBackoff: .milliseconds(20))
    return options
  }

  @Test func `its failures are retried as its pushback says`() async throws {
    try await withFlaky { channel in
      let once = try await channel.unary(
        "/test.Flaky/Fail", MessageBytes(text: "1 UNAVAILABLE none"), options: options)
      let thrice = try await channel.unary(
        "/test.Flaky/Fail", MessageBytes(text: "3 UNAVAILABLE 1"), options: options)
      let stopped = await status { () throws(RPCError) in
        try await channel.unary(
          "/test.Flaky/Fail", MessageBytes(text: "1 UNAVAILABLE -1"), options: options)
      }
      let other = await status { () throws(RPCError) in
        try await channel.unary(
          "/test.Flaky/Fail", MessageBytes(text: "1 ABORTED none"), options: options)
      }

      #expect(once.text == "1 of 2")
      #expect(thrice.text == "3 of 4")
      #expect(stopped.code == .unavailable)
      #expect(other.code == .aborted)
      #expect(channel.counters.retries == 4)
    }
  }
}
