internal import ArgumentParser
internal import Glibc

/// The server, and what is done to a store while no server has it open.
@main
struct Tallyd: AsyncParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "tallyd",
    abstract: "Counts who did what on a learning platform, and serves the reports over gRPC.",
    discussion: """
      Without a subcommand it serves:

        tallyd --data DIR
        tallyd restore FILE --data DIR

      All settings: tallyd serve --help
      """,
    subcommands: [Serve.self, RestoreCommand.self, Check.self], defaultSubcommand: Serve.self)

  /// One line on standard error, and the exit code.
  static func failure(_ message: String) -> ExitCode {
    let line = "tallyd: \(message)\n"
    write(STDERR_FILENO, line, line.utf8.count)
    return ExitCode(1)
  }
}
