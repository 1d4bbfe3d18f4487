extension Fact.Attempt {
  func write(into writer: inout WireWriter) {
    writer.text(1, attemptID.text)
    writer.text(2, userID.text)
    writer.text(3, activityID.text)
    writer.text(4, courseID.text)
    writer.flag(5, withdrawn)
  }

  init(reading reader: inout WireReader) throws(ModelError) {
    self.init(attemptID: .none)
    while let field = try reader.next() {
      switch field.number {
      case 1: attemptID = try field.id()
      case 2: userID = try field.id()
      case 3: activityID = try field.id()
      case 4: courseID = try field.id()
      case 5: withdrawn = try field.flag()
      default: break
      }
    }
  }
}

extension Fact.Reaction {
  func write(into writer: inout WireWriter) {
    writer.text(1, userID.text)
    writer.text(2, activityID.text)
    writer.text(3, courseID.text)
    writer.enumeration(4, kind.rawValue)
    writer.flag(5, withdrawn)
  }

  init(reading reader: inout WireReader) throws(ModelError) {
    self.init()
    while let field = try reader.next() {
      switch field.number {
      case 1: userID = try field.id()
      case 2: activityID = try field.id()
      case 3: courseID = try field.id()
      case 4: kind = ReactionKind(rawValue: try field.enumeration())
      case 5: withdrawn = try field.flag()
      default: break
      }
    }
  }
}

extension Fact.Comment {
  func write(into writer: inout WireWriter) {
    writer.text(1, commentID.text)
    writer.text(2, userID.text)
    writer.text(3, activityID.text)
    writer.text(4, courseID.text)
    writer.text(5, learningNeedID.text)
    writer.text(6, projectID.text)
    writer.text(7, pathSessionID.text)
    writer.flag(8, isPrivate)
    writer.flag(9, archived)
    writer.flag(10, deleted)
  }

  init(reading reader: inout WireReader) throws(ModelError) {
    self.init(commentID: .none)
    while let field = try reader.next() {
      switch field.number {
      case 1: commentID = try field.id()
      case 2: userID = try field.id()
      case 3: activityID = try field.id()
      case 4: courseID = try field.id()
      case 5: learningNeedID = try field.id()
      case 6: projectID = try field.id()
      case 7: pathSessionID = try field.id()
      case 8: isPrivate = try field.flag()
      case 9: archived = try field.flag()
      case 10: deleted = try field.flag()
      default: break
      }
    }
  }
}

extension Fact.Post {
  func write(into writer: inout WireWriter) {
    writer.text(1, postID.text)
    writer.text(2, userID.text)
    writer.text(3, groupID.text)
    writer.text(4, sessionID.text)
    writer.text(5, profileUserID.text)
    writer.text(6, replyToPostID.text)
    writer.flag(7, archived)
    writer.flag(8, deleted)
  }

  init(reading reader: inout WireReader) throws(ModelError) {
    self.init(postID: .none)
    while let field = try reader.next() {
      switch field.number {
      case 1: postID = try field.id()
      case 2: userID = try field.id()
      case 3: groupID = try field.id()
      case 4: sessionID = try field.id()
      case 5: profileUserID = try field.id()
      case 6: replyToPostID = try field.id()
      case 7: archived = try field.flag()
      case 8: deleted = try field.flag()
      default: break
      }
    }
  }
}

extension Fact.Like {
  func write(into writer: inout WireWriter) {
    writer.text(1, userID.text)
    writer.text(2, postID.text)
    writer.text(3, commentID.text)
    writer.flag(4, withdrawn)
  }

  init(reading reader: inout WireReader) throws(ModelError) {
    self.init()
    while let field = try reader.next() {
      switch field.number {
      case 1: userID = try field.id()
      case 2: postID = try field.id()
      case 3: commentID = try field.id()
      case 4: withdrawn = try field.flag()
      default: break
      }
    }
  }
}

extension Fact.Download {
  func write(into writer: inout WireWriter) {
    writer.text(1, downloadID.text)
    writer.text(2, userID.text)
    writer.text(3, activityID.text)
    writer.text(4, courseID.text)
    writer.enumeration(5, actorRole.rawValue)
    writer.flag(6, withdrawn)
  }

  init(reading reader: inout WireReader) throws(ModelError) {
    self.init(downloadID: .none)
    while let field = try reader.next() {
      switch field.number {
      case 1: downloadID = try field.id()
      case 2: userID = try field.id()
      case 3: activityID = try field.id()
      case 4: courseID = try field.id()
      case 5: actorRole = Role(rawValue: try field.enumeration())
      case 6: withdrawn = try field.flag()
      default: break
      }
    }
  }
}
