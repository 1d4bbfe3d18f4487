/// Fields 1 to 3 of `CourseActivityRow`.
package struct CourseActivityFields: Sendable {
  package var activityID: ActivityID
  package var title: String
  package var type: ActivityType

  package init(activityID: ActivityID, title: String, type: ActivityType) {
    self.activityID = activityID
    self.title = title
    self.type = type
  }

  package func encode(into bytes: inout [UInt8]) {
    let bound = 32 + activityID.text.utf8.count + title.utf8.count
    WireWriter.append(to: &bytes, bound: bound) { writer in
      writer.text(1, activityID.text)
      writer.text(2, title)
      writer.enumeration(3, type.rawValue)
    }
  }
}

/// Fields 1 to 13 of `CourseRow`: what facts of the course and its activities say.
package struct CourseFields: Sendable {
  /// The course; its tags and its own update are in `tags` and `lastUpdate`.
  package var course: Fact.Course
  package var lastUpdate: Timestamp
  package var tags: TagUnion
  package var documents: UInt32
  package var cheatSheets: UInt32
  package var questions: UInt32

  package init(
    course: Fact.Course, lastUpdate: Timestamp, tags: TagUnion, activities: ActivityTypeCounts
  ) {
    self.course = course
    self.lastUpdate = lastUpdate
    self.tags = tags
    documents = activities.documents
    cheatSheets = activities.cheatSheets
    questions = activities.questions
  }

  package func encode(into bytes: inout [UInt8]) {
    let tagBytes = tags.tags.reduce(0) { $0 + 6 + $1.utf8.count }
    let bound = Fact.course(course).fixedFormBound + tagBytes + 64
    WireWriter.append(to: &bytes, bound: bound) { writer in
      writer.text(1, course.courseID.text)
      writer.text(2, course.name)
      writer.enumeration(3, course.status.rawValue)
      writer.time(4, course.createdAt)
      writer.time(5, lastUpdate)
      writer.text(6, course.sourceLanguage)
      for language in course.availableLanguages { writer.element(7, language) }
      for language in course.unavailableLanguages { writer.element(8, language) }
      for tag in tags.tags { writer.element(9, tag) }
      writer.number(10, UInt64(tags.omitted))
      writer.number(11, UInt64(documents))
      writer.number(12, UInt64(cheatSheets))
      writer.number(13, UInt64(questions))
    }
  }
}

/// Activities now in a course and not deleted, by type.
///
/// - Source: rules.md, section 5.
package struct ActivityTypeCounts: Equatable, Sendable {
  package private(set) var documents: UInt32 = 0
  package private(set) var cheatSheets: UInt32 = 0
  package private(set) var questions: UInt32 = 0
  /// Of any other type: no column has them.
  package private(set) var others: UInt32 = 0

  package init() {}

  package mutating func add(_ type: ActivityType) {
    switch type {
    case .document: documents += 1
    case .cheatSheet: cheatSheets += 1
    case .question: questions += 1
    default: others += 1
    }
  }
}
