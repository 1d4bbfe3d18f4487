internal import GRPC
internal import TLS

extension TallyClient {
  /// How a client makes sure of its server, and shows itself. Files are PEM.
  public struct TLSSettings: Sendable, Hashable {
    /// The CAs that may vouch for the server; the system's if `nil`.
    public var caFile: String?
    /// What the server must prove to be, if not the host that the client connects to.
    public var serverName: String?
    /// The client's own certificate and those between it and its CA, in this order.
    public var certificateFile: String?
    /// The key of that certificate, not encrypted.
    public var keyFile: String?

    /// The server is verified by the system's CAs and by its host's name; the client shows nothing.
    public init() {}
  }

  /// A client of the server at `host` and `port`, over TLS. No byte is sent before a call.
  ///
  /// - Parameter tenant: 1 to 128 bytes; it comes into being with its first batch.
  /// - Throws: `invalidSettings` that says which file cannot be used, and what to do. What one side
  ///   has against the other one's certificate comes with the first call, as `denied`.
  public static func connect(
    host: String, port: Int, tenant: String = "default", tls: TLSSettings,
    options: Options = Options()
  ) throws(TallyError) -> TallyClient {
    var channel = channel(options)
    channel.security = try security(tls)
    return TallyClient(
      channel: GRPCChannel(to: Endpoint(host: host, port: port), options: channel),
      tenant: tenant, options: options)
  }

  private static func security(_ tls: TLSSettings) throws(TallyError) -> ClientTLS {
    var options = ClientTLS.Options()
    options.roots = tls.caFile.map { .file($0) }
    options.serverName = tls.serverName
    switch (tls.certificateFile, tls.keyFile) {
    case (let certificate?, let key?): options.certificate = (.file(certificate), .file(key))
    case (nil, nil): break
    default:
      throw TallyError(
        .invalidSettings, "a client's certificate and its key go together: name both files")
    }
    do throws(TLSError) {
      return try ClientTLS(options)
    } catch {
      throw TallyError(.invalidSettings, error.message)
    }
  }
}
