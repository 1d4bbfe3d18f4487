internal import ArgumentParser
internal import TallyClient

/// Which server, whose tenant, and how figures are printed.
struct ServerOptions: ParsableArguments {
  @Option(help: "The server's host.")
  var host = "127.0.0.1"

  @Option(help: "The server's port.")
  var port = 7431

  @Option(help: "The tenant.")
  var tenant = "bench"

  @Option(help: "Connect over TLS; the server's CA, as a PEM file.")
  var ca: String?

  @Flag(help: "Print the figures as one line of JSON.")
  var json = false

  /// A client that waits as long as a large run takes.
  func connect() throws -> TallyClient {
    var options = TallyClient.Options()
    options.timeout = .seconds(600)
    guard let ca else {
      return TallyClient.connect(host: host, port: port, tenant: tenant, options: options)
    }
    var tls = TallyClient.TLSSettings()
    tls.caFile = ca
    return try TallyClient.connect(
      host: host, port: port, tenant: tenant, tls: tls, options: options)
  }
}
