internal import Foundation
internal import GRPC
internal import Testing

@Suite struct `grpcio as the client` {
  @Test func `every shape and every fault ends as gRPC says`() async throws {
    try await withEcho { service, _, endpoint in
      let script = URL(filePath: #filePath).deletingLastPathComponent()
        .deletingLastPathComponent().appending(path: "Judges/grpcio_calls.py")

      let (status, output) = try await run("python3", [script.path, "\(endpoint.port)"])

      #expect(status == 0, "\(output)")
      #expect(service.stopped.isSet)
    }
  }
}

/// Runs a program to its end and returns its exit code and what it printed.
func run(_ program: String, _ arguments: [String]) async throws -> (Int32, String) {
  let process = Process()
  process.executableURL = URL(filePath: "/usr/bin/env")
  process.arguments = [program] + arguments
  let pipe = Pipe()
  process.standardOutput = pipe
  process.standardError = pipe
  return try await withCheckedThrowingContinuation { continuation in
    DispatchQueue.global().async {
      do {
        try process.run()
        let output = try pipe.fileHandleForReading.readToEnd() ?? Data()
        process.waitUntilExit()
        continuation.resume(
          returning: (process.terminationStatus, String(decoding: output, as: UTF8.self)))
      } catch {
        continuation.resume(throwing: error)
      }
    }
  }
}
