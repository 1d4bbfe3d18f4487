internal import Foundation
internal import GRPC
internal import Logging
internal import TallyMessages
internal import TallyModel
internal import TallyStore
internal import TestSupport
internal import Testing

@testable internal import TallyService

@Suite struct `compact` {
  private func some(_ numbers: Range<Int>, at seconds: Int64) -> [TallyModel.Event] {
    numbers.map { Event(.user(.init(userID: UserID("u\($0)"))), time: seconds) }
  }

  private func all(_ responses: Responses<CompactResponse>) async throws -> [CompactResponse.Part] {
    var parts: [CompactResponse.Part] = []
    for try await response in responses { if let part = response.part { parts.append(part) } }
    return parts
  }

  @Test func `tells how far it is and what it gave back, and status shows it`() async throws {
    try await ServedStore.with { served in
      for round in 0..<5 { try await served.ingest([some(0..<2_000, at: Int64(round))]) }
      let admin = AdminServiceClient(served.channel)
      let before = try await admin.status(StatusRequest())

      let parts = try await all(admin.compact(CompactRequest()))

      guard case .summary(let summary) = parts.last else {
        Issue.record("no summary")
        return
      }
      #expect(summary.revision == before.applied)
      #expect(summary.fileSizeAfter < summary.fileSizeBefore)
      #expect(summary.mapSizeAfter > summary.fileSizeAfter)
      #expect((summary.duration?.seconds ?? 99) < 60)
      for part in parts.dropLast() {
        guard case .progress(let progress) = part else {
          Issue.record("something behind the summary")
          continue
        }
        #expect(progress.step != .unspecified)
        #expect(progress.done <= progress.total)
      }
      // An answer is used again for 20 ms.
      try await served.ingest([some(0..<10, at: 9)])
      let after = try await admin.status(StatusRequest())
      #expect(after.store?.compactions == 1)
      #expect(after.store?.compacting == false)
      #expect(after.store?.compactionError == "")
      #expect(after.facts == before.facts)
    }
  }

  @Test func `is refused while the store cannot`() async throws {
    try await ServedStore.with { served in
      try Data().write(to: URL(fileURLWithPath: served.directory + "/compact"))
      let admin = AdminServiceClient(served.channel)

      let error = await #expect(throws: RPCError.self) {
        try await all(admin.compact(CompactRequest()))
      }

      #expect(error?.code == .internal)
      #expect(error?.message.contains(served.directory) == false)
      #expect(try await served.ingest([some(0..<10, at: 1)]).count == 1)
    }
  }

  @Test func `one at a time, and no room, are statuses of their own`() {
    let failures = Failures(.init(label: "test") { _ in SwiftLogNoOpLogHandler() })

    let running = failures.status(of: StoreError(code: .compacting, message: "wait"))
    let full = failures.status(of: StoreError(code: .noRoom, message: "/secret"))

    #expect(running.code == .failedPrecondition)
    #expect(full.code == .resourceExhausted)
    #expect(!full.message.contains("secret"))
  }
}
