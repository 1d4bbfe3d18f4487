/// The reaction score of a course: formula and weights, in this one place.
///
/// - Source: rules.md, section 5.
package struct ReactionScore: Equatable, Sendable {
  /// As `tally.v1.ScoreBand` has them; no score is UNSPECIFIED, shown grey.
  package enum Band: Int32, Sendable {
    case red = 1
    case orange
    case green
  }

  /// -100...100.
  package let value: Int

  package static let formula = "net-per-view/1"

  /// Fewer views than this are a low sample.
  package static let fullSample = 10

  package static func isLowSample(views: UInt32) -> Bool { views < fullSample }

  /// Net reactions per hundred views, halves rounded away from zero.
  ///
  /// - Parameters:
  ///   - positive: likes, learned something, useful.
  ///   - negative: outdated, have a question, irrelevant.
  /// - Returns: `nil` when there are no views: nobody could judge the course.
  package init?(positive: Int, negative: Int, views: Int) {
    guard views > 0 else { return nil }
    let net = 100 * (positive - negative)
    let magnitude = (2 * net.magnitude + UInt(views)) / (2 * UInt(views))
    value = (net < 0 ? -1 : 1) * Int(min(magnitude, 100))
  }

  /// The score from the counters of a course, in the order of `CourseCell`.
  package init?(counters: (CourseCell) -> UInt32) {
    func sum(_ cells: CourseCell...) -> Int { cells.reduce(0) { $0 + Int(counters($1)) } }
    self.init(
      positive: sum(.likes, .learnedSomething, .useful),
      negative: sum(.outdated, .haveAQuestion, .irrelevant), views: sum(.views))
  }

  /// Above 50 green, 25 to 50 orange, below 25 red.
  package var band: Band {
    switch value {
    case 51...: .green
    case 25...50: .orange
    default: .red
    }
  }
}
