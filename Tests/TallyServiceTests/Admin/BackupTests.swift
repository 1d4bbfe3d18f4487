internal import CChecksum
internal import Foundation
internal import GRPC
internal import TallyMessages
internal import TallyModel
internal import TallyService
internal import TallyStore
internal import TestSupport
internal import Testing

@Suite(.timeLimit(.minutes(2))) struct `backup over the network` {
  private let file = NSTemporaryDirectory() + "tally-backup-\(UUID())"

  private func courses(_ count: Int, nameBytes: Int = 8) -> [TallyModel.Event] {
    (0..<count).map { number in
      let name = String(repeating: "n", count: nameBytes)
      let id = CourseID("c\(100_000 + number)")
      return Event(.course(.init(courseID: id, name: name, status: .active)), time: 1)
    }
  }

  private func report(_ served: ServedStore) async throws -> TenantReports.Report<CourseRow> {
    try await TenantReports(served: served, tenant: "t").report(
      "Courses", CoursesRequest(tenant: "t"), as: CoursesResponse.self)
  }

  /// The parts of a backup, header first and trailer last.
  private func backup(
    _ channel: GRPCChannel
  ) async throws -> (header: TallyMessages.BackupHeader, bytes: [UInt8], trailer: BackupTrailer) {
    var parts: [BackupResponse] = []
    for try await part in AdminServiceClient(channel).backup(BackupRequest()) { parts.append(part) }
    let header = try #require(parts.first?.header)
    let trailer = try #require(parts.last?.trailer)
    #expect(parts.dropFirst().dropLast().allSatisfy { $0.header == nil && $0.trailer == nil })
    return (header, parts.flatMap(\.content), trailer)
  }

  @Test func `restores to the same reports, and the old revisions are refused`() async throws {
    defer { try? FileManager.default.removeItem(atPath: file) }
    let served = try await ServedStore.open()
    let answers = try await served.ingest([courses(3_000, nameBytes: 200)])
    let before = try await report(served)

    let (header, bytes, trailer) = try await backup(served.channel)
    try await served.close()

    #expect(header.revision == before.header.revision)
    #expect(header.formatVersion == 2 && header.rulesVersion == 2)
    #expect(header.size == UInt64(bytes.count) && trailer.size == header.size)
    #expect(trailer.digest == tally_crc32c(0, bytes, bytes.count) && trailer.complete)
    try Data(bytes).write(to: URL(filePath: file))
    let target = NSTemporaryDirectory() + "tally-restored-\(UUID())"
    let restored = try Restore.run(file, into: target)
    let second = try await ServedStore.open(target)
    let after = try await report(second)
    #expect(after.rows == before.rows)
    #expect(after.trailer == before.trailer)
    #expect(after.header.snapshotTime == before.header.snapshotTime)
    #expect(after.header.revision?.position == before.header.revision?.position)
    #expect(after.header.revision?.timeline == restored.identity.timeline)
    let old = answers.last?.revision
    let refusal = await #expect(throws: RPCError.self) {
      _ = try await second.call(
        "/tally.v1.ReportService/Courses",
        CoursesRequest(tenant: "t", options: ReportOptions(minRevision: old)).messageBytes())
    }
    #expect(refusal?.code == .failedPrecondition)
    #expect(refusal?.message.contains("restored from a backup") == true)
    try await second.close()
  }

  @Test func `is noted once all of it was sent`() async throws {
    try await ServedStore.with { served in
      let admin = AdminServiceClient(served.channel)
      try await served.ingest([courses(10)])
      #expect(try await admin.status(StatusRequest()).newestBackup == nil)

      let (header, _, _) = try await backup(served.channel)

      let end = ContinuousClock.now + .seconds(20)
      var noted: BackupStatus?
      while noted == nil, .now < end {
        noted = try await admin.status(StatusRequest()).newestBackup
      }
      #expect(noted?.position == header.revision?.position)
      #expect(noted?.madeAt == header.madeAt)
      // One after the other is no crowd.
      for _ in 0..<5 { _ = try await backup(served.channel) }
    }
  }

  @Test func `runs alone, and waits for its client without transaction and spool`() async throws {
    try await ServedStore.with({ $0.reading.parkLimit = .milliseconds(1) }) { served in
      try await served.append([courses(6_000, nameBytes: 1_000)], tenant: "t")
      let admin = AdminServiceClient(served.channel)
      var options = GRPCChannel.Options()
      options.streamWindowBytes = 1 << 16
      let slow = GRPCChannel(to: served.channel.endpoint, options: options)
      let call = slow.serverStreaming(
        "/tally.v1.AdminService/Backup", BackupRequest().messageBytes())
      var parts = try #require(try await call.take())

      let refusal = await #expect(throws: RPCError.self) { _ = try await backup(served.channel) }
      #expect(refusal?.code == .resourceExhausted)
      #expect(refusal?.message.contains("another backup runs") == true)
      // Far longer than a report would be parked.
      let end = ContinuousClock.now + .milliseconds(200)
      while ContinuousClock.now < end {
        let status = try await admin.status(StatusRequest()).readers
        #expect(status?.runningReports == 1)
        #expect(status?.openTransactions == 0)
        #expect(status?.spoolSize == 0)
      }
      while let more = try await call.take() { parts += more }
      let last = try BackupResponse(decoding: try #require(parts.last))
      #expect(last.trailer?.complete == true)
      _ = try await backup(served.channel)
      await slow.close()
    }
  }

  @Test func `whose client takes nothing ends, is not noted, and lets the next run`() async throws {
    try await ServedStore.with({ $0.reading.stallLimit = .milliseconds(400) }) { served in
      try await served.append([courses(6_000, nameBytes: 1_000)], tenant: "t")
      let admin = AdminServiceClient(served.channel)
      var options = GRPCChannel.Options()
      options.streamWindowBytes = 1 << 16
      let slow = GRPCChannel(to: served.channel.endpoint, options: options)
      let call = slow.serverStreaming(
        "/tally.v1.AdminService/Backup", BackupRequest().messageBytes())
      _ = try await call.take()

      let end = ContinuousClock.now + .seconds(20)
      var running: UInt64? = 1
      while running != 0, .now < end {
        try await Task.sleep(for: .milliseconds(20))
        running = try await admin.status(StatusRequest()).readers?.runningReports
      }

      #expect(running == 0)
      #expect(try await admin.status(StatusRequest()).newestBackup == nil)
      await #expect(throws: RPCError.self) { while try await call.take() != nil {} }
      _ = try await backup(served.channel)
      await slow.close()
    }
  }
}
