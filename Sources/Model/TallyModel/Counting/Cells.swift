/// The counters of a user, in the order in which records and rows hold them.
package enum UserCell: Int, CaseIterable, Sendable {
  case publications, comments, reactions
}

/// The counters of an activity, in the order in which records and rows hold them.
package enum ActivityCell: Int, CaseIterable, Sendable {
  case views, likes, learnedSomething, outdated, haveAQuestion, comments, downloads
}

/// The counters of a course, in the order in which records and rows hold them.
package enum CourseCell: Int, CaseIterable, Sendable {
  case views, likes, learnedSomething, outdated, haveAQuestion, useful, irrelevant, comments
}

/// The number that stands for an entity within a tenant; 0 is none.
package typealias EntityNumber = UInt32

/// One, in one counter of one entity.
package struct Contribution<Cell: Equatable & Sendable>: Equatable, Sendable {
  package let entity: EntityNumber
  package let cell: Cell

  package init(_ cell: Cell, of entity: EntityNumber) {
    self.entity = entity
    self.cell = cell
  }
}
