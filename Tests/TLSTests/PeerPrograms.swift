internal import Foundation
internal import GRPC
internal import NIOCore
internal import NIOPosix
internal import NIOSSL

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

/// Runs `body` with a server of TLS that selects this protocol by ALPN, or none.
func withTLSServer(
  _ pair: Forge.Pair, selecting protocols: [String], _ body: (Endpoint) async throws -> Void
) async throws {
  let chain = try NIOSSLCertificate.fromPEMFile(pair.certificate)
  var configuration = TLSConfiguration.makeServerConfiguration(
    certificateChain: chain.map { .certificate($0) },
    privateKey: .privateKey(try NIOSSLPrivateKey(file: pair.key, format: .pem)))
  configuration.applicationProtocols = protocols
  let context = try NIOSSLContext(configuration: configuration)
  let listener = try await ServerBootstrap(group: MultiThreadedEventLoopGroup.singleton)
    .childChannelInitializer { channel in
      channel.eventLoop.makeCompletedFuture {
        try channel.pipeline.syncOperations.addHandler(NIOSSLServerHandler(context: context))
      }
    }
    .bind(host: "127.0.0.1", port: 0).get()
  let result: Result<Void, any Error>
  do {
    try await body(Endpoint(host: "127.0.0.1", port: listener.localAddress?.port ?? 0))
    result = .success(())
  } catch {
    result = .failure(error)
  }
  try await listener.close()
  try result.get()
}
