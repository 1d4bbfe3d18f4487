/// What a data directory says of itself, before anything else in it is read:
///
/// ```
/// tally 2
/// rules 2
/// ```
///
/// The second line may be missing: the table `meta` states both too.
enum FormatFile {
  static func path(in directory: String) -> String { directory + "/format" }

  /// Whether the directory has the file, of a format and rules that this Tally has.
  ///
  /// - Throws: `newerFormat`, `olderFormat`, or `dataLoss` for a file that says something else.
  static func check(in directory: String) throws(StoreError) -> Bool {
    let path = path(in: directory)
    guard let text = try Files.text(of: path) else { return false }
    let words = text.split { $0 == " " || $0 == "\n" }
    guard words.count == 2 || words.count == 4, words[0] == "tally",
      let format = UInt16(words[1]), words.count == 2 || words[2] == "rules",
      let rules = words.count == 2 ? StoreIdentity.rules : UInt16(words[3])
    else {
      throw StoreError(
        code: .dataLoss,
        message: "'\(path)' reads '\(text.prefix(60))' in place of '\(line)': if only this file "
          + "was changed, write that line into it again; else restore the newest backup into a "
          + "new directory")
    }
    try StoreIdentity.check(
      format: format, rules: rules, of: "'\(directory)', by its file 'format',")
    return true
  }

  /// - Parameter directory: not synced.
  static func write(in directory: String) throws(StoreError) {
    try Files.write(line + "\nrules \(StoreIdentity.rules)\n", to: path(in: directory))
  }

  private static var line: String { "tally \(StoreIdentity.newestFormat)" }
}

extension StoreIdentity {
  /// - Throws: `newerFormat` or `olderFormat` if `what` is of another format or of other rules.
  func check(_ what: String) throws(StoreError) {
    try Self.check(format: format, rules: rulesVersion, of: what)
  }

  /// The same, for those who know no more than the two numbers.
  static func check(format: UInt16, rules: UInt16, of what: String) throws(StoreError) {
    if format > newestFormat || rules > Self.rules {
      let found =
        format > newestFormat
        ? "has format \(format), this Tally knows formats up to \(newestFormat)"
        : "was counted by version \(rules) of the rules, this Tally counts by \(Self.rules)"
      throw StoreError(
        code: .newerFormat,
        message: "\(what) \(found): use the Tally that wrote it, or a newer one")
    }
    if format < newestFormat || rules < Self.rules {
      let found =
        format < newestFormat
        ? "has format \(format), and this Tally reads format \(newestFormat) only"
        : "was counted by version \(rules) of the rules, and this Tally counts by \(Self.rules)"
      throw StoreError(
        code: .olderFormat,
        message: "\(what) \(found). Nothing was changed. Use the Tally that wrote it; or begin "
          + "with a new data directory and send the events to it again (tally ingest)")
    }
  }
}
