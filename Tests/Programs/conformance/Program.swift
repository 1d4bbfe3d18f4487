internal import Foundation
internal import GRPC
internal import TestMessages

/// The numbers and types of the suite.
typealias Suite = Connectrpc.Conformance.V1

/// Tally's gRPC under the conformance suite of connectrpc, which starts this program as
/// `conformance server` and `conformance client` and speaks with it over stdin and stdout.
///
/// Source: github.com/connectrpc/conformance, docs/testing_servers.md and docs/testing_clients.md.
@main
enum Program {
  static func main() async {
    do {
      switch CommandLine.arguments.dropFirst() {
      case ["server"]: try await ServerRole.run()
      case ["client"]: try await ClientRole.run()
      default: throw RPCError(.invalidArgument, "usage: conformance server|client")
      }
    } catch {
      FileHandle.standardError.write(Data("conformance: \(error)\n".utf8))
      exit(1)
    }
  }
}
