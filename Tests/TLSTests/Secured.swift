internal import GRPC
internal import Synchronization
internal import TLS
internal import Testing

/// A server over TLS with one method that says whom its client proved to be.
final class Secured: Sendable {
  static let method = "/test.Who/Am"

  let tls: ServerTLS
  let endpoint: Endpoint
  private let server: GRPCServer
  private let told: Told

  /// What the server said about its certificate and about failed handshakes.
  final class Told: Sendable {
    let notices = Mutex<[TLSNotice]>([])
    let failures = Mutex<[String]>([])
  }

  init(_ options: ServerTLS.Options, handshakeTimeout: Duration = .seconds(10)) async throws {
    let told = Told()
    self.told = told
    tls = try ServerTLS(options) { notice in told.notices.withLock { $0.append(notice) } }
    var settings = GRPCServer.Options()
    settings.eventLoops = 1
    settings.security = tls
    settings.limits.tlsHandshakeTimeout = handshakeTimeout
    settings.onFailedHandshake = { _, failure in
      told.failures.withLock { $0.append(failure.reason) }
    }
    let who = ServerMethod(
      Self.method,
      .unary { _, call throws(RPCError) in
        guard let identity = call.identity else { return MessageBytes(Array("nobody".utf8)) }
        let names = [identity.commonName ?? "-"] + identity.uris + identity.dnsNames
        return MessageBytes(Array(names.joined(separator: " ").utf8))
      })
    server = GRPCServer(methods: [who], options: settings)
    endpoint = try await server.start(Endpoint(host: "127.0.0.1", port: 0))
  }

  var notices: [TLSNotice] { told.notices.withLock { $0 } }
  var failures: [String] { told.failures.withLock { $0 } }

  /// A channel to this server, by any of its names.
  func channel(
    _ options: ClientTLS.Options?, host: String = "localhost"
  ) throws -> GRPCChannel {
    var settings = GRPCChannel.Options()
    settings.connectTimeout = .seconds(5)
    if let options { settings.security = try ClientTLS(options) }
    return GRPCChannel(to: Endpoint(host: host, port: endpoint.port), options: settings)
  }

  /// One call on a connection of its own: the reply, or how it failed.
  func call(
    _ options: ClientTLS.Options?, host: String = "localhost"
  ) async throws -> Result<String, RPCError> {
    let channel = try channel(options, host: host)
    let result = await Self.call(channel)
    await channel.close()
    return result
  }

  static func call(_ channel: GRPCChannel) async -> Result<String, RPCError> {
    do throws(RPCError) {
      let options = CallOptions(timeout: .seconds(20))
      let reply = try await channel.unary(Self.method, MessageBytes(), options: options)
      return .success(String(decoding: reply.bytes, as: UTF8.self))
    } catch {
      return .failure(error)
    }
  }

  func stop() async {
    await server.shutDown(grace: .seconds(1))
  }

  /// Waits for something that the server says behind the client's back, for at most ten seconds.
  func eventually(_ condition: () -> Bool) async throws -> Bool {
    let limit = ContinuousClock.now + .seconds(10)
    while !condition() {
      if ContinuousClock.now > limit { return false }
      try await Task.sleep(for: .milliseconds(5))
    }
    return true
  }
}

/// Runs `body` with a server and stops it.
func secured(
  _ options: ServerTLS.Options, handshakeTimeout: Duration = .seconds(10),
  _ body: (Secured) async throws -> Void
) async throws {
  let server = try await Secured(options, handshakeTimeout: handshakeTimeout)
  do {
    try await body(server)
  } catch {
    await server.stop()
    throw error
  }
  await server.stop()
}

extension ClientTLS.Options {
  /// Trusts the CA of the server's certificate.
  static func trusting(_ roots: PEMSource, as pair: Forge.Pair? = nil) -> Self {
    var options = Self()
    options.roots = roots
    if let pair { options.certificate = (.file(pair.certificate), .file(pair.key)) }
    return options
  }
}

extension Result where Success == String, Failure == RPCError {
  var reply: String? { try? get() }

  var error: RPCError? {
    switch self {
    case .success: nil
    case .failure(let error): error
    }
  }
}
