internal import ArgumentParser
internal import TallyClient
internal import TallyMessages

/// `tally watch …`
struct WatchCommands: AsyncParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "watch",
    abstract: "Follows a report: prints rows that change, as lines of JSON.",
    discussion: """
      One line a change: {"row":…} for a row that is new or changed, {"gone":"id"} for one that \
      left, {"mark":"store:timeline:position","time":…} when all rows printed so far make the \
      report of that revision, {"startOver":…} when all rows are to be forgotten and follow anew.

      Without --since all rows come first. A lost connection is made again and the watch goes on \
      from the last mark, so that rows may come twice; tally gives up after --wait. --timeout \
      counts with --once only.
      """,
    subcommands: [WatchCourses.self, WatchCourse.self, WatchGroup.self])
}

/// `tally watch courses`
struct WatchCourses: WatchCommand {
  static let configuration = CommandConfiguration(
    commandName: "courses", abstract: "Several courses.")

  @Option(help: ArgumentHelp("Only the courses of this path.", valueName: "id"))
  var path: String?

  @Option(
    parsing: .singleValue,
    help: ArgumentHelp("Only this course; may be given several times.", valueName: "id"))
  var id: [String] = []

  @OptionGroup var watch: WatchOptions
  @OptionGroup var connection: ConnectionOptions

  var request: CoursesRequest { CoursesRequest(courseIds: id, pathId: path) }
}

/// `tally watch course`
struct WatchCourse: WatchCommand {
  static let configuration = CommandConfiguration(
    commandName: "course", abstract: "One course by activity.")

  @Option(help: ArgumentHelp("The course.", valueName: "id"))
  var course: String

  @OptionGroup var watch: WatchOptions
  @OptionGroup var connection: ConnectionOptions

  var request: CourseActivitiesRequest { CourseActivitiesRequest(courseId: course) }
}

/// `tally watch group`
struct WatchGroup: WatchCommand {
  static let configuration = CommandConfiguration(
    commandName: "group", abstract: "Users of one group.")

  @Option(help: ArgumentHelp("The group.", valueName: "id"))
  var group: String

  @Option(help: ArgumentHelp("Only members who hold this role.", valueName: "role"))
  var role: GroupUsersReport.RoleName?

  @OptionGroup var watch: WatchOptions
  @OptionGroup var connection: ConnectionOptions

  var request: GroupUsersRequest { GroupUsersRequest(groupId: group, role: role?.role) }
}

/// Where a watch begins and ends.
struct WatchOptions: ParsableArguments {
  @Option(
    help: ArgumentHelp("Begin behind this mark, as a line printed it.", valueName: "mark"))
  var since: MarkText?

  @Flag(help: "End at the first mark: what changed until now.")
  var once = false
}

/// A subcommand that watches one report.
protocol WatchCommand: AsyncParsableCommand {
  associatedtype Request: WatchableRequest
  var connection: ConnectionOptions { get }
  var watch: WatchOptions { get }
  var request: Request { get }
}

extension WatchCommand {
  /// Prints until an error, or until whoever reads has enough.
  func run() async throws {
    let client = try connection.connect()
    let result = await follow(client)
    await client.close()
    switch result {
    case .success: return
    case .failure(let error) where error.code == .outputClosed: throw ExitCode(141)
    case .failure(let error): throw error
    }
  }

  private func follow(_ client: TallyClient) async -> Result<Void, CommandError> {
    do {
      let output = try FileOutput(path: nil)
      let events = client.watch(
        request, since: watch.since?.revision, timeout: watch.once ? client.options.timeout : nil)
      for try await event in events {
        try output.write(try event.line() + [UInt8(ascii: "\n")])
        if case .mark = event, watch.once { return .success(()) }
      }
      return .success(())
    } catch let error as CommandError {
      return .failure(error)
    } catch let error as TallyError {
      return .failure(error.forPeople)
    } catch {
      return .failure(CommandError(code: .server, message: "\(error)"))
    }
  }
}

extension WatchEvent {
  /// One line of JSON without its end.
  func line() throws(CommandError) -> [UInt8] {
    switch self {
    case .row(let row): return Array(#"{"row":"#.utf8) + (try row.jsonLine()) + Array("}".utf8)
    case .gone(let id): return Array(#"{"gone":\#(Self.quoted(id))}"#.utf8)
    case .mark(let mark):
      let text = MarkText(revision: mark.revision ?? Revision()).description
      let time = mark.time.map { timeText(seconds: $0.seconds, nanoseconds: $0.nanos) } ?? ""
      return Array(#"{"mark":"\#(text)","time":"\#(time)"}"#.utf8)
    case .startOver(let reason): return Array(#"{"startOver":"\#(reason)"}"#.utf8)
    }
  }

  /// A JSON string.
  private static func quoted(_ text: String) -> String {
    var quoted = "\""
    for scalar in text.unicodeScalars {
      switch scalar {
      case "\"", "\\": quoted += "\\\(scalar)"
      case "\u{0}"..<"\u{20}":
        let digits = String(scalar.value, radix: 16)
        quoted += "\\u" + String(repeating: "0", count: 4 - digits.count) + digits
      default: quoted.unicodeScalars.append(scalar)
      }
    }
    return quoted + "\""
  }
}

/// A revision in one word: store in hexadecimal, timeline, position.
struct MarkText: ExpressibleByArgument, Equatable, CustomStringConvertible {
  let revision: Revision

  init(revision: Revision) {
    self.revision = revision
  }

  init?(argument: String) {
    let parts = argument.split(separator: ":", omittingEmptySubsequences: false)
    guard parts.count == 3, parts[0].utf8.count == 32, let timeline = UInt32(parts[1]),
      let position = UInt64(parts[2])
    else { return nil }
    var storeID: [UInt8] = []
    var rest = parts[0]
    while !rest.isEmpty {
      guard let byte = UInt8(rest.prefix(2), radix: 16) else { return nil }
      storeID.append(byte)
      rest = rest.dropFirst(2)
    }
    revision = Revision(storeId: storeID, timeline: timeline, position: position)
  }

  var description: String {
    let store = revision.storeId.map { byte in
      (byte < 16 ? "0" : "") + String(byte, radix: 16)
    }
    return "\(store.joined()):\(revision.timeline):\(revision.position)"
  }
}
