/// A download as its record holds it.
package struct DownloadState: Equatable, Sendable {
  package var user: EntityNumber
  package var activity: EntityNumber
  package var actorRole: Role
  package var withdrawn: Bool

  package init(
    user: EntityNumber, activity: EntityNumber, actorRole: Role, withdrawn: Bool
  ) {
    self.user = user
    self.activity = activity
    self.actorRole = actorRole
    self.withdrawn = withdrawn
  }
}

/// Downloads of an activity: those by learners, whatever its type. Whether the type has a cell for
/// them is asked when the row is made: an activity may become a document later.
///
/// - Source: rules.md, section 4.
package func contributions(of download: DownloadState) -> Contributions {
  guard !download.withdrawn, download.actorRole == .learner else { return .none }
  return Contributions(activity: .init(.downloads, of: download.activity))
}
