extension Fact.User {
  func write(into writer: inout WireWriter) {
    writer.text(1, userID.text)
    writer.text(2, firstName)
    writer.text(3, lastName)
    writer.text(4, email)
    writer.text(5, additionalInformation)
    writer.flag(6, deleted)
  }

  init(reading reader: inout WireReader) throws(ModelError) {
    self.init(userID: .none)
    while let field = try reader.next() {
      switch field.number {
      case 1: userID = try field.id()
      case 2: firstName = try field.text()
      case 3: lastName = try field.text()
      case 4: email = try field.text()
      case 5: additionalInformation = try field.text()
      case 6: deleted = try field.flag()
      default: break
      }
    }
  }
}

extension Fact.Group {
  func write(into writer: inout WireWriter) {
    writer.text(1, groupID.text)
    writer.text(2, name)
    writer.text(3, parentGroupID.text)
    writer.flag(4, deleted)
  }

  init(reading reader: inout WireReader) throws(ModelError) {
    self.init(groupID: .none)
    while let field = try reader.next() {
      switch field.number {
      case 1: groupID = try field.id()
      case 2: name = try field.text()
      case 3: parentGroupID = try field.id()
      case 4: deleted = try field.flag()
      default: break
      }
    }
  }
}

extension Fact.Membership {
  func write(into writer: inout WireWriter) {
    writer.text(1, groupID.text)
    writer.text(2, userID.text)
    let numbers = Set(roles).sorted()
    guard !numbers.isEmpty else { return }
    writer.tag(3, .bytes)
    let sizes = numbers.map { WireWriter.varintSize(UInt64(bitPattern: Int64($0.rawValue))) }
    writer.varint(UInt64(sizes.reduce(0, +)))
    for role in numbers { writer.varint(UInt64(bitPattern: Int64(role.rawValue))) }
  }

  init(reading reader: inout WireReader) throws(ModelError) {
    self.init(groupID: .none, userID: .none)
    while let field = try reader.next() {
      switch field.number {
      case 1: groupID = try field.id()
      case 2: userID = try field.id()
      case 3: roles += try field.numbers().map { Role(rawValue: Int32(truncatingIfNeeded: $0)) }
      default: break
      }
    }
  }
}

extension Fact.Course {
  func write(into writer: inout WireWriter) {
    writer.text(1, courseID.text)
    writer.text(2, name)
    writer.text(3, authorUserID.text)
    for user in coAuthorUserIDs { writer.element(4, user.text) }
    writer.enumeration(5, status.rawValue)
    writer.time(6, createdAt)
    writer.time(7, updatedAt)
    writer.text(8, sourceLanguage)
    for language in availableLanguages { writer.element(9, language) }
    for language in unavailableLanguages { writer.element(10, language) }
    for tag in tags { writer.element(11, tag) }
  }

  init(reading reader: inout WireReader) throws(ModelError) {
    self.init(courseID: .none)
    while let field = try reader.next() {
      switch field.number {
      case 1: courseID = try field.id()
      case 2: name = try field.text()
      case 3: authorUserID = try field.id()
      case 4: coAuthorUserIDs.append(try field.id())
      case 5: status = CourseStatus(rawValue: try field.enumeration())
      case 6: createdAt = try field.time()
      case 7: updatedAt = try field.time()
      case 8: sourceLanguage = try field.text()
      case 9: availableLanguages.append(try field.text())
      case 10: unavailableLanguages.append(try field.text())
      case 11: tags.append(try field.text())
      default: break
      }
    }
  }
}

extension Fact.Activity {
  func write(into writer: inout WireWriter) {
    writer.text(1, activityID.text)
    writer.text(2, courseID.text)
    writer.text(3, title)
    writer.enumeration(4, type.rawValue)
    for tag in tags { writer.element(5, tag) }
    writer.time(6, updatedAt)
    writer.flag(7, deleted)
  }

  init(reading reader: inout WireReader) throws(ModelError) {
    self.init(activityID: .none)
    while let field = try reader.next() {
      switch field.number {
      case 1: activityID = try field.id()
      case 2: courseID = try field.id()
      case 3: title = try field.text()
      case 4: type = ActivityType(rawValue: try field.enumeration())
      case 5: tags.append(try field.text())
      case 6: updatedAt = try field.time()
      case 7: deleted = try field.flag()
      default: break
      }
    }
  }
}

extension Fact.Path {
  func write(into writer: inout WireWriter) {
    writer.text(1, pathID.text)
    writer.text(2, name)
    for course in courseIDs { writer.element(3, course.text) }
    writer.text(4, authorUserID.text)
    for user in editorUserIDs { writer.element(5, user.text) }
    writer.flag(6, deleted)
  }

  init(reading reader: inout WireReader) throws(ModelError) {
    self.init(pathID: .none)
    while let field = try reader.next() {
      switch field.number {
      case 1: pathID = try field.id()
      case 2: name = try field.text()
      case 3: courseIDs.append(try field.id())
      case 4: authorUserID = try field.id()
      case 5: editorUserIDs.append(try field.id())
      case 6: deleted = try field.flag()
      default: break
      }
    }
  }
}
