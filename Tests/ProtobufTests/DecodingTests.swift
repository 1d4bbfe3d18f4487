internal import Protobuf
internal import TallyMessages
internal import Testing

@Suite struct `decoding` {
  @Test func `an optional field that is set to 0 is set`() throws {
    let unset = try CourseRow(decoding: [])
    let zero = try CourseRow(decoding: [0xc8, 0x01, 0x00])

    #expect(unset.reactionScore == nil)
    #expect(zero.reactionScore == 0)
    #expect(zero.encoded() == [0xc8, 0x01, 0x00])
  }

  @Test func `an optional text that is set to nothing is set`() throws {
    #expect(try StatusRequest(decoding: [0x0a, 0x00]).tenant == "")
    #expect(try StatusRequest(decoding: []).tenant == nil)
  }

  @Test func `an optional message that is empty is set`() throws {
    #expect(try ReportOptions(decoding: [0x0a, 0x00]).minRevision == Revision())
    #expect(try ReportOptions(decoding: []).minRevision == nil)
  }

  @Test func `text that is not UTF-8 is refused with the field's name`() {
    for text in [
      [0xff], [0xc0, 0x80], [0xed, 0xa0, 0x80], [0xf4, 0x90, 0x80, 0x80], [0xe2, 0x82],
    ] {
      let bytes = text.map { UInt8($0) }
      let error = #expect(throws: DecodeError.self) {
        try UserFact(decoding: [0x12, UInt8(bytes.count)] + bytes)
      }

      #expect(error?.code == .invalidText)
      #expect(error?.message.contains("tally.v1.UserFact.first_name") == true)
    }
  }

  @Test func `text in a list and in a oneof is checked too`() {
    #expect(throws: DecodeError.self) { try CourseFact(decoding: [0x5a, 0x01, 0xff]) }
    #expect(throws: DecodeError.self) { try UsersBehindRequest(decoding: [0x1a, 0x01, 0xff]) }
    #expect(throws: DecodeError.self) { try Event(decoding: [0x12, 0x03, 0x0a, 0x01, 0xff]) }
  }

  @Test func `NUL in text neither ends it nor is refused`() throws {
    let user = try UserFact(decoding: [0x0a, 0x03, 0x61, 0x00, 0x62])

    #expect(user.userId == "a\0b")
    #expect(user.encoded() == [0x0a, 0x03, 0x61, 0x00, 0x62])
  }

  @Test func `an enum's number without a name stays`() throws {
    let course = try CourseFact(decoding: [0x28, 0x63])
    let negative = try CourseFact(decoding: [0x28] + [UInt8](repeating: 0xff, count: 9) + [0x01])

    #expect(course.status.rawValue == 99)
    #expect(course.encoded() == [0x28, 0x63])
    #expect(negative.status.rawValue == -1)
  }

  @Test func `numbers of a list are read packed and apart`() throws {
    let packed = try MembershipFact(decoding: [0x1a, 0x02, 0x01, 0x02])
    let apart = try MembershipFact(decoding: [0x18, 0x01, 0x18, 0x02])

    #expect(packed.roles == [.learner, .contributor])
    #expect(apart == packed)
    #expect(apart.encoded() == [0x1a, 0x02, 0x01, 0x02])
  }

  @Test func `unknown fields are dropped`() throws {
    let known: [UInt8] = [0x0a, 0x01, 0x61]
    let varint: [UInt8] = [0xf8, 0x07, 0x05]
    let fixed32: [UInt8] = [0xfd, 0x07, 1, 2, 3, 4]
    let fixed64: [UInt8] = [0xf9, 0x07, 1, 2, 3, 4, 5, 6, 7, 8]
    let bytes: [UInt8] = [0xfa, 0x07, 0x02, 0xff, 0xff]

    let user = try UserFact(decoding: varint + fixed32 + known + fixed64 + bytes)

    #expect(user == UserFact(userId: "a"))
    #expect(user.encoded() == known)
  }

  @Test func `of a text or number that comes twice the last stands`() throws {
    #expect(try UserFact(decoding: [0x0a, 0x01, 0x61, 0x0a, 0x01, 0x62]).userId == "b")
    #expect(try CourseRow(decoding: [0x58, 0x01, 0x58, 0x02]).documents == 2)
  }

  @Test func `a message in two parts is refused, as protobuf-c would lose the first`() {
    // Two occurred_at: one with seconds, one with nanos. Google's parsers merge them.
    let bytes: [UInt8] = [0x0a, 0x02, 0x08, 0x05, 0x0a, 0x02, 0x10, 0x07]

    let error = #expect(throws: DecodeError.self) { try Event(decoding: bytes) }

    #expect(error?.code == .malformed)
  }

  @Test func `of two members of a oneof the last stands`() throws {
    let request = try UsersBehindRequest(decoding: [0x1a, 0x01, 0x61, 0x22, 0x01, 0x62])

    #expect(request.target == .courseId("b"))
  }

  @Test func `a field of another wire type, a group and field 0 are refused`() {
    let malformed: [[UInt8]] = [
      [0x08, 0x01], [0x0b, 0x0c], [0x02, 0x00], [0x00, 0x00], [0x0f], [0x0a], [0x0a, 0x05, 0x61],
      [0x30], [0x30, 0xff], [UInt8](repeating: 0x80, count: 11),
      [0x0a, 0xff, 0xff, 0xff, 0xff, 0x0f],
      [0x0a, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0x01],
    ]
    for bytes in malformed {
      let error = #expect(throws: DecodeError.self) { try UserFact(decoding: bytes) }
      #expect(error?.code == .malformed, "\(bytes)")
    }
  }
}
