internal import TallyModel

/// The files of rules.md, section 7, and the list of everybody behind every number.
extension Recount {
  /// By name, as a fixture's expected files.
  package func files() throws -> [String: [UInt8]] {
    var files: [String: [UInt8]] = [:]
    let groupRows = groupRows(includeSubgroups: false)
    files["groups.csv"] = csv(Self.groupColumns, groupRows)
    for group in groupRows {
      let rows = try groupUsers(of: GroupID(group.id), role: nil)
      files["group-users.\(group.id).csv"] = csv(Self.groupUserColumns, rows)
    }
    let courseRows = try courseRows(ids: [], path: nil)
    files["courses.csv"] = csv(Self.courseColumns, courseRows)
    files["courses-table.csv"] = csv(Self.courseTableColumns, courseRows)
    for course in courseRows {
      let rows = try courseActivities(of: CourseID(course.id))
      files["course.\(course.id).csv"] = csv(Self.courseActivityColumns, rows)
    }
    files["behind.csv"] = behindFile()
    return files
  }

  static let groupUserColumns = [
    ("First name", "first_name"), ("Last name", "last_name"), ("Email", "email"),
    ("Additional information", "additional_information"), ("Publications", "publications"),
    ("Comments", "comments"), ("Reactions", "reactions"),
  ]

  static let groupColumns = [
    ("Name", "name"), ("Publications", "publications"), ("Comments", "comments"),
    ("Reactions", "reactions"),
  ]

  static let courseActivityColumns = [
    ("Title", "title"), ("Views", "views"), ("Likes", "likes"),
    ("Learned something", "learned_something"), ("Outdated", "outdated"),
    ("Have a question", "have_a_question"), ("Comments", "comments"), ("Downloads", "downloads"),
    ("Type", "type"),
  ]

  static let courseColumns = [
    ("Course Name", "name"), ("Course ID", "id"), ("Author", "author_name"),
    ("Co-authors", "co_author_names"), ("Views", "views"), ("Status", "status"),
    ("Creation date", "created_at"), ("Last update", "last_update"),
    ("Reaction Score", "reaction_score"), ("Likes", "likes"),
    ("Learned something", "learned_something"), ("Outdated", "outdated"),
    ("Have a question", "have_a_question"), ("Useful", "useful"), ("Irrelevant", "irrelevant"),
    ("Documents", "documents"), ("Cheat sheets", "cheat_sheets"), ("Questions", "questions"),
    ("Source language", "source_language"),
    ("Available translation languages", "available_languages"),
    ("Unavailable translation languages", "unavailable_languages"), ("Tags", "tags"),
    ("Group", "group_name"),
  ]

  static let courseTableColumns = [
    ("Course Name", "name"), ("Reaction score", "reaction_score"), ("Comments", "comments"),
    ("Views", "views"), ("Likes", "likes"), ("Learned something", "learned_something"),
    ("Outdated", "outdated"), ("Have a question", "have_a_question"), ("Useful", "useful"),
    ("Irrelevant", "irrelevant"),
  ]

  private func csv(_ columns: [(String, String)], _ rows: [ReportRow]) -> [UInt8] {
    let lines =
      [columns.map(\.0)]
      + rows.map { row in columns.map { $0.1 == "id" ? row.id : row.cells[$0.1]! } }
    return csvFile(lines)
  }

  private func behindFile() -> [UInt8] {
    var lines: [[String]] = []
    for cell in doers.keys {
      let (target, id, action, rows) =
        switch cell {
        case .activity(let id, let action):
          ("activity", id.text, action, try? behind(activity: id, action))
        case .course(let id, let action):
          ("course", id.text, action, try? behind(course: id, action))
        }
      for row in rows ?? [] {
        lines.append([target, id, action.name, row.id, row.cells["count"]!])
      }
    }
    let sorted = lines.map { ($0, $0.map { Array($0.utf8) }) }.sorted { left, right in
      for (one, other) in zip(left.1, right.1) where one != other {
        return one.lexicographicallyPrecedes(other)
      }
      return false
    }
    return csvFile([["Target", "ID", "Action", "User ID", "Count"]] + sorted.map(\.0))
  }
}

/// Comma-separated, CRLF; a field is quoted only when it holds a comma, a quote, CR or LF.
func csvFile(_ lines: [[String]]) -> [UInt8] {
  var file: [UInt8] = []
  for line in lines {
    for (index, field) in line.enumerated() {
      if index > 0 { file.append(UInt8(ascii: ",")) }
      if field.utf8.contains(where: { [0x2C, 0x22, 0x0D, 0x0A].contains($0) }) {
        file.append(UInt8(ascii: "\""))
        for byte in field.utf8 {
          if byte == UInt8(ascii: "\"") { file.append(byte) }
          file.append(byte)
        }
        file.append(UInt8(ascii: "\""))
      } else {
        file += field.utf8
      }
    }
    file += [0x0D, 0x0A]
  }
  return file
}
