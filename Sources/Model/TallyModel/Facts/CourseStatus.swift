/// Whether a course is in use. Any number can be carried; validation admits the three known.
package struct CourseStatus: RawRepresentable, Hashable, Sendable {
  package var rawValue: Int32

  package init(rawValue: Int32) {
    self.rawValue = rawValue
  }

  package static let unspecified = CourseStatus(rawValue: 0)
  package static let active = CourseStatus(rawValue: 1)
  package static let archived = CourseStatus(rawValue: 2)
  package static let deleted = CourseStatus(rawValue: 3)

  package var isKnown: Bool { (1...3).contains(rawValue) }
}
