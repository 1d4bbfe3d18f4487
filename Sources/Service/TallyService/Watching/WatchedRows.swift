internal import TallyMessages
internal import TallyModel

/// Which report is watched: watches of the same one share its scans.
struct WatchedRows: Sendable {
  /// The report and its filter.
  enum Report: Sendable {
    case courses(ids: [String], path: String?)
    case courseActivities(course: String)
    case groupUsers(group: String, role: TallyModel.Role?)
  }

  let tenant: String
  let report: Report
  /// The request's bytes, by which it is compared: Swift's texts are equal where ids are not.
  private let request: [UInt8]

  init(_ request: some Message, tenant: String, _ report: Report) {
    self.tenant = tenant
    self.report = report
    self.request = Array(type(of: request).fullName.utf8) + [0] + request.encoded()
  }

  /// The rows in one snapshot.
  ///
  /// - Throws: NOT_FOUND as the report does.
  func open(_ frame: consuming sending ReportFrame) throws -> any ChangeSource {
    switch report {
    case .courses(let ids, let path): try CourseChanges(frame, ids: ids, path: path)
    case .courseActivities(let course): try CourseActivityChanges(frame, course: course)
    case .groupUsers(let group, let role): try GroupUserChanges(frame, group: group, role: role)
    }
  }
}

extension WatchedRows: Hashable {
  static func == (left: WatchedRows, right: WatchedRows) -> Bool { left.request == right.request }

  func hash(into hasher: inout Hasher) { hasher.combine(request) }
}
