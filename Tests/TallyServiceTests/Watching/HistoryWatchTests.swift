internal import Foundation
internal import GRPC
internal import TallyMessages
internal import TallyModel
internal import TallyStore
internal import TestSupport
internal import Testing

@testable internal import TallyService

@Suite struct `following random histories` {
  /// Everything that can be watched in a history.
  private static let queries = History.queries.filter { query in
    switch query {
    case .courses, .courseActivities, .groupUsers: true
    case .groups, .behindActivity, .behindCourse: false
    }
  }

  /// TALLY_LONG makes it two thousand.
  private static let histories: UInt64 =
    ProcessInfo.processInfo.environment["TALLY_LONG"] == nil ? 60 : 2000

  @Test func `changes applied up to a mark are exactly the report of its revision`() async throws {
    var compared: UInt64 = 0
    try await ServedStore.with { options in
      options.reading.watchInterval = .milliseconds(1)
      options.reading.watchLookInterval = .milliseconds(1)
      options.reading.watchMarkInterval = .zero
      // Most change sets come in several messages, and partly through the spool.
      options.reading.messageBytes = 512
      options.reading.watchQueueBytes = 256
    } _: { served in
      for seed in 1...Self.histories { compared += try await follow(seed, served) }
    }
    #expect(compared > Self.histories * 8)
  }

  /// - Returns: how often rows and report were compared.
  private func follow(_ seed: UInt64, _ served: ServedStore) async throws -> UInt64 {
    var random = SplitMix64(seed: seed)
    let tenant = "watched-\(seed)"
    let reports = TenantReports(served: served, tenant: tenant, overNetwork: false)
    let queries = [.courses()] + (0..<6).map { _ in random.pick(Self.queries) }
    let followers = queries.map { Follower($0, served, tenant: tenant) }
    var older: [(ReportQuery, rows: [[UInt8]: [UInt8]], revision: Revision)] = []
    // The data file is another one from some moment on.
    var compaction: CompactionRun?
    var compared: UInt64 = 0
    var batches = History(seed: seed, size: 60...250).retold(seed)[...]
    while !batches.isEmpty {
      let together = Array(batches.prefix(Int.random(in: 1...4, using: &random)))
      batches = batches.dropFirst(together.count)
      if random.chance(5) {
        _ = try compaction?.wait()
        compaction = try served.store.compact()
      }
      let position = try await served.append(together: together, tenant: tenant)
      for follower in followers {
        try await move(follower, &random, to: batches.isEmpty ? position : nil, older)
        compared += try await compare(follower, with: reports, at: position, seed)
      }
      let query = random.pick(queries)
      if let report = try await reports.encodedRows(of: query) {
        older.append((query, report.rows, report.revision))
      }
    }
    _ = try compaction?.wait()
    return compared
  }

  /// Lets a follower read all, read a little, sit still, or lose its call.
  ///
  /// - Parameter last: the position to reach, whatever happens.
  private func move(
    _ follower: Follower, _ random: inout SplitMix64, to last: UInt64?,
    _ older: [(ReportQuery, rows: [[UInt8]: [UInt8]], revision: Revision)]
  ) async throws {
    if random.chance(15) { follower.disconnect() }
    if !follower.isConnected, random.chance(30),
      let (_, rows, revision) = older.filter({ $0.0 == follower.query }).randomElement(
        using: &random)
    {
      follower.begin(with: rows, at: revision)
    }
    if !follower.isConnected { try follower.connect() }
    if let last {
      #expect(try await follower.follow(to: last), "\(follower.query) got no mark in time")
      return
    }
    switch Int.random(in: 0..<10, using: &random) {
    case 0..<2: break
    case 2..<4: try follower.pull()
    default:
      let isThere = try await follower.follow(to: follower.appliedPosition)
      #expect(isThere, "\(follower.query) got no mark in time")
    }
  }

  private func compare(
    _ follower: Follower, with reports: TenantReports, at position: UInt64, _ seed: UInt64
  ) async throws -> UInt64 {
    let report = try await reports.encodedRows(of: follower.query)
    if let end = follower.end {
      #expect(end.code == .notFound, "history \(seed), \(follower.query): \(end)")
      return 0
    }
    guard let report, let mark = follower.mark, mark == report.revision, follower.isAtMark else {
      return 0
    }
    let isSame = report.rows == follower.rows
    #expect(
      isSame,
      "history \(seed), \(follower.query) at \(position): \(difference(follower.rows, report.rows))"
    )
    return 1
  }

  private func difference(_ found: [[UInt8]: [UInt8]], _ expected: [[UInt8]: [UInt8]]) -> String {
    Set(found.keys).union(expected.keys).filter { found[$0] != expected[$0] }
      .map { id in
        let kind = found[id] == nil ? "missing" : expected[id] == nil ? "too many" : "other"
        return "\(String(decoding: id, as: UTF8.self)) \(kind)"
      }.sorted().joined(separator: ", ")
  }
}
