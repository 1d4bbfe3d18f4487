internal import ArgumentParser
internal import Dispatch
internal import GRPC
internal import Glibc
internal import TLS

/// The interop cases that every implementation of gRPC has, so that others can judge ours.
@main
struct Interop: AsyncParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "interop",
    abstract: "The interop cases of gRPC (interop-test-descriptions.md) as server and client.",
    subcommands: [Serve.self, Call.self])
}

/// `interop server`: a grpc.testing.TestService on a free port, until standard input ends.
struct Serve: AsyncParsableCommand {
  static let configuration = CommandConfiguration(commandName: "server")

  @OptionGroup var tls: Certificates

  func run() async throws {
    var options = GRPCServer.Options()
    options.security = try tls.server()
    let server = GRPCServer(methods: TestService().methods, options: options)
    let endpoint = try await server.start(Endpoint(host: "127.0.0.1", port: 0))
    print("listening on \(endpoint)")
    fflush(nil)
    // Who started the server is gone then, or wants it to stop.
    await withCheckedContinuation { continuation in
      DispatchQueue.global().async {
        while readLine() != nil {}
        continuation.resume()
      }
    }
    await server.shutDown(grace: .seconds(1))
  }
}

/// `interop client --case large_unary --server 127.0.0.1:7431`: exits with 0 if the case passed.
struct Call: AsyncParsableCommand {
  static let configuration = CommandConfiguration(commandName: "client")

  @Option(name: .customLong("case"), help: "The case to run, by its name in the descriptions.")
  var name: String

  @Option(help: "The server's address: HOST:PORT.")
  var server: Endpoint

  @OptionGroup var tls: Certificates

  func run() async throws {
    guard let run = Cases.all[name] else {
      throw ValidationError("no case '\(name)'; there are \(Cases.all.keys.sorted())")
    }
    do {
      var options = GRPCChannel.Options()
      options.security = try tls.client()
      for _ in 0..<(name == "channel_soak" ? 20 : 1) {
        try await Cases.with(GRPCChannel(to: server, options: options), run)
      }
    } catch {
      print("\(name): \(error)")
      throw ExitCode.failure
    }
  }
}

/// With `--tls FOLDER` both show a certificate for `localhost` and want one of the same CA.
struct Certificates: ParsableArguments {
  @Option(
    name: .customLong("tls"),
    help: "TLS by ca.pem and server.pem, server.key or client.pem, client.key of this folder.")
  var folder: String?

  func server() throws -> (any ServerSecurity)? {
    guard let folder else { return nil }
    return try ServerTLS(
      ServerTLS.Options(
        certificate: .file("\(folder)/server.pem"), key: .file("\(folder)/server.key"),
        clientCA: .file("\(folder)/ca.pem")), onNotice: { _ in })
  }

  func client() throws -> (any ClientSecurity)? {
    guard let folder else { return nil }
    var options = ClientTLS.Options()
    options.roots = .file("\(folder)/ca.pem")
    options.serverName = "localhost"
    options.certificate = (.file("\(folder)/client.pem"), .file("\(folder)/client.key"))
    return try ClientTLS(options)
  }
}

extension Endpoint: ExpressibleByArgument {
  public init?(argument: String) {
    guard let colon = argument.lastIndex(of: ":"),
      let port = Int(argument[argument.index(after: colon)...])
    else { return nil }
    self.init(host: String(argument[..<colon]), port: port)
  }
}
