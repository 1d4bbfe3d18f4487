/// What a user says of an activity (the first four) or of a course (the last two).
///
/// Any number can be carried; validation admits the six known, each at its own kind of target.
package struct ReactionKind: RawRepresentable, Hashable, Sendable {
  package var rawValue: Int32

  package init(rawValue: Int32) {
    self.rawValue = rawValue
  }

  package static let unspecified = ReactionKind(rawValue: 0)
  package static let like = ReactionKind(rawValue: 1)
  package static let learnedSomething = ReactionKind(rawValue: 2)
  package static let outdated = ReactionKind(rawValue: 3)
  package static let haveAQuestion = ReactionKind(rawValue: 4)
  package static let useful = ReactionKind(rawValue: 5)
  package static let irrelevant = ReactionKind(rawValue: 6)

  package var isOfActivity: Bool { (1...4).contains(rawValue) }
  package var isOfCourse: Bool { rawValue == 5 || rawValue == 6 }
}
