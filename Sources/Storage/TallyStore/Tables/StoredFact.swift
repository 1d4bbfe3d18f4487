internal import TallyModel

/// A fact of what users do as its record has it, for the comparison of two versions of one time.
struct StoredFact {
  let table: TableID
  let key: UnsafeRawBufferPointer
  /// With what stands in the key.
  let record: ActionRecord

  /// The fixed form, rebuilt through the ids behind the numbers.
  ///
  /// - Parameter name: the id behind a number, empty for 0.
  func fixedForm(
    _ name: (UInt32) throws(StoreError) -> String
  ) throws(StoreError) -> [UInt8] {
    switch table {
    case .attempt: return try attempt(name).fixedForm
    case .reaction: return try reaction(name).fixedForm
    case .comment: return try comment(name).fixedForm
    case .post: return try post(name).fixedForm
    case .like: return try like(name).fixedForm
    default: return try download(name).fixedForm
    }
  }

  private func attempt(_ name: (UInt32) throws(StoreError) -> String) throws(StoreError) -> Fact {
    let isOfCourse = record.flags & ActionRecord.ofCourse != 0
    let target = try name(record.target)
    return .attempt(
      Fact.Attempt(
        attemptID: ID(PackedID.unpack(key.tail(from: 10))), userID: ID(try name(record.user)),
        activityID: ID(isOfCourse ? "" : target),
        courseID: ID(isOfCourse ? target : try name(record.second)), withdrawn: record.isGone))
  }

  private func reaction(_ name: (UInt32) throws(StoreError) -> String) throws(StoreError) -> Fact {
    let isOfCourse = record.flags & ActionRecord.ofCourse != 0
    let target = try name(record.target)
    return .reaction(
      Fact.Reaction(
        userID: ID(try name(record.user)), activityID: ID(isOfCourse ? "" : target),
        courseID: ID(isOfCourse ? target : try name(record.second)),
        kind: ReactionKind(rawValue: Int32(record.nibble)), withdrawn: record.isGone))
  }

  private func comment(_ name: (UInt32) throws(StoreError) -> String) throws(StoreError) -> Fact {
    .comment(
      Fact.Comment(
        commentID: ID(PackedID.unpack(key.tail(from: 4))), userID: ID(try name(record.user)),
        activityID: ID(try name(record.target)), courseID: ID(try name(record.second)),
        learningNeedID: ID(record.place(ActionRecord.firstPlace).text),
        projectID: ID(record.place(ActionRecord.secondPlace).text),
        pathSessionID: ID(record.place(ActionRecord.thirdPlace).text),
        isPrivate: record.flags & ActionRecord.isPrivate != 0,
        archived: record.flags & ActionRecord.archived != 0, deleted: record.isGone))
  }

  private func post(_ name: (UInt32) throws(StoreError) -> String) throws(StoreError) -> Fact {
    .post(
      Fact.Post(
        postID: ID(PackedID.unpack(key.tail(from: 4))), userID: ID(try name(record.user)),
        groupID: ID(try name(record.target)),
        sessionID: ID(record.place(ActionRecord.firstPlace).text),
        profileUserID: ID(try name(record.second)),
        replyToPostID: ID(record.place(ActionRecord.secondPlace).text),
        archived: record.flags & ActionRecord.archived != 0, deleted: record.isGone))
  }

  private func like(_ name: (UInt32) throws(StoreError) -> String) throws(StoreError) -> Fact {
    let target = PackedID.unpack(key.part(5, key.count - 9))
    let isOnPost = key[4] == ActionKey.Liked.post
    return .like(
      Fact.Like(
        userID: ID(try name(record.user)), postID: ID(isOnPost ? target : ""),
        commentID: ID(isOnPost ? "" : target), withdrawn: record.isGone))
  }

  private func download(_ name: (UInt32) throws(StoreError) -> String) throws(StoreError) -> Fact {
    .download(
      Fact.Download(
        downloadID: ID(PackedID.unpack(key.tail(from: 4))), userID: ID(try name(record.user)),
        activityID: ID(try name(record.target)), courseID: ID(try name(record.second)),
        actorRole: Role(rawValue: Int32(record.nibble)), withdrawn: record.isGone))
  }
}
