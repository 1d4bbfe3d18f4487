internal import TallyModel
internal import Testing

@Suite struct `ids` {
  @Test func `ids that only Unicode calls equal are different`() {
    let composed = UserID("\u{E9}")
    let decomposed = UserID("e\u{301}")

    #expect(composed.text == decomposed.text)
    #expect(composed != decomposed)
    #expect(Set([composed, decomposed]).count == 2)
  }

  @Test func `ids are ordered by their bytes`() {
    let ids: [UserID] = ["user-\u{1F600}", "user-\u{FF5E}", "user-é", "user-z", "User", "user"]

    #expect(
      ids.sorted() == ["User", "user", "user-z", "user-é", "user-\u{FF5E}", "user-\u{1F600}"])
  }
}

@Suite struct `timestamps` {
  @Test(
    arguments: [
      (0, 0, 0), (0, 1, 1), (1, 0, 1_000_000_000), (9_223_372_036, 854_775_807, Int64.max),
    ] as [(Int64, Int32, Int64)])
  func `moments from 1970 to 2262 are kept to the nanosecond`(
    seconds: Int64, nanos: Int32, nanoseconds: Int64
  ) {
    let time = Timestamp(seconds: seconds, nanos: nanos)

    #expect(time.nanoseconds == nanoseconds)
    #expect(time.seconds == seconds)
    #expect(time.nanos == nanos)
  }

  @Test(
    arguments: [
      (-1, 0), (0, -1), (0, 1_000_000_000), (9_223_372_036, 854_775_808), (Int64.max, 0),
      (Int64.min, 0),
    ] as [(Int64, Int32)])
  func `other moments are out of range`(seconds: Int64, nanos: Int32) {
    #expect(Timestamp(seconds: seconds, nanos: nanos) == .outOfRange)
  }
}
