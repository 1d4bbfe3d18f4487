internal import GRPC
public import TallyMessages

/// A way to one Tally server, for one tenant: send events, read reports.
///
/// One connection carries all calls; it is made when first needed and again when lost. Close the
/// client when done with it.
///
/// ```swift
/// let client = TallyClient.connect(host: "127.0.0.1", port: 7431, tenant: "acme")
/// let report = try await client.courses()
/// for try await row in report { print(row.name, row.views) }
/// await client.close()
/// ```
public final class TallyClient: Sendable {
  /// How long to wait, and how often to try.
  public struct Options: Sendable {
    /// For one unary call, and for a report until its last row. `nil`: as long as it takes.
    public var timeout: Duration? = .seconds(60)
    /// For how long a server that cannot be reached is tried again, with growing pauses.
    public var retryFor: Duration = .seconds(10)
    /// Whether events and reports travel as gzip: for slow networks, since it costs both ends time.
    public var compression: Compression = .none

    /// The defaults.
    public init() {}
  }

  /// How messages travel.
  public enum Compression: String, Sendable, CaseIterable {
    /// As they are.
    case none
    /// By gzip where that makes them smaller.
    case gzip
  }

  let channel: GRPCChannel
  /// Whose events and reports.
  public let tenant: String
  /// As given to `connect`.
  public let options: Options

  init(channel: GRPCChannel, tenant: String, options: Options) {
    self.channel = channel
    self.tenant = tenant
    self.options = options
  }

  /// A client of the server at `host` and `port`, without TLS. No byte is sent before a call.
  ///
  /// - Parameter tenant: 1 to 128 bytes; it comes into being with its first batch.
  public static func connect(
    host: String, port: Int, tenant: String = "default", options: Options = Options()
  ) -> TallyClient {
    TallyClient(
      channel: GRPCChannel(to: Endpoint(host: host, port: port)), tenant: tenant, options: options)
  }

  /// Ends what is under way and closes the connection.
  public func close() async {
    await channel.close()
  }

  /// How the server and its store are.
  ///
  /// - Parameter ofTenant: count only this client's tenant's facts.
  public func status(ofTenant: Bool = false) async throws(TallyError) -> StatusResponse {
    let request = StatusRequest(tenant: ofTenant ? tenant : nil)
    let bytes = request.messageBytes()
    let reply = try await retrying { (timeout) async throws(RPCError) in
      try await self.channel.unary(
        "/tally.v1.AdminService/Status", bytes, options: self.callOptions(timeout: timeout))
    }
    do throws(DecodeError) {
      return try StatusResponse(decoding: reply)
    } catch {
      throw .invalidAnswer("a status that cannot be read (\(error))", from: channel.endpoint)
    }
  }

  /// What all calls of this client ask for.
  func callOptions(timeout: Duration? = nil) -> CallOptions {
    CallOptions(timeout: timeout, compression: options.compression == .gzip ? .gzip : .identity)
  }

  /// Tries again while the server cannot be reached or asks for it (RetryInfo); only for what may
  /// be done twice.
  func retrying<R>(
    _ attempt: (_ timeout: Duration?) async throws(RPCError) -> R
  ) async throws(TallyError) -> R {
    let start = ContinuousClock.now
    var backoff = Backoff()
    while true {
      do throws(RPCError) {
        return try await attempt(options.timeout.map { $0 - (ContinuousClock.now - start) })
      } catch {
        let failure = TallyError(error, from: channel.endpoint)
        let pause = max(backoff.next(), failure.details.retryDelay ?? .zero)
        let elapsed = ContinuousClock.now - start + pause
        if !failure.isTransient || elapsed > options.retryFor { throw failure }
        if let timeout = options.timeout, elapsed > timeout { throw failure }
        try await pauseFor(pause)
      }
    }
  }

  private func pauseFor(_ pause: Duration) async throws(TallyError) {
    do {
      try await Task.sleep(for: pause)
    } catch {
      throw TallyError(.cancelled, "cancelled while waiting to try again")
    }
  }
}
