internal import ArgumentParser
internal import Logging
internal import ServiceLifecycle
internal import TLS
internal import UnixSignals

/// How the server shows itself, and what it asks of its clients.
struct TLSOptions: ParsableArguments {
  @Option(
    name: .customLong("tls-certificate"),
    help: ArgumentHelp(
      "The server's certificate and those between it and its CA (PEM): serve over TLS.",
      valueName: "file"))
  var certificate: String?

  @Option(
    name: .customLong("tls-key"),
    help: ArgumentHelp("The certificate's key (PEM), not encrypted.", valueName: "file"))
  var key: String?

  @Option(
    name: .customLong("tls-client-ca"),
    help: ArgumentHelp(
      "Ask clients for a certificate of one of these CAs (PEM).", valueName: "file"))
  var clientCA: String?

  @Option(
    name: .customLong("tls-client-certificates"),
    help: "Whether a client must show a certificate. Default with --tls-client-ca: required.")
  var clientCertificates: ServerTLS.ClientCertificates?

  /// What the options ask for; `nil` for plaintext.
  ///
  /// - Throws: which option is missing, or which file cannot be used, and what to do.
  func make(_ logger: Logger) throws -> ServerTLS? {
    if clientCertificates != nil, clientCA == nil {
      throw Refusal(
        message: "--tls-client-certificates needs the CAs to verify them: --tls-client-ca FILE")
    }
    guard let certificate, let key else {
      if certificate != nil { throw Refusal(message: "--tls-certificate needs --tls-key FILE") }
      if key != nil { throw Refusal(message: "--tls-key needs --tls-certificate FILE") }
      guard clientCA == nil else {
        throw Refusal(message: "--tls-client-ca needs --tls-certificate FILE and --tls-key FILE")
      }
      return nil
    }
    var options = ServerTLS.Options(
      certificate: .file(certificate), key: .file(key), clientCA: clientCA.map { .file($0) })
    if let clientCertificates { options.clientCertificates = clientCertificates }
    return try ServerTLS(options) { Self.log($0, certificate, logger) }
  }

  private static func log(_ notice: TLSNotice, _ file: String, _ logger: Logger) {
    var metadata: Logger.Metadata = ["tls.certificate": "\(file)"]
    switch notice {
    case .reloaded(let certificate):
      metadata["tls.subject"] = "\(certificate)"
      logger.notice("certificate reloaded", metadata: metadata)
    case .reloadFailed(let error):
      metadata["failure.cause"] = "\(error.message)"
      logger.warning("certificate not reloaded: the one from before stays", metadata: metadata)
    case .endsSoon(let date, let days):
      metadata["tls.not_after"] = "\(date)"
      metadata["tls.days_left"] = "\(days)"
      logger.warning("certificate ends soon: renew it", metadata: metadata)
    case .expired(let date):
      metadata["tls.not_after"] = "\(date)"
      logger.warning("certificate has expired: clients refuse it; renew it", metadata: metadata)
    case .notYetValid(let date):
      metadata["tls.not_before"] = "\(date)"
      logger.warning("certificate is not valid yet: clients refuse it", metadata: metadata)
    }
  }

  /// Options that do not go together.
  struct Refusal: Error {
    let message: String
  }
}

extension ServerTLS.ClientCertificates: ExpressibleByArgument {}

/// Reads certificate, key and CAs again on SIGHUP.
struct ReloadTask: Service {
  let tls: ServerTLS

  func run() async {
    for await _ in await UnixSignalsSequence(trapping: .sighup).cancelOnGracefulShutdown() {
      tls.reload()
    }
  }
}
