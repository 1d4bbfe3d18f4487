internal import ArgumentParser
internal import TallyMessages

/// `tally report course`
struct CourseReport: ReportCommand {
  static let configuration = CommandConfiguration(
    commandName: "course", abstract: "One course by activity.")

  @Option(help: ArgumentHelp("The course.", valueName: "id"))
  var course: String

  @OptionGroup var connection: ConnectionOptions
  @OptionGroup var output: OutputOptions

  var request: CourseActivitiesRequest { CourseActivitiesRequest(courseId: course) }

  var columns: [Column<CourseActivityRow>] {
    [
      Column("Title", "title") { .text($0.title) },
      Column("Views", "views") { .count($0.views) },
      Column("Likes", "likes") { .count($0.likes) },
      Column("Learned something", "learned_something") { .count($0.learnedSomething) },
      Column("Outdated", "outdated") { .count($0.outdated) },
      Column("Have a question", "have_a_question") { .count($0.haveAQuestion) },
      Column("Comments", "comments") { .count($0.comments) },
      Column("Downloads", "downloads") { row in row.downloads.map { .count($0) } ?? .unset },
      Column("Type", "type") { .text(Self.name(of: $0.type)) },
    ]
  }

  /// Any type that has no name yet is shown by its number.
  private static func name(of type: ActivityType) -> String {
    switch type {
    case .document: "Document"
    case .cheatSheet: "Cheat Sheet"
    case .question: "Question"
    default: String(type.rawValue)
    }
  }
}
