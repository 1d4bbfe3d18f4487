internal import Foundation
internal import GRPC
internal import NIOCore
internal import NIOPosix

extension Forge {
  /// What `openssl s_client` hears from a server before it hangs up.
  func client(of endpoint: Endpoint, _ arguments: String...) async throws -> String {
    let process = Process()
    process.executableURL = URL(filePath: "/usr/bin/env")
    process.arguments =
      ["openssl", "s_client", "-connect", "\(endpoint)", "-quiet", "-ign_eof"] + arguments
    let out = path("heard-\(UUID().uuidString)")
    _ = FileManager.default.createFile(atPath: out, contents: nil)
    process.standardInput = FileHandle.nullDevice
    process.standardOutput = try FileHandle(forWritingTo: URL(filePath: out))
    process.standardError = FileHandle.nullDevice
    try await withCheckedThrowingContinuation { (end: CheckedContinuation<Void, any Error>) in
      process.terminationHandler = { _ in end.resume() }
      do {
        try process.run()
      } catch {
        end.resume(throwing: error)
      }
    }
    return try String(contentsOfFile: out, encoding: .utf8)
  }
}

/// Connects, and never says a word.
struct SilentClient {
  private let channel: any Channel

  init(_ endpoint: Endpoint) async throws {
    channel = try await ClientBootstrap(group: MultiThreadedEventLoopGroup.singleton)
      .connect(host: endpoint.host, port: endpoint.port).get()
  }

  /// Waits until the server hangs up.
  func untilClosed() async throws {
    try await channel.closeFuture.get()
  }
}
