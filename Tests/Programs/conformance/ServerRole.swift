internal import Foundation
internal import GRPC
internal import TestMessages

/// The server under test: reads how to serve, says where it listens, serves until it is ended.
enum ServerRole {
  static func run() async throws {
    guard let request = try Frames.read(Suite.ServerCompatRequest.self) else {
      throw RPCError(.invalidArgument, "stdin ended before the request")
    }
    var options = GRPCServer.Options()
    if request.messageReceiveLimit > 0 {
      options.limits.maxMessageBytes = Int(request.messageReceiveLimit)
    }
    let server = GRPCServer(methods: ConformanceService.methods, options: options)
    let endpoint = try await server.start(Endpoint(host: "127.0.0.1", port: 0))
    try Frames.write(
      Suite.ServerCompatResponse(host: endpoint.host, port: UInt32(endpoint.port), pemCert: []))
    // The runner ends the program by SIGTERM.
    while true { try await Task.sleep(for: .seconds(3600)) }
  }
}
