internal import Foundation
internal import TLS

/// Makes certificates with the `openssl` command, in a folder that goes with it.
final class Forge: Sendable {
  let folder: URL

  /// A certificate and its key, in files.
  struct Pair: Sendable {
    let certificate: String
    let key: String
  }

  /// What one certificate says.
  struct Wish: Sendable {
    var subject = "server"
    var names = ["DNS:localhost", "DNS:tally.test", "IP:127.0.0.1"]
    /// Relative to now.
    var days = -1...30
    var ca = "ca"
    var isAuthority = false
  }

  init() throws {
    folder = FileManager.default.temporaryDirectory.appending(path: "forge-\(UUID().uuidString)")
    try FileManager.default.createDirectory(at: folder, withIntermediateDirectories: true)
    try authority("ca", "Test CA")
    try authority("other", "Other CA")
  }

  deinit {
    try? FileManager.default.removeItem(at: folder)
  }

  /// The path of a file here.
  func path(_ name: String) -> String { folder.appending(path: name).path }

  /// The certificate of a CA.
  func authority(_ name: String) -> PEMSource { .file(path("\(name).pem")) }

  func issue(_ name: String, _ wish: Wish = Wish()) throws -> Pair {
    let pair = Pair(certificate: path("\(name).pem"), key: path("\(name).key"))
    let request = path("\(name).csr")
    try openssl(
      "req", "-new", "-newkey", "ec", "-pkeyopt", "ec_paramgen_curve:prime256v1", "-nodes",
      "-keyout", pair.key, "-out", request, "-subj", "/O=School/CN=\(wish.subject)")
    let settings = path("\(name).cnf")
    try text(
      """
      [ca]
      default_ca = here
      [here]
      database = \(path("\(name).index"))
      new_certs_dir = \(folder.path)
      default_md = sha256
      rand_serial = yes
      unique_subject = no
      policy = any
      x509_extensions = extensions
      [any]
      organizationName = optional
      commonName = supplied
      [extensions]
      basicConstraints = critical, CA:\(wish.isAuthority ? "TRUE" : "FALSE")
      \(wish.names.isEmpty ? "" : "subjectAltName = \(wish.names.joined(separator: ","))")
      """, to: settings)
    try text("", to: path("\(name).index"))
    let signer =
      wish.isAuthority
      ? ["-selfsign", "-keyfile", pair.key]
      : ["-cert", path("\(wish.ca).pem"), "-keyfile", path("\(wish.ca).key")]
    try openssl(
      ["ca", "-batch", "-notext", "-config", settings, "-in", request, "-out", pair.certificate]
        + ["-startdate", date(wish.days.lowerBound), "-enddate", date(wish.days.upperBound)]
        + signer)
    return pair
  }

  /// Puts one pair in the place of another, as a renewal does: each file by a rename.
  func replace(_ old: Pair, by new: Pair) throws {
    for (from, to) in [(new.key, old.key), (new.certificate, old.certificate)] {
      let fresh = to + ".new"
      try FileManager.default.copyItem(atPath: from, toPath: fresh)
      rename(fresh, to)
    }
  }

  func text(_ text: String, to path: String) throws {
    try text.write(toFile: path, atomically: false, encoding: .utf8)
  }

  func openssl(_ arguments: String...) throws { try openssl(arguments) }

  func openssl(_ arguments: [String]) throws {
    let process = Process()
    process.executableURL = URL(filePath: "/usr/bin/env")
    process.arguments = ["openssl"] + arguments
    process.currentDirectoryURL = folder
    let log = path("log")
    _ = FileManager.default.createFile(atPath: log, contents: nil)
    process.standardOutput = FileHandle.nullDevice
    process.standardError = try FileHandle(forWritingTo: URL(filePath: log))
    try process.run()
    process.waitUntilExit()
    guard process.terminationStatus == 0 else {
      throw ForgeFailure(description: try String(contentsOfFile: log, encoding: .utf8))
    }
  }

  private func authority(_ name: String, _ subject: String) throws {
    _ = try issue(name, Wish(subject: subject, names: [], isAuthority: true))
  }

  private func date(_ days: Int) -> String {
    let date = Date(timeIntervalSinceNow: Double(days) * 86_400)
    let format = DateFormatter()
    format.locale = Locale(identifier: "en_US_POSIX")
    format.timeZone = TimeZone(secondsFromGMT: 0)
    format.dateFormat = "yyyyMMddHHmmss'Z'"
    return format.string(from: date)
  }
}

struct ForgeFailure: Error, CustomStringConvertible {
  let description: String
}

extension ServerTLS.Options {
  init(_ pair: Forge.Pair, clientCA: PEMSource? = nil) {
    self.init(certificate: .file(pair.certificate), key: .file(pair.key), clientCA: clientCA)
  }
}
