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
    /// For how long a server that cannot be reached is tried again, with growing pauses; `.zero`:
    /// one attempt. A server that answers that it is not ready is asked five times at most.
    public var retryFor: Duration = .seconds(10)
    /// After so long without a byte a server that owes an answer is asked whether it is there, and
    /// given up 20 s later; at least 10 s, and 5 minutes for a `tallyd` that is not set to allow
    /// more. `nil`: never, so that a connection that died silently is noticed by `timeout` only.
    public var keepalive: Duration?
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
      channel: GRPCChannel(to: Endpoint(host: host, port: port), options: channel(options)),
      tenant: tenant, options: options)
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
    let reply: MessageBytes
    do throws(RPCError) {
      reply = try await channel.unary(
        "/tally.v1.AdminService/Status", request.messageBytes(), options: readOptions)
    } catch {
      throw TallyError(error, from: channel.endpoint)
    }
    do throws(DecodeError) {
      return try StatusResponse(decoding: reply)
    } catch {
      throw .invalidAnswer("a status that cannot be read (\(error))", from: channel.endpoint)
    }
  }

  /// What the options mean for the channel.
  static func channel(_ options: Options) -> GRPCChannel.Options {
    var channel = GRPCChannel.Options()
    channel.keepaliveTime = options.keepalive
    return channel
  }

  /// What all calls of this client ask for.
  ///
  /// - Parameter patience: for how long a server that cannot be reached is tried again.
  func callOptions(patience: Duration) -> CallOptions {
    var call = CallOptions(compression: options.compression == .gzip ? .gzip : .identity)
    call.waitForReady = true
    call.retryFor = patience
    return call
  }

  /// For calls that read, which may be done twice: they are tried again when the server is not
  /// ready or asks for it (RetryInfo).
  var readOptions: CallOptions {
    // Before the time is over, so that the caller learns why and not only that.
    let patience = min(options.retryFor, (options.timeout ?? options.retryFor * 2) * 0.9)
    var call = callOptions(patience: patience)
    call.timeout = options.timeout
    var retry = RetryPolicy(
      firstBackoff: .milliseconds(100), maxBackoff: .seconds(3), multiplier: 3,
      codes: [.unavailable, .aborted])
    retry.requestedPause = { TallyError.Details($0).retryDelay }
    call.retry = retry
    return call
  }
}
