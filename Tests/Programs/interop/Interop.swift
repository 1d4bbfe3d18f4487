internal import ArgumentParser
internal import Dispatch
internal import GRPC
internal import Glibc

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

  func run() async throws {
    let server = GRPCServer(methods: TestService().methods)
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

  func run() async throws {
    guard let run = Cases.all[name] else {
      throw ValidationError("no case '\(name)'; there are \(Cases.all.keys.sorted())")
    }
    do {
      if name == "channel_soak" {
        for _ in 0..<20 { try await Cases.with(server, run) }
      } else {
        try await Cases.with(server, run)
      }
    } catch {
      print("\(name): \(error)")
      throw ExitCode.failure
    }
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
