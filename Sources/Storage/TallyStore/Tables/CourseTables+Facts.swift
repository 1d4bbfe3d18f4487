internal import TallyModel

extension CourseRecord {
  /// Name, languages and tags of a course as its record keeps them: part of the fixed form.
  static func fields(of course: Fact.Course) -> [UInt8] {
    Fact.course(
      Fact.Course(
        courseID: .none, name: course.name, sourceLanguage: course.sourceLanguage,
        availableLanguages: course.availableLanguages,
        unavailableLanguages: course.unavailableLanguages, tags: course.tags)
    ).fixedForm
  }

  /// The fact again.
  ///
  /// - Parameter name: the id behind a user's number, empty for 0.
  func fact(
    _ id: CourseID, _ name: (UInt32) throws(StoreError) -> String
  ) throws(StoreError) -> Fact.Course {
    guard
      case .course(var fact)? = fields.withUnsafeBytes({
        try? Fact(kind: .course, fixedForm: $0)
      })
    else {
      throw StoreError.damaged(.course, "the fields of course \(number) are damaged")
    }
    fact.courseID = id
    fact.authorUserID = ID(try name(author))
    for user in coAuthors { fact.coAuthorUserIDs.append(ID(try name(user))) }
    fact.status = CourseStatus(rawValue: Int32(status))
    fact.createdAt = created == noTime ? nil : Timestamp(nanoseconds: created)
    fact.updatedAt = updated == noTime ? nil : Timestamp(nanoseconds: updated)
    return fact
  }
}

extension ActivityRecord {
  /// The activity's own tags.
  func tags() throws(StoreError) -> [String] {
    if tagFields.isEmpty { return [] }
    guard case .activity(let fact)? = try? Fact(kind: .activity, fixedForm: tagFields) else {
      throw StoreError.damaged(.activity, "the tags of activity \(number) are damaged")
    }
    return fact.tags
  }

  /// The fact again.
  func fact(_ id: ActivityID, course: CourseID) throws(StoreError) -> Fact.Activity {
    var title = ""
    do {
      var reader = WireReader(rowFields)
      while let field = try reader.next() {
        if field.number == 2 { title = try field.text() }
      }
    } catch {
      throw StoreError.damaged(.activity, "the title of activity \(number) is damaged")
    }
    return Fact.Activity(
      activityID: id, courseID: course, title: title, type: ActivityType(rawValue: type),
      tags: try tags(), updatedAt: updated == noTime ? nil : Timestamp(nanoseconds: updated),
      deleted: flags.contains(.deleted))
  }
}
