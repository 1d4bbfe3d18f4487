internal import Foundation

/// What a program wrote, and how it ended.
struct ProgramOutput {
  let status: Int32
  let out: [UInt8]
  let errors: String
}

/// The programs under test: beside the tests, or in the folder that TALLY_PROGRAMS names.
enum Programs {
  static let folder: URL = {
    if let folder = ProcessInfo.processInfo.environment["TALLY_PROGRAMS"] {
      return URL(filePath: folder)
    }
    return URL(filePath: "/proc/self/exe").resolvingSymlinksInPath().deletingLastPathComponent()
  }()

  /// Runs `tally` to its end. What it writes goes to files, so that no pipe can fill up.
  static func tally(
    _ arguments: [String], server: String = "", input: FileHandle? = nil
  ) async throws -> ProgramOutput {
    let program = try start("tally", arguments, server: server, input: input)
    return try await program.end()
  }

  /// Starts a program and returns at once.
  static func start(
    _ name: String, _ arguments: [String], server: String = "", input: FileHandle? = nil
  ) throws -> RunningProgram {
    try RunningProgram(folder.appending(path: name), arguments, server: server, input: input)
  }
}

/// A program that runs, with what it has written so far in files.
final class RunningProgram {
  private let process = Process()
  private let folder: URL
  private let ended: AsyncStream<Void>

  init(
    _ program: URL, _ arguments: [String], server: String, input: FileHandle?
  ) throws {
    folder = FileManager.default.temporaryDirectory
      .appending(path: "tally-program-\(UUID().uuidString)")
    try FileManager.default.createDirectory(at: folder, withIntermediateDirectories: true)
    let (ended, end) = AsyncStream.makeStream(of: Void.self)
    self.ended = ended
    process.executableURL = program
    process.arguments = arguments
    var environment = ProcessInfo.processInfo.environment
    environment["TALLY_SERVER"] = server
    environment["TALLY_TENANT"] = nil
    process.environment = environment
    process.standardInput = input ?? FileHandle.nullDevice
    process.standardOutput = try Self.file(folder.appending(path: "out"))
    process.standardError = try Self.file(folder.appending(path: "errors"))
    process.terminationHandler = { _ in end.finish() }
    try process.run()
  }

  deinit {
    if process.isRunning { kill(process.processIdentifier, SIGKILL) }
    try? FileManager.default.removeItem(at: folder)
  }

  var isRunning: Bool { process.isRunning }

  /// Waits for the end.
  func end() async throws -> ProgramOutput {
    for await _ in ended {}
    return ProgramOutput(status: process.terminationStatus, out: try out(), errors: try errors())
  }

  /// Standard output so far.
  func out() throws -> [UInt8] { Array(try Data(contentsOf: folder.appending(path: "out"))) }

  /// Standard error so far.
  func errors() throws -> String {
    String(decoding: try Data(contentsOf: folder.appending(path: "errors")), as: UTF8.self)
  }

  func send(_ signal: Int32) {
    kill(process.processIdentifier, signal)
  }

  private static func file(_ url: URL) throws -> FileHandle {
    _ = FileManager.default.createFile(atPath: url.path, contents: nil)
    return try FileHandle(forWritingTo: url)
  }
}

/// What keeps a test from going on.
struct ProgramFailure: Error, CustomStringConvertible {
  let description: String

  init(_ description: String) {
    self.description = description
  }
}

/// Waits for something that comes by itself, for at most a minute.
func waitUntil(_ what: String, _ condition: () async throws -> Bool) async throws {
  let limit = ContinuousClock.now + .seconds(60)
  while try await !condition() {
    if ContinuousClock.now > limit { throw ProgramFailure("waited a minute for \(what)") }
    try await Task.sleep(for: .milliseconds(10))
  }
}
