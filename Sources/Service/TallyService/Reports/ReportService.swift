internal import GRPC
internal import TallyMessages
internal import TallyModel
internal import TallyStore

/// The five reports, and Watch: checks requests on the network loop, and leaves the rest to reader
/// loops.
struct ReportService: ReportServiceServer {
  let store: Store
  let readers: Readers
  let watches: Watches
  let failures: Failures
  private let handles: ReportHandles

  init(store: Store, readers: Readers, watches: Watches, failures: Failures) {
    self.store = store
    self.readers = readers
    self.watches = watches
    self.failures = failures
    handles = ReportHandles(key: store.handleKey, identity: store.identity)
  }

  private static let maxCourses = 10_000
  private static let maxRowsPerPart = 10_000

  func groupUsers(
    _ request: GroupUsersRequest, _ call: ServerCall
  ) throws(RPCError) -> any ResponseBody {
    try RequestID.check(request.groupId, field: "group_id")
    let role = try role(request.role, field: "role")
    return try report(request, call) { frame in
      try GroupUsersReport(frame, group: request.groupId, role: role)
    }
  }

  func role(
    _ role: TallyMessages.Role?, field: String
  ) throws(RPCError) -> TallyModel.Role? {
    guard let role else { return nil }
    let known = TallyModel.Role(rawValue: role.rawValue)
    guard known.isKnown else {
      throw .invalid(field, "must be LEARNER, CONTRIBUTOR, EDITOR or ADMIN, or be left out")
    }
    return known
  }

  func groups(_ request: GroupsRequest, _ call: ServerCall) throws(RPCError) -> any ResponseBody {
    try report(request, call) { frame in
      try GroupsReport(frame, includesSubgroups: request.includeSubgroups)
    }
  }

  func courseActivities(
    _ request: CourseActivitiesRequest, _ call: ServerCall
  ) throws(RPCError) -> any ResponseBody {
    try RequestID.check(request.courseId, field: "course_id")
    return try report(request, call) { frame in
      try CourseActivitiesReport(frame, course: request.courseId)
    }
  }

  func courses(_ request: CoursesRequest, _ call: ServerCall) throws(RPCError) -> any ResponseBody {
    try check(request, in: "")
    return try report(request, call) { frame in
      try CoursesReport(frame, ids: request.courseIds, path: request.pathId)
    }
  }

  /// - Parameter prefix: of the fields' names: where in a request the report's own stands.
  func check(_ request: CoursesRequest, in prefix: String) throws(RPCError) {
    guard request.courseIds.count <= Self.maxCourses else {
      throw .invalid(
        "\(prefix)course_ids",
        "has \(request.courseIds.count) ids, at most \(Self.maxCourses) are allowed")
    }
    for (index, id) in request.courseIds.enumerated() {
      try RequestID.check(id, field: "\(prefix)course_ids[\(index)]")
    }
    if let path = request.pathId { try RequestID.check(path, field: "\(prefix)path_id") }
  }

  func usersBehind(
    _ request: UsersBehindRequest, _ call: ServerCall
  ) throws(RPCError) -> any ResponseBody {
    let target: UsersBehindReport.Target
    switch request.target {
    case .activityId(let id):
      try RequestID.check(id, field: "activity_id")
      target = .activity(id)
    case .courseId(let id):
      try RequestID.check(id, field: "course_id")
      target = .course(id)
    case nil:
      throw RPCError(
        .invalidArgument, .invalidField, "one of activity_id and course_id is required",
        field: ("target", "is required"))
    }
    let cell = try Cell(request.action, of: target)
    return try report(request, call) { frame in
      try UsersBehindReport(frame, target: target, cell: cell)
    }
  }

