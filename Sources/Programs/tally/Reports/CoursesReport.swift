internal import ArgumentParser
internal import TallyMessages

/// `tally report courses`
struct CoursesReport: ReportCommand {
  static let configuration = CommandConfiguration(
    commandName: "courses", abstract: "Several courses: a row for every course.")

  /// The columns of the downloaded file, or those of the screen.
  enum ColumnChoice: String, CaseIterable, ExpressibleByArgument {
    case download, screen
  }

  @Option(
    name: .customLong("columns"),
    help: ArgumentHelp(
      "download: those of the file; screen: those of the screen's table. Without it: screen in a "
        + "table, else download.", valueName: "which"))
  var choice: ColumnChoice?

  @Option(help: ArgumentHelp("Only the courses of this path.", valueName: "id"))
  var path: String?

  @Option(
    parsing: .singleValue,
    help: ArgumentHelp("Only this course; may be given several times.", valueName: "id"))
  var id: [String] = []

  @OptionGroup var connection: ConnectionOptions
  @OptionGroup var output: OutputOptions

  var request: CoursesRequest { CoursesRequest(courseIds: id, pathId: path) }

  var columns: [Column<CourseRow>] {
    switch choice ?? (output.chosenFormat == .table ? .screen : .download) {
    case .download: Self.download
    case .screen: Self.screen
    }
  }

  private static let screen: [Column<CourseRow>] =
    [
      Column("Course Name", "name") { .text($0.name) },
      Column("Reaction score", "reaction_score") { score($0.reactionScore) },
      Column("Comments", "comments") { .count($0.comments) },
      Column("Views", "views") { .count($0.views) },
    ] + reactions

  private static let download: [Column<CourseRow>] =
    [
      Column("Course Name", "name") { .text($0.name) },
      Column("Course ID", "course_id") { .text($0.courseId) },
      Column("Author", "author_name") { .text($0.authorName) },
      Column("Co-authors", "co_author_names") { .list($0.coAuthorNames) },
      Column("Views", "views") { .count($0.views) },
      Column("Status", "status") { name(of: $0.status) },
      Column("Creation date", "created_at") { time($0.createdAt) },
      Column("Last update", "last_update") { time($0.lastUpdate) },
      Column("Reaction Score", "reaction_score") { score($0.reactionScore) },
    ] + reactions + [
      Column("Documents", "documents") { .count($0.documents) },
      Column("Cheat sheets", "cheat_sheets") { .count($0.cheatSheets) },
      Column("Questions", "questions") { .count($0.questions) },
      Column("Source language", "source_language") { .text($0.sourceLanguage) },
      Column("Available translation languages", "available_languages") {
        .list($0.availableLanguages)
      },
      Column("Unavailable translation languages", "unavailable_languages") {
        .list($0.unavailableLanguages)
      },
      Column("Tags", "tags") { .list($0.tags) },
      Column("Group", "group_name") { .text($0.groupName) },
    ]

  private static let reactions: [Column<CourseRow>] = [
    Column("Likes", "likes") { .count($0.likes) },
    Column("Learned something", "learned_something") { .count($0.learnedSomething) },
    Column("Outdated", "outdated") { .count($0.outdated) },
    Column("Have a question", "have_a_question") { .count($0.haveAQuestion) },
    Column("Useful", "useful") { .count($0.useful) },
    Column("Irrelevant", "irrelevant") { .count($0.irrelevant) },
  ]

  private static func score(_ score: Int32?) -> Cell {
    score.map { .number($0) } ?? .unset
  }

  private static func time(_ time: Google.Protobuf.Timestamp?) -> Cell {
    guard let time else { return .unset }
    return .text(timeText(seconds: time.seconds, nanoseconds: time.nanos))
  }

  private static func name(of status: CourseStatus) -> Cell {
    switch status {
    case .active: .text("Active")
    case .archived: .text("Archived")
    case .deleted: .text("Deleted")
    case .unspecified: .unset
    default: .text(String(status.rawValue))
    }
  }
}
