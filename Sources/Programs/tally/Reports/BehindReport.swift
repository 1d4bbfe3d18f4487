internal import ArgumentParser
internal import TallyMessages

/// `tally report behind`
struct BehindReport: ReportCommand {
  static let configuration = CommandConfiguration(
    commandName: "behind",
    abstract: "The users behind one number of an activity's or a course's row.")

  /// A number by its name.
  enum ActionName: String, CaseIterable, ExpressibleByArgument {
    case view = "VIEW"
    case like = "LIKE"
    case learnedSomething = "LEARNED_SOMETHING"
    case outdated = "OUTDATED"
    case haveAQuestion = "HAVE_A_QUESTION"
    case useful = "USEFUL"
    case irrelevant = "IRRELEVANT"
    case comment = "COMMENT"
    case download = "DOWNLOAD"

    init?(argument: String) {
      self.init(rawValue: String(argument.uppercased().map { $0 == "-" ? "_" : $0 }))
    }

    var action: Action {
      switch self {
      case .view: .view
      case .like: .like
      case .learnedSomething: .learnedSomething
      case .outdated: .outdated
      case .haveAQuestion: .haveAQuestion
      case .useful: .useful
      case .irrelevant: .irrelevant
      case .comment: .comment
      case .download: .download
      }
    }
  }

  @Option(help: ArgumentHelp("The activity; this or --course.", valueName: "id"))
  var activity: String?

  @Option(help: ArgumentHelp("The course; this or --activity.", valueName: "id"))
  var course: String?

  @Option(help: ArgumentHelp("Which number of the row.", valueName: "action"))
  var action: ActionName

  @OptionGroup var connection: ConnectionOptions
  @OptionGroup var output: OutputOptions

  func validate() throws {
    if (activity == nil) == (course == nil) {
      throw ValidationError("Give exactly one of --activity and --course.")
    }
  }

  var request: UsersBehindRequest {
    let target = activity.map { UsersBehindRequest.Target.activityId($0) }
    return UsersBehindRequest(
      target: target ?? course.map { .courseId($0) }, action: action.action)
  }

  var columns: [Column<UserBehindRow>] {
    [
      Column("User ID", "user_id") { .text($0.userId) },
      Column("First name", "first_name") { .text($0.firstName) },
      Column("Last name", "last_name") { .text($0.lastName) },
      Column("Email", "email") { .text($0.email) },
      Column("Count", "count") { .count($0.count) },
    ]
  }
}
