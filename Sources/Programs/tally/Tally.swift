internal import ArgumentParser

/// The client program.
@main
struct Tally: AsyncParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "tally",
    abstract: "Sends activity to a Tally server and reads its reports.",
    discussion: """
      Give the server with --server or TALLY_SERVER, the tenant with --tenant or TALLY_TENANT.

        tally ingest events.ndjson.gz
        tally report courses
        tally report course --course c-17 --format csv --output c-17.csv
        tally watch courses
        tally status
        tally compact
        tally verify
        tally backup store.backup

      Shell completions: tally --generate-completion-script bash|zsh|fish

      Exit codes: 0 all is well; 1 something failed or was refused, and the message says what to \
      do; 64 the command line is wrong.
      """,
    subcommands: [
      Ingest.self, ReportCommands.self, WatchCommands.self, Status.self, Compact.self, Verify.self,
      BackupCommand.self,
    ])
}

/// `tally report …`: one file a report.
struct ReportCommands: AsyncParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "report",
    abstract: "Writes a report as a table, CSV or JSON lines.",
    subcommands: [
      GroupUsersReport.self, GroupsReport.self, CourseReport.self, CoursesReport.self,
      BehindReport.self,
    ])
}
