internal import TallyModel
internal import Testing

@Suite struct `fixed form` {
  @Test func `defaults are left out`() {
    let fact = Fact.attempt(.init(attemptID: "a", userID: "u", courseID: "c"))

    #expect(fact.fixedForm == [10, 1, 0x61, 18, 1, 0x75, 34, 1, 0x63])
  }

  @Test func `a time that is set is written even at the epoch`() {
    let fact = Fact.course(.init(courseID: "c", createdAt: .epoch))

    #expect(fact.fixedForm == [10, 1, 0x63, 50, 0])
  }

  @Test func `roles are sorted and distinct`() {
    let fact = Fact.membership(
      .init(groupID: "g", userID: "u", roles: [.admin, .learner, .admin]))

    #expect(fact.fixedForm == [10, 1, 0x67, 18, 1, 0x75, 26, 2, 1, 4])
  }

  @Test(arguments: everyFact)
  func `every fact is read back from its fixed form`(fact: Fact) throws {
    let bytes = fact.fixedForm

    #expect(bytes.count <= fact.fixedFormBound)
    let read = try Fact(kind: fact.kind, fixedForm: bytes)
    #expect(read == fact)
    #expect(read.fixedForm == bytes)
  }

  @Test(arguments: everyFact)
  func `a cut fixed form is refused or an earlier whole`(fact: Fact) {
    let bytes = fact.fixedForm

    for count in 0..<bytes.count {
      let read = try? Fact(kind: fact.kind, fixedForm: Array(bytes[..<count]))
      #expect(read != fact)
    }
  }

  @Test func `unknown fields are dropped`() throws {
    let bytes: [UInt8] = [10, 1, 0x61, 0xF8, 0x07, 5, 18, 1, 0x75]

    let read = try Fact(kind: .attempt, fixedForm: bytes)

    #expect(read == .attempt(.init(attemptID: "a", userID: "u")))
  }

  @Test func `the fields are found without strings`() throws {
    let time = Timestamp(seconds: 3, nanos: 4)
    let fact = Fact.activity(
      .init(
        activityID: "act", courseID: "c", type: .init(rawValue: -7), updatedAt: time, deleted: true)
    )

    try fact.fixedForm.withUnsafeBytes { all in
      let fields = try FixedFormFields(all)
      #expect(fields.bytes(1).elementsEqual("act".utf8))
      #expect(fields.bytes(2).elementsEqual("c".utf8))
      #expect(!fields.has(3))
      #expect(fields.bytes(3).isEmpty)
      #expect(fields.enumeration(4) == -7)
      #expect(try fields.time(6) == time)
      #expect(fields.flag(7))
      #expect(fields.bytes(7).isEmpty)
    }
  }

  static let everyFact: [Fact] = [
    .user(
      .init(
        userID: "u", firstName: "Ann", lastName: "Lee", email: "a@b", additionalInformation: "x",
        deleted: true)),
    .group(.init(groupID: "g", name: "Group", parentGroupID: "p", deleted: true)),
    .membership(.init(groupID: "g", userID: "u", roles: [.editor, .learner])),
    .membership(.init(groupID: "g", userID: "u")),
    .course(
      .init(
        courseID: "c", name: "Course", authorUserID: "u", coAuthorUserIDs: ["b", "a"],
        status: .archived, createdAt: .init(nanoseconds: 1), updatedAt: .latest,
        sourceLanguage: "en", availableLanguages: ["fr"], unavailableLanguages: ["de", ""],
        tags: ["z", "a"])),
    .activity(
      .init(
        activityID: "a", courseID: "c", title: "Title", type: .init(rawValue: -1), tags: ["t"],
        updatedAt: .epoch, deleted: true)),
    .path(
      .init(
        pathID: "p", name: "Path", courseIDs: ["c", "b"], authorUserID: "u", editorUserIDs: ["e"],
        deleted: true)),
    .attempt(.init(attemptID: "t", userID: "u", activityID: "a", courseID: "c", withdrawn: true)),
    .reaction(
      .init(userID: "u", activityID: "a", courseID: "c", kind: .outdated, withdrawn: true)),
    .comment(
      .init(
        commentID: "k", userID: "u", activityID: "a", courseID: "c", learningNeedID: "n",
        projectID: "p", pathSessionID: "s", isPrivate: true, archived: true, deleted: true)),
    .post(
      .init(
        postID: "p", userID: "u", groupID: "g", sessionID: "s", profileUserID: "v",
        replyToPostID: "r", archived: true, deleted: true)),
    .like(.init(userID: "u", postID: "p", commentID: "k", withdrawn: true)),
    .download(
      .init(
        downloadID: "d", userID: "u", activityID: "a", courseID: "c", actorRole: .admin,
        withdrawn: true)),
  ]
}
