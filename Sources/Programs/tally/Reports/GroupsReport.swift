internal import ArgumentParser
internal import TallyMessages

/// `tally report groups`
struct GroupsReport: ReportCommand {
  static let configuration = CommandConfiguration(
    commandName: "groups",
    abstract: "Several groups: the sums over each group's learners.")

  @Flag(help: "Count the learners of all groups below, too, each user once.")
  var includeSubgroups = false

  @OptionGroup var connection: ConnectionOptions
  @OptionGroup var output: OutputOptions

  var request: GroupsRequest { GroupsRequest(includeSubgroups: includeSubgroups) }

  var columns: [Column<GroupRow>] {
    [
      Column("Name", "name") { .text($0.name) },
      Column("Publications", "publications") { .count($0.publications) },
      Column("Comments", "comments") { .count($0.comments) },
      Column("Reactions", "reactions") { .count($0.reactions) },
    ]
  }
}
