internal import ArgumentParser
internal import TallyClient

/// Whether and how the connection is encrypted.
struct TLSOptions: ParsableArguments {
  @Flag(
    help: "Encrypt, and verify the server (TALLY_TLS=1). The options below imply it.")
  var tls = false

  @Option(
    help: ArgumentHelp(
      "The CAs that may vouch for the server, as PEM (TALLY_CA; else the system's).",
      valueName: "file"))
  var ca: String?

  @Option(
    help: ArgumentHelp(
      "What the server must prove to be (TALLY_SERVER_NAME; else its host).", valueName: "name"))
  var serverName: String?

  @Option(
    help: ArgumentHelp("Our certificate, as PEM (TALLY_CERTIFICATE).", valueName: "file"))
  var certificate: String?

  @Option(help: ArgumentHelp("Its key, as PEM, not encrypted (TALLY_KEY).", valueName: "file"))
  var key: String?

  /// As the options and the environment say; `nil` for plaintext.
  func settings() throws -> TallyClient.TLSSettings? {
    var settings = TallyClient.TLSSettings()
    settings.caFile = ca ?? Environment["TALLY_CA"]
    settings.serverName = serverName ?? Environment["TALLY_SERVER_NAME"]
    settings.certificateFile = certificate ?? Environment["TALLY_CERTIFICATE"]
    settings.keyFile = key ?? Environment["TALLY_KEY"]
    if tls || settings != TallyClient.TLSSettings() { return settings }
    switch Environment["TALLY_TLS"] {
    case nil, "0", "no", "false": return nil
    case "1", "yes", "true": return settings
    case let other?:
      throw ValidationError("TALLY_TLS is '\(other)': set it to 1 or 0.")
    }
  }
}
