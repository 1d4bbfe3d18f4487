internal import Dispatch
internal import Foundation
internal import GRPCCore
internal import GRPCNIOTransportHTTP2Posix

/// `server`, which prints `listening on 127.0.0.1:PORT`, or `client --case NAME --server
/// HOST:PORT`, which exits with 0 if the case passed. With `--tls FOLDER` both show and want
/// certificates: ca.pem, and server.pem, server.key, client.pem and client.key for `localhost`.
@main
struct Main {
  static func main() async throws {
    let arguments = Array(CommandLine.arguments.dropFirst())
    var options: [String: String] = [:]
    for (name, value) in zip(arguments.dropFirst(), arguments.dropFirst(2)) {
      options[name] = value
    }
    switch arguments.first {
    case "server":
      try await serve(certificates: options["--tls"].map(Certificates.init))
    case "client":
      let name = options["--case"] ?? ""
      let port = Int(options["--server"]?.split(separator: ":").last ?? "") ?? 0
      do {
        for _ in 0..<(name == "channel_soak" ? 20 : 1) {
          try await run(name, port: port, certificates: options["--tls"].map(Certificates.init))
        }
      } catch {
        print("\(name): \(error)")
        exit(1)
      }
    default:
      print("usage: server [--tls FOLDER] | client --case NAME --server HOST:PORT [--tls FOLDER]")
      exit(2)
    }
  }

  private static func serve(certificates: Certificates?) async throws {
    let transport = HTTP2ServerTransport.Posix(
      address: .ipv4(host: "127.0.0.1", port: 0),
      transportSecurity: certificates?.server ?? .plaintext,
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

  private static func run(_ name: String, port: Int, certificates: Certificates?) async throws {
    guard let run = Cases.all[name] else { throw CaseFailure(description: "no such case") }
    let config = HTTP2ClientTransport.Posix.Config.defaults {
      $0.compression.enabledAlgorithms = .gzip
    }
    let transport =
      if let certificates {
        try HTTP2ClientTransport.Posix.http2NIOPosix(
          target: .dns(host: "localhost", port: port), transportSecurity: certificates.client,
          config: config)
      } else {
        try HTTP2ClientTransport.Posix.http2NIOPosix(
          target: .ipv4(address: "127.0.0.1", port: port), transportSecurity: .plaintext,
          config: config)
      }
    try await withGRPCClient(transport: transport) {
      try await run(Cases(calls: Calls(client: $0)))
    }
  }
}

/// The files of `--tls FOLDER`.
struct Certificates {
  let folder: String

  var server: HTTP2ServerTransport.Posix.TransportSecurity {
    .mTLS(certificateChain: [file("server.pem")], privateKey: key("server.key")) {
      $0.trustRoots = .certificates([file("ca.pem")])
      $0.requireALPN = true
    }
  }

  var client: HTTP2ClientTransport.Posix.TransportSecurity {
    .mTLS(certificateChain: [file("client.pem")], privateKey: key("client.key")) {
      $0.trustRoots = .certificates([file("ca.pem")])
    }
  }

  private func file(_ name: String) -> TLSConfig.CertificateSource {
    .file(path: "\(folder)/\(name)", format: .pem)
  }

  private func key(_ name: String) -> TLSConfig.PrivateKeySource {
    .file(path: "\(folder)/\(name)", format: .pem)
  }
}
