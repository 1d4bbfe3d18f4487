internal import Foundation
internal import TestSupport
internal import Testing

/// `tally` and `tallyd` over TLS, with the flags that a person types.
@Suite(.serialized, .timeLimit(.minutes(2))) struct `tally over TLS` {
  private let folder = FileManager.default.temporaryDirectory
    .appending(path: "tally-tls-\(UUID().uuidString)")
  private var certificate: String { folder.appending(path: "server.pem").path }
  private var key: String { folder.appending(path: "server.key").path }

  /// A certificate that is trusted itself.
  private func makeCertificate() throws {
    try FileManager.default.createDirectory(at: folder, withIntermediateDirectories: true)
    let openssl = Process()
    openssl.executableURL = URL(filePath: "/usr/bin/env")
    openssl.arguments = [
      "openssl", "req", "-x509", "-newkey", "ec", "-pkeyopt", "ec_paramgen_curve:prime256v1",
      "-nodes", "-days", "30", "-subj", "/CN=server", "-keyout", key, "-out", certificate,
      "-addext", "basicConstraints=critical,CA:FALSE", "-addext", "subjectAltName=DNS:tally.test",
    ]
    openssl.standardError = FileHandle.nullDevice
    try openssl.run()
    openssl.waitUntilExit()
    #expect(openssl.terminationStatus == 0)
  }

  @Test func `reports are those of a plaintext server`() async throws {
    defer { try? FileManager.default.removeItem(at: folder) }
    try makeCertificate()
    let plain = try await TestServer()
    let secret = try await TestServer(["--tls-certificate", certificate, "--tls-key", key])
    let trust = ["--ca", certificate, "--server-name", "tally.test"]
    let report = ["report", "courses", "--format", "csv"]
    let ingest = ["ingest", Fixture.edgeCases.eventFile]

    let openly = try await Programs.tally(ingest, server: plain.address)
    let secretly = try await Programs.tally(ingest + trust, server: secret.address)
    let expected = try await Programs.tally(report, server: plain.address)
    let reported = try await Programs.tally(report + trust, server: secret.address)

    #expect(openly.status == 0)
    #expect(secretly.status == 0, "\(secretly.errors)")
    #expect(reported.status == 0, "\(reported.errors)")
    #expect(reported.out.count > 1_000)
    #expect(reported.out == expected.out)
  }

  @Test func `what does not fit is one line and no waiting`() async throws {
    defer { try? FileManager.default.removeItem(at: folder) }
    try makeCertificate()
    let server = try await TestServer(["--tls-certificate", certificate, "--tls-key", key])

    let name = try await Programs.tally(["status", "--ca", certificate], server: server.address)
    let file = try await Programs.tally(["status", "--ca", key], server: server.address)

    #expect(name.status != 0)
    #expect(name.errors.contains("the server's certificate is not for"))
    #expect(file.status != 0)
    #expect(file.errors.contains("holds a key, no certificate"))
  }
}
