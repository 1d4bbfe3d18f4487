internal import Foundation
internal import GRPC
internal import TLS
internal import Testing

/// What a person who named the wrong file reads.
@Suite(.timeLimit(.minutes(2))) struct `files that cannot be used` {
  let forge: Forge
  let pair: Forge.Pair

  init() throws {
    forge = try Forge()
    pair = try forge.issue("server")
  }

  private func failure(certificate: String, key: String, clientCA: String? = nil) -> TLSError? {
    do throws(TLSError) {
      let options = ServerTLS.Options(
        certificate: .file(certificate), key: .file(key), clientCA: clientCA.map { .file($0) })
      _ = try ServerTLS(options) { _ in }
      return nil
    } catch {
      return error
    }
  }

  @Test func `a file that is missing is named`() {
    let error = failure(certificate: "/nowhere/a.pem", key: pair.key)

    #expect(error?.code == .file)
    #expect(error?.message == "there is no file '/nowhere/a.pem'")
  }

  @Test func `a folder is no file`() {
    let error = failure(certificate: forge.folder.path, key: pair.key)

    #expect(error?.code == .file)
    #expect(error?.message.contains("is no regular file") == true)
  }

  @Test func `certificate and key that are swapped are noticed`() {
    let error = failure(certificate: pair.key, key: pair.certificate)
    let key = failure(certificate: pair.certificate, key: pair.certificate)

    #expect(error?.message.contains("holds a key, no certificate: are certificate and key") == true)
    #expect(key?.message.contains("holds a certificate, no key: are certificate and key") == true)
  }

  @Test func `a file that is no PEM is refused, and DER is known`() throws {
    let text = forge.path("text.pem")
    try forge.text("hello", to: text)
    let der = forge.path("server.der")
    try forge.openssl("x509", "-in", pair.certificate, "-outform", "der", "-out", der)

    #expect(
      failure(certificate: text, key: pair.key)?.message
        == "'\(text)' holds no certificate as PEM")
    #expect(
      failure(certificate: der, key: pair.key)?.message.contains(
        "convert it with openssl x509 -inform der") == true)
  }

  @Test func `a damaged file is told from an empty one`() throws {
    let path = forge.path("damaged.pem")
    let whole = try String(contentsOfFile: pair.certificate, encoding: .utf8)
    var lines = whole.split(separator: "\n")
    lines.remove(at: 2)
    try forge.text(lines.joined(separator: "\n") + "\n", to: path)

    let error = failure(certificate: path, key: pair.key)

    #expect(error?.code == .format)
    #expect(error?.message == "a certificate in '\(path)' is damaged: copy the file again")
  }

  @Test func `a key of another certificate is refused`() throws {
    let other = try forge.issue("stranger")

    let error = failure(certificate: pair.certificate, key: other.key)

    #expect(error?.code == .key)
    #expect(error?.message.contains("the key '\(other.key)' does not belong to") == true)
  }

  @Test(arguments: [["pkcs8", "-topk8"], ["ec", "-aes128"]])
  func `an encrypted key says how to take the passphrase off`(command: [String]) throws {
    let path = forge.path("encrypted.key")
    try forge.openssl(
      [command[0], command[1], "-in", pair.key, "-out", path, "-passout", "pass:secret"])

    let error = failure(certificate: pair.certificate, key: path)

    #expect(error?.code == .key)
    #expect(error?.message.contains("is encrypted") == true)
    #expect(error?.message.contains("openssl pkey") == true)
  }

  @Test func `a client's CA file is judged like the others`() {
    let error = failure(certificate: pair.certificate, key: pair.key, clientCA: pair.key)

    #expect(error?.message.contains("holds a key, no certificate") == true)
  }

  @Test func `an RSA key and a chain serve as well`() async throws {
    let rsa = forge.path("rsa.key")
    let request = forge.path("rsa.csr")
    let certificate = forge.path("rsa.pem")
    try forge.openssl("genrsa", "-out", rsa, "2048")
    try forge.openssl("req", "-new", "-key", rsa, "-subj", "/CN=rsa", "-out", request)
    let names = forge.path("rsa.ext")
    try forge.text("subjectAltName = DNS:localhost\n", to: names)
    try forge.openssl(
      "x509", "-req", "-in", request, "-CA", forge.path("ca.pem"), "-CAkey", forge.path("ca.key"),
      "-CAcreateserial", "-days", "2", "-extfile", names, "-out", certificate)
    let chain = forge.path("chain.pem")
    let parts = [certificate, forge.path("ca.pem")]
    try forge.text(
      try parts.map { try String(contentsOfFile: $0, encoding: .utf8) }.joined(), to: chain)

    let options = ServerTLS.Options(Forge.Pair(certificate: chain, key: rsa))
    try await secured(options) { server in
      let reply = try await server.call(.trusting(forge.authority("ca"))).reply
      #expect(reply == "nobody")
      // Two days are left.
      guard case .endsSoon(_, let days)? = server.notices.first else {
        Issue.record("\(server.notices)")
        return
      }
      #expect((1...2).contains(days))
    }
  }

  @Test func `a server with an expired certificate starts, and says so`() async throws {
    let late = try forge.issue("late", Forge.Wish(days: -30 ... -1))
    try await secured(ServerTLS.Options(late)) { server in
      guard case .expired(let date)? = server.notices.first else {
        Issue.record("\(server.notices)")
        return
      }
      #expect(date.hasPrefix("20") && date.hasSuffix(" UTC"))
    }
  }

  @Test func `an address is no server name`() {
    #expect(throws: TLSError.self) {
      var options = ClientTLS.Options.trusting(forge.authority("ca"))
      options.serverName = "127.0.0.1"
      _ = try ClientTLS(options)
    }
  }
}
