/// What a user may do in a group. Any number can be carried; validation admits the four known.
package struct Role: RawRepresentable, Hashable, Comparable, Sendable {
  package var rawValue: Int32

  package init(rawValue: Int32) {
    self.rawValue = rawValue
  }

  package static let unspecified = Role(rawValue: 0)
  package static let learner = Role(rawValue: 1)
  package static let contributor = Role(rawValue: 2)
  package static let editor = Role(rawValue: 3)
  package static let admin = Role(rawValue: 4)

  package var isKnown: Bool { (1...4).contains(rawValue) }

  package static func < (left: Role, right: Role) -> Bool { left.rawValue < right.rawValue }
}

/// The roles of one member in one group: the byte that a membership record keeps.
package struct Roles: OptionSet, Hashable, Sendable {
  package let rawValue: UInt8

  package init(rawValue: UInt8) {
    self.rawValue = rawValue
  }

  package init(_ role: Role) {
    self.init(rawValue: role.isKnown ? 1 << UInt8(role.rawValue) : 0)
  }

  package init(_ roles: [Role]) {
    self = roles.reduce(into: []) { $0.formUnion(Roles($1)) }
  }

  package static let learner = Roles(Role.learner)
  package static let contributor = Roles(Role.contributor)
  package static let editor = Roles(Role.editor)
  package static let admin = Roles(Role.admin)

  /// In ascending number, each once: as the fixed form has them.
  package var sorted: [Role] {
    (1...4).map(Role.init(rawValue:)).filter { contains(Roles($0)) }
  }
}
