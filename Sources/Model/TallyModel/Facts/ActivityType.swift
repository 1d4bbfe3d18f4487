/// What an activity is. Open: any number is taken, kept and shown as that number.
package struct ActivityType: RawRepresentable, Hashable, Sendable {
  package var rawValue: Int32

  package init(rawValue: Int32) {
    self.rawValue = rawValue
  }

  package static let unspecified = ActivityType(rawValue: 0)
  package static let document = ActivityType(rawValue: 1)
  package static let cheatSheet = ActivityType(rawValue: 2)
  package static let question = ActivityType(rawValue: 3)

  /// Whether the type has a downloads cell. Of other types it is unset, not 0.
  ///
  /// - Source: rules.md, section 4.
  package var showsDownloads: Bool { rawValue == 1 || rawValue == 2 }

  /// As reports write it: a name, or the number of a type without one.
  ///
  /// - Source: rules.md, section 4.
  package var name: String {
    switch self {
    case .document: "Document"
    case .cheatSheet: "Cheat Sheet"
    case .question: "Question"
    default: String(rawValue)
    }
  }
}
