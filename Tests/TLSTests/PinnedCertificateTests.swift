internal import GRPC
internal import TLS
internal import Testing

/// Certificates in the place of CAs: a peer has to show one of them, whoever signed it.
@Suite(.timeLimit(.minutes(2))) struct `a certificate that is pinned` {
  let forge: Forge

  init() throws {
    forge = try Forge()
  }

  private func pin(_ pair: Forge.Pair) -> PEMSource { .file(pair.certificate) }

  @Test(arguments: [TLSVersions.only12, .only13])
  func `lets its server and its client in`(versions: TLSVersions) async throws {
    let (server, worker) = (try forge.issue("server"), try forge.issue("worker", worker))
    var options = ServerTLS.Options(server, clientCA: pin(worker))
    options.versions = versions
    try await secured(options) { running in
      for host in ["localhost", "127.0.0.1"] {
        let reply = try await running.call(.trusting(pin(server), as: worker), host: host).get()

        #expect(reply == "worker worker.test")
      }
    }
  }

  @Test func `lets no other certificate of the same CA in`() async throws {
    let (server, other) = (try forge.issue("server"), try forge.issue("other-server"))
    try await secured(ServerTLS.Options(server)) { running in
      let result = try await running.call(.trusting(pin(other)))

      #expect(result.error?.code == .unauthenticated)
      #expect(result.error?.message.contains("'Test CA'") == true)
    }
  }

  @Test(arguments: [ServerTLS.ClientCertificates.required, .optional])
  func `lets no other client in`(mode: ServerTLS.ClientCertificates) async throws {
    let (worker, other) = (
      try forge.issue("worker", worker), try forge.issue("other-worker", worker)
    )
    var options = ServerTLS.Options(try forge.issue("server"), clientCA: pin(worker))
    options.clientCertificates = mode
    try await secured(options) { running in
      let stranger = try await running.call(.trusting(forge.authority("ca"), as: other))
      let nobody = try await running.call(.trusting(forge.authority("ca")))

      #expect(stranger.error?.code == .unauthenticated)
      #expect(nobody.reply == (mode == .optional ? "nobody" : nil))
    }
  }

  @Test func `must be for the host that is called`() async throws {
    let server = try forge.issue("server", Forge.Wish(names: ["DNS:elsewhere.test"]))
    try await secured(ServerTLS.Options(server)) { running in
      let result = try await running.call(.trusting(pin(server)))

      #expect(result.error?.code == .unauthenticated)
      #expect(result.error?.message.contains("'elsewhere.test'") == true)
    }
  }

  @Test func `must be in its time`() async throws {
    let server = try forge.issue("server", Forge.Wish(days: -9 ... -2))
    try await secured(ServerTLS.Options(server)) { running in
      let result = try await running.call(.trusting(pin(server)))

      #expect(result.error?.code == .unauthenticated)
      #expect(result.error?.message.contains("expired on") == true)
    }
  }

  private let worker = Forge.Wish(subject: "worker", names: ["DNS:worker.test"])
}
