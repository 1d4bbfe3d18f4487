internal import TallyModel
internal import Testing

@Suite struct `static fields of rows` {
  @Test func `an activity's are fields 1 to 3`() {
    var bytes: [UInt8] = [0xAA]

    CourseActivityFields(activityID: "a", title: "", type: .question).encode(into: &bytes)

    #expect(bytes == [0xAA, 10, 1, 0x61, 24, 3])
  }

  @Test func `a course's are fields 1 to 13 in ascending order`() throws {
    var types = ActivityTypeCounts()
    for type in [ActivityType.document, .document, .cheatSheet, .question, .unspecified] {
      types.add(type)
    }
    let course = Fact.Course(
      courseID: "c", name: "n", authorUserID: "never written", coAuthorUserIDs: ["nor this"],
      status: .archived, createdAt: .epoch, updatedAt: .latest, sourceLanguage: "en",
      availableLanguages: ["fr"], unavailableLanguages: ["de"], tags: ["replaced"])
    var bytes: [UInt8] = []

    CourseFields(
      course: course, lastUpdate: Timestamp(seconds: 1, nanos: 0),
      tags: TagUnion((0..<501).map { "t\(1000 + $0)" }), activities: types
    ).encode(into: &bytes)

    var numbers: [Int] = []
    try bytes.withUnsafeBytes { all in
      var reader = WireReader(all)
      while let field = try reader.next() {
        numbers.append(field.number)
        switch field.number {
        case 4: #expect(try field.time() == .epoch)
        case 5: #expect(try field.time() == Timestamp(seconds: 1, nanos: 0))
        case 10, 12, 13: #expect(field.value == 1)
        case 11: #expect(field.value == 2)
        default: break
        }
      }
    }
    #expect(numbers == numbers.sorted())
    #expect(Set(numbers) == Set(1...13))
    #expect(numbers.count { $0 == 9 } == 500)
  }

  @Test func `what is not known is left out`() {
    var bytes: [UInt8] = []

    CourseFields(
      course: .init(courseID: "c", status: .active), lastUpdate: .unset, tags: TagUnion([]),
      activities: ActivityTypeCounts()
    ).encode(into: &bytes)

    #expect(bytes == [10, 1, 0x63, 24, 1])
  }
}
