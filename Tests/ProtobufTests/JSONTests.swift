internal import Protobuf
internal import TallyMessages
internal import Testing

@Suite struct `JSON` {
  private func event(_ json: String) throws -> Event { try Event(json: json.utf8) }

  @Test func `an event file's line is an event`() throws {
    let event = try event(
      #"{"occurredAt":"2024-03-01T10:00:00Z","#
        + #""group":{"groupId":"root-academy","name":"Académie, \"root\""}}"#
    )

    #expect(event.occurredAt == .init(seconds: 1_709_287_200))
    #expect(event.fact == .group(GroupFact(groupId: "root-academy", name: "Académie, \"root\"")))
  }

  @Test func `fields are known by both of their names`() throws {
    #expect(try event(#"{"occurred_at":"1970-01-01T00:00:01Z"}"#).occurredAt?.seconds == 1)
  }

  @Test(arguments: [
    ("1970-01-01T00:00:00Z", 0, 0), ("2024-02-29T23:59:59.5Z", 1_709_251_199, 500_000_000),
    ("2024-03-01T10:00:00.123456789Z", 1_709_287_200, 123_456_789),
    ("2024-03-01T10:00:00.1+01:30", 1_709_281_800, 100_000_000),
    ("2024-03-01T10:00:00-00:30", 1_709_289_000, 0), ("0001-01-01T00:00:00Z", -62_135_596_800, 0),
    ("9999-12-31T23:59:59.999999999Z", 253_402_300_799, 999_999_999),
    ("1969-12-31T23:59:59.000000001Z", -1, 1),
  ])
  func `a time is read to the nanosecond`(text: String, seconds: Int64, nanos: Int32) throws {
    let time = try Google.Protobuf.Timestamp(json: "\"\(text)\"".utf8)

    #expect(time == .init(seconds: seconds, nanos: nanos))
  }

  @Test(arguments: [
    "2024-03-01", "2024-03-01T10:00:00", "2024-03-01 10:00:00Z", "2024-02-30T00:00:00Z",
    "2023-02-29T00:00:00Z", "2024-13-01T00:00:00Z", "2024-03-01T24:00:00Z", "2024-03-01T10:00:60Z",
    "2024-03-01T10:00:00.Z", "2024-03-01T10:00:00.1234567890Z", "2024-03-01T10:00:00z",
    "2024-03-01T10:00:00+1:00", "0000-01-01T00:00:00Z", "0001-01-01T00:00:00+01:00",
    "9999-12-31T23:59:59-00:01", "", "24-03-01T10:00:00Z",
  ])
  func `a time of another form is refused`(text: String) {
    #expect(throws: JSONError.self) { try Google.Protobuf.Timestamp(json: "\"\(text)\"".utf8) }
  }

  @Test(arguments: [
    (0, 0, "1970-01-01T00:00:00Z"), (1, 500_000_000, "1970-01-01T00:00:01.500Z"),
    (1, 120_000, "1970-01-01T00:00:01.000120Z"), (-1, 1, "1969-12-31T23:59:59.000000001Z"),
    (951_782_400, 0, "2000-02-29T00:00:00Z"), (4_107_542_400, 0, "2100-03-01T00:00:00Z"),
  ])
  func `a time is written with 0, 3, 6 or 9 digits`(
    seconds: Int64, nanos: Int32, text: String
  ) throws {
    let json = try Google.Protobuf.Timestamp(seconds: seconds, nanos: nanos).json()

    #expect(String(decoding: json, as: UTF8.self) == "\"\(text)\"")
  }

  @Test func `a time that has no form in JSON is refused`() {
    for time in [
      (Int64(253_402_300_800), Int32(0)), (-62_135_596_801, 0), (0, -1), (0, 1_000_000_000),
    ] {
      let row = CourseRow(createdAt: .init(seconds: time.0, nanos: time.1))
      #expect(throws: JSONError.self) { try row.json() }
    }
  }

  @Test func `durations are seconds`() throws {
    #expect(
      try Google.Protobuf.Duration(json: #""-1.5s""#.utf8)
        == .init(seconds: -1, nanos: -500_000_000))
    #expect(try Google.Protobuf.Duration(json: #""-0.000000001s""#.utf8) == .init(nanos: -1))
    #expect(try Google.Protobuf.Duration(json: #""3s""#.utf8) == .init(seconds: 3))
    for text in ["3", "s", ".5s", "1.s", "315576000001s", "+1s", "1 s"] {
      #expect(throws: JSONError.self) { try Google.Protobuf.Duration(json: "\"\(text)\"".utf8) }
    }
  }

  @Test func `64-bit numbers are strings, and read as either`() throws {
    let json = try CourseRow(views: .max, reactionScore: -5).json()

    #expect(
      String(decoding: json, as: UTF8.self)
        == #"{"views":"18446744073709551615","reactionScore":-5}"#)
    #expect(try CourseRow(json: #"{"views":18446744073709551615}"#.utf8).views == .max)
    #expect(try CourseRow(json: #"{"views":"12"}"#.utf8).views == 12)
    #expect(try CourseRow(json: #"{"views":1.50e2}"#.utf8).views == 150)
  }

