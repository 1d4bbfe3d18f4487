internal import Foundation
internal import GRPC
internal import TallyMessages
internal import TallyModel
internal import TallyService
internal import TestSupport
internal import Testing

/// How the server deals with the process that checks. That process itself: TallyStoreTests and the
/// judges.
@Suite struct `verify in the service` {
  private let path = "/tally.v1.AdminService/Verify"

  private func verify(
    _ served: ServedStore, _ request: VerifyRequest = VerifyRequest()
  ) async throws(RPCError) -> [VerifyResponse.Part] {
    var parts: [VerifyResponse.Part] = []
    for message in try await served.call(path, request.messageBytes()) {
      if let part = (try? VerifyResponse(decoding: message))?.part { parts.append(part) }
    }
    return parts
  }

  private func shell(_ script: String) -> [String] { ["/bin/sh", "-c", script, "checker"] }

  @Test func `a checker that dies of what it reads is a finding`() async throws {
    let checker = shell("kill -SEGV $$")
    try await ServedStore.with({ $0.checker = checker }) { served in
      try await served.append([[.course("c")]], tenant: "t")
      let parts = try await verify(served)

      guard case .difference(let crash)? = parts.first, case .summary(let summary)? = parts.last
      else {
        Issue.record("\(parts)")
        return
      }
      #expect(crash.kind == .crash && crash.stored.contains("signal 11") && !crash.repairable)
      #expect(summary.differences == 1 && summary.remaining == 1)
      // Nothing happened to the server.
      try await served.append([[.course("d")]], tenant: "t")
      #expect(!FileManager.default.fileExists(atPath: served.directory + "/verify"))
    }
  }

  @Test func `a checker that cannot work is no finding`() async throws {
    for script in ["exit 3", "kill -KILL $$"] {
      let checker = shell(script)
      try await ServedStore.with({ $0.checker = checker }) { served in
        let error = await #expect(throws: RPCError.self) { try await verify(served) }
        #expect(error?.code == .internal)
      }
    }
    try await ServedStore.with({ $0.checker = ["/nowhere/tallyd"] }) { served in
      let error = await #expect(throws: RPCError.self) { try await verify(served) }
      #expect(error?.code == .internal)
    }
  }

  @Test func `of a tenant that nobody knows is not found`() async throws {
    try await ServedStore.with { served in
      let error = await #expect(throws: RPCError.self) {
        try await verify(served, VerifyRequest(tenant: "nobody"))
      }
      #expect(error?.code == .notFound)
    }
  }

  @Test func `runs one at a time, and ends with its client`() async throws {
    let note = NSTemporaryDirectory() + "tally-checker-\(UUID())"
    defer { try? FileManager.default.removeItem(atPath: note) }
    let checker = shell("echo $$ >'\(note)'; exec sleep 600")
    try await ServedStore.with({ $0.checker = checker }) { served in
      let call = served.channel.serverStreaming(path, VerifyRequest().messageBytes())
      var process: pid_t = 0
      try await eventually("the checker to run") {
        let text = (try? String(contentsOfFile: note, encoding: .utf8)) ?? ""
        process = text.hasSuffix("\n") ? pid_t(text.dropLast()) ?? 0 : 0
        return process > 0
      }
      let second = await #expect(throws: RPCError.self) { try await verify(served) }
      #expect(second?.code == .resourceExhausted)
      #expect(second?.message.contains("another verify runs") == true)

      call.cancel()
      try await eventually("the checker to end") { kill(process, 0) != 0 }
      try await eventually("its copy to go") {
        !FileManager.default.fileExists(atPath: served.directory + "/verify")
      }
      try await eventually("the next one to be taken") {
        try? FileManager.default.removeItem(atPath: note)
        let next = served.channel.serverStreaming(path, VerifyRequest().messageBytes())
        defer { next.cancel() }
        let end = ContinuousClock.now + .seconds(2)
        while ContinuousClock.now < end {
          if FileManager.default.fileExists(atPath: note) { return true }
          try await Task.sleep(for: .milliseconds(5))
        }
        return false
      }
    }
  }

  @Test func `a copy that a killed server left is removed at the start`() async throws {
    let served = try await ServedStore.open()
    try await served.close(keepsDirectory: true)
    let left = served.directory + "/verify"
    try FileManager.default.createDirectory(atPath: left, withIntermediateDirectories: false)
    for file in ["data.mdb", "lock.mdb"] {
      #expect(FileManager.default.createFile(atPath: "\(left)/\(file)", contents: nil))
    }

    let again = try await ServedStore.open(served.directory)
    #expect(!FileManager.default.fileExists(atPath: left))
    try await again.close()
  }

  private func eventually(
    _ what: String, _ condition: () async throws -> Bool
  ) async throws {
    let end = ContinuousClock.now + .seconds(30)
    while try await !condition() {
      guard ContinuousClock.now < end else {
        Issue.record("waited 30 s for \(what)")
        return
      }
      try await Task.sleep(for: .milliseconds(5))
    }
  }
}
