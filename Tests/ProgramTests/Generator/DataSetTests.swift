internal import TallyMessages
internal import Testing

@testable internal import tally_bench

@Suite struct `data set` {
  @Test func `the same options make the same events, another seed makes others`() {
    let one = DataSet(events: 5_000)
    let again = DataSet(events: 5_000)
    let other = DataSet(events: 5_000, seed: 2)

    for number in stride(from: 0, to: 5_000, by: 7) {
      #expect(one.event(number) == again.event(number))
    }
    #expect((0..<5_000).contains { one.event($0) != other.event($0) })
  }

  @Test func `events come in order of time`() {
    let set = DataSet(events: 3_000)

    let times = (0..<3_000).compactMap { set.event($0).occurredAt }
      .map { ($0.seconds, $0.nanos) }

    #expect(times.count == 3_000)
    #expect(zip(times, times.dropFirst()).allSatisfy { $0 < $1 })
  }

  @Test(arguments: [IDOrder.time, .random])
  func `ids are UUIDs, in order of time only if asked for`(order: IDOrder) {
    let set = DataSet(events: 20_000, ids: order)

    var attempts: [String] = []
    for number in 0..<20_000 {
      if case .attempt(let fact)? = set.event(number).fact, !fact.withdrawn {
        attempts.append(fact.attemptId)
      }
    }

    #expect(attempts.count > 5_000)
    #expect(Set(attempts).count == attempts.count)
    #expect(attempts.allSatisfy { $0.utf8.count == 36 })
    #expect((attempts.sorted() == attempts) == (order == .time))
  }

  @Test func `the directory comes first, as large as its shape says`() {
    let set = DataSet(events: 40_000, courses: 2_000)

    var courses = 0
    var activities = 0
    for number in 0..<set.shape.directory {
      switch set.event(number).fact {
      case .course: courses += 1
      case .activity: activities += 1
      case .attempt, .reaction, .comment, .post, .like, .download, nil:
        Issue.record("event \(number) is not of the directory")
      default: break
      }
    }

    #expect(courses == 2_000)
    #expect(activities == set.shape.activities)
  }

  @Test func `one course in a million events has a cell above 65,535`() {
    let set = DataSet(events: 1_000_000)
    let popular = set.courseID(0)

    // Every twentieth event stands for all.
    var views = 0
    for number in stride(from: set.shape.directory, to: set.count, by: 20) {
      if case .attempt(let fact)? = set.event(number).fact, fact.activityId.isEmpty,
        fact.courseId == popular
      {
        views += 1
      }
    }

    #expect(views * 20 > 65_535)
  }

  @Test func `courses that leave no room are refused`() async throws {
    let output = try await Programs.start(
      "tally-bench", ["generate", "--events", "1000", "--courses", "5000"]
    ).end()

    #expect(output.status == 64)
    #expect(output.errors.contains("at least as many --events"))
  }
}
