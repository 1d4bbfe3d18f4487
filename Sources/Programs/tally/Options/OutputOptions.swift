internal import ArgumentParser

/// How a report is written, and where.
struct OutputOptions: ParsableArguments {
  /// What the rows are written as.
  enum Format: String, CaseIterable, ExpressibleByArgument {
    case table, csv, jsonl
  }

  @Option(
    help: ArgumentHelp(
      "table, csv, or jsonl (a line of JSON a row). Without it: csv to a file, else table.",
      valueName: "format"))
  var format: Format?

  @Option(
    name: [.short, .long],
    help: ArgumentHelp(
      "The file to write, which appears whole or not at all; - is standard output.",
      valueName: "file"),
    completion: .file())
  var output: String?

  @Flag(
    help: """
      In CSV, put an apostrophe before text that begins with = + - @ tab or CR, so that no \
      spreadsheet runs it as a formula.
      """)
  var neutraliseFormulas = false

  @Flag(
    help: """
      If the connection breaks and the store has moved on meanwhile, go on at its newest revision \
      in place of starting again: for reports that are only looked at.
      """)
  var mixRevisions = false

  /// The format, chosen or by where it goes.
  var chosenFormat: Format {
    format ?? (output == nil || output == "-" ? .table : .csv)
  }
}
