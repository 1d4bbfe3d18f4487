internal import Dispatch
internal import Foundation
internal import GRPCCore
internal import GRPCNIOTransportHTTP2Posix

/// `server`, which prints `listening on 127.0.0.1:PORT`, or `client --case NAME --server HOST:PORT`,
/// which exits with 0 if the case passed.
@main
struct Main {
  static func main() async throws {
    let arguments = CommandLine.arguments.dropFirst()
    if arguments == ["server"] {
      try await serve()
    } else if arguments.count == 5, arguments[1] == "client", arguments[2] == "--case",
      arguments[4] == "--server", let port = Int(arguments[5].split(separator: ":").last ?? "")
    {
      do {
        try await run(arguments[3], port: port)
      } catch {
        print("\(arguments[3]): \(error)")
        exit(1)
      }
    } else {
      print("usage: grpc-swift-judge server | client --case NAME --server HOST:PORT")
      exit(2)
    }
  }

  private static func serve() async throws {
    let transport = HTTP2ServerTransport.Posix(
      address: .ipv4(host: "127.0.0.1", port: 0), transportSecurity: .plaintext,
      config: .defaults { $0.compression.enabledAlgorithms = .gzip })
    try await withGRPCServer(transport: transport, services: [TestService()]) { server in
      guard let address = try await server.listeningAddress?.ipv4 else { return }
      // Not print: standard output to a pipe is buffered.
      FileHandle.standardOutput.write(Data("listening on 127.0.0.1:\(address.port)\n".utf8))
      await standardInputEnds()
    }
  }

  /// Who started the server is gone then, or wants it to stop.
  private static func standardInputEnds() async {
    await withCheckedContinuation { continuation in
      DispatchQueue.global().async {
        while readLine() != nil {}
        continuation.resume()
      }
    }
  }

  private static func run(_ name: String, port: Int) async throws {
    if name == "channel_soak" {
      for _ in 0..<20 { try await run("large_unary", port: port) }
      return
    }
    guard let run = Cases.all[name] else { throw CaseFailure(description: "no such case") }
    let transport = try HTTP2ClientTransport.Posix.http2NIOPosix(
      target: .ipv4(address: "127.0.0.1", port: port), transportSecurity: .plaintext,
      config: .defaults { $0.compression.enabledAlgorithms = .gzip })
    try await withGRPCClient(transport: transport) {
      try await run(Cases(calls: Calls(client: $0)))
    }
  }
}
