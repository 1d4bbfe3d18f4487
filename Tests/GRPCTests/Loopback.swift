internal import GRPC
internal import Testing

/// Runs `body` with a server on a free port and a channel to it, and stops both.
func withEcho<R: Sendable>(
  serverOptions: GRPCServer.Options = GRPCServer.Options(),
  channelOptions: GRPCChannel.Options = GRPCChannel.Options(),
  _ body: (EchoService, GRPCChannel, Endpoint) async throws -> R
) async throws -> R {
  let service = EchoService()
  var options = serverOptions
  options.eventLoops = 1
  let server = GRPCServer(methods: service.methods, options: options)
  let bound = try await server.start(Endpoint(host: "127.0.0.1", port: 0))
  let channel = GRPCChannel(to: bound, options: channelOptions)
  let result: Result<R, any Error>
  do {
    result = .success(try await body(service, channel, bound))
  } catch {
    result = .failure(error)
  }
  await channel.close()
  await server.shutDown(grace: .seconds(1))
  return try result.get()
}

/// The status that `body` ends with; OK is a failure of the test.
func status<R>(
  of body: () async throws(RPCError) -> R, sourceLocation: SourceLocation = #_sourceLocation
) async -> RPCError {
  do {
    let value = try await body()
    Issue.record("ended well with \(value)", sourceLocation: sourceLocation)
    return RPCError(.unknown, "ended well")
  } catch {
    return error
  }
}
