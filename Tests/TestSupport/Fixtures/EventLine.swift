internal import Foundation
internal import TallyModel

/// One line of an event file, read with Foundation and by hand: independent of the messages.
extension Event {
  init(line: Data) throws {
    guard let event = try JSONSerialization.jsonObject(with: line) as? [String: Any] else {
      throw FixtureError("a line is no JSON object")
    }
    let kinds = event.keys.filter { $0 != "occurredAt" }
    guard kinds.count == 1, let kind = kinds.first, let fields = event[kind] as? [String: Any]
    else { throw FixtureError("an event has not one fact: \(event.keys.sorted())") }
    self.init(
      occurredAt: try Line(fields: event).time("occurredAt") ?? .unset,
      fact: try Line(fields: fields).fact(kind))
  }
}

private struct Line {
  let fields: [String: Any]

  func text(_ name: String) -> String { fields[name] as? String ?? "" }
  func texts(_ name: String) -> [String] { fields[name] as? [String] ?? [] }
  func flag(_ name: String) -> Bool { fields[name] as? Bool ?? false }
  func id<Kind>(_ name: String) -> ID<Kind> { ID(text(name)) }
  func ids<Kind>(_ name: String) -> [ID<Kind>] { texts(name).map { ID($0) } }

  func number(_ name: String, _ values: [String]) throws -> Int32 {
    guard let value = fields[name] else { return 0 }
    if let number = value as? Int32 { return number }
    return try Self.number(value as? String ?? "", values)
  }

  static func number(_ value: String, _ values: [String]) throws -> Int32 {
    guard let index = values.firstIndex(of: value) else {
      throw FixtureError("'\(value)' is none of \(values)")
    }
    return Int32(index + 1)
  }

  /// RFC 3339 in UTC, such as `2024-03-01T10:00:00.25Z`.
  func time(_ name: String) throws -> Timestamp? {
    guard let text = fields[name] as? String else { return nil }
    let parts = text.utf8.split { !(UInt8(ascii: "0")...UInt8(ascii: "9")).contains($0) }
      .map { String($0)! }
    guard parts.count == 6 || parts.count == 7, text.utf8.last == UInt8(ascii: "Z") else {
      throw FixtureError("'\(text)' is no time in UTC")
    }
    let numbers = parts.prefix(6).map { Int64($0)! }
    let (year, month, day) = (numbers[0], numbers[1], numbers[2])
    // Days from 1970 by Howard Hinnant's civil calendar, years starting in March.
    let shifted = month <= 2 ? year - 1 : year
    let (era, yearOfEra) = (shifted / 400, shifted % 400)
    let dayOfYear = (153 * ((month + 9) % 12) + 2) / 5 + day - 1
    let days =
      era * 146097 + yearOfEra * 365 + yearOfEra / 4 - yearOfEra / 100 + dayOfYear - 719468
    let fraction = parts.count == 7 ? (parts[6] + "000000000").prefix(9) : "0"
    return Timestamp(
      seconds: days * 86400 + numbers[3] * 3600 + numbers[4] * 60 + numbers[5],
      nanos: Int32(fraction)!)
  }

  func fact(_ kind: String) throws -> Fact {
    switch kind {
    case "user", "group", "membership", "course", "activity", "path": try directoryFact(kind)
    default: try actionFact(kind)
    }
  }

  private static let roles = ["ROLE_LEARNER", "ROLE_CONTRIBUTOR", "ROLE_EDITOR", "ROLE_ADMIN"]

  private func directoryFact(_ kind: String) throws -> Fact {
    switch kind {
    case "user":
      return .user(
        .init(
          userID: id("userId"), firstName: text("firstName"), lastName: text("lastName"),
          email: text("email"), additionalInformation: text("additionalInformation"),
          deleted: flag("deleted")))
    case "group":
      return .group(
        .init(
          groupID: id("groupId"), name: text("name"), parentGroupID: id("parentGroupId"),
          deleted: flag("deleted")))
    case "membership":
      return .membership(
        .init(
          groupID: id("groupId"), userID: id("userId"),
          roles: try texts("roles").map { Role(rawValue: try Self.number($0, Self.roles)) }))
    case "course":
      let statuses = ["COURSE_STATUS_ACTIVE", "COURSE_STATUS_ARCHIVED", "COURSE_STATUS_DELETED"]
      return .course(
        .init(
          courseID: id("courseId"), name: text("name"), authorUserID: id("authorUserId"),
          coAuthorUserIDs: ids("coAuthorUserIds"),
          status: CourseStatus(rawValue: try number("status", statuses)),
          createdAt: try time("createdAt"), updatedAt: try time("updatedAt"),
          sourceLanguage: text("sourceLanguage"), availableLanguages: texts("availableLanguages"),
          unavailableLanguages: texts("unavailableLanguages"), tags: texts("tags")))
    case "activity":
      let types = ["ACTIVITY_TYPE_DOCUMENT", "ACTIVITY_TYPE_CHEAT_SHEET", "ACTIVITY_TYPE_QUESTION"]
      return .activity(
        .init(
          activityID: id("activityId"), courseID: id("courseId"), title: text("title"),
          type: ActivityType(rawValue: try number("type", types)), tags: texts("tags"),
          updatedAt: try time("updatedAt"), deleted: flag("deleted")))
    default:
      return .path(
        .init(
          pathID: id("pathId"), name: text("name"), courseIDs: ids("courseIds"),
          authorUserID: id("authorUserId"), editorUserIDs: ids("editorUserIds"),
          deleted: flag("deleted")))
    }
  }

  private func actionFact(_ kind: String) throws -> Fact {
    switch kind {
    case "attempt":
      return .attempt(
        .init(
          attemptID: id("attemptId"), userID: id("userId"), activityID: id("activityId"),
          courseID: id("courseId"), withdrawn: flag("withdrawn")))
    case "reaction":
      let kinds = [
        "LIKE", "LEARNED_SOMETHING", "OUTDATED", "HAVE_A_QUESTION", "USEFUL", "IRRELEVANT",
      ]
      return .reaction(
        .init(
          userID: id("userId"), activityID: id("activityId"), courseID: id("courseId"),
          kind: ReactionKind(rawValue: try number("kind", kinds.map { "REACTION_KIND_" + $0 })),
          withdrawn: flag("withdrawn")))
    case "comment":
      return .comment(
        .init(
          commentID: id("commentId"), userID: id("userId"), activityID: id("activityId"),
          courseID: id("courseId"), learningNeedID: id("learningNeedId"),
          projectID: id("projectId"), pathSessionID: id("pathSessionId"),
          isPrivate: flag("private"), archived: flag("archived"), deleted: flag("deleted")))
    case "post":
      return .post(
        .init(
          postID: id("postId"), userID: id("userId"), groupID: id("groupId"),
          sessionID: id("sessionId"), profileUserID: id("profileUserId"),
          replyToPostID: id("replyToPostId"), archived: flag("archived"),
          deleted: flag("deleted")))
    case "like":
      return .like(
        .init(
          userID: id("userId"), postID: id("postId"), commentID: id("commentId"),
          withdrawn: flag("withdrawn")))
    case "download":
      return .download(
        .init(
          downloadID: id("downloadId"), userID: id("userId"), activityID: id("activityId"),
          courseID: id("courseId"),
          actorRole: Role(rawValue: try number("actorRole", Self.roles)),
          withdrawn: flag("withdrawn")))
    default:
      throw FixtureError("'\(kind)' is no fact")
    }
  }
}
