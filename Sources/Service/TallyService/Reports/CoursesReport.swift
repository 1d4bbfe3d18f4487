internal import TallyModel
internal import TallyStore

/// Several courses: all of the directory, some by id, those of a path.
///
/// - Source: rules.md, section 5.
final class CoursesReport: RowSource {
  static let columns = [
    "documents", "cheat_sheets", "questions", "views", "likes", "learned_something", "outdated",
    "have_a_question", "useful", "irrelevant", "comments",
  ]

  /// Rows read before the first of them is written, so that the processor waits for the memory of
  /// all their authors at once.
  private static let windowRows = 16

  let rowCount: RowCount
  private(set) var sums = [UInt64](repeating: 0, count: CoursesReport.columns.count)
  private let snapshot: Snapshot
  private let tenant: Tenant
  private let lane: ReaderLane
  private var all: CourseCursor
  /// The ids that were asked for and are known, in order; nil for all courses.
  private let chosen: [[UInt8]]?
  private var nextChosen = 0
  private var window: [CourseRowView] = []
  private var nextInWindow = 0

  init(_ frame: consuming sending ReportFrame, ids: [String], path: String?) throws {
    let lane = frame.lane
    let tenant = frame.tenant
    let snapshot = frame.snapshot
    let after = frame.after
    var chosen = try Self.choose(ids, path, snapshot, in: tenant)
    if let after { chosen?.removeAll { !after.lexicographicallyPrecedes($0) } }
    if let chosen {
      rowCount = .exactly(UInt64(chosen.count))
    } else {
      let count = try snapshot.recordCount(.courseRow, in: tenant)
      rowCount = after == nil ? .exactly(count) : .atMost(count)
    }
    all = try snapshot.courses(in: tenant, after: after)
    self.lane = lane
    self.tenant = tenant
    self.chosen = chosen
    self.snapshot = snapshot
  }

  func write(to rows: inout RowWriter) throws -> Bool {
    let names = lane.names
    names.prepare(tenant)
    // Locals: each access to a property of a class is checked for exclusivity.
    var (sums, window, row) = (sums, window, nextInWindow)
    self.window = []
    defer { (self.sums, self.window, nextInWindow) = (sums, window, row) }
    while true {
      while row < window.count {
        guard try write(window[row], names, to: &rows, &sums) else { return true }
        row += 1
      }
      row = 0
      try fill(&window, names)
      if window.isEmpty { return false }
    }
  }

  /// The next rows, none after the last.
  private func fill(_ window: inout [CourseRowView], _ names: NameCache) throws(StoreError) {
    window.removeAll(keepingCapacity: true)
    while window.count < Self.windowRows, let row = try next() {
      window.append(row)
      names.prefetch(row.author)
      for index in 0..<row.coAuthorCount { names.prefetch(row.coAuthor(index)) }
    }
    for row in window {
      names.prefetchName(row.author)
      for index in 0..<row.coAuthorCount { names.prefetchName(row.coAuthor(index)) }
    }
  }

  private func next() throws(StoreError) -> CourseRowView? {
    guard let chosen else { return try all.next() }
    guard nextChosen < chosen.count else { return nil }
    defer { nextChosen += 1 }
    // The view points to the id that it was asked for; its encoded fields have the id too.
    return try chosen[nextChosen].lend { id throws(StoreError) in
      try snapshot.courseRow(id: id, in: tenant)
    }
  }

  /// - Returns: false if the row has no room.
  private func write(
    _ row: CourseRowView, _ names: NameCache, to rows: inout RowWriter, _ sums: inout [UInt64]
  ) throws(StoreError) -> Bool {
    guard try Self.write(row, names, snapshot, in: tenant, to: &rows) else { return false }
    Self.add(row, to: &sums)
    return true
  }

