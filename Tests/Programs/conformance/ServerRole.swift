internal import Foundation
internal import GRPC
internal import TLS
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
    if request.useTls { options.security = try security(request) }
    let server = GRPCServer(methods: ConformanceService.methods, options: options)
    let endpoint = try await server.start(Endpoint(host: "127.0.0.1", port: 0))
    try Frames.write(
      Suite.ServerCompatResponse(
        host: endpoint.host, port: UInt32(endpoint.port),
        pemCert: request.useTls ? request.serverCreds?.cert ?? [] : []))
    // The runner ends the program by SIGTERM.
    while true { try await Task.sleep(for: .seconds(3600)) }
  }

  /// The runner's certificate; client certificates are required if it names who vouches for them.
  private static func security(_ request: Suite.ServerCompatRequest) throws -> ServerTLS {
    let credentials = request.serverCreds ?? Suite.TLSCreds()
    let options = ServerTLS.Options(
      certificate: .text(credentials.cert, name: "the runner's certificate"),
      key: .text(credentials.key, name: "the runner's key"),
      clientCA: request.clientTlsCert.isEmpty
        ? nil : .text(request.clientTlsCert, name: "the clients' certificate"))
    return try ServerTLS(options) { notice in
      FileHandle.standardError.write(Data("conformance: \(notice)\n".utf8))
    }
  }
}
