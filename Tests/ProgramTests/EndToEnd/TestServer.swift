internal import Foundation
internal import TallyClient

/// A real `tallyd` on a free port with a data directory of its own, gone when the test is over.
final class TestServer {
  private let folder: URL
  private let options: [String]
  private var program: RunningProgram
  /// `HOST:PORT`; stays the same over a restart.
  let address: String

  /// - Parameters:
  ///   - options: of `tallyd`, besides those for directory and address.
  ///   - folder: of the store; without it a new one.
  init(_ options: [String] = [], in folder: URL? = nil) async throws {
    self.options = options
    self.folder =
      folder
      ?? FileManager.default.temporaryDirectory.appending(path: "tallyd-\(UUID().uuidString)")
    (program, address) = try await Self.start(
      self.folder, listen: "127.0.0.1:0", options)
  }

  deinit {
    program.send(SIGKILL)
    try? FileManager.default.removeItem(at: folder)
  }

  /// SIGKILL: nothing is written back, nothing is said to anybody.
  func crash() async throws {
    program.send(SIGKILL)
    _ = try await program.end()
  }

  /// The same data directory at the same address.
  func restart() async throws {
    (program, _) = try await Self.start(folder, listen: address, options)
  }

  /// SIGTERM, and how it ended.
  func stop() async throws -> ProgramOutput {
    program.send(SIGTERM)
    return try await program.end()
  }

  /// A client of this server, for the tenant that `tally` uses by itself.
  func client() -> TallyClient {
    let parts = address.split(separator: ":")
    return TallyClient.connect(host: String(parts[0]), port: Int(parts[1]) ?? 0)
  }

  private static func start(
    _ folder: URL, listen: String, _ options: [String]
  ) async throws -> (RunningProgram, String) {
    let program = try Programs.start(
      "tallyd", ["--data", folder.path, "--listen", listen] + options)
    var address: String?
    try await waitUntil("tallyd to listen") {
      if !program.isRunning {
        throw ProgramFailure("tallyd ended: \(try program.errors())")
      }
      let lines = String(decoding: try program.out(), as: UTF8.self).split(separator: "\n")
      let ready = lines.first { $0.hasPrefix("listening on ") }
      address = ready.map { String($0.dropFirst("listening on ".count)) }
      return address != nil
    }
    return (program, address ?? "")
  }
}
