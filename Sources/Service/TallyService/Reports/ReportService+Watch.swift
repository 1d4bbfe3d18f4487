internal import GRPC
internal import TallyMessages
internal import TallyModel
internal import TallyStore

/// Watch: a report kept up to date.
extension ReportService {
  func watch(_ request: WatchRequest, _ call: ServerCall) throws(RPCError) -> any ResponseBody {
    let rows = try watchedRows(request)
    try check(request.since, field: "since")
    return watches.body(rows, since: request.since?.position ?? 0, for: call)
  }

  private func watchedRows(_ request: WatchRequest) throws(RPCError) -> WatchedRows {
    switch request.report {
    case .courses(let courses):
      try checkFrame(courses.tenant, courses.options, in: "courses")
      try check(courses, in: "courses.")
      return WatchedRows(
        courses, tenant: courses.tenant, .courses(ids: courses.courseIds, path: courses.pathId))
    case .courseActivities(let course):
      try checkFrame(course.tenant, course.options, in: "course_activities")
      try RequestID.check(course.courseId, field: "course_activities.course_id")
      return WatchedRows(
        course, tenant: course.tenant, .courseActivities(course: course.courseId))
    case .groupUsers(let users):
      try checkFrame(users.tenant, users.options, in: "group_users")
      try RequestID.check(users.groupId, field: "group_users.group_id")
      let role = try role(users.role, field: "group_users.role")
      return WatchedRows(
        users, tenant: users.tenant, .groupUsers(group: users.groupId, role: role))
    case nil:
      throw RPCError(
        .invalidArgument, .invalidField,
        "one of courses, course_activities and group_users is required",
        field: ("report", "is required"))
    }
  }

  private func checkFrame(
    _ tenant: String, _ options: ReportOptions?, in report: String
  ) throws(RPCError) {
    try RequestID.check(tenant, field: "\(report).tenant")
    guard options == nil else {
      throw .invalid("\(report).options", "must be left out: a watch begins at since")
    }
  }
}
