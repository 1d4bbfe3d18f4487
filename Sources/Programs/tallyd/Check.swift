internal import ArgumentParser
internal import TallyStore

/// `tallyd check`: what the server runs for Verify. Frames on standard output, for the server only.
struct Check: ParsableCommand {
  static let configuration = CommandConfiguration(
    abstract: "Checks a copy of a store, for the server that started it.", shouldDisplay: false)

  @Option(help: "The directory of the data file.")
  var tables: String

  @Option(help: "The directory of the event log.")
  var log: String

  @Option(help: "An empty directory, for the copy.")
  var copy: String

  @Option(help: "The one tenant to check.")
  var tenant: String?

  func run() throws {
    let program = CheckProgram(tables: tables, log: log, copy: copy, tenant: tenant)
    throw ExitCode(program.run())
  }
}
