internal import Foundation
internal import TallyClient
internal import TallyMessages
internal import TallyModel
internal import TestSupport
internal import Testing

/// Compares what a server reports with a sample's expected files.
struct Comparison {
  let fixture: Fixture
  let server: TestServer

  /// Every expected file but `behind.csv`, by `tally report`, byte for byte.
  func expectFiles() async throws {
    let expected = try fixture.expected()
    #expect(!expected.isEmpty)
    try await withThrowingTaskGroup(of: Void.self) { group in
      var names = expected.keys.filter { $0 != "behind.csv" }.sorted()[...]
      for name in names.prefix(4) { add(name, expected, &group) }
      names = names.dropFirst(4)
      while try await group.next() != nil {
        if let name = names.popFirst() { add(name, expected, &group) }
      }
    }
  }

  private func add(
    _ name: String, _ expected: [String: [UInt8]], _ group: inout ThrowingTaskGroup<Void, any Error>
  ) {
    let arguments = ["report"] + Self.arguments(for: name) + ["--format", "csv"]
    let address = server.address
    let fixture = fixture.name
    group.addTask {
      let output = try await Programs.tally(arguments, server: address)
      #expect(output.status == 0, "\(fixture) \(name): \(output.errors)")
      #expect(output.out == expected[name], "\(fixture) \(name) differs")
    }
  }

  /// What makes the file of this name.
  private static func arguments(for name: String) -> [String] {
    let stem = String(name.dropLast(".csv".count))
    switch stem {
    case "groups", "courses": return [stem]
    case "courses-table": return ["courses", "--columns", "screen"]
    default: break
    }
    for (prefix, command, option) in [
      ("group-users.", "group-users", "--group"), ("course.", "course", "--course"),
    ] where stem.hasPrefix(prefix) {
      return [command, option, String(stem.dropFirst(prefix.count))]
    }
    return [stem]
  }
}

// MARK: - The users behind every cell

extension Comparison {
  private enum Target: Sendable {
    case activity(String)
    case course(String)
  }

  private static let ofBoth: [(TallyMessages.Action, String)] = [
    (.view, "VIEW"), (.like, "LIKE"), (.learnedSomething, "LEARNED_SOMETHING"),
    (.outdated, "OUTDATED"), (.haveAQuestion, "HAVE_A_QUESTION"), (.comment, "COMMENT"),
  ]

  /// Every line of `behind.csv` and no other, for every activity and course of the directory.
  func expectBehind() async throws {
    let expected = try #require(try fixture.expected()["behind.csv"])
    let client = server.client()
    let result: Result<[String], any Error>
    do {
      result = .success(try await behindLines(client, try targets()))
    } catch {
      result = .failure(error)
    }
    await client.close()
    // As bytes: two ids that are equal only to a Unicode comparison are two ids.
    let own = try result.get().map { Array($0.utf8) }
    let wanted = expected.split(separator: UInt8(ascii: "\n")).dropFirst()
      .map { Array($0.dropLast()) }
    let differing = Set(own).symmetricDifference(wanted).map { String(decoding: $0, as: UTF8.self) }
    #expect(differing.sorted().prefix(5) == [])
    #expect(own.count == wanted.count)
  }

  private func targets() throws -> [Target] {
    var activities: Set<ActivityID> = []
    var courses: Set<CourseID> = []
    for event in try fixture.events() {
      switch event.fact {
      case .activity(let activity): activities.insert(activity.activityID)
      case .course(let course): courses.insert(course.courseID)
      default: break
      }
    }
    return activities.sorted().map { .activity($0.text) }
      + courses.sorted().map { .course($0.text) }
  }

  private func behindLines(_ client: TallyClient, _ targets: [Target]) async throws -> [String] {
    let lanes = 8
    return try await withThrowingTaskGroup(of: [String].self) { group in
      for lane in 0..<lanes {
        group.addTask {
          var lines: [String] = []
          for index in stride(from: lane, to: targets.count, by: lanes) {
            lines += try await Self.lines(behind: targets[index], client)
          }
          return lines
        }
      }
      return try await group.reduce(into: []) { $0 += $1 }
    }
  }

  private static func lines(
    behind target: Target, _ client: TallyClient
  ) async throws -> [String] {
    let name: String
    let wire: UsersBehindRequest.Target
    let others: [(TallyMessages.Action, String)]
    switch target {
    case .activity(let id):
      (name, wire, others) = ("activity,\(id)", .activityId(id), [(.download, "DOWNLOAD")])
    case .course(let id):
      (name, wire) = ("course,\(id)", .courseId(id))
      others = [(.useful, "USEFUL"), (.irrelevant, "IRRELEVANT")]
    }
    var lines: [String] = []
    for (action, text) in ofBoth + others {
      do {
        for try await row in try await client.usersBehind(wire, action: action) {
          lines.append("\(name),\(text),\(row.userId),\(row.count)")
        }
      } catch {
        // Neither a document nor a cheat sheet: there is no such cell.
        guard error.code == .invalidRequest, action == .download else { throw error }
      }
    }
    return lines
  }
}
