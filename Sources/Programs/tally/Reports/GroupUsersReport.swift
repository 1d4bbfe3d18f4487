internal import ArgumentParser
internal import TallyMessages

/// `tally report group-users`
struct GroupUsersReport: ReportCommand {
  static let configuration = CommandConfiguration(
    commandName: "group-users", abstract: "Users of one group: a row for every current member.")

  /// A role by its name.
  enum RoleName: String, CaseIterable, ExpressibleByArgument {
    case learner, contributor, editor, admin

    init?(argument: String) {
      self.init(rawValue: argument.lowercased())
    }

    var role: Role {
      switch self {
      case .learner: .learner
      case .contributor: .contributor
      case .editor: .editor
      case .admin: .admin
      }
    }
  }

  @Option(help: ArgumentHelp("The group.", valueName: "id"))
  var group: String

  @Option(help: ArgumentHelp("Only members who hold this role.", valueName: "role"))
  var role: RoleName?

  @OptionGroup var connection: ConnectionOptions
  @OptionGroup var output: OutputOptions

  var request: GroupUsersRequest { GroupUsersRequest(groupId: group, role: role?.role) }

  var columns: [Column<GroupUserRow>] {
    [
      Column("First name", "first_name") { .text($0.firstName) },
      Column("Last name", "last_name") { .text($0.lastName) },
      Column("Email", "email") { .text($0.email) },
      Column("Additional information", "additional_information") {
        .text($0.additionalInformation)
      },
      Column("Publications", "publications") { .count($0.publications) },
      Column("Comments", "comments") { .count($0.comments) },
      Column("Reactions", "reactions") { .count($0.reactions) },
    ]
  }
}
