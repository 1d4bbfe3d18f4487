package import TallyModel

/// A random history from a seed: few ids and few times, so that versions collide and tie, things
/// move, are deleted and come back, the directory is late, and groups stand in circles.
package struct History: Sendable, CustomStringConvertible {
  package let seed: UInt64
  /// Valid events in no order that means anything.
  package let events: [Event]

  package init(seed: UInt64, size: ClosedRange<Int> = 5...150) {
    var dice = HistoryDice(random: SplitMix64(seed: seed))
    let count = Int.random(in: size, using: &dice.random)
    self.seed = seed
    events = (0..<count).map { _ in dice.event() }
  }

  package var description: String { "history \(seed)" }

  /// The same history told otherwise: shuffled, some events repeated, in batches of random sizes.
  package func retold(_ telling: UInt64) -> [[Event]] {
    var random = SplitMix64(seed: seed &* 0x1_0001 &+ telling)
    var told = events
    for event in events where random.chance(15) { told.append(event) }
    told.shuffle(using: &random)
    var batches: [[Event]] = []
    while !told.isEmpty {
      let count = min(told.count, Int.random(in: 1...40, using: &random))
      batches.append(Array(told.prefix(count)))
      told.removeFirst(count)
    }
    return batches
  }

  /// Every report that such a history can have, and some that it cannot.
  package static let queries: [ReportQuery] = {
    var queries: [ReportQuery] = [
      .groups(), .groups(includeSubgroups: true), .courses(),
      .courses(ids: ["c1", "never"]), .courses(ids: ["c1"], path: "p1"),
    ]
    for group in HistoryDice.groups + ["never"] {
      queries.append(.groupUsers(group))
      for role in [Role.learner, .contributor, .editor, .admin] {
        queries.append(.groupUsers(group, role: role))
      }
    }
    for path in HistoryDice.paths + ["never"] { queries.append(.courses(path: path)) }
    for course in HistoryDice.courses + ["never"] {
      queries.append(.courseActivities(course))
      queries += Action.allCases.map { .behindCourse(course, $0) }
    }
    for activity in HistoryDice.activities + ["never"] {
      queries += Action.allCases.map { .behindActivity(activity, $0) }
    }
    return queries
  }()
}