  /// What all reports have in common: the tenant, the options, and where they run.
  private func report<Question: ReportQuestion, Source: RowSource & SendableMetatype>(
    _ question: Question, _ call: ServerCall,
    _ make: @escaping @Sendable (consuming sending ReportFrame) throws -> sending Source
  ) throws(RPCError) -> any ResponseBody {
    let (tenant, options) = (question.tenant, question.options)
    try RequestID.check(tenant, field: "tenant")
    let maxRows = options?.maxRowsPerPart ?? 0
    guard maxRows <= Self.maxRowsPerPart else {
      throw .invalid("options.max_rows_per_part", "is \(maxRows), at most 10,000 are allowed")
    }
    let origin = handles.origin(of: question, call)
    let least = max(
      try position(of: options?.minRevision), try position(ofHandleIn: options, origin))
    let after = options?.afterId.map { Array($0.utf8) }
    let compression = call.compression
    let opening = ReportOpening(ready: wait(for: least)) {
      [store, failures, readers, handles] lane throws(RPCError) in
      do {
        let frame = try ReportFrame(store, tenant: tenant, after: after, lane: lane)
        var header = frame.header
        header.handle = handles.handle(origin, at: header.revision?.position ?? 0)
        return ReportStream(
          try make(frame), header: header, maxRowsPerPart: maxRows,
          messageBytes: readers.options.messageBytes, compression: compression,
          failures: failures)
      } catch {
        throw failures.status(of: error)
      }
    }
    return readers.body(opening, for: call)
  }

  /// The position that the caller wants to read at least; 0 if it is all the same.
  private func position(of revision: Revision?) throws(RPCError) -> UInt64 {
    guard let revision else { return 0 }
    try check(revision, field: "options.min_revision")
    return revision.position
  }

  /// The position of the report that is continued; 0 if none is.
  private func position(
    ofHandleIn options: ReportOptions?, _ origin: ReportHandles.Origin
  ) throws(RPCError) -> UInt64 {
    guard let options else { return 0 }
    guard !options.continueHandle.isEmpty else {
      guard options.afterId == nil else {
        throw .invalid("options.after_id", "needs continue_handle: that of the report's header")
      }
      return 0
    }
    if let id = options.afterId { try RequestID.check(id, field: "options.after_id") }
    return try handles.position(of: options.continueHandle, origin)
  }

  /// How to wait for a position; nil if it is there.
  private func wait(for position: UInt64) -> ReportOpening.Ready? {
    if position <= store.appliedPosition { return nil }
    return { [store, failures] whenReady in
      _ = store.whenApplied(atLeast: position) { result in
        switch result {
        case .success: whenReady(nil)
        case .failure(let error): whenReady(failures.status(of: error))
        }
      }
    }
  }
}

extension ReportService {
  /// - Throws: FAILED_PRECONDITION for a revision of another store or timeline, OUT_OF_RANGE for
  ///   one beyond the newest durable one.
  func check(_ revision: Revision?, field: String) throws(RPCError) {
    guard let revision else { return }
    let identity = store.identity
    let name = field.split(separator: ".").last.map(String.init) ?? field
    guard revision.storeId == identity.storeID, revision.timeline == identity.timeline else {
      let other =
        revision.storeId == identity.storeID
        ? "of timeline \(revision.timeline), and the store was restored from a backup since: its "
          + "timeline is \(identity.timeline)" : "of another store"
      throw RPCError(
        .failedPrecondition, .otherStore,
        "\(name) is \(other); take one from this server's answers",
        field: (field, "is of another store or timeline"))
    }
    let position = revision.position
    let durable = store.durablePosition
    guard position <= durable else {
      throw RPCError(
        .outOfRange, .revisionAhead,
        "\(name) is \(position), and the newest durable one is \(durable)",
        field: (field, "is beyond \(durable)"))
    }
  }
}

extension Cell {
  /// The cell that a request means.
  ///
  /// - Throws: INVALID_ARGUMENT for a number that the target's row does not have.
  init(_ action: Action, of target: UsersBehindReport.Target) throws(RPCError) {
    let isCourse =
      switch target {
      case .course: true
      case .activity: false
      }
    switch action {
    case .view: self = .view
    case .like: self = .like
    case .learnedSomething: self = .learnedSomething
    case .outdated: self = .outdated
    case .haveAQuestion: self = .haveAQuestion
    case .useful where isCourse: self = .useful
    case .irrelevant where isCourse: self = .irrelevant
    case .comment: self = .comment
    case .download where !isCourse: self = .download
    case .useful, .irrelevant:
      throw .invalid("action", "USEFUL and IRRELEVANT are numbers of a course, not an activity")
    case .download:
      throw .invalid("action", "DOWNLOAD is a number of an activity, not a course")
    default:
      throw .invalid("action", "is required: VIEW, LIKE, COMMENT and so on")
    }
  }
}