  /// - Returns: false if the row has no room.
  @inline(__always)
  static func write(
    _ row: CourseRowView, _ names: NameCache, _ snapshot: borrowing Snapshot, in tenant: Tenant,
    to rows: inout RowWriter
  ) throws(StoreError) -> Bool {
    let fields = row.fields
    let author = try names.userName(row.author, snapshot, in: tenant)
    let group = try names.deepestGroupName(ofUser: row.author, snapshot, in: tenant)
    // 14 numbers of at most 7 bytes, tags and lengths of the two names.
    var bound = fields.count + author.count + group.count + 14 * 7 + 16
    for index in 0..<row.coAuthorCount {
      bound += try names.userName(row.coAuthor(index), snapshot, in: tenant).count + 8
    }
    guard rows.hasRoom(for: bound) else { return false }
    rows.begin()
    rows.encoded(fields)
    rows.text(14, author)
    for index in 0..<row.coAuthorCount {
      rows.text(15, try names.userName(row.coAuthor(index), snapshot, in: tenant))
    }
    rows.text(16, group)
    write(row.counts, to: &rows)
    rows.end()
    return true
  }

  @inline(__always)
  private static func write(_ counts: CourseCounts, to rows: inout RowWriter) {
    rows.number(17, UInt64(counts.views))
    rows.number(18, UInt64(counts.likes))
    rows.number(19, UInt64(counts.learnedSomething))
    rows.number(20, UInt64(counts.outdated))
    rows.number(21, UInt64(counts.haveAQuestion))
    rows.number(22, UInt64(counts.useful))
    rows.number(23, UInt64(counts.irrelevant))
    rows.number(24, UInt64(counts.comments))
    let score = ReactionScore(
      positive: Int(counts.likes) + Int(counts.learnedSomething) + Int(counts.useful),
      negative: Int(counts.outdated) + Int(counts.haveAQuestion) + Int(counts.irrelevant),
      views: Int(counts.views))
    if let score {
      rows.present(25, UInt64(bitPattern: Int64(score.value << 1 ^ score.value >> 63)))
      rows.number(26, UInt64(score.band.rawValue))
    }
    if ReactionScore.isLowSample(views: counts.views) { rows.present(27, 1) }
  }

  @inline(__always)
  private static func add(_ row: CourseRowView, to sums: inout [UInt64]) {
    let counts = row.counts
    sums[0] += UInt64(row.documents)
    sums[1] += UInt64(row.cheatSheets)
    sums[2] += UInt64(row.questions)
    sums[3] += UInt64(counts.views)
    sums[4] += UInt64(counts.likes)
    sums[5] += UInt64(counts.learnedSomething)
    sums[6] += UInt64(counts.outdated)
    sums[7] += UInt64(counts.haveAQuestion)
    sums[8] += UInt64(counts.useful)
    sums[9] += UInt64(counts.irrelevant)
    sums[10] += UInt64(counts.comments)
  }

  // MARK: Filters

  /// The known courses that the filters leave, in order; nil without a filter.
  static func choose(
    _ ids: [String], _ path: String?, _ snapshot: borrowing Snapshot, in tenant: Tenant
  ) throws -> [[UInt8]]? {
    if ids.isEmpty && path == nil { return nil }
    var chosen: Set<[UInt8]>?
    if !ids.isEmpty {
      chosen = Set(ids.map { Array($0.utf8) })
      for id in ids where try !isKnown(Array(id.utf8), snapshot, in: tenant) {
        throw notFound("course", id)
      }
    }
    if let path {
      let courses = Set(try self.courses(ofPath: path, snapshot, in: tenant))
      chosen = chosen?.intersection(courses) ?? courses
    }
    return chosen?.sorted { $0.lexicographicallyPrecedes($1) }
  }

  private static func courses(
    ofPath path: String, _ snapshot: borrowing Snapshot, in tenant: Tenant
  ) throws -> [[UInt8]] {
    let id = Array(path.utf8)
    let view = try id.lend { id throws(StoreError) in
      try snapshot.path(id: id, in: tenant)
    }
    guard let view, view.isKnown, !view.isDeleted else { throw notFound("path", path) }
    var courses: [[UInt8]] = []
    for number in view.courses {
      guard let id = try snapshot.name(of: number, in: tenant) else { continue }
      let course = [UInt8](id)
      if try isKnown(course, snapshot, in: tenant) { courses.append(course) }
    }
    return courses
  }

  private static func isKnown(
    _ course: [UInt8], _ snapshot: borrowing Snapshot, in tenant: Tenant
  ) throws(StoreError) -> Bool {
    try course.lend { id throws(StoreError) in
      try snapshot.knownCourse(id: id, in: tenant) != nil
    }
  }
}