  @Test(arguments: [
    "18446744073709551616", "-1", "1.5", "01", "1e400", "\"\"", "\" 1\"", "\"1 \"", "true", "+1",
    "\"1", "1.", "1e", "--1", "0x1",
  ])
  func `a number that is not one or does not fit is refused`(number: String) {
    #expect(throws: JSONError.self) { try CourseRow(json: "{\"views\":\(number)}".utf8) }
  }

  @Test func `enums are names, and numbers without a name are numbers`() throws {
    let known = try ActivityFact(json: #"{"type":"ACTIVITY_TYPE_CHEAT_SHEET"}"#.utf8)
    let unknown = try ActivityFact(json: #"{"type":99}"#.utf8)

    #expect(known.type == .cheatSheet)
    #expect(String(decoding: try unknown.json(), as: UTF8.self) == #"{"type":99}"#)
    #expect(throws: JSONError.self) { try ActivityFact(json: #"{"type":"CHEAT_SHEET"}"#.utf8) }
  }

  @Test func `bytes are base64 of either alphabet`() throws {
    for text in ["+/8=", "-_8=", "-_8", "+/8"] {
      #expect(try Revision(json: "{\"storeId\":\"\(text)\"}".utf8).storeId == [0xfb, 0xff])
    }
    for text in ["+", "+/8==", "+/8=a", "=", "+/ 8", "ab=c"] {
      #expect(throws: JSONError.self) { try Revision(json: "{\"storeId\":\"\(text)\"}".utf8) }
    }
  }

  @Test func `null is unset, set defaults of optional fields are not`() throws {
    #expect(try CourseRow(json: #"{"name":null,"tags":null,"createdAt":null}"#.utf8) == CourseRow())
    #expect(try CourseRow(json: #"{"reactionScore":0}"#.utf8).reactionScore == 0)
  }

  @Test func `escapes are resolved`() throws {
    let user = try UserFact(json: #"{"userId":"\"\\\/\b\f\n\r\t\u00e9\ud83d\ude00\u0000"}"#.utf8)

    #expect(user.userId == "\"\\/\u{8}\u{c}\n\r\té😀\0")
  }

  @Test(arguments: [
    #"{"userId":"a}"#, "{\"userId\":\"a\nb\"}", #"{"userId":"\ud83d"}"#, #"{"userId":"\ude00"}"#,
    #"{"userId":"\ud83d\u0041"}"#, #"{"userId":"\x"}"#, #"{"userId":"\u12"}"#, #"{"userId":"\"#,
    #"{"userId":1}"#, #"{"userId"}"#, #"{userId:"a"}"#, #"{"userId":"a",}"#, "{", "", "[]",
    #"{"userId":"a"}}"#, #"{"userId":"a"} x"#, #"{"deleted":"true"}"#, #"{"deleted":1}"#, "\0",
  ])
  func `what is no JSON, or not of the field's type, is refused`(json: String) {
    #expect(throws: JSONError.self) { try UserFact(json: json.utf8) }
  }

  @Test func `text that is not UTF-8 is refused`() {
    let bytes: [UInt8] = Array(#"{"userId":""#.utf8) + [0xff] + Array(#""}"#.utf8)

    #expect(throws: JSONError.self) { try UserFact(json: bytes) }
  }

  @Test func `an unknown field is refused by its name, with its place`() throws {
    let error = #expect(throws: JSONError.self) {
      try event("{\n  \"user\": {\"userId\": \"a\",\n    \"nickname\": \"b\"}}")
    }

    #expect(error?.message.contains("tally.v1.UserFact has no field 'nickname'") == true)
    #expect(error?.line == 3)
    #expect(error?.column == 5)
    #expect(error?.offset == 32)
  }

  @Test func `a field that comes twice is refused, under either name`() {
    #expect(throws: JSONError.self) { try UserFact(json: #"{"userId":"a","userId":"a"}"#.utf8) }
    #expect(throws: JSONError.self) { try UserFact(json: #"{"userId":"a","user_id":"a"}"#.utf8) }
  }

  @Test func `two facts in one event are refused`() {
    #expect(throws: JSONError.self) { try event(#"{"user":{},"group":{}}"#) }
  }

  @Test func `what is deep is refused at its first step`() {
    let deep = String(repeating: "[", count: 1_000_000)

    #expect(throws: JSONError.self) { try event(deep) }
    #expect(throws: JSONError.self) { try event("{\"user\":{\"userId\":\(deep)") }
    #expect(throws: JSONError.self) { try event("{\"x\":\(deep)") }
  }

  @Test func `lists are read and written`() throws {
    let fact = try MembershipFact(json: #"{"roles":["ROLE_LEARNER",3,77]}"#.utf8)

    #expect(fact.roles.map(\.rawValue) == [1, 3, 77])
    #expect(
      String(decoding: try fact.json(), as: UTF8.self)
        == #"{"roles":["ROLE_LEARNER","ROLE_EDITOR",77]}"#)
    #expect(throws: JSONError.self) { try MembershipFact(json: #"{"roles":[null]}"#.utf8) }
  }

  @Test func `a nested message longer than 127 bytes keeps its length`() throws {
    let name = String(repeating: "n", count: 20_000)
    let event = try event(#"{"user":{"userId":"u","firstName":"\#(name)","deleted":true}}"#)

    #expect(event.fact == .user(UserFact(userId: "u", firstName: name, deleted: true)))
  }
}
